"""SELECTs of series, their steps, and what was chosen in an assembly."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from civic_forum.answers.models import Duty
from civic_forum.ballots.models import BallotBox
from civic_forum.blocks import kinds, listing
from civic_forum.blocks.kinds import Held, Ref
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.blocks.slugs import SLUG
from civic_forum.budgets import labels as budgets
from civic_forum.budgets.models import BudgetRound, Envelope
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState, WON
from civic_forum.commitments import labels as commitments
from civic_forum.commitments.models import Commitment, CommitmentEntry, CommitmentOrigin
from civic_forum.commitments.queries import records
from civic_forum.commitments.queries.board import standing_of
from civic_forum.commitments.rules import EntryKind, EntryState
from civic_forum.commitments.standings import Standing
from civic_forum.district.models import Neighbourhood
from civic_forum.forums.models import Forum
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, day, local, today
from civic_forum.plans import labels as plans
from civic_forum.plans.models import Plan, PlanAction, PlanVersion
from civic_forum.plans.queries import IS_REACHED
from civic_forum.plans.rules import VersionState
from civic_forum.polls.models import Option, Poll

from .models import Series, SeriesStep, SeriesThing
from .rules import Booking, SeriesKind

UNDECIDED = (VersionState.DRAFT, VersionState.ASKED)
MOST_IN_A_YEAR, MOST_YEARS, MOST_CHOSEN = 100, 30, 1_000


def missing() -> NotFound:
    return NotFound(_("이런 사업은 없어요. 목록에서 찾아보세요."))


def _whole(*, things: bool = True) -> sa.Select[tuple[Series]]:
    steps = selectinload(Series.steps)
    return sa.select(Series).options(joinedload(Series.neighbourhood), joinedload(Series.department),
                                     steps.selectinload(SeriesStep.things) if things else steps)


def slugged(slug: str) -> Series | None:
    return db.session.scalar(_whole().where(Series.slug == slug)) if SLUG.fullmatch(slug) else None


def by_slug(slug: str) -> Series:
    """Raises NotFound."""
    return existing(slugged(slug), missing)


def before(series: Series) -> Series | None:
    """The one that it goes on from, where everybody may read that."""
    return db.session.scalar(_whole().where(Series.id == series.after_id, Series.announced_at.is_not(None))) \
        if series.after_id else None


def locked(series_id: int) -> Series:
    """The series read again under its lock. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Series).filter_by(id=series_id).with_for_update(of=Series)
                                      .execution_options(populate_existing=True)), missing)


def step(series: Series, number: int) -> SeriesStep:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(SeriesStep).filter_by(series_id=series.id, number=number)),
                    lambda: NotFound(_("이런 단계는 없어요. 새로 고친 뒤 다시 찾아보세요.")))


TODAY = sa.bindparam("today", type_=sa.Date(), callable_=today)
GOES_ON = sa.exists().where(SeriesStep.series_id == Series.id,
                            sa.func.coalesce(SeriesStep.until_on, SeriesStep.starts_on) >= TODAY)
"""Condition of a series of which a step is not over."""
EVERYTHING = listing.declare(Listing("desk series", lambda: sa.select(Series), (
    Order("year", None, (Series.year.desc(), Series.id.desc())),)))


def of_ids(ids: Collection[int]) -> dict[int, Series]:
    """Those of these that everybody sees."""
    rows = db.session.scalars(sa.select(Series).where(Series.id.in_(ids), Series.announced_at.is_not(None)))
    return {series.id: series for series in rows}


def has_assembly(year: int, neighbourhood_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(
        Series.kind == SeriesKind.ASSEMBLY, Series.year == year, Series.neighbourhood_id == neighbourhood_id))))


def of_year(kind: SeriesKind, year: int | None = None, *, announced: bool = True) -> Sequence[Series]:
    """Series of this kind, of a year (without what stands for their steps) or of all, in the order of the
    neighbourhoods."""
    return db.session.scalars(_of_year(bool(year), announced), {"kind": kind, "year": year}).all()


