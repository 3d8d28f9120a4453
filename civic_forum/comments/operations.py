"""Operations on threads for features that are discussed, inside their own transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.platform import plain_text, rich_text
from civic_forum.platform.base import store
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret

from .events import CommentRemoved, CommentWritten, CommentsHidden, CommentsShown
from .models import Comment, Thread
from .rules import LONGEST, Stance


def open_thread(session, kind: str, owner_id: int | None = None) -> Thread:
    """A new, empty thread below a thing of this registered kind."""
    return store(session, Thread(kind=kind, owner_id=owner_id, comment_count=0, for_count=0, against_count=0,
                                 note_count=0))


def throw_away(session, thread_id: int) -> None:
    """Delete a thread that nobody has written in; nothing may point to it any more."""
    session.execute(sa.delete(Thread).filter_by(id=thread_id))


def write(work, thread: Thread, *, author: User, stance: Stance, source: str, html: str, at: datetime,
          parent_id: int | None = None, form_key: str | None = None, at_desk: bool = False) -> Comment:
    """Add a comment to a thread that this transaction has locked, and tell of it."""
    departments = author.department_ids()
    comment = Comment(thread_id=thread.id, parent_id=parent_id, author_id=author.id, form_key=form_key, stance=stance,
                      source=source, html=html, support_count=0, at=at, at_desk=at_desk,
                      department_id=min(departments, default=None),
                      as_moderator=not departments and author.has(Role.MODERATOR))
    work.session.add(comment)
    count(thread, comment, 1)
    work.session.flush()
    work.emit(CommentWritten(thread.id, comment.id))
    return comment


def remove(work, thread: Thread, comment: Comment) -> None:
    """Delete the text for good; the place in the thread and the replies stay. This transaction has locked both."""
    if comment.is_shown:
        count(thread, comment, -1)
    comment.source, comment.html, comment.deleted_at = "", "", work.at
    work.record("comments.removed", comment)
    work.emit(CommentRemoved(thread.id, comment.id))


def rendered(text: str) -> tuple[str, str]:
    """The cleaned Markdown and its HTML; made before the transaction begins. Raises Refusal."""
    source = plain_text.clean(text, lines=True)
    if len(source) > LONGEST:
        raise Refusal(_("댓글은 2,000자까지 쓸 수 있어요. 글을 줄여 주세요."), field="text")
    refuse_secret(text=source)
    html = rich_text.render(source)
    if not plain_text.clean(rich_text.text_of(html)):
        raise Refusal(_("내용을 적어 주세요."), field="text")
    return source, html


def count(thread: Thread, comment: Comment, sign: int) -> None:
    """Let a comment enter (1) or leave (-1) the counts of its thread, which this transaction has locked."""
    thread.comment_count += sign
    if comment.parent_id is None:
        name = f"{comment.stance}_count"
        setattr(thread, name, getattr(thread, name) + sign)


def locked(session, comment_ids: Collection[int]) -> dict[int, Comment]:
    """These comments by id, read again and locked after their threads, each in one order."""
    threads = sa.select(Comment.thread_id).where(Comment.id.in_(comment_ids))
    again = {"populate_existing": True}
    session.scalars(sa.select(Thread).where(Thread.id.in_(threads)).order_by(Thread.id)
                    .with_for_update(key_share=True).execution_options(**again)).all()
    rows = session.scalars(sa.select(Comment).where(Comment.id.in_(comment_ids)).order_by(Comment.id)
                           .with_for_update(key_share=True).execution_options(**again))
    return {comment.id: comment for comment in rows}


def put_hidden(work, hidden: Mapping[Comment, tuple[datetime, str] | None]) -> None:
    """Hide comments since a moment under a rule, or show them again (None). This transaction has locked them."""
    gone, back = [], []
    threads = {thread.id: thread for thread in work.session.scalars(
        sa.select(Thread).where(Thread.id.in_({comment.thread_id for comment in hidden})))}
    for comment, hiding in hidden.items():
        was_hidden, was_shown = comment.hidden_at is not None, comment.is_shown
        comment.hidden_at, comment.hidden_rule = hiding or (None, None)
        if comment.is_shown is not was_shown:
            count(threads[comment.thread_id], comment, 1 if comment.is_shown else -1)
        if was_hidden is not bool(hiding):
            (gone if hiding else back).append(comment)
    for fact, changed in ((CommentsHidden, gone), (CommentsShown, back)):
        if changed:
            work.emit(fact(tuple(sorted({comment.thread_id for comment in changed})),
                           tuple(comment.id for comment in changed)))
