"""SELECTs of series, their steps, and what was chosen in an assembly."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.answers.models import Duty
from civic_forum.blocks import kinds, listing
from civic_forum.blocks.kinds import Held
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.blocks.slugs import SLUG
from civic_forum.budgets import labels as budgets
from civic_forum.budgets.models import BudgetRound, Envelope
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState, WON
from civic_forum.commitments import labels as commitments
from civic_forum.commitments.models import Commitment, CommitmentOrigin
from civic_forum.commitments.queries.board import standing_of
from civic_forum.commitments.rules import Status
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, day, today

from .models import Series, SeriesStep, SeriesThing
from .rules import SeriesKind

MOST_IN_A_YEAR, MOST_YEARS, MOST_CHOSEN = 100, 30, 1_000


def missing() -> NotFound:
    return NotFound(_("이런 사업은 없어요. 목록에서 찾아보세요."))


def _whole() -> sa.Select[tuple[Series]]:
    return sa.select(Series).options(joinedload(Series.neighbourhood), joinedload(Series.department),
                                     selectinload(Series.steps).selectinload(SeriesStep.things))


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
    """Series of this kind, of a year or of all, in the order of the neighbourhoods."""
    wanted = [Series.kind == kind, *([Series.year == year] if year else []),
              *([Series.announced_at.is_not(None)] if announced else [])]
    return db.session.scalars(_whole().where(*wanted).order_by(
        Series.year.desc(), Series.neighbourhood_id, Series.id).limit(MOST_IN_A_YEAR)).all()


def years() -> list[int]:
    """Years with an announced assembly, the latest first."""
    return list(db.session.scalars(sa.select(Series.year).where(
        Series.kind == SeriesKind.ASSEMBLY, Series.announced_at.is_not(None)).distinct().order_by(
        Series.year.desc()).limit(MOST_YEARS)))


def to_lock(kind: SeriesKind, year: int) -> Sequence[Series]:
    """All of a year, read again under their locks, in the order of their numbers."""
    return db.session.scalars(sa.select(Series).filter_by(kind=kind, year=year).order_by(Series.id).limit(
        MOST_IN_A_YEAR).with_for_update(of=Series).execution_options(populate_existing=True)).all()


def held(series: Series) -> int:
    """Things of its steps that took place, as everybody may read."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for thing in (thing for step in series.steps for thing in step.things):
        by_kind[thing.kind].add(thing.record_id)
    return sum(len(ability.took_place(by_kind[kind.name])) for kind, ability in kinds.having(Held)
               if kind.name in by_kind)


def is_step_of(kind: str, record_id: int, departments: Collection[int], places: Collection[int]) -> bool:
    """True for a thing that stands for a step of a series of these departments, or of these neighbourhoods and of no
    other: a round of all ten is not one clerk's."""
    series = sa.select(Series.id).join(SeriesStep).join(SeriesThing).where(
        SeriesThing.kind == kind, SeriesThing.record_id == record_id)
    theirs = Series.neighbourhood_id.in_(places)
    return bool(db.session.scalar(sa.select(sa.or_(
        series.where(Series.department_id.in_(departments)).exists(),
        sa.and_(series.where(theirs).exists(), ~series.where(sa.or_(
            ~theirs, Series.neighbourhood_id.is_(None))).exists())))))


@dataclass(frozen=True)
class Chosen:
    """A project that was chosen in an assembly, and what became of it."""

    series_id: int
    group: str
    """Programme of its round, or name of its envelope where a neighbourhood has several."""
    title: str
    url: str
    cost: int
    word: str
    tone: str
    answer: str
    """Answer of its department, or the day by which it is owed; nothing where nobody asked for one."""
    is_owed: bool
    project_id: int
    department_id: int | None
    is_done: bool
    """Its ledger, or without one its own journey, says that it was carried out."""


def chosen(series: Collection[Series]) -> list[Chosen]:
    """Choices of the rounds that stand for steps of these, each in the neighbourhood of its series."""
    rows = db.session.execute(sa.select(
        Series.id, Project, BudgetRound, Envelope.name, Commitment, Duty).select_from(
        Series).join(SeriesStep).join(SeriesThing, sa.and_(
            SeriesThing.step_id == SeriesStep.id, SeriesThing.kind == "budget_round")).join(
        BudgetRound, BudgetRound.id == SeriesThing.record_id).join(Project, sa.and_(
            Project.round_id == BudgetRound.id, Project.neighbourhood_id == Series.neighbourhood_id)).join(
        Envelope, Envelope.id == Project.envelope_id).outerjoin(CommitmentOrigin, sa.and_(
            CommitmentOrigin.kind == "project", CommitmentOrigin.record_id == Project.id)).outerjoin(
        Commitment, Commitment.id == CommitmentOrigin.commitment_id).outerjoin(
        Duty, sa.and_(Duty.about_kind == "project", Duty.about_id == Project.id)).options(joinedload(Duty.later)).where(
        Series.id.in_([each.id for each in series]), Project.state.in_(WON), Project.hidden_at.is_(None),
        BudgetRound.announced_at.is_not(None)).order_by(SeriesThing.id, Project.code).limit(MOST_CHOSEN)).all()
    envelopes = defaultdict(set)
    for series_id, _project, budget_round, name, *_rest in rows:
        envelopes[series_id, budget_round.id].add(name)
    return [_chosen(row, len(envelopes[row[0], row[2].id]) > 1) for row in rows]


def _chosen(row: Any, by_envelope: bool) -> Chosen:
    series_id, project, budget_round, envelope, commitment, duty = row
    group = envelope if by_envelope else budget_round.programme or budget_round.title
    if commitment is None:
        word, tone = budgets.STATE[project.state], "good" if project.state is ProjectState.DONE else "soft"
    else:
        standing = standing_of(commitment)
        word, tone = commitments.STANDING[standing], commitments.TONES[standing][1]
    is_done = project.state is ProjectState.DONE if commitment is None else commitment.status is Status.DONE
    return Chosen(series_id, group, project.title, f"/budgets/{budget_round.slug}/projects/{project.code}",
                  project.decided_amount or project.cost, str(word), tone, _answer(duty), duty is not None, project.id,
                  project.department_id, is_done)


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
