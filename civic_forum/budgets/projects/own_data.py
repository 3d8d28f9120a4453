"""Personal data around projects: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import sections
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _

from .. import labels
from ..models import BudgetRound
from .models import Project, SecondLook

MOST_OWN = 50


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    """Projects that somebody handed in, and what they wanted to be looked at again."""
    projects = db.session.execute(sa.select(Project, BudgetRound.slug).join(
        BudgetRound, BudgetRound.id == Project.round_id).where(Project.author_id == user.id).order_by(Project.id))
    looks = db.session.execute(sa.select(SecondLook, Project.code).join(Project, Project.id == SecondLook.project_id)
                               .where(SecondLook.user_id == user.id).order_by(SecondLook.id))
    return {
        "projects": [{"round": slug, "code": project.code, "state": project.state.value, "title": project.title,
                      "text": project.text, "place": project.place, "scope": project.scope, "cost": project.cost,
                      "at": project.created_at.isoformat()} for project, slug in projects],
        "second_looks": [{"project": code, "text": look.text, "at": look.at.isoformat(), "answer": look.answer}
                         for look, code in looks],
    }


def on_me(user: User) -> dict[str, object] | None:
    """Projects that somebody handed in, on their own page."""
    return sections.kept_for_one(_handed_in, user.id)


def _handed_in(user_id: int) -> dict[str, object] | None:
    projects = db.session.execute(
        sa.select(Project.title, Project.code, Project.state, BudgetRound.slug).join(
            BudgetRound, BudgetRound.id == Project.round_id).where(
                Project.author_id == user_id,
                sa.or_(BudgetRound.announced_at.is_not(None), BudgetRound.rehearsal_of_id.is_not(None)))
        .order_by(Project.id.desc()).limit(MOST_OWN)).all()
    return {"label": _("낸 사업"), "key": "projects", "place": 60, "total": len(projects), "items": [
        (title, f"/budgets/{slug}/projects/{code}", str(labels.STATE[state]))
        for title, code, state, slug in projects]} if projects else None


def erase(user: User, session) -> None:
    """Projects stay as contributions, without a name; who asked for a second look is forgotten."""
    session.execute(sa.update(SecondLook).where(SecondLook.user_id == user.id).values(user_id=None))
