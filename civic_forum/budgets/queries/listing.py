"""Lists of rounds and of projects that were found: a few statements however many there are."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import listing
from civic_forum.blocks.listing import Listing, Order
from civic_forum.kernel import clock, paging
from civic_forum.kernel.base import db

from ..models import BudgetRound, Envelope, Project
from ..rules import phases
from ..rules.phases import Change, Phase
from ..rules.states import WON, ProjectState
from . import spans

LOOKED_AT = 8
"""Rounds among which the first page looks for those under way."""
LEFT = (ProjectState.WITHDRAWN, ProjectState.MERGED)
"""No longer counted as projects of their own."""


@dataclass(frozen=True)
class Named:
    """A round itself on a card."""

    slug: str
    title: str
    texts: dict
    programme: str | None
    decided_in: str | None


@dataclass(frozen=True)
class RoundCard:
    """A round as a list shows it."""

    round: BudgetRound | Named
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


def for_first_page(_nothing: sa.ColumnElement) -> sa.Select:
    """Rows of the latest announced rounds, which the first page reads together with what it has itself."""
    named = (getattr(BudgetRound, name) for name in Named.__annotations__)
    return (sa.select(*named, *_counted()).where(BudgetRound.announced_at.is_not(None))
            .order_by(BudgetRound.year.desc(), BudgetRound.id.desc()).limit(LOOKED_AT))


def under_way(rows: Iterable[list], limit: int) -> list[RoundCard]:
    """Those of such rows in which something is to come, the latest year first."""
    now, width = clock.now(), len(Named.__annotations__)
    found = (_card(Named(*row[:2], _object(row[2]), *row[3:width]), spans.stretches(row[width]), row[width + 1:], now)
             for row in rows)
    return [card for card in found if card.next is not None][:limit]


def _object(texts: str | dict) -> dict:
    return json.loads(texts) if isinstance(texts, str) else texts


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


def _card(budget_round: BudgetRound | Named, stretches: list[spans.PhaseRow], numbers: Iterable,
          now: datetime) -> RoundCard:
    money, envelopes, projects, chosen = map(int, numbers)
    return RoundCard(budget_round, stretches, phases.current(stretches, now), phases.next_change(stretches, now),
                phases.is_over(stretches, now), money, envelopes, projects, chosen)


ROUNDS = listing.declare(Listing(
    "budget rounds", lambda: _base().where(BudgetRound.announced_at.is_not(None)),
    (Order("year", None, (BudgetRound.year.desc(), BudgetRound.id.desc())),), endpoint="budgets.show_list"))
"""Those that are announced, the latest budget year first."""
