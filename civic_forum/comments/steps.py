"""What features that are discussed do with threads, inside their own transaction."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role

from .events import CommentWritten
from .models import Comment, Thread
from .rules import Stance


def open_thread(session, kind: str, owner_id: int | None = None) -> Thread:
    """A new, empty thread below a thing of this registered kind."""
    thread = Thread(kind=kind, owner_id=owner_id, comment_count=0, for_count=0, against_count=0, note_count=0)
    session.add(thread)
    session.flush()
    return thread


def throw_away(session, thread_id: int) -> None:
    """Delete a thread that nobody has written in; nothing may point to it any more."""
    session.execute(sa.delete(Thread).filter_by(id=thread_id))


def write(work, thread: Thread, *, author: User, stance: Stance, source: str, html: str, at: datetime,
          parent_id: int | None = None, form_key: str | None = None) -> Comment:
    """Add a comment to a thread that this transaction has locked, and tell of it."""
    departments = author.department_ids()
    comment = Comment(thread_id=thread.id, parent_id=parent_id, author_id=author.id, form_key=form_key,
                      stance=stance, source=source, html=html, support_count=0, at=at,
                      department_id=min(departments, default=None),
                      as_moderator=not departments and author.has(Role.MODERATOR))
    work.session.add(comment)
    count(thread, comment, 1)
    work.session.flush()
    work.tell(CommentWritten(thread.id, comment.id))
    return comment


def count(thread: Thread, comment: Comment, sign: int) -> None:
    """Let a comment enter (1) or leave (-1) the counts of its thread, which this transaction has locked."""
    thread.comment_count += sign
    if comment.parent_id is None:
        name = f"{comment.stance}_count"
        setattr(thread, name, getattr(thread, name) + sign)