@cache
def _of_year(one: bool, announced: bool) -> sa.Select[tuple[Series]]:
    wanted = [Series.kind == sa.bindparam("kind"), *([Series.year == sa.bindparam("year")] if one else []),
              *([Series.announced_at.is_not(None)] if announced else [])]
    return _whole(things=not one).where(*wanted).order_by(
        Series.year.desc(), Series.neighbourhood_id, Series.id).limit(MOST_IN_A_YEAR)


def years() -> list[int]:
    """Years with an announced assembly, the latest first."""
    return list(db.session.scalars(sa.select(Series.year).where(
        Series.kind == SeriesKind.ASSEMBLY, Series.announced_at.is_not(None)).distinct().order_by(
        Series.year.desc()).limit(MOST_YEARS)))


def to_lock(kind: SeriesKind, year: int) -> Sequence[Series]:
    """All of a year, read again under their locks, in the order of their numbers."""
    return db.session.scalars(sa.select(Series).filter_by(kind=kind, year=year).order_by(Series.id).limit(
        MOST_IN_A_YEAR).with_for_update(of=Series).execution_options(populate_existing=True)).all()


def held(*series: Series) -> dict[int, int]:
    """Id of each of these → how many things of its steps took place, as everybody may read."""
    things = {each.id: {(thing.kind, thing.record_id) for step in each.steps for thing in step.things}
              for each in series}
    there = {thing for those in things.values() for thing in those}
    took_place = {(kind.name, id_) for kind, ability in kinds.having(Held)
                  if (ids := {id_ for name, id_ in there if name == kind.name}) for id_ in ability.took_place(ids)}
    return {id_: len(those & took_place) for id_, those in things.items()}


def bookings(series: Collection[Series]) -> list[Booking]:
    """Days of their steps, each with its place: that of what is held, or the note of a step of one day."""
    ids = {thing.record_id for each in series for step in each.steps for thing in step.things if thing.kind == "forum"}
    of_ids = sa.select(Forum).where(Forum.id.in_(ids)).limit(MOST_CHOSEN)
    forums = {forum.id: forum for forum in db.session.scalars(of_ids)} if ids else {}
    rows = []
    for each in series:
        for step in each.steps:
            held = [forums[thing.record_id] for thing in step.things if thing.kind == "forum"]
            facts = {"series_id": each.id, "number": step.number}
            rows += [Booking(**facts, day=local(forum.starts_at).date(), place=forum.place, slug=forum.slug,
                             span=(forum.starts_at, forum.ends_at)) for forum in held]
            if not held and step.until_on is None:
                rows.append(Booking(**facts, day=step.starts_on, place=step.note))
    return rows


def counting_for(commitment_id: int) -> Sequence[Series]:
    """Announced series that count for yearly targets of a commitment."""
    return db.session.scalars(_whole().where(Series.commitment_id == commitment_id, Series.announced_at.is_not(None))
                              .order_by(Series.year, Series.id).limit(MOST_IN_A_YEAR)).all()


def targets(series: Series) -> dict[str, tuple[Commitment, str, int]]:
    """Yearly targets of commitments of its department for its year, as `12:label`, each with its number."""
    of_department = sa.select(Commitment).where(Commitment.department_id == series.department_id, sa.exists().where(
        CommitmentEntry.commitment_id == Commitment.id, CommitmentEntry.kind == EntryKind.TARGETS,
        CommitmentEntry.state == EntryState.APPROVED)).order_by(Commitment.id).limit(MOST_IN_A_YEAR)
    there = {commitment.id: commitment for commitment in db.session.scalars(of_department)}
    return {f"{id_}:{target['label']}": (there[id_], target["label"], goal)
            for id_, ledger in records.ledgers(list(there)).items()
            for target in ledger.targets if (goal := target["target"].get(str(series.year)))}


