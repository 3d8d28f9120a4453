"""Projects as the page of the proposal names them from which they came: rows that it reads together with its record."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ..models import BudgetRound
from ..projects.models import Project
from ..rules.states import ProjectState

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
