"""Signals: written when a text is, and every few minutes for what shows only over many."""

from civic_forum.agendas.events import AuthorObjected
from civic_forum.agendas.models import AuthorObjection
from civic_forum.budgets.events import ProjectEdited, ProjectHandedIn
from civic_forum.budgets.projects.models import Project
from civic_forum.comments.events import CommentChanged, CommentWritten
from civic_forum.comments.models import Comment
from civic_forum.platform import clock, hooks, jobs
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, DeskEntry
from civic_forum.proposals.events import ProposalEdited, ProposalPublished
from civic_forum.proposals.models import Proposal

from .. import noticing, services
from ..queries import signals
from ..steps.noticing import notice


@hooks.on(CommentWritten)
@hooks.on(CommentChanged)
def look_at_comment(fact, session) -> None:
    comment = session.get_one(Comment, fact.comment_id)
    _look(session, "comment", comment.id, comment.source)


@hooks.on(ProposalPublished)
@hooks.on(ProposalEdited)
def look_at_proposal(fact, session) -> None:
    proposal = session.get_one(Proposal, fact.proposal_id)
    _look(session, "proposal", proposal.id, f"{proposal.title}\n{proposal.problem}\n{proposal.wish}")


@hooks.on(AuthorObjected)
def look_at_objection(fact: AuthorObjected, session) -> None:
    objection = session.get_one(AuthorObjection, fact.objection_id)
    _look(session, "author_objection", objection.id, objection.text)


@hooks.on(ProjectHandedIn)
@hooks.on(ProjectEdited)
def look_at_project(fact, session) -> None:
    project = session.get_one(Project, fact.project_id)
    _look(session, "project", project.id, f"{project.title}\n{project.text}\n{project.place}\n{project.scope}")


@jobs.every(5, "signals")
def look_around() -> int:
    return services.look_around()


def _look(session, kind: str, subject_id: int, text: str) -> None:
    notice(session, kind, {subject_id: text}, noticing.signals_of(text, signals.word_keys()), at=clock.now())


ENTRIES["moderation.signals"] = DeskEntry("moderation.moderate", _l("저절로 알아차린 것 보기"),
                                                  "moderation_desk.list_signals")
ENTRIES["moderation.words"] = DeskEntry("moderation.moderate", _l("살펴보는 낱말 고치기"),
                                                "moderation_desk.watched_words")
