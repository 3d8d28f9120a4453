"""Projects of one round, and people on committees, as things to join to."""

import re

import sqlalchemy as sa

from civic_forum.accounts.pickers import people
from civic_forum.blocks.pickers import Choice, Pickable, has_words, register
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l

from . import queries
from .labels import STATE
from .policy import may_read
from .rules import EDITABLE
from .committee.models import CommitteeMember
from .projects.models import Project

TYPED_CODE = re.compile(r"[A-Za-z0-9-]{1,20}")


def _project(project: Project) -> Choice:
    return Choice(project.code, project.title, f"{project.code} · {STATE[project.state]}")


def _carrying(actor, within: str) -> sa.Select | None:
    """Projects of the round `within` that can carry another on."""
    budget_round = queries.slugged(within)
    if budget_round is None or may_read(actor, budget_round) is not None:
        return None
    return sa.select(Project).where(Project.round_id == budget_round.id, Project.state.in_(EDITABLE),
                                    Project.hidden_at.is_(None))


def find_project(actor, value: str, within: str) -> Choice | None:
    statement = _carrying(actor, within)
    project = None if statement is None else db.session.scalar(statement.where(Project.code == value.upper()))
    return None if project is None else _project(project)


def search_projects(actor, text: str, limit: int, within: str) -> list[Choice]:
    statement = _carrying(actor, within)
    if statement is None:
        return []
    statement = statement.where(has_words(text, Project.title, Project.code)).order_by(*queries.by_code()).limit(limit)
    return [_project(project) for project in db.session.scalars(statement)]


PROJECT_TO_MERGE = register(Pickable("project_to_merge", _l("사업"), ("budgets.make",), search_projects, find_project,
                                     "/projects/", TYPED_CODE))
"""Within one round."""
COMMITTEE = register(people("committee_member", _l("위원"), ("budgets.make",),
                            lambda _within: sa.select(CommitteeMember.user_id)))
"""Those who sit, or sat, on the committee of any round."""
