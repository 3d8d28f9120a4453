"""Rounds and projects on the first page, on the pages of proposals, and in search."""

from dataclasses import dataclass
from types import ModuleType

from civic_forum.blocks.extensions import HOME
from civic_forum.platform import hooks, rich_text
from civic_forum.platform.delivery import becomes_another
from civic_forum.proposals import queries as proposals
from civic_forum.proposals.extensions import ASIDE
from civic_forum.search import steps as search

from . import kinds
from .events import (ProjectEdited, ProjectHandedIn, ProjectMoved, ProjectsHidden, ProjectsShown, RoundAnnounced,
                     RoundEdited)
from .models import BudgetRound
from .projects.models import Project
from .rounds import listing
from .labels import rounds as labels

ROUND, PROJECT = kinds.ROUND.name, kinds.PROJECT.name
MOST_CARDS = 2
"""Of rounds on the first page."""


@dataclass(frozen=True)
class BudgetSection:
    """Rounds or projects on a page of another feature."""

    template: str
    cards: list[listing.RoundCard] | list[listing.Linked]
    hero: str | None = None
    closes: bool = False
    labels: ModuleType = labels


@hooks.on(RoundAnnounced)
@hooks.on(RoundEdited)
def make_round_findable(fact, session) -> None:
    budget_round = session.get_one(BudgetRound, fact.round_id)
    if budget_round.announced_at is None:
        return
    names = " ".join(one.name for one in budget_round.envelopes)
    search.put(session, ROUND, budget_round.id, title=budget_round.title, at=budget_round.announced_at,
               body=f"{rich_text.text_of(budget_round.description_html)} {names}")


@hooks.on(RoundAnnounced)
def make_its_projects_findable(fact, session) -> None:
    """Those that stood in it before it was announced."""
    for project in session.query(Project).filter_by(round_id=fact.round_id).order_by(Project.id):
        _make_findable(project, session)


@hooks.on(ProjectHandedIn)
@hooks.on(ProjectEdited)
@hooks.on(ProjectMoved)
def make_project_findable(fact, session) -> None:
    _make_findable(session.get_one(Project, fact.project_id), session)


@hooks.on(ProjectsHidden)
def forget_hidden(fact, session) -> None:
    search.remove_all(session, PROJECT, fact.project_ids)


@hooks.on(ProjectsShown)
def find_again(fact, session) -> None:
    for project in session.query(Project).filter(Project.id.in_(fact.project_ids)).order_by(Project.id):
        _make_findable(project, session)


def _make_findable(project: Project, session) -> None:
    if project.hidden_at is not None:
        search.remove(session, PROJECT, project.id)
        return
    body = f"{rich_text.text_of(project.text_html)} {project.place} {project.scope}"
    search.put(session, PROJECT, project.id, title=project.title, body=body, at=project.created_at)


def on_first_page() -> BudgetSection | None:
    """Rounds in which something is to come."""
    cards = listing.under_way(MOST_CARDS)
    becomes_another(*(at for card in cards for at in listing.moments(card.spans)))
    return BudgetSection("budgets/home.html", cards) if cards else None


def on_proposal(found: proposals.Detail) -> BudgetSection | None:
    cards = listing.linked(found.beside[PROJECT])
    return BudgetSection("budgets/of_proposal.html", cards) if cards else None


HOME.add_section(on_first_page, last=True)
ASIDE.add_section(on_proposal, project=listing.about_proposal)
