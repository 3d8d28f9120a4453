"""Rounds, and projects of one of them, as things to join to."""

import re

import sqlalchemy as sa

from civic_forum.accounts.pickers import people
from civic_forum.blocks.pickers import Choice, Pickable, has_words, register
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l

from . import queries
from .labels import STATE
from .models import BudgetRound
from .policy import may_read
from .rules import EDITABLE
from .committee.models import CommitteeMember
from .projects.models import Project
from .projects.policy import may_read_project

NAMED = re.compile(r"([a-z0-9-]{1,60})\.([A-Z0-9-]{1,20})")
ADDRESS = re.compile(r"/budgets/([a-z0-9-]{1,60})/projects/([A-Z0-9-]{1,20})")
TYPED_CODE = re.compile(r"[A-Za-z0-9-]{1,20}")


def _round(budget_round: BudgetRound) -> Choice:
    return Choice(budget_round.slug, budget_round.title, budget_round.slug)


def find_round(actor, value: str, _within: str) -> Choice | None:
    budget_round = queries.slugged(value)
    return _round(budget_round) if budget_round is not None and may_read(actor, budget_round) is None else None


def search_rounds(actor, text: str, limit: int, _within: str) -> list[Choice]:
    statement = sa.select(BudgetRound).where(has_words(text, BudgetRound.title, BudgetRound.slug),
                                             BudgetRound.rehearsal_of_id.is_(None))
    rounds = db.session.scalars(statement.order_by(BudgetRound.year.desc(), BudgetRound.id.desc()).limit(limit))
    return [_round(budget_round) for budget_round in rounds if may_read(actor, budget_round) is None]


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


def _public() -> sa.Select:
    """Projects that everybody may read, of rounds that were announced."""
    return sa.select(Project).join(BudgetRound, BudgetRound.id == Project.round_id).where(
        BudgetRound.announced_at.is_not(None), BudgetRound.rehearsal_of_id.is_(None), Project.hidden_at.is_(None))


def _of_any_round(project: Project) -> Choice:
    return Choice(f"{project.round.slug}.{project.code}", project.title, f"{project.round.title} · {project.code}")


def find_public(actor, value: str, _within: str) -> Choice | None:
    """By round and code, or by its address."""
    named = ADDRESS.search(value) or NAMED.fullmatch(value)
    project = named and db.session.scalar(_public().where(BudgetRound.slug == named[1], Project.code == named[2]))
    return _of_any_round(project) if project and may_read_project(actor, project) is None else None


def search_public(actor, text: str, limit: int, _within: str) -> list[Choice]:
    statement = _public().where(has_words(text, Project.title, Project.code)).order_by(Project.id.desc()).limit(limit)
    return [_of_any_round(project) for project in db.session.scalars(statement)
            if may_read_project(actor, project) is None]


ROUND = register(Pickable("budget", _l("주민참여예산"), ("budgets.see_desk",), search_rounds, find_round, "/budgets/", SLUG))
PROJECT = register(Pickable("project", _l("사업"), ("polls.make", "forums.prepare"), search_public, find_public,
                            exact=NAMED))
PROJECT_TO_MERGE = register(Pickable("project_to_merge", _l("사업"), ("budgets.make",), search_projects, find_project,
                                     "/projects/", TYPED_CODE))
"""Within one round."""
COMMITTEE = register(people("committee_member", _l("위원"), ("budgets.make",),
                            lambda _within: sa.select(CommitteeMember.user_id)))
"""Those who sit, or sat, on the committee of any round."""
