"""Lists of rounds and of projects that were found: a few statements however many there are."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.kernel import clock, paging
from civic_forum.kernel.base import db

from ..models import BudgetRound, Envelope, Project
from ..rules import phases
from ..rules.phases import Change, Phase
from ..rules.states import WON, ProjectState
from . import spans

PAGE = 20
LEFT = (ProjectState.WITHDRAWN, ProjectState.MERGED)
"""No longer counted as projects of their own."""


@dataclass(frozen=True)
class Card:
    """A round as a list shows it."""

    round: BudgetRound
    spans: list[spans.Stretch]
    phase: Phase | None
    """None before the first."""
    next: Change | None
    money: int
    """Won, over all envelopes."""
    envelopes: int
    projects: int
    chosen: int


def listed(after: str | None = None, *, limit: int = PAGE) -> paging.Page[Card]:
    """Those that are announced, the latest budget year first. Raises Invalid for an `after` that is no token."""
    return _page(after, limit, BudgetRound.announced_at.is_not(None))


def everything(after: str | None = None, *, limit: int = PAGE) -> paging.Page[Card]:
    """For the desk: also those in preparation."""
    return _page(after, limit)


def of_ids(round_ids: list[int]) -> dict[int, Card]:
    """Those of these rounds that everybody sees."""
    found = _cards(_base().where(BudgetRound.announced_at.is_not(None), BudgetRound.id.in_(round_ids)), clock.now())
    return {card.round.id: card for card in found}


def under_way(limit: int) -> list[Card]:
    """What the first page tells: announced rounds with something to come, the latest year first."""
    now = clock.now()
    some = _base().where(BudgetRound.announced_at.is_not(None)).order_by(
        BudgetRound.year.desc(), BudgetRound.id.desc()).limit(2 * limit)
    return [card for card in _cards(some, now) if card.next is not None or card.phase is Phase.VOTING][:limit]


def projects_of_ids(project_ids: list[int]) -> list[Project]:
    """Those of these projects that everybody sees, each with its round, envelope and neighbourhood."""
    return list(db.session.scalars(
        sa.select(Project).join(BudgetRound, BudgetRound.id == Project.round_id)
        .where(Project.id.in_(project_ids), Project.hidden_at.is_(None), BudgetRound.announced_at.is_not(None))
        .options(joinedload(Project.round), joinedload(Project.envelope), joinedload(Project.neighbourhood))))


def _page(after: str | None, limit: int, *conditions) -> paging.Page[Card]:
    place = paging.parts(after, int, int)
    beyond = () if place is None else (_beyond(*place),)
    statement = _base().where(*conditions, *beyond).order_by(BudgetRound.year.desc(), BudgetRound.id.desc())
    rows = _cards(statement.limit(limit + 1), clock.now())
    return paging.page_of(rows, limit, lambda card: (card.round.year, card.round.id))


def _beyond(year: int, number: int) -> sa.ColumnElement[bool]:
    return sa.or_(BudgetRound.year < year, sa.and_(BudgetRound.year == year, BudgetRound.id < number))


def _base() -> sa.Select:
    own = Envelope.round_id == BudgetRound.id
    money = sa.select(sa.func.coalesce(sa.func.sum(Envelope.amount), 0)).where(own)
    envelopes = sa.select(sa.func.count()).select_from(Envelope).where(own)
    there = sa.select(sa.func.count()).select_from(Project).where(
        Project.round_id == BudgetRound.id, Project.hidden_at.is_(None))
    return sa.select(BudgetRound, spans.rows(), *(
        counted.correlate(BudgetRound).scalar_subquery()
        for counted in (money, envelopes, there.where(Project.state.not_in(LEFT)),
                        there.where(Project.state.in_(sorted(WON))))))


def _cards(statement: sa.Select, now: datetime) -> list[Card]:
    return [_card(round, spans.stretches(column), [int(number) for number in numbers], now)
            for round, column, *numbers in db.session.execute(statement)]


def _card(round: BudgetRound, stretches: list[spans.Stretch], numbers: list[int], now: datetime) -> Card:
    money, envelopes, projects, chosen = numbers
    return Card(round, stretches, phases.current(stretches, now), phases.next_change(stretches, now),
                money, envelopes, projects, chosen)
