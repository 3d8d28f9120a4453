"""One reported thing with what stands around it, for whoever decides about it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.agendas import objections
from civic_forum.agendas.models import AuthorObjection
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Ref
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.projects.operations import address
from civic_forum.comments.models import Comment
from civic_forum.forums import moderated
from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.questions.models import Question
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.rich_text import Html
from civic_forum.proposals.models import Proposal

from ..models import ModerationAction, Report, Signal
from .texts import texts

NEIGHBOURS = 3
"""Comments of the same level shown before and after."""


@dataclass(frozen=True)
class Passage:
    """A text on the page: the reported one, or one around it."""

    id: int
    author: str
    at: datetime
    parts: tuple[Html | str, ...]
    is_deleted: bool = False
    hidden_rule: str | None = None


@dataclass(frozen=True)
class ReviewCase:
    kind: str
    id: int
    title: str | None
    """Of the proposal, or of what the comment or the objection is about."""
    url: str
    author: User
    passage: Passage
    parent: Passage | None
    before: list[Passage]
    after: list[Passage]
    reports: list[Report]
    """The open ones, the oldest first."""
    closed: list[Report]
    signals: list[Signal]
    acts: list[ModerationAction]
    """On this text and on its author, those that stand first, then the latest first."""
    is_protected: bool
    """Whether the author is an administrator."""

    @property
    def about(self) -> str:
        return str(Ref(self.kind, self.id))

    @property
    def seen(self) -> int:
        return max((one.id for one in self.reports), default=0)

    @property
    def is_hidden(self) -> bool:
        return self.passage.hidden_rule is not None


def case(kind: str, subject_id: int) -> ReviewCase:
    """Raises NotFound."""
    of, _moderated = texts().get(kind, (None, None))
    row = of.record(subject_id) if of is not None else None
    if row is None or kind == "proposal" and row.number is None:
        raise _missing()
    around = AROUND[kind](row)
    author = _author(kind, row)
    if author is None:
        raise _missing()
    reports = list(db.session.scalars(sa.select(Report).filter_by(subject_kind=kind, subject_id=subject_id)
                                      .order_by(Report.id)))
    return ReviewCase(
        kind=kind, id=subject_id, author=author, **around,
        reports=[one for one in reports if one.closed_at is None],
        closed=[one for one in reports if one.closed_at is not None],
        signals=list(db.session.scalars(sa.select(Signal).filter_by(subject_kind=kind, subject_id=subject_id)
                                        .order_by(Signal.id))),
        acts=_acts(kind, subject_id, author.id),
        is_protected=bool(people.administrators_among([author.id])))


def _author(kind: str, row) -> User | None:
    if kind in moderated.TABLES:
        return db.session.get(User, row.author_id if kind == moderated.QUESTION else row.user_id)
    return row.by if kind == "author_objection" else row.author


def _missing() -> NotFound:
    return NotFound(_("없는 글이에요. 신고 목록에서 다시 골라 주세요."))


def _acts(kind: str, subject_id: int, author_id: int) -> list[ModerationAction]:
    here = sa.and_(ModerationAction.subject_kind == kind, ModerationAction.subject_id == subject_id)
    return list(db.session.scalars(sa.select(ModerationAction).where(
        sa.or_(here, ModerationAction.user_id == author_id))
        .order_by(ModerationAction.ended_at.is_not(None), ModerationAction.id.desc()).limit(30)))


def _around_proposal(row: Proposal) -> dict:
    said = Passage(row.id, row.author.name, row.published_at or row.created_at, (row.problem_html, row.wish_html),
                   hidden_rule=row.hidden_rule)
    return {"title": row.title, "url": f"/proposals/{row.number}", "passage": said, "parent": None, "before": [],
            "after": []}


def _around_project(row: Project) -> dict:
    said = Passage(row.id, row.author.name if row.author else "", row.created_at, (row.text_html, row.place, row.scope),
                   hidden_rule=row.hidden_rule)
    return {"title": row.title, "url": address(row), "passage": said, "parent": None, "before": [], "after": []}


def _around_comment(row: Comment) -> dict:
    parent = db.session.get(Comment, row.parent_id, options=[joinedload(Comment.author)]) if row.parent_id else None
    titles = kinds.discussed_titles(row.thread.kind, [row.thread.owner_id])
    return {"title": titles.get(row.thread.owner_id), "url": f"/comments/{row.id}", "passage": _said(row),
            "parent": parent and _said(parent), "before": _beside(row, before=True),
            "after": _beside(row, before=False)}


def _beside(row: Comment, *, before: bool) -> list[Passage]:
    place, here = sa.tuple_(Comment.at, Comment.id), sa.tuple_(sa.literal(row.at, Comment.at.type), row.id)
    order = (Comment.at.desc(), Comment.id.desc()) if before else (Comment.at, Comment.id)
    near = db.session.scalars(
        sa.select(Comment).where(Comment.thread_id == row.thread_id, Comment.parent_id == row.parent_id
                                 if row.parent_id else Comment.parent_id.is_(None),
                                 place < here if before else place > here)
        .options(joinedload(Comment.author), joinedload(Comment.department)).order_by(*order).limit(NEIGHBOURS)).all()
    return [_said(one) for one in (reversed(near) if before else near)]


def _around_objection(row: AuthorObjection) -> dict:
    """Subject of an objection, and the answer it got."""
    about = row.link.agenda.question if row.link else row.merge.merged.title
    said = Passage(row.id, row.by.name, row.at, (row.text,), hidden_rule=row.hidden_rule)
    answer = [Passage(0, str(_("운영자")), row.answered_at, (row.answer,))] if row.answer else []
    return {"title": about, "url": objections.url(row), "passage": said, "parent": None, "before": [],
            "after": answer}


def _said(row: Comment) -> Passage:
    return Passage(row.id, row.author_name, row.at, (row.html,), row.deleted_at is not None, row.hidden_rule)


def _around_question(row: Question) -> dict:
    """With the answer it got. What a host hid by itself is no act of moderators, and is shown as it was asked."""
    said = Passage(row.id, row.asker, row.asked_at, (row.text,), hidden_rule=row.hidden_rule)
    answer = [Passage(0, row.answered_by, row.answered_at, (row.answer,))] if row.answer else []
    return {"title": moderated.title(row), "url": moderated.url(row), "passage": said, "parent": None, "before": [],
            "after": answer}


def _around_message(row: ChatMessage) -> dict:
    def near(where, order) -> list[Passage]:
        found = db.session.scalars(sa.select(ChatMessage).where(ChatMessage.forum_id == row.forum_id, where)
                                   .options(joinedload(ChatMessage.user)).order_by(order).limit(NEIGHBOURS))
        return [_of_chat(one) for one in found]

    return {"title": moderated.title(row), "url": moderated.url(row), "passage": _of_chat(row), "parent": None,
            "before": near(ChatMessage.id < row.id, ChatMessage.id.desc())[::-1],
            "after": near(ChatMessage.id > row.id, ChatMessage.id)}


def _of_chat(row: ChatMessage) -> Passage:
    return Passage(row.id, row.user.name, row.at, (row.text,), hidden_rule=row.hidden_rule)


AROUND = {"comment": _around_comment, "proposal": _around_proposal, "author_objection": _around_objection,
          "project": _around_project,
          moderated.QUESTION: _around_question, moderated.MESSAGE: _around_message}
