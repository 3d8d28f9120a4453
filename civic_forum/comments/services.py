"""Everything that people do with comments."""

from civic_forum.accounts.models import User
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from . import operations
from .events import CommentChanged
from .models import Comment, CommentSupport
from .policy import may_edit, may_remove, may_reply, may_support, may_write
from .queries import records
from .rules import Stance


def write(thread_id: int, *, stance: Stance, text: str, form_key: str | None = None, by: User) -> Comment:
    """Comment on what the thread is about; the same `form_key` again gives the comment of the first time."""
    source, html = operations.rendered(text)
    with use_case(by) as work:
        thread = records.locked_thread(thread_id, by)
        if known := records.by_form_key(by, form_key):
            return known
        require(by, may_write, thread)
        comment = operations.write(work, thread, author=by, stance=stance, source=source, html=html, at=work.at,
                                   form_key=form_key)
        work.record("comments.written", comment)
        return comment


def reply(comment_id: int, *, text: str, form_key: str | None = None, by: User) -> Comment:
    """Answer a comment of the first level."""
    source, html = operations.rendered(text)
    with use_case(by) as work:
        thread = records.locked_thread(records.comment(comment_id, by).thread_id, by)
        if known := records.by_form_key(by, form_key):
            return known
        answered = records.locked(comment_id)
        require(by, may_reply, answered)
        comment = operations.write(work, thread, author=by, stance=Stance.NOTE, source=source, html=html, at=work.at,
                                   parent_id=answered.id, form_key=form_key)
        work.record("comments.written", comment)
        return comment


def edit(comment_id: int, *, text: str, stance: Stance | None = None, by: User) -> Comment:
    """Put a text right within the first minutes, and a stance where it was mistaken."""
    source, html = operations.rendered(text)
    with use_case(by) as work:
        thread = records.locked_thread(records.comment(comment_id, by).thread_id, by)
        comment = records.locked(comment_id)
        require(by, may_edit, comment)
        stance = comment.stance if stance is None or comment.parent_id else stance
        if (source, stance) == (comment.source, comment.stance):
            return comment
        operations.count(thread, comment, -1)
        comment.source, comment.html, comment.stance, comment.edited_at = source, html, stance, work.at
        operations.count(thread, comment, 1)
        work.record("comments.edited", comment)
        work.emit(CommentChanged(thread.id, comment.id))
        return comment


def remove(comment_id: int, *, by: User) -> Comment:
    """Delete the text for good; the place in the thread and the replies stay."""
    with use_case(by) as work:
        thread = records.locked_thread(records.comment(comment_id, by).thread_id, by)
        comment = records.locked(comment_id)
        require(by, may_remove, comment)
        operations.remove(work, thread, comment)
        return comment


def support(comment_id: int, *, by: User) -> Comment:
    """Add a 공감; a second one of the same user changes nothing."""
    with use_case(by) as work:
        comment = records.locked(records.comment(comment_id, by).id)
        require(by, may_support, comment)
        if records.support_of(comment, by) is None:
            work.session.add(CommentSupport(comment_id=comment.id, user_id=by.id, at=work.at))
            comment.support_count += 1
            work.record("comments.supported", comment)
        return comment


def end_support(comment_id: int, *, by: User) -> Comment:
    """Take a 공감 back, if there is one."""
    with use_case(by) as work:
        comment = records.locked(records.comment(comment_id, by).id)
        require(by, may_support, comment)
        if support := records.support_of(comment, by):
            work.session.delete(support)
            comment.support_count -= 1
            work.record("comments.support_ended", comment)
        return comment