def is_step_of(kind: str, record: Any, departments: Collection[int], places: Collection[int]) -> bool:
    """True for a thing that stands for a step of a series of these departments, or of these neighbourhoods and neither
    for one of another nor for another by itself: a round of all ten is not one clerk's."""
    others = neighbourhoods_of(kind, record) - set(places)
    places = [] if others and others - _joined(places) else places
    series = sa.select(Series.id).join(SeriesStep).join(SeriesThing).where(
        SeriesThing.kind == kind, SeriesThing.record_id == record.id)
    theirs = Series.neighbourhood_id.in_(places)
    return bool(db.session.scalar(sa.select(sa.or_(
        series.where(Series.department_id.in_(departments)).exists(),
        sa.and_(series.where(theirs).exists(), ~series.where(sa.or_(
            ~theirs, Series.neighbourhood_id.is_(None))).exists())))))


def neighbourhoods_of(kind: str, record: Any) -> set[int]:
    """Ids of those that a forum, a poll or a round names as its own; none where it is for all."""
    if kind == "forum":
        return {record.neighbourhood_id} - {None}
    if kind == "poll":
        return {place.id for place in record.neighbourhoods}
    return {envelope.neighbourhood_id for envelope in record.envelopes} - {None} if kind == "budget_round" else set()


def _joined(places: Collection[int]) -> set[int]:
    """Ids of closed neighbourhoods that are part of these now."""
    parts = sa.select(Neighbourhood.id).where(Neighbourhood.successor_id.in_(places))
    return set(db.session.scalars(parts.limit(MOST_IN_A_YEAR)))


def copy_of(kind: str, record_id: int, year: int) -> int | None:
    """Id of what an assembly of this year has already as the copy of a thing."""
    return db.session.scalar(sa.select(SeriesThing.record_id).join(SeriesStep).join(Series).where(
        SeriesThing.kind == kind, SeriesThing.copied_from == record_id, Series.year == year,
        Series.kind == SeriesKind.ASSEMBLY).limit(1))


