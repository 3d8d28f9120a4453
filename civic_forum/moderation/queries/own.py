"""Acts on somebody's own texts, and their reports, as they read them."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas import objections
from civic_forum.agendas.models import AuthorObjection
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.projects.operations import address
from civic_forum.comments.models import Comment
from civic_forum.forums import moderated
from civic_forum.platform.base import db
from civic_forum.platform.rich_text import Html
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE

from ..models import Appeal, ModerationAction, Report
from ..policy import may_appeal
from . import appeals
from .things import shown

SHOWN = 50


@dataclass(frozen=True)
class ActedOn:
    """Subject of an act, as its author wrote it."""

    title: str | None
    parts: tuple[Html | str, ...]
    url: str


@dataclass(frozen=True)
class Told:
    """A report with a few words of what it is about."""

    report: Report
    text: str
    url: str | None


def thing(action: ModerationAction) -> ActedOn | None:
    """None for an act on an account, and for a text that is gone."""
    if action.subject_kind == "comment":
        comment = db.session.get(Comment, action.subject_id)
        return comment and ActedOn(None, (comment.html,), f"/comments/{comment.id}")
    if action.subject_kind == "proposal":
        found = db.session.get(Proposal, action.subject_id)
        return found and ActedOn(found.title, (found.problem_html, found.wish_html), f"/proposals/{found.number}")
    if action.subject_kind == "author_objection":
        objection = db.session.get(AuthorObjection, action.subject_id)
        return objection and ActedOn(None, (objection.text,), objections.url(objection))
    if action.subject_kind == "project":
        project = db.session.get(Project, action.subject_id)
        return project and ActedOn(project.title, (project.text_html,), address(project))
    if action.subject_kind in moderated.TABLES:
        said = db.session.get(moderated.TABLES[action.subject_kind], action.subject_id)
        return said and ActedOn(None, (said.text,), moderated.url(said))
    return None


def reports(user: User) -> list[Told]:
    """The user's own reports, the latest first; what was hidden meanwhile shows no text."""
    rows = list(db.session.scalars(sa.select(Report).filter_by(by_id=user.id).order_by(Report.id.desc()).limit(SHOWN)))
    known = shown(_open_to_all(rows))
    things = [(one, known.get((one.subject_kind, one.subject_id))) for one in rows]
    return [Told(one, thing.text, thing.url) if thing else Told(one, "", None) for one, thing in things]


def _open_to_all(rows: list[Report]) -> set[tuple[str, int]]:
    """Those of these things that everybody can read: what stands below a hidden proposal is hidden with it."""
    comments = [one.subject_id for one in rows if one.subject_kind == "comment"]
    proposals = [one.subject_id for one in rows if one.subject_kind == "proposal"]
    said = [one.subject_id for one in rows if one.subject_kind == "author_objection"]
    projects = [one.subject_id for one in rows if one.subject_kind == "project"]
    below_hidden = sa.or_(
        sa.exists().where(Proposal.thread_id == Comment.thread_id, ~READABLE),
        sa.exists().where(Project.thread_id == Comment.thread_id, Project.hidden_at.is_not(None)))
    found = sa.union_all(
        sa.select(sa.literal("comment"), Comment.id).where(
            Comment.id.in_(comments), Comment.hidden_at.is_(None), Comment.deleted_at.is_(None), ~below_hidden),
        sa.select(sa.literal("author_objection"), AuthorObjection.id).where(
            AuthorObjection.id.in_(said), AuthorObjection.hidden_at.is_(None)),
        sa.select(sa.literal("proposal"), Proposal.id).where(Proposal.id.in_(proposals), READABLE),
        sa.select(sa.literal("project"), Project.id).where(Project.id.in_(projects), Project.hidden_at.is_(None)),
        *(sa.select(sa.literal(kind), table.id).where(
            table.id.in_([one.subject_id for one in rows if one.subject_kind == kind]), table.hidden_at.is_(None))
          for kind, table in moderated.TABLES.items()))
    return {tuple(row) for row in db.session.execute(found)}


@dataclass(frozen=True)
class AppealSection:
    """The appeal against an act, on its page."""

    action: ModerationAction
    appeal: Appeal | None
    due_on: object
    why_not_appeal: str | None
    template: str = "moderation/appeal_section.html"


def appeal_section(action: ModerationAction, person: User) -> AppealSection | None:
    if action.user_id != person.id:
        return None
    known = appeals.of_action(action.id)
    return AppealSection(action, known, known and appeals.due_on(known), may_appeal(person, action))
