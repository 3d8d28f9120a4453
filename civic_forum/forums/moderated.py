"""Questions and what is said in the chat, as things that people report and moderators hide: whose they are, where they
stand, who sees them. Hiding is an event of their forum, so pages that are open show it at once."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.answers import operations as duties
from civic_forum.answers.rules import DutyEnd
from civic_forum.blocks.moderated import Passage, Surroundings
from civic_forum.platform.base import db

from . import operations, queries
from .chat.models import ChatMessage
from .models import Forum
from .policy import may_read
from .questions.models import KIND, Question
from .rules import ForumEventKind

QUESTION, MESSAGE = KIND, "chat_message"
TABLES = {QUESTION: Question, MESSAGE: ChatMessage}
AUTHORS = {QUESTION: Question.author_id, MESSAGE: ChatMessage.user_id}
"""Who answers for the words, as a column: who typed a question for somebody too."""
HAPPENED = {Question: (ForumEventKind.QUESTION_HIDDEN, ForumEventKind.QUESTION_SHOWN),
            ChatMessage: (ForumEventKind.CHAT_HIDDEN, ForumEventKind.CHAT_SHOWN)}
WORDS = 200
NEIGHBOURS = 3
"""Messages of a chat shown before and after a reported one."""
Said = Question | ChatMessage


def locked(kind: str):
    """Of this kind a function(session, ids) → {id: record}, read again after their forums were locked in one order."""
    table = TABLES[kind]

    def lock(session, ids: Collection[int]) -> dict[int, Said]:
        forums = session.scalars(sa.select(table.forum_id).where(table.id.in_(ids)).distinct()).all()
        for forum_id in sorted(forums):
            queries.locked(forum_id)
        rows = session.scalars(sa.select(table).where(table.id.in_(ids)).order_by(table.id)
                               .execution_options(populate_existing=True))
        return {post.id: post for post in rows}

    return lock


def put_hidden(work, hidden: Mapping[Said, tuple[datetime, str | None] | None]) -> None:
    """Hide these since a moment under a rule, or show them again (None); without a rule it was the host who hid it.
    This transaction has locked their forums."""
    for post, hiding in hidden.items():
        was_hidden = post.hidden_at is not None
        post.hidden_at, post.hidden_rule = hiding or (None, None)
        if was_hidden is not bool(hiding):
            gone, back = HAPPENED[type(post)]
            if isinstance(post, Question):
                (duties.owe_no_more if hiding else duties.owe_again)(work, post.ref, DutyEnd.HIDDEN)
            operations.add_event(work, work.session.get_one(Forum, post.forum_id), gone if hiding else back, post.id)


def url(post: Said) -> str:
    """The page of this one."""
    forum = db.session.get_one(Forum, post.forum_id)
    return f"/forums/{forum.slug}/{'questions' if isinstance(post, Question) else 'chat'}/{post.id}"


def excerpt(post: Said) -> str:
    return post.text if len(post.text) <= WORDS else f"{post.text[:WORDS].rstrip()}…"


def title(post: Said) -> str:
    """Of the forum in which it was said."""
    return db.session.get_one(Forum, post.forum_id).title


def name(post: Said) -> str:
    return post.asker if isinstance(post, Question) else post.user.name


def finder(kind: str):
    def find(viewer, said_id: int) -> Said | None:
        post = db.session.get(TABLES[kind], said_id)
        if post is None or post.hidden_at is not None or may_read(viewer, db.session.get_one(Forum, post.forum_id)):
            return None
        return post

    return find


def described(kind: str, ids: Collection[int]) -> dict[int, tuple[str, str, str, str]]:
    """Of these by id: their words, by whom, the title of the forum, and the page; hidden ones too. One statement."""
    table = TABLES[kind]
    rows = db.session.execute(sa.select(table, Forum.title, Forum.slug).join(Forum, Forum.id == table.forum_id)
                              .where(table.id.in_(ids)).options(joinedload(table.user)))
    where = "questions" if kind == QUESTION else "chat"
    return {post.id: (excerpt(post), name(post), title, f"/forums/{slug}/{where}/{post.id}")
            for post, title, slug in rows}


def around(post: Said) -> Surroundings:
    """A question with the answer it got, a message with its neighbours. What a host hid by itself is no act of
    moderators, and is shown as it was said."""
    if isinstance(post, Question):
        passage = Passage(post.id, post.asker, post.asked_at, (post.text,), hidden_rule=post.hidden_rule)
        after = [Passage(0, post.answered_by, post.answered_at, (post.answer,))] if post.answer else []
        return Surroundings(title(post), url(post), passage, after=after)
    return Surroundings(title(post), url(post), _message(post),
                        before=_near(post, ChatMessage.id < post.id, ChatMessage.id.desc())[::-1],
                        after=_near(post, ChatMessage.id > post.id, ChatMessage.id))


def _near(message: ChatMessage, where, order) -> list[Passage]:
    neighbours = db.session.scalars(sa.select(ChatMessage).where(ChatMessage.forum_id == message.forum_id, where)
                                    .options(joinedload(ChatMessage.user)).order_by(order).limit(NEIGHBOURS))
    return [_message(neighbour) for neighbour in neighbours]


def _message(message: ChatMessage) -> Passage:
    return Passage(message.id, message.user.name, message.at, (message.text,), hidden_rule=message.hidden_rule)
