"""Chat for those online. Of what is said there is the event, and no audit entry beside it."""

from civic_forum.accounts.models import User
from civic_forum.platform.errors import Refusal, TooMany
from civic_forum.platform.i18n import _
from civic_forum.platform.work import use_case

from .. import operations
from ..models import Forum
from ..policy import runs
from ..rules import ForumEventKind
from . import queries, rules
from .models import ChatMessage
from .policy import may_order, may_say


def say(forum_id: int, text: str, key: str = "", *, by: User) -> ChatMessage:
    """Say something to everybody; the same `key` again gives the message of the first time.

    Raises TooMany where the host slowed the chat down and this person wrote a moment ago.
    """
    text = operations.checked_text(text, rules.MOST, "text")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_say)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.CHAT_SAID):
            return queries.held(at.forum.id, seen.subject_id)
        if at.forum.chat_slow_s and not runs(by, at):
            last = queries.last_said(at.forum.id, by.id)
            if left := rules.wait_s(last, at.forum.chat_slow_s, work.at):
                raise TooMany(_("대화를 천천히 나누고 있어요. %(seconds)s초 뒤에 다시 보내 주세요.", seconds=left),
                              retry_after=left)
        message = work.store(ChatMessage(forum_id=at.forum.id, user_id=by.id, text=text, at=work.at))
        operations.add_event(work, at.forum, ForumEventKind.CHAT_SAID, message.id, key=key)
        return message


def set_chat(forum_id: int, is_open: bool, slow_s: int, key: str = "", *, by: User) -> Forum:
    """Open or close it, and say how many seconds lie between two messages of one person."""
    if slow_s not in rules.SLOW:
        raise Refusal(_("얼마나 천천히 나눌지 골라 주세요."), field="slow")
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_order).forum
        if operations.known_event(work, forum, key) or (forum.chat_open, forum.chat_slow_s) == (is_open, slow_s):
            return forum
        forum.chat_open, forum.chat_slow_s = is_open, slow_s
        operations.add_event(work, forum, ForumEventKind.CHAT_SET, key=key, open=is_open, slow=slow_s)
        work.record("forums.chat_set", forum, open=is_open, slow=slow_s)
        return forum


def hide(forum_id: int, message_id: int, why: str, *, by: User) -> ChatMessage:
    """Take its words out of sight; that it was there, and why it is gone, everybody reads."""
    why = operations.checked_text(why, rules.WHY_MOST, "why")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_order)
        message = queries.held(at.forum.id, message_id)
        operations.hide_words(message, why, work.at)
        operations.add_event(work, at.forum, ForumEventKind.CHAT_HIDDEN, message_id)
        work.record("forums.chat_hidden", message)
        return message


def show(forum_id: int, message_id: int, *, by: User) -> ChatMessage:
    """Show it again. What moderators hid they alone show."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_order)
        message = queries.held(at.forum.id, message_id)
        operations.show_words(message)
        operations.add_event(work, at.forum, ForumEventKind.CHAT_SHOWN, message_id)
        work.record("forums.chat_shown", message)
        return message
