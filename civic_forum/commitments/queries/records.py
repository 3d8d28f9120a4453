"""Commitments as records: entries, origins, what was promised before there was a ledger."""

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
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable, Kind, Ref
from civic_forum.budgets.models import BudgetPhase, BudgetRound
from civic_forum.budgets.projects.models import CouncilStep, Project
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.forums.record.models import Decision
from civic_forum.journeys.models import JourneyEntry
from civic_forum.outcomes.models import Outcome, OutcomeReport
from civic_forum.outcomes.rules import PROMISES
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.rich_text import excerpt
from civic_forum.platform.statements import made_once

from .. import rules
from ..ledger import fold
from ..models import EDITION, Commitment, CommitmentEntry, CommitmentNews, CommitmentOrigin
from ..rules import Entry, EntryState, Ledger
from .board import MOST_OF_MINE, today

DECIDED = (Phase.CHOSEN, Phase.COUNCIL, Phase.IN_BUDGET, Phase.CARRIED_OUT)
"""Phases of a round of which the first to begin says at the latest when it was decided."""
IN_BUDGET = (ProjectState.IN_BUDGET, ProjectState.IN_PROGRESS, ProjectState.DONE)
"""States of projects that promise something."""
EXCERPT = 300
"""Characters of the text of a thing that say what it is for."""


def missing() -> NotFound:
    return NotFound(_("이런 약속은 없어요. 약속 목록에서 찾아보세요."))


def _whole() -> sa.Select[Any]:
    return sa.select(Commitment).options(joinedload(Commitment.department), joinedload(Commitment.person),
                                         selectinload(Commitment.cooperating), selectinload(Commitment.neighbourhoods))


def _existing(statement: sa.Select[Any]) -> Commitment:
    return existing(db.session.scalar(statement), missing)


def commitment(commitment_id: int) -> Commitment:
    """Raises NotFound."""
    return _existing(_whole().where(Commitment.id == commitment_id))


def locked(commitment_id: int) -> Commitment:
    """Read again, and locked until the transaction ends. Raises NotFound."""
    return _existing(_whole().where(Commitment.id == commitment_id).with_for_update(key_share=True, of=Commitment)
                     .execution_options(populate_existing=True))


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

    @property
    def name(self) -> str:
        """By which a page shows it once: an outcome has the title of what it decides, decisions of halls are apart."""
        return str(self.ref) if self.ref.kind == "forum_decision" else self.title


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
    return list(db.session.scalars(_made_in(kind, ids).limit(MOST_OF_MINE)).unique())


def of_forum(forum_id: int) -> list[Commitment]:
    """Commitments that were made in decisions of a gathering."""
    return list(db.session.scalars(_of_forum(), {"forum": forum_id}).unique())


@made_once
def _of_forum() -> sa.Select[tuple[Commitment]]:
    return _made_in("forum_decision", sa.select(Decision.id).where(
        Decision.forum_id == sa.bindparam("forum"))).limit(MOST_OF_MINE)


def _made_in(kind: str, ids: sa.Select[Any] | Sequence[int]) -> sa.Select[tuple[Commitment]]:
    return (sa.select(Commitment).join(CommitmentOrigin, CommitmentOrigin.commitment_id == Commitment.id)
            .where(CommitmentOrigin.kind == kind, CommitmentOrigin.record_id.in_(ids))
            .options(joinedload(Commitment.department), joinedload(Commitment.neighbourhoods)).order_by(
                Commitment.id))


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


# One's own


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
    return {file.key: file for file in db.session.scalars(sa.select(Attachment).where(Attachment.key.in_(keys)))}


def outcome_of(commitment_id: int) -> Outcome | None:
    record = next((origin.record for origin in origins(commitment_id) if origin.ref.kind == "outcome"), None)
    return record if isinstance(record, Outcome) else None


def entry_as_said(row: CommitmentEntry) -> Entry:
    return Entry(row.number, row.kind, row.on, row.content, row.corrects, row.by_id, row.decided_by_id)
