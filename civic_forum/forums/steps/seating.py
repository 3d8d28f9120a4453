"""Standing up from a table, inside the caller's use-case; the caller holds the lock of the forum."""

from civic_forum.kernel.work import Work

from ..models import Forum, ForumTable
from ..queries import tables
from ..rules.kinds import ForumEventKind
from . import event_log


def stand_up(work: Work, forum: Forum, user_id: int) -> None:
    """Free somebody's seat, if they have one, and tell the hall."""
    seat = tables.seat_of(forum.id, user_id)
    if seat is None:
        return
    table = work.session.get_one(ForumTable, seat.table_id)
    work.session.delete(seat)
    event_log.add(work, forum, ForumEventKind.TABLE_MOVED, table.id, was=table.number, to=None,
                   by_oneself=user_id == getattr(work.actor, "id", None))
