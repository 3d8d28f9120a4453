"""Lists of rounds, alone and beside what they are about, and the phases of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import listing
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db
from civic_forum.platform.json_rows import gathered, instant, rows_of

from .. import rules as phases
from ..models import BudgetPhase, BudgetRound, Envelope
from ..rules import Change, Phase, ProjectState, WON, in_order
from ..projects.models import Project


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """From when to when a phase lasts, as `rules.phases` asks for it."""

    phase: Phase
    starts_at: datetime
    ends_at: datetime | None
    note: str | None = None


def rows() -> sa.ScalarSelect:
    """The column that `stretches` reads, of a statement about rounds."""
    return gathered(sa.select(BudgetPhase.phase, BudgetPhase.starts_at, BudgetPhase.ends_at, BudgetPhase.note)
                    .where(BudgetPhase.round_id == BudgetRound.id), BudgetRound)


def stretches(column: str | list | None) -> list[PhaseRow]:
    """In the order in which the round goes through them."""
    return in_order(PhaseRow(Phase(phase), instant(starts), ends and instant(ends), note)
                    for phase, starts, ends, note in rows_of(column))


def moments(spans: Iterable[PhaseRow]) -> list[datetime]:
    """Moments at which a page about them becomes another one by the clock."""
    return [at for span in spans for at in (span.starts_at, span.ends_at) if at is not None]


LOOKED_AT = 8
"""Rounds among which the first page looks for those under way."""
LEFT = (ProjectState.WITHDRAWN, ProjectState.MERGED)
"""No longer counted as projects of their own."""


@dataclass(frozen=True)
class RoundCard:
    """A round as a list shows it."""

    round: BudgetRound
    spans: list[PhaseRow]
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


def under_way(limit: int) -> list[RoundCard]:
    """Those of the latest announced rounds in which something is to come, the latest year first."""
    return [card for card in listed(limit=LOOKED_AT).items if card.next is not None][:limit]


def projects_of_ids(project_ids: list[int]) -> list[Project]:
    """Those of these projects that everybody sees, each with its round, envelope and neighbourhood."""
    return list(db.session.scalars(
        sa.select(Project).join(BudgetRound, BudgetRound.id == Project.round_id)
        .where(Project.id.in_(project_ids), Project.hidden_at.is_(None), BudgetRound.announced_at.is_not(None))
        .options(joinedload(Project.round), joinedload(Project.envelope), joinedload(Project.neighbourhood))))


def _base() -> sa.Select:
    return sa.select(BudgetRound, *_counted())


def _counted() -> list[sa.ColumnElement]:
    """Facts of a card beside the round: its phases, money, envelopes, projects and chosen ones."""
    own = Envelope.round_id == BudgetRound.id
    money = sa.select(sa.func.coalesce(sa.func.sum(Envelope.amount), 0)).where(own)
    envelopes = sa.select(sa.func.count()).select_from(Envelope).where(own)
    there = sa.select(sa.func.count()).select_from(Project).where(
        Project.round_id == BudgetRound.id, Project.hidden_at.is_(None))
    return [rows().label("spans"), *(
        counted.correlate(BudgetRound).scalar_subquery().label(name) for name, counted in (
            ("money", money), ("envelopes", envelopes), ("projects", there.where(Project.state.not_in(LEFT))),
            ("chosen", there.where(Project.state.in_(sorted(WON))))))]


def _cards(statement: sa.Select, now: datetime) -> list[RoundCard]:
    return _shown(db.session.execute(statement), now)


def _shown(rows: Iterable[sa.Row], now: datetime) -> list[RoundCard]:
    return [_card(budget_round, stretches(column), numbers, now) for budget_round, column, *numbers in rows]


def _card(budget_round: BudgetRound, stretches: list[PhaseRow], numbers: Iterable, now: datetime) -> RoundCard:
    money, envelopes, projects, chosen = map(int, numbers)
    return RoundCard(budget_round, stretches, phases.current(stretches, now), phases.next_change(stretches, now),
                phases.is_over(stretches, now), money, envelopes, projects, chosen)


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


def about_proposal(proposal_id: sa.ColumnElement[int]) -> sa.Select:
    """Rows of the projects that came from this proposal, in rounds that everybody sees."""
    return (sa.select(BudgetRound.slug, BudgetRound.title.label("round"), Project.code, Project.title, Project.state,
                      Project.cost, Project.decided_amount)
            .select_from(Project).join(BudgetRound, BudgetRound.id == Project.round_id)
            .where(Project.proposal_id == proposal_id, Project.hidden_at.is_(None),
                   BudgetRound.announced_at.is_not(None))
            .order_by(BudgetRound.year.desc(), Project.id.desc()).limit(MOST))


def linked(rows: Iterable[list]) -> list[Linked]:
    """Rounds of such rows, the latest year first."""
    return [Linked(slug, budget_round, code, title, ProjectState(state), cost, decided)
            for slug, budget_round, code, title, state, cost, decided in rows]
