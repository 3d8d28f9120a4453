"""The list of rounds on the desk: the same few statements however many there are."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from civic_forum.platform import clock, paging
from civic_forum.platform.base import db

from .. import readiness
from ..models import BudgetRound, Envelope
from ..projects.models import Project
from ..rules.phases import Phase, current
from ..rules.preparing import Missing
from ..rules.states import FIT_FOR_BALLOT

PAGE = 20


@dataclass(frozen=True)
class RoundDeskCard:
    """A round as the list of the desk shows it."""

    round: BudgetRound
    phase: Phase | None
    projects: int
    missing: list[Missing]
    """What its vote needs and what is not there; [] once it is open."""


def everything(after: str | None = None, *, limit: int = PAGE) -> paging.Page[RoundDeskCard]:
    """Rounds in preparation too, the latest year first. Raises Invalid for an `after` that is no token."""
    place, now = paging.parts(after, int, int), clock.now()
    beyond = () if place is None else (sa.or_(
        BudgetRound.year < place[0], sa.and_(BudgetRound.year == place[0], BudgetRound.id < place[1])),)
    projects = _counted(Project.hidden_at.is_(None))
    fit = _counted(Project.hidden_at.is_(None), Project.state.in_(FIT_FOR_BALLOT))
    rows = db.session.execute(
        sa.select(BudgetRound, projects, fit).where(BudgetRound.rehearsal_of_id.is_(None), *beyond)
        .order_by(BudgetRound.year.desc(), BudgetRound.id.desc()).limit(limit + 1).options(
            selectinload(BudgetRound.phases), selectinload(BudgetRound.envelopes).joinedload(Envelope.box))).all()
    cards = [RoundDeskCard(budget_round, current(budget_round.phases, now), count,
                  [] if budget_round.opened_at else readiness.missing(budget_round, fit_count)) for budget_round, count,
             fit_count in rows]
    return paging.page_of(cards, limit, lambda card: (card.round.year, card.round.id))


def _counted(*conditions) -> sa.ScalarSelect[int]:
    return (sa.select(sa.func.count()).where(Project.round_id == BudgetRound.id, *conditions).correlate(BudgetRound)
            .scalar_subquery())
