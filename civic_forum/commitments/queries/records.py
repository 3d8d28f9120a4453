"""Commitments as records: entries, origins, the board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.answers.models import Answer
from civic_forum.answers.rules import PROMISES as ANSWERED_FOR
from civic_forum.answers.rules import AnswerKind, AnswerState
from civic_forum.attachments.models import Attachment
from civic_forum.blocks import kinds, listing
from civic_forum.blocks.kinds import Decidable, Kind, Ref
from civic_forum.blocks.listing import Chosen, Filter, Listing, Order, words
from civic_forum.budgets.models import BudgetPhase, BudgetRound
from civic_forum.budgets.projects.models import CouncilStep, Project
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.district.filters import neighbourhood
from civic_forum.district.models import Department
from civic_forum.forums.record.models import Decision
from civic_forum.journeys.models import JourneyEntry
from civic_forum.outcomes.models import Outcome, OutcomeReport
from civic_forum.outcomes.rules import PROMISES
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.rich_text import excerpt

from .. import days, labels, rules
from ..ledger import fold
from ..models import (
    EDITION, Commitment, CommitmentEntry, CommitmentNews, CommitmentOrigin, commitment_neighbourhood,
)
from ..rules import Entry, EntryState, Ledger, Status
from ..standings import ELSEWHERE, Standing, standing

DECIDED = (Phase.CHOSEN, Phase.COUNCIL, Phase.IN_BUDGET, Phase.CARRIED_OUT)
"""Phases of a round of which the first to begin says at the latest when it was decided."""
IN_BUDGET = (ProjectState.IN_BUDGET, ProjectState.IN_PROGRESS, ProjectState.DONE)
"""States of projects that promise something."""
MOST_OF_MINE = 50
MOST_KEPT = 20
EXCERPT = 300
"""Characters of the text of a thing that say what it is for."""


def missing() -> NotFound:
    return NotFound(_("이런 약속은 없어요. 약속 목록에서 찾아보세요."))


def _whole() -> sa.Select[Any]:
    return sa.select(Commitment).options(joinedload(Commitment.department), joinedload(Commitment.plan),
                                         joinedload(Commitment.person), selectinload(Commitment.cooperating),
                                         selectinload(Commitment.neighbourhoods))


def commitment(commitment_id: int) -> Commitment:
    """Raises NotFound."""
    record: Commitment | None = db.session.scalar(_whole().where(Commitment.id == commitment_id))
    if record is None:
        raise missing()
    return record


def locked(commitment_id: int) -> Commitment:
    """Read again, and locked until the transaction ends. Raises NotFound."""
    record: Commitment | None = db.session.scalar(
        _whole().where(Commitment.id == commitment_id).with_for_update(key_share=True, of=Commitment)
        .execution_options(populate_existing=True))
    if record is None:
        raise missing()
    return record


def entry(commitment_id: int, number: int) -> CommitmentEntry:
    """Raises NotFound."""
    record: CommitmentEntry | None = db.session.scalar(
        sa.select(CommitmentEntry).filter_by(commitment_id=commitment_id, number=number)
        .options(joinedload(CommitmentEntry.commitment), joinedload(CommitmentEntry.by))
        .execution_options(populate_existing=True))
    if record is None:
        raise NotFound(_("이런 기록은 없어요."))
    return record


def entries(commitment_id: int, *states: EntryState) -> list[CommitmentEntry]:
    """Entries in these states, in the order in which they count, then as they were written."""
    return list(db.session.scalars(
        sa.select(CommitmentEntry).where(CommitmentEntry.commitment_id == commitment_id,
                                         CommitmentEntry.state.in_(states or (EntryState.APPROVED,)))
        .options(joinedload(CommitmentEntry.by))
        .order_by(CommitmentEntry.place, CommitmentEntry.number)))


def ledger_of(rows: Sequence[CommitmentEntry]) -> Ledger:
    return fold(map(entry_as_said, rows))


def ledger(commitment_id: int) -> Ledger:
    return ledger_of(entries(commitment_id))


def ledgers(commitment_ids: Sequence[int]) -> dict[int, Ledger]:
    """Ledgers of several commitments, read at once."""
    by_commitment: dict[int, list[CommitmentEntry]] = {commitment_id: [] for commitment_id in commitment_ids}
    for row in db.session.scalars(
            sa.select(CommitmentEntry).where(CommitmentEntry.commitment_id.in_(commitment_ids),
                                             CommitmentEntry.state == EntryState.APPROVED)
            .order_by(CommitmentEntry.commitment_id, CommitmentEntry.place, CommitmentEntry.number)):
        by_commitment[row.commitment_id].append(row)
    return {key: ledger_of(rows[:rules.MOST_ENTRIES]) for key, rows in by_commitment.items()}


def next_number(commitment_id: int) -> int:
    return (db.session.scalar(sa.select(sa.func.max(CommitmentEntry.number))
                              .filter_by(commitment_id=commitment_id)) or 0) + 1


def next_place(commitment_id: int) -> int:
    return (db.session.scalar(sa.select(sa.func.max(CommitmentEntry.place))
                              .filter_by(commitment_id=commitment_id)) or 0) + 1


# Origins


@dataclass(frozen=True)
class Origin:
    """A thing in which a commitment was made."""

    ref: Ref
    kind: Kind[Any]
    record: Any

    @property
    def decides(self) -> Decidable[Any] | None:
        return self.kind.get(Decidable)

    def shown(self, actor: Any) -> bool:
        """True for one that this reader may read."""
        return self.record is not None and self.kind.why_not_read(actor, self.record) is None

    @property
    def title(self) -> str:
        return self.kind.title(self.record)

    @property
    def url(self) -> str:
        return self.kind.url(self.record)


def origins(commitment_id: int) -> list[Origin]:
    rows = db.session.execute(sa.select(CommitmentOrigin.kind, CommitmentOrigin.record_id)
                              .filter_by(commitment_id=commitment_id).order_by(CommitmentOrigin.id))
    return [Origin(Ref(name, record_id), kinds.of(name), kinds.of(name).record(record_id)) for name, record_id in rows]


def hold_origins(*commitment_ids: int) -> None:
    """Lock what commitments came from, before the commitments themselves, as its own features do."""
    for origin in sorted((origin for commitment_id in commitment_ids for origin in origins(commitment_id)),
                         key=lambda origin: origin.ref):
        if origin.decides is not None:
            origin.decides.locked(origin.ref.id)


def hidden_texts(commitment_id: int) -> set[str]:
    """Titles and texts of hidden things in which a commitment was made, as it took them over."""
    records = (origin.record.proposal if origin.ref.kind == "answer" else origin.record
               for origin in origins(commitment_id))
    hidden = [record for record in records if getattr(record, "hidden_at", None) is not None]
    return {text for record in hidden for text in (record.title, excerpt(getattr(record, "text_html", ""), EXCERPT))}


def made_in(kind: str, ids: sa.Select[Any] | Sequence[int]) -> Sequence[int]:
    """Ids of commitments that were made in these things."""
    return db.session.scalars(sa.select(CommitmentOrigin.commitment_id).distinct().where(
        CommitmentOrigin.kind == kind, CommitmentOrigin.record_id.in_(ids))
        .order_by(CommitmentOrigin.commitment_id)).all()


def made_of(kind: str, record_id: int) -> int | None:
    """Id of the commitment that was made in this thing."""
    return db.session.scalar(sa.select(CommitmentOrigin.commitment_id).filter_by(kind=kind, record_id=record_id))


def coded(code: str) -> int | None:
    """Id of the commitment with this code."""
    return db.session.scalar(sa.select(Commitment.id).filter_by(code=code))


def of_things(kind: str, ids: sa.Select[Any] | Sequence[int]) -> list[Commitment]:
    """Commitments that were made in these things."""
    return list(db.session.scalars(
        sa.select(Commitment).join(CommitmentOrigin, CommitmentOrigin.commitment_id == Commitment.id)
        .where(CommitmentOrigin.kind == kind, CommitmentOrigin.record_id.in_(ids))
        .options(joinedload(Commitment.department)).order_by(Commitment.id).limit(MOST_OF_MINE)))


def of_outcome(outcome_id: int) -> Commitment | None:
    """The commitment of an outcome, with all that a row of it shows, in one statement."""
    return db.session.scalars(
        sa.select(Commitment).join(CommitmentOrigin, CommitmentOrigin.commitment_id == Commitment.id)
        .where(CommitmentOrigin.kind == "outcome", CommitmentOrigin.record_id == outcome_id)
        .options(joinedload(Commitment.department), joinedload(Commitment.neighbourhoods))).unique().one_or_none()


# What was promised before there was a ledger


def day_of_step(journey_id: int | None, step: str) -> date | None:
    """Day of the first step of this name in a journey."""
    at = db.session.scalar(sa.select(sa.func.min(JourneyEntry.at)).filter_by(journey_id=journey_id, step=step))
    return at and local(at).date()


def decided_on(project: Project) -> date:
    """Day on which the round of a project was decided: by the council, else as its own steps or the phases of its round
    say, at the latest as its year began."""
    by_council = sa.select(CouncilStep.decided_at).filter_by(project_id=project.id).scalar_subquery()
    phases = sa.select(sa.func.min(BudgetPhase.starts_at)).where(
        BudgetPhase.round_id == project.round_id, BudgetPhase.phase.in_(DECIDED)).scalar_subquery()
    steps = [sa.select(sa.func.min(JourneyEntry.at)).filter_by(
        journey_id=project.journey_id, step=f"project_{state}").scalar_subquery()
        for state in (ProjectState.IN_BUDGET, ProjectState.CHOSEN)]
    at, year = db.session.execute(sa.select(sa.func.coalesce(by_council, *steps, phases), BudgetRound.year)
                                  .where(BudgetRound.id == project.round_id)).one()
    return min(local(at).date() if at else date(year, 1, 1), today())


UNKEPT = {
    "answer": sa.select(Answer.id).where(Answer.state == AnswerState.PUBLISHED, Answer.kind == AnswerKind.FINAL,
                                         Answer.outcome.in_(ANSWERED_FOR)),
    "outcome": sa.select(Outcome.id).where(Outcome.published_at.is_not(None), sa.or_(
        Outcome.decision.in_(PROMISES), Outcome.promised_on.is_not(None))),
    "project": sa.select(Project.id).where(Project.state.in_(IN_BUDGET)),
    "forum_decision": sa.select(Decision.id).where(Decision.removed_at.is_(None), sa.or_(
        Decision.department_id.is_not(None),
        sa.and_(Decision.due_on.is_not(None), Decision.department_name.is_(None)))),
}
"""Kind of thing → ids of those that promise something, in the order in which one follows from the other."""


def unkept(kind: str, after: int, limit: int) -> Sequence[int]:
    """Ids of things of this kind that promise something and have no commitment, behind an id."""
    [key] = UNKEPT[kind].selected_columns
    kept = sa.exists().where(CommitmentOrigin.kind == kind, CommitmentOrigin.record_id == key)
    return db.session.scalars(UNKEPT[kind].where(~kept, key > after).order_by(key).limit(limit)).all()


def outdated(after: int, limit: int) -> Sequence[int]:
    """Ids of commitments whose columns older rules have written, behind an id."""
    return db.session.scalars(sa.select(Commitment.id).where(Commitment.edition < EDITION, Commitment.id > after)
                              .order_by(Commitment.id).limit(limit)).all()


def reported(after: int, limit: int) -> Sequence[int]:
    """Ids of outcomes with reports of an older site and a commitment, behind an id."""
    return db.session.scalars(
        sa.select(OutcomeReport.outcome_id).distinct().join(CommitmentOrigin, sa.and_(
            CommitmentOrigin.kind == "outcome", CommitmentOrigin.record_id == OutcomeReport.outcome_id))
        .where(OutcomeReport.outcome_id > after).order_by(OutcomeReport.outcome_id).limit(limit)).all()


def reports(outcome_id: int) -> Sequence[OutcomeReport]:
    """Reports of an older site, the oldest first."""
    return db.session.scalars(sa.select(OutcomeReport).filter_by(outcome_id=outcome_id)
                              .order_by(OutcomeReport.number)).all()


# The board


def today() -> date:
    return local(clock.now()).date()


TODAY = sa.bindparam("today", type_=sa.Date(), callable_=today)
_LONG_AGO = sa.bindparam("long_ago", type_=sa.Date(), callable_=lambda: days.four_quarters_before(today()))
_HEARD_ON = sa.func.coalesce(Commitment.told_on, Commitment.promised_on)
_DONE = Commitment.status == Status.DONE
TERM_IS_OVER = sa.and_(Commitment.origin.in_(ELSEWHERE), Commitment.ends_on < TODAY)
STANDING = sa.case(
    (sa.and_(_DONE, sa.or_(Commitment.reached > 0, Commitment.reported)), Standing.KEPT.value),
    (_DONE, Standing.WRITTEN.value),
    (Commitment.status.in_(rules.STOPPED), Standing.STOPPED.value),
    (sa.and_(TERM_IS_OVER, Commitment.steps > 0, Commitment.reached == Commitment.steps), Standing.KEPT.value),
    (TERM_IS_OVER, Standing.OVER.value),
    (sa.and_(Commitment.next_due_on < TODAY, sa.or_(_HEARD_ON >= _LONG_AGO, _HEARD_ON > Commitment.next_due_on)),
     Standing.LATE.value),
    (_HEARD_ON < _LONG_AGO, Standing.SILENT.value), else_=Standing.GOING.value)
"""As `standings.standing`."""
IS = {each: STANDING == each.value for each in Standing}


def standing_of(commitment: Commitment) -> Standing:
    return standing(commitment, today())


def _board() -> sa.Select[Any]:
    return sa.select(Commitment).options(joinedload(Commitment.department), selectinload(Commitment.neighbourhoods))


def _departments() -> dict[int, str]:
    known = sa.exists().where(Commitment.department_id == Department.id)
    return {department.id: department.name for department in db.session.scalars(
        sa.select(Department).where(known).order_by(Department.position))}


def _fields() -> dict[str, object]:
    return {field: labels.FIELD.get(field, field) for field in db.session.scalars(
        sa.select(Commitment.field).where(Commitment.field != "").distinct().order_by(Commitment.field))}


_PLACED = sa.exists().where(commitment_neighbourhood.c.commitment_id == Commitment.id)
COMMITMENTS = listing.declare(Listing(
    "commitments", _board, endpoint="commitments.index", card="commitments/row.html",
    filters=(
        Filter("standing", _l("어떻게 되었나요"), Commitment.status, labels.STANDING, cases=IS),
        Filter("field", _l("분야"), Commitment.field, _fields, _l("모든 분야"), written=True),
        Filter("department", _l("부서"), Commitment.department_id, _departments, _l("모든 부서")),
        neighbourhood(lambda place: _PLACED.where(commitment_neighbourhood.c.neighbourhood_id == place), ~_PLACED,
                      _l("구 전체")),
        Filter("status", _l("상태"), Commitment.status, labels.STATUS, _l("모든 상태")),
        words("q", _l("낱말"), Commitment.title, Commitment.goal, most=60)),
    orders=(Order("due", _l("급한 것부터"), (Commitment.sort_on, Commitment.id)),
            Order("newest", _l("새 것부터"), (Commitment.promised_on.desc(), Commitment.id.desc())))))


@dataclass(frozen=True)
class Totals:
    """Numbers of the board below some filters."""

    standings: dict[Standing, int]
    in_time: int
    """Of those that were kept: by the day that was set first."""
    dated: int
    """Of those that were kept: with a day at all."""
    planned: int
    """Won of all that say it, as the next two."""
    secured: int
    executed: int
    unplanned: int
    """Commitments whose plan is not known, as the next two."""
    unsecured: int
    unexecuted: int

    @property
    def all(self) -> int:
        return sum(self.standings.values())


def totals(wanted: Chosen) -> Totals:
    kept_in_time = sa.and_(IS[Standing.KEPT], Commitment.done_on <= Commitment.first_due_on)
    dated = sa.and_(IS[Standing.KEPT], Commitment.first_due_on.is_not(None))
    counted = [sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
               for condition in (*(IS[each] for each in Standing), kept_in_time, dated)]
    columns = (Commitment.planned, Commitment.secured, Commitment.executed)
    money = [sa.func.coalesce(sa.func.sum(column), 0) for column in columns] + [
        sa.func.count() - sa.func.count(column) for column in columns]
    numbers = db.session.execute(sa.select(*counted, *money).where(*wanted.conditions(but=("standing",)))).one()
    size = len(Standing)
    return Totals(dict(zip(Standing, map(int, numbers[:size]), strict=True)), *map(int, numbers[size:]))


def by_neighbourhood() -> dict[int, int]:
    """Id of each neighbourhood → how many commitments are about it."""
    table = commitment_neighbourhood.c
    return dict(db.session.execute(sa.select(table.neighbourhood_id, sa.func.count())
                                   .group_by(table.neighbourhood_id)).all())


def latest() -> Commitment | None:
    """The one that is late for the longest."""
    late: Commitment | None = db.session.scalar(_board().where(IS[Standing.LATE])
                                                .order_by(Commitment.next_due_on, Commitment.id).limit(1))
    return late


def due_days(limit: int) -> list[Commitment]:
    """Commitments with a day that is still to come, for a calendar."""
    return list(db.session.scalars(_board().where(Commitment.next_due_on >= TODAY)
                                   .order_by(Commitment.sort_on, Commitment.id).limit(limit)))


def going_on(limit: int) -> list[Commitment]:
    """Those that are carried out and furthest on their way."""
    return list(db.session.scalars(
        sa.select(Commitment).where(IS[Standing.GOING], Commitment.progress.between(1, 99),
                                    Commitment.due_on >= local(clock.now()).date())
        .order_by(Commitment.progress.desc(), Commitment.id).limit(limit)))


@dataclass(frozen=True)
class Kept:
    """Commitments of a department or a field: all, and how many of each standing."""

    name: str
    standings: dict[Standing, int]


def kept_by_department() -> list[Kept]:
    """Standings by department, the largest first."""
    name = sa.select(Department.name).where(Department.id == Commitment.department_id).scalar_subquery()
    return _kept_by(Commitment.department_id, sa.func.min(name), _("맡은 부서 없음"))


def kept_by_field() -> list[Kept]:
    """Standings by field, the largest first."""
    return _kept_by(Commitment.field, Commitment.field, _("분야 없음"))


def _kept_by(column: Any, name: Any, nameless: str) -> list[Kept]:
    """All of them: those behind the largest together."""
    counted = (sa.func.sum(sa.case((IS[each], 1), else_=0)) for each in Standing)
    rows = db.session.execute(sa.select(name, *counted).group_by(column).order_by(sa.func.count().desc(), column)).all()
    rest = [[_("그 밖에"), *map(sum, zip(*(row[1:] for row in rows[MOST_KEPT:]), strict=True))]] * (len(rows) > MOST_KEPT)
    return [Kept(str(labels.FIELD.get(title, title) or nameless), dict(zip(Standing, map(int, numbers), strict=True)))
            for title, *numbers in [*rows[:MOST_KEPT], *rest]]


# One's own


def of_mine(user: User) -> list[Commitment]:
    """Commitments of which somebody hears, the newest news first."""
    told = sa.select(CommitmentNews.commitment_id).filter_by(user_id=user.id)
    return list(db.session.scalars(_board().where(Commitment.id.in_(told)).order_by(
        Commitment.sort_on, Commitment.id).limit(MOST_OF_MINE)))


def count_of_mine(user: User) -> int:
    return db.session.scalar(sa.select(sa.func.count(CommitmentNews.commitment_id.distinct()))
                             .filter_by(user_id=user.id)) or 0


def news_of(user: User) -> list[CommitmentNews]:
    return list(db.session.scalars(sa.select(CommitmentNews).filter_by(user_id=user.id).order_by(
        CommitmentNews.commitment_id, CommitmentNews.number)))


def files(keys: Sequence[str]) -> dict[str, Attachment]:
    """Files of entries by their keys."""
    if not keys:
        return {}
    return {attachment.key: attachment
            for attachment in db.session.scalars(sa.select(Attachment).where(Attachment.key.in_(keys)))}


def outcome_of(commitment_id: int) -> Outcome | None:
    record = next((origin.record for origin in origins(commitment_id) if origin.ref.kind == "outcome"), None)
    return record if isinstance(record, Outcome) else None


def entry_as_said(row: CommitmentEntry) -> Entry:
    return Entry(row.number, row.kind, row.on, row.content, row.corrects, row.by_id, row.decided_by_id)
