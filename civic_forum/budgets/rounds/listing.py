"""Lists of rounds, alone and beside what they are about, and the phases of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import listing
from civic_forum.blocks.filters import NOW
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once

from .. import rules as phases
from ..models import BudgetPhase, BudgetRound, Envelope
from ..rules import Change, Phase, ProjectState, WON
from ..projects.models import Project


def moments(spans: Iterable[phases.Span]) -> list[datetime]:
    """Moments at which a page about them becomes another one by the clock."""
    return [at for span in spans for at in (span.starts_at, span.ends_at) if at is not None]


LEFT = (ProjectState.WITHDRAWN, ProjectState.MERGED)
"""No longer counted as projects of their own."""


@dataclass(frozen=True)
class RoundCard:
    """A round as a list shows it."""

    round: BudgetRound
    spans: list[phases.Span]
    phase: Phase | None
    """None before the first."""
    next: Change | None
    is_over: bool
    """Its calendar has come to its end."""
    money: int
    """Won, over all envelopes."""
    envelopes: int
    projects: int
    chosen: int


def listed(after: str | None = None, *, limit: int = 0) -> paging.Page[RoundCard]:
    """A page of cards. Raises Invalid for an `after` that is no token."""
    page, now = ROUNDS.of().page(after, limit=limit), clock.now()
    return paging.Page(_shown(page.items, now), page.after)


def of_ids(round_ids: list[int]) -> dict[int, RoundCard]:
    """Those of these rounds that everybody sees."""
    cards = _cards(_base().where(BudgetRound.announced_at.is_not(None), BudgetRound.id.in_(round_ids)), clock.now())
    return {card.round.id: card for card in cards}


class UnderWay(NamedTuple):
    """A round in which something is to come."""

    round: Any
    """Row with what a card says of it."""
    phase: Phase | None
    next: Change | None


def under_way(limit: int) -> list[UnderWay]:
    """Announced rounds in which something is to come, the latest year first."""
    now = clock.now()
    rows = db.session.connection().execute(_under_way(), {"now": clock.plain(now), "rows": limit}).all()
    rounds = [list(spans) for _id, spans in groupby(rows, attrgetter("id"))]
    return [UnderWay(spans[0], phases.current(spans, now), phases.next_change(spans, now)) for spans in rounds]


@made_once
def _under_way() -> sa.Select:
    ahead = sa.exists().where(BudgetPhase.round_id == BudgetRound.id, sa.or_(
        BudgetPhase.starts_at > NOW, BudgetPhase.ends_at > NOW))
    money, _envelopes, projects, _chosen = _counted()
    latest = sa.select(
        BudgetRound.id, BudgetRound.slug, BudgetRound.title, BudgetRound.texts, BudgetRound.year, money, projects,
    ).where(BudgetRound.announced_at.is_not(None), ahead).order_by(
        BudgetRound.year.desc(), BudgetRound.id.desc()).limit(sa.bindparam("rows")).subquery()
    return sa.select(latest, BudgetPhase.phase, BudgetPhase.starts_at, BudgetPhase.ends_at).join(
        BudgetPhase, BudgetPhase.round_id == latest.c.id).order_by(latest.c.year.desc(), latest.c.id.desc())


def projects_of_ids(project_ids: list[int]) -> dict[int, Project]:
    """Those of these projects that everybody sees, each with its round, envelope and neighbourhood."""
    return {project.id: project for project in db.session.scalars(_projects_of_ids(), {"ids": project_ids})}


@made_once
def _projects_of_ids() -> sa.Select:
    return (sa.select(Project).join(BudgetRound, BudgetRound.id == Project.round_id)
            .where(Project.id.in_(sa.bindparam("ids", expanding=True)), Project.hidden_at.is_(None),
                   BudgetRound.announced_at.is_not(None))
            .options(joinedload(Project.round), joinedload(Project.envelope), joinedload(Project.neighbourhood)))


def _base() -> sa.Select:
    return sa.select(BudgetRound, *_counted()).execution_options(populate_existing=True)


def _counted() -> list[sa.ColumnElement]:
    """Facts of a card beside the round: its money, envelopes, projects and chosen ones."""
    own = Envelope.round_id == BudgetRound.id
    money = sa.select(sa.func.coalesce(sa.func.sum(Envelope.amount), 0)).where(own)
    envelopes = sa.select(sa.func.count()).select_from(Envelope).where(own)
    there = sa.select(sa.func.count()).select_from(Project).where(
        Project.round_id == BudgetRound.id, Project.hidden_at.is_(None))
    return [counted.correlate(BudgetRound).scalar_subquery().label(name) for name, counted in (
        ("money", money), ("envelopes", envelopes), ("projects", there.where(Project.state.not_in(LEFT))),
        ("chosen", there.where(Project.state.in_(sorted(WON)))))]


def _cards(statement: sa.Select, now: datetime) -> list[RoundCard]:
    return _shown(db.session.execute(statement).all(), now)


def _shown(rows: Sequence[sa.Row], now: datetime) -> list[RoundCard]:
    spans_of: dict[int, list[phases.Span]] = {budget_round.id: [] for budget_round, *_numbers in rows}
    for span in db.session.execute(_spans(), {"rounds": list(spans_of)}):
        spans_of[span.round_id].append(span)
    return [RoundCard(budget_round, spans := spans_of[budget_round.id], phases.current(spans, now),
                      phases.next_change(spans, now), phases.is_over(spans, now), *map(int, numbers))
            for budget_round, *numbers in rows]


@made_once
def _spans() -> sa.Select:
    return (sa.select(BudgetPhase.round_id, BudgetPhase.phase, BudgetPhase.starts_at, BudgetPhase.ends_at)
            .where(BudgetPhase.round_id.in_(sa.bindparam("rounds", expanding=True))))


ROUNDS = listing.declare(Listing(
    "budget rounds", lambda: _base().where(BudgetRound.announced_at.is_not(None)),
    (Order("year", None, (BudgetRound.year.desc(), BudgetRound.id.desc())),), endpoint="budgets.show_list"))
"""Those that are announced, the latest budget year first."""


MOST = 5


@dataclass(frozen=True)
class Linked:
    """A project that a page leads to."""

    slug: str
    """Of its round."""
    round: str
    code: str
    title: str
    state: ProjectState
    cost: int
    decided: int | None


def of_proposal(proposal_id: int) -> list[Linked]:
    """The projects that came from this proposal, in rounds that everybody sees, the latest year first."""
    return [Linked(*row) for row in db.session.execute(_of_proposal(), {"proposal": proposal_id})]


@made_once
def _of_proposal() -> sa.Select:
    return (sa.select(BudgetRound.slug, BudgetRound.title.label("round"), Project.code, Project.title, Project.state,
                      Project.cost, Project.decided_amount)
            .select_from(Project).join(BudgetRound, BudgetRound.id == Project.round_id)
            .where(Project.proposal_id == sa.bindparam("proposal", type_=Project.id.type), Project.hidden_at.is_(None),
                   BudgetRound.announced_at.is_not(None))
            .order_by(BudgetRound.year.desc(), Project.id.desc()).limit(MOST))
