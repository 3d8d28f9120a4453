"""Operations of every change of a forum inside its transaction: entering it, events, texts, hiding, closing.

At the closing each subject ends its own. It registers its step beside what it starts:

    @operations.ends
    def end_turn(work, forum): …

The steps are called in the order in which they were registered, before the event that the forum is over, while the
caller holds the forum's lock. Each writes its own events (`add_event`).
"""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform import personal_numbers, plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work

from . import queries as forums
from .chat.models import ChatMessage
from .events import ForumHappened
from .models import Forum, ForumDuty, ForumEvent
from .policy import ForumContext
from .questions.models import Question
from .rules import ForumEventKind, KEY


def entered(work: Work, forum_id: int, by: User, predicate: Callable, thing: object = None) -> ForumContext:
    """Lock the forum, read again who the actor is there, and ask the policy. Raises NotFound and Denied.

    `thing` is what the predicate needs beside the forum, or a function(forum) that reads it under the lock.
    """
    forum = forums.locked(forum_id)
    at = ForumContext(forum, forums.attendance(forum, by, work.at), work.at, thing(forum) if callable(thing) else thing)
    require(by, predicate, at)
    return at


def add_event(work: Work, forum: Forum, kind: ForumEventKind, subject_id: int | None = None, *,
              table_id: int | None = None, key: str | None = None, nameless: bool = False,
              **details: int | str | bool | None) -> ForumEvent:
    """Write the next event. The caller holds the lock of the forum (`queries.locked`), so the order of numbers
    is the order of commits. `details` are small facts, never what people wrote or are called. A `nameless`
    one does not say by whom."""
    forum.last_number += 1
    by_id = None if nameless else getattr(work.actor, "id", None)
    event = ForumEvent(forum_id=forum.id, number=forum.last_number, at=work.at, kind=kind, subject_id=subject_id,
                       table_id=table_id, by_id=by_id, key=key or None, details=details)
    work.session.add(event)
    work.emit(ForumHappened(forum.id))
    return event


def known_event(work: Work, forum: Forum, key: str | None, kind: ForumEventKind | None = None) -> ForumEvent | None:
    """The event that this sender's thing became when it came for the first time. Raises Refusal for a key that no page
    of ours makes, and for one that came with something of another `kind`."""
    if not key:
        return None
    if not KEY.fullmatch(key):
        raise Refusal(_("화면이 오래되었어요. 새로 고친 뒤 다시 해 주세요."))
    event = work.session.scalar(sa.select(ForumEvent).filter_by(forum_id=forum.id, by_id=work.actor.id, key=key))
    if event is not None and kind not in (None, event.kind):
        raise Refusal(_("화면이 오래되었어요. 새로 고친 뒤 다시 해 주세요."))
    return event


_steps: list[Callable[[Work, Forum], object]] = []


def ends(step: Callable[[Work, Forum], object]):
    """Register a function(work, forum) that ends what still runs of its subject; there may be nothing."""
    if step not in _steps:
        _steps.append(step)
    return step


def end_everything(work: Work, forum: Forum) -> None:
    """End whatever still runs."""
    for step in _steps:
        step(work, forum)


def checked_text(text: str, most: int, field: str, *, lines: bool = False) -> str:
    """The text, cleaned. Raises Refusal for an empty one, one that is too long, or one with a number that is never to
    be published."""
    text = plain_text.clean(text, lines=lines)
    if not text:
        raise Refusal(_("내용을 적어 주세요."), field=field)
    if len(text) > most:
        raise Refusal(_("%(most)s자 이하로 줄여 주세요.", most=f"{most:,}"), field=field)
    if secret := personal_numbers.secret_in(text):
        raise personal_numbers.PersonalNumber(secret, field=field)
    return text


def hide_words(post: Question | ChatMessage, why: str, at: datetime) -> None:
    """Its words are gone; that it was there, and why it is gone, everybody reads. Raises Conflict for what is
    hidden."""
    if post.hidden_at is not None:
        raise Conflict(_("이미 가린 글이에요. 새로 고친 뒤 확인해 주세요."))
    post.hidden_at, post.hidden_why = at, why


def show_words(post: Question | ChatMessage) -> None:
    """Raises Conflict for what is not hidden, and for what moderators hid: they alone show it."""
    if post.hidden_at is None:
        raise Conflict(_("가리지 않은 글이에요. 새로 고친 뒤 확인해 주세요."))
    if post.hidden_rule is not None:
        raise Conflict(_("운영자가 운영 원칙에 따라 가린 글이에요. 신고를 살펴보는 화면에서만 되돌릴 수 있어요."))
    post.hidden_at = post.hidden_why = None


def pass_on(work: Work, duty: ForumDuty, receiver_id: int | None) -> None:
    """Another one does it; who does the same there already has it once."""
    same = sa.select(ForumDuty.id).filter_by(forum_id=duty.forum_id, duty=duty.duty, user_id=receiver_id)
    if work.session.scalar(same) is None:
        duty.user_id = receiver_id
    else:
        work.session.delete(duty)
