"""Projects as texts that people report and moderators hide: whose they are, where they stand, who sees them."""

from collections.abc import Collection
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks.moderated import Passage, Surroundings
from civic_forum.journeys import operations as journeys
from civic_forum.platform.base import db

from ..events import ProjectsHidden, ProjectsShown
from .. import queries as records
from ..models import BudgetRound
from .models import Project
from .operations import address
from .policy import may_read_project


def hold_rounds(session, project_ids: Collection[int]) -> None:
    """Lock the rounds of these in one order: they come before threads, comments and proposals."""
    rounds = session.scalars(sa.select(Project.round_id).where(Project.id.in_(project_ids)).distinct()).all()
    for round_id in sorted(rounds):
        records.locked(round_id)


def locked(session, project_ids: Collection[int]) -> dict[int, Project]:
    """These by id, read again after their rounds were locked, each in one order."""
    hold_rounds(session, project_ids)
    known = session.scalars(sa.select(Project.id).where(Project.id.in_(project_ids))).all()
    return {project_id: records.locked_project(project_id) for project_id in sorted(known)}


put_hidden = partial(journeys.put_hidden, facts=(ProjectsHidden, ProjectsShown))


def described(project_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Of these by id: their title and their page; hidden ones too. One statement."""
    rows = db.session.execute(sa.select(Project.id, Project.title, BudgetRound.slug, Project.code).join(
        BudgetRound, BudgetRound.id == Project.round_id).where(Project.id.in_(project_ids)))
    return {project_id: (title, f"/budgets/{slug}/projects/{code}") for project_id, title, slug, code in rows}


def at(slug: str, code: str) -> int | None:
    """The id of the project at this address."""
    return db.session.scalar(sa.select(Project.id).join(BudgetRound, BudgetRound.id == Project.round_id).where(
        BudgetRound.slug == slug, Project.code == code))


def around(project: Project) -> Surroundings:
    return Surroundings(project.title, address(project), Passage(
        project.id, project.author.name if project.author else "", project.created_at,
        (project.text_html, project.place, project.scope), hidden_rule=project.hidden_rule))


def find(viewer, project_id: int) -> Project | None:
    """The project with this id, if this viewer reads it on its page and somebody answers for its words."""
    project = db.session.scalar(sa.select(Project).filter_by(id=project_id).options(joinedload(Project.round)))
    if project is None or project.hidden_at or project.author_id is None or may_read_project(viewer, project):
        return None
    return project
