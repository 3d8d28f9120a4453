"""Lists of rounds and of projects that were found: a few statements however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import listing
from civic_forum.blocks.listing import Listing, Order
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db

from ..models import BudgetRound, Envelope
from ..projects.models import Project
from ..rules import phases
from ..rules.phases import Change, Phase
from ..rules.states import WON, ProjectState
from . import spans

LOOKED_AT = 8
"""Rounds among which the first page looks for those under way."""
LEFT = (ProjectState.WITHDRAWN, ProjectState.MERGED)
"""No longer counted as projects of their own."""


@dataclass(frozen=True)
class RoundCard:
    """A round as a list shows it."""

    round: BudgetRound
    spans: list[spans.PhaseRow]
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
    found = _cards(_base().where(BudgetRound.announced_at.is_not(None), BudgetRound.id.in_(round_ids)), clock.now())
    return {card.round.id: card for card in found}


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
    return [spans.rows().label("spans"), *(
        counted.correlate(BudgetRound).scalar_subquery().label(name) for name, counted in (
            ("money", money), ("envelopes", envelopes), ("projects", there.where(Project.state.not_in(LEFT))),
            ("chosen", there.where(Project.state.in_(sorted(WON))))))]


def _cards(statement: sa.Select, now: datetime) -> list[RoundCard]:
    return _shown(db.session.execute(statement), now)


def _shown(rows: Iterable[sa.Row], now: datetime) -> list[RoundCard]:
    return [_card(budget_round, spans.stretches(column), numbers, now) for budget_round, column, *numbers in rows]


def _card(budget_round: BudgetRound, stretches: list[spans.PhaseRow], numbers: Iterable, now: datetime) -> RoundCard:
    money, envelopes, projects, chosen = map(int, numbers)
    return RoundCard(budget_round, stretches, phases.current(stretches, now), phases.next_change(stretches, now),
                phases.is_over(stretches, now), money, envelopes, projects, chosen)


ROUNDS = listing.declare(Listing(
    "budget rounds", lambda: _base().where(BudgetRound.announced_at.is_not(None)),
    (Order("year", None, (BudgetRound.year.desc(), BudgetRound.id.desc())),), endpoint="budgets.show_list"))
"""Those that are announced, the latest budget year first."""