def keeps_assemblies(neighbourhood_id: int, departments: Collection[int], but: int) -> bool:
    """True where one of these departments has had the assembly of this neighbourhood; of one that had none yet (it is
    new), that of another. `but`: the one that is being made."""
    assemblies = sa.select(Series.id).where(Series.kind == SeriesKind.ASSEMBLY, Series.id != but)
    here, theirs = Series.neighbourhood_id == neighbourhood_id, Series.department_id.in_(departments)
    return bool(db.session.scalar(sa.select(sa.or_(
        assemblies.where(here, theirs).exists(),
        sa.and_(~assemblies.where(here).exists(), assemblies.where(theirs).exists())))))


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A project, an action of a plan or an option of a poll that was chosen in an assembly, and what became of it."""

    series_id: int
    group: str
    """Programme of its round or poll, or name of its envelope where a neighbourhood has several; the kind of plan."""
    title: str
    url: str
    cost: int
    word: str
    tone: str
    answer: str
    """Answer of its department, or the day by which it is owed; nothing where nobody asked for one."""
    is_owed: bool
    ref: Ref
    department_id: int | None
    is_done: bool
    """Its ledger shows that it was carried out."""
    is_written: bool = False
    """Its ledger, or without one its own journey, says so and nothing shows it."""
    poll_id: int | None = None
    """Poll that decided its plan as a whole."""


def chosen(ids: Collection[int]) -> list[Chosen]:
    """Things chosen by the rounds and polls that stand for steps of these series; a plan that a poll decided as a
    whole is there action by action."""
    there = set(db.session.scalars(_kinds(), {"ids": ids}))
    projects = _projects(ids) if "budget_round" in there else []
    actions = _actions(ids) if "poll" in there else []
    whole = {each.poll_id for each in actions}
    return projects + actions + (_options(ids, whole) if "poll" in there else [])


IDS = sa.bindparam("ids", expanding=True)


@cache
def _kinds() -> sa.Select[tuple[str]]:
    """SELECT of the kinds of what stands for steps of these `ids` of series; made once."""
    return sa.select(SeriesThing.kind).join(SeriesStep).where(SeriesStep.series_id.in_(IDS)).distinct().limit(
        MOST_CHOSEN)


PROJECT = (Project.id, Project.state, Project.title, Project.code, Project.department_id,
           sa.func.coalesce(Project.decided_amount, Project.cost).label("cost"))


@cache
def _winners() -> sa.Select[Any]:
    """SELECT of what rounds chose for these `ids` of series, each in its neighbourhood; made once."""
    return sa.select(
        Series.id.label("series_id"), *PROJECT, BudgetRound.id.label("round_id"), BudgetRound.slug,
        sa.func.coalesce(BudgetRound.programme, BudgetRound.title).label("programme"), Envelope.name.label("envelope"),
        Commitment, Duty).select_from(
        Series).join(SeriesStep).join(SeriesThing, sa.and_(
            SeriesThing.step_id == SeriesStep.id, SeriesThing.kind == "budget_round")).join(
        BudgetRound, BudgetRound.id == SeriesThing.record_id).join(Project, sa.and_(
            Project.round_id == BudgetRound.id, sa.or_(
                Project.neighbourhood_id == Series.neighbourhood_id, _has_moved()))).join(
        Envelope, Envelope.id == Project.envelope_id).outerjoin(
        CommitmentOrigin, _origin("project", Project.id)).outerjoin(
        Commitment, Commitment.id == CommitmentOrigin.commitment_id).outerjoin(
        Duty, sa.and_(Duty.about_kind == "project", Duty.about_id == Project.id)).options(joinedload(Duty.later)).where(
        Series.id.in_(IDS), Project.state.in_(WON), Project.hidden_at.is_(None),
        BudgetRound.announced_at.is_not(None)).order_by(SeriesThing.id, Project.code).limit(MOST_CHOSEN)


def _projects(ids: Collection[int]) -> list[Chosen]:
    rows = db.session.execute(_winners(), {"ids": ids}).all()
    envelopes = defaultdict(set)
    for row in rows:
        envelopes[row.series_id, row.round_id].add(row.envelope)
    return [_chosen(row, len(envelopes[row.series_id, row.round_id]) > 1) for row in rows]


def _has_moved() -> sa.ColumnElement[bool]:
    """Condition of a project of a neighbourhood that is closed since and whose assembly its successor has."""
    own = aliased(Series)
    return sa.and_(
        sa.exists().where(Neighbourhood.id == Project.neighbourhood_id,
                          Neighbourhood.successor_id == Series.neighbourhood_id),
        ~sa.exists().where(own.kind == SeriesKind.ASSEMBLY, own.year == Series.year,
                           own.neighbourhood_id == Project.neighbourhood_id))


def _chosen(row: Any, by_envelope: bool) -> Chosen:
    is_written = row.state is ProjectState.DONE
    word = commitments.STANDING[Standing.WRITTEN] if is_written else budgets.STATE[row.state]
    journey = {"word": str(word), "tone": "quiet" if is_written else "level-2", "is_done": False,
               "is_written": is_written}
    return Chosen(series_id=row.series_id, group=row.envelope if by_envelope else row.programme, title=row.title,
                  url=f"/budgets/{row.slug}/projects/{row.code}", cost=row.cost, answer=_answer(row.Duty),
                  is_owed=row.Duty is not None, ref=Ref("project", row.id), department_id=row.department_id,
                  **(_standing(row.Commitment) if row.Commitment else journey))


def _standing(commitment: Commitment | None) -> dict[str, Any]:
    """Word, tone and end of what was chosen by its ledger, where it has one."""
    if commitment is None:
        return {"word": _("정했어요"), "tone": "level-2", "is_done": False}
    standing = standing_of(commitment)
    return {"word": str(commitments.STANDING[standing]), "tone": commitments.TONES[standing][1],
            "is_done": standing is Standing.KEPT, "is_written": standing is Standing.WRITTEN}


def _of_polls(ids: Collection[int], *columns: Any) -> sa.Select[Any]:
    """SELECT of the polls that stand for steps of these and did not miss their quorum."""
    return sa.select(Series.id, *columns).select_from(Series).join(SeriesStep).join(SeriesThing, sa.and_(
        SeriesThing.step_id == SeriesStep.id, SeriesThing.kind == "poll")).join(
        Poll, Poll.id == SeriesThing.record_id).join(BallotBox, BallotBox.id == Poll.box_id).where(
        Series.id.in_(ids), IS_REACHED, Poll.rehearsal_of_id.is_(None)).limit(MOST_CHOSEN)


def _origin(kind: str, column: Any) -> sa.ColumnElement[bool]:
    return sa.and_(CommitmentOrigin.kind == kind, CommitmentOrigin.record_id == column)


def _actions(ids: Collection[int]) -> list[Chosen]:
    """Actions of plans that polls decided as a whole."""
    rows = db.session.execute(_of_polls(ids, Poll.id, PlanAction, PlanVersion.number, Plan, Commitment, Duty).join(
        PlanVersion, sa.and_(PlanVersion.about_kind == "poll", PlanVersion.about_id == Poll.id,
                             PlanVersion.state.not_in(UNDECIDED))).join(Plan).join(
        PlanAction, PlanAction.version_id == PlanVersion.id).outerjoin(
        CommitmentOrigin, _origin("plan_action", PlanAction.id)).outerjoin(
        Commitment, Commitment.id == CommitmentOrigin.commitment_id).outerjoin(
        Duty, sa.and_(Duty.about_kind == "plan_action", Duty.about_id == PlanAction.id)).options(
        joinedload(Duty.later)).order_by(PlanVersion.id, PlanAction.number))
    return [Chosen(series_id=series_id, poll_id=poll_id, group=str(plans.KIND[plan.kind]), title=action.title,
                   url=f"/plans/{plan.slug}/{number}#{action.key}", cost=action.facts.of_year(plan.year),
                   answer=_answer(duty), is_owed=duty is not None, ref=Ref("plan_action", action.id),
                   department_id=action.department_id, **_standing(commitment))
            for series_id, poll_id, action, number, plan, commitment, duty in rows]


def _options(ids: Collection[int], whole: Collection[int | None]) -> list[Chosen]:
    """Options that polls chose, but of those that decided a plan as a whole."""
    rows = db.session.execute(_of_polls(ids, Poll, Option, BallotBox.result).join(
        Option, Option.poll_id == Poll.id).where(Poll.id.not_in(whole)).order_by(Poll.id, Option.number))
    return [Chosen(series_id=series_id, group=poll.programme or poll.title, title=option.title,
                   url=f"/polls/{poll.slug}", cost=option.cost or 0, answer="", is_owed=False,
                   ref=Ref("poll_option", option.id), department_id=None, **_standing(None))
            for series_id, poll, option, result in rows if option.number in json.loads(result)["outcome"]["selected"]]


def _answer(duty: Duty | None) -> str:
    if duty is None or duty.ended_at is not None and duty.published is None:
        return ""
    return duty.published.text if duty.published else _("%(day)s까지 답하기로 했어요.", day=day(duty.due_on))


def groups(projects: Sequence[Chosen]) -> list[str]:
    """Names of what was chosen from, in the order of its rounds."""
    return list(dict.fromkeys(project.group for project in projects))


def counts(projects: Sequence[Chosen]) -> Counter[tuple[int, str]]:
    """(series, group) → how many were chosen."""
    return Counter((project.series_id, project.group) for project in projects)
