"""Items as they begin and end, inside the caller's use-case and under the forum's lock."""

import sqlalchemy as sa

from civic_forum.kernel.work import Work

from ..models import Forum, ProgrammeItem
from ..rules.kinds import ForumEventKind
from . import closing, event_log


def running(work: Work, forum: Forum) -> ProgrammeItem | None:
    return work.session.scalar(sa.select(ProgrammeItem).where(
        ProgrammeItem.forum_id == forum.id, ProgrammeItem.started_at.is_not(None), ProgrammeItem.ended_at.is_(None)))


@closing.ends
def end_running(work: Work, forum: Forum, key: str | None = None) -> None:
    """End the item that is on, if one is."""
    if item := running(work, forum):
        item.ended_at = work.at
        work.session.flush()
        event_log.add(work, forum, ForumEventKind.ITEM_ENDED, item.id, key=key, number=item.number)
