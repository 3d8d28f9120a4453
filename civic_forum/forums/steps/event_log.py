"""The numbered list of what happened in a forum, written inside the caller's use-case."""

import sqlalchemy as sa

from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import Work

from ..events import ForumHappened
from ..models import Forum, ForumEvent
from ..rules.kinds import KEY, ForumEventKind


def add(work: Work, forum: Forum, kind: ForumEventKind, subject_id: int | None = None, *, table_id: int | None = None,
        key: str | None = None, nameless: bool = False, **details: int | str | bool | None) -> ForumEvent:
    """Write the next event. The caller holds the lock of the forum (`queries.records.locked`), so the order of numbers
    is the order of commits. `details` are small facts, never what people wrote or are called. A `nameless`
    one does not say by whom."""
    forum.last_number += 1
    by_id = None if nameless else getattr(work.actor, "id", None)
    event = ForumEvent(forum_id=forum.id, number=forum.last_number, at=work.at, kind=kind, subject_id=subject_id,
                       table_id=table_id, by_id=by_id, key=key or None, details=details)
    work.session.add(event)
    work.emit(ForumHappened(forum.id))
    return event


def known(work: Work, forum: Forum, key: str | None, kind: ForumEventKind | None = None) -> ForumEvent | None:
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
