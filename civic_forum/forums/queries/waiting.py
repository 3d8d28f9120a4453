"""Work that waits at the desk: forums whose time comes and that somebody has to begin."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.kernel.i18n import _
from civic_forum.kernel.waiting import DeskLine, Waiting

from ..models import Forum

BEGINS_WITHIN = timedelta(0)


def to_begin(_staff) -> sa.Select:
    """Forums that were announced and did not begin yet, due on their day."""
    return sa.select(Forum.id, Forum.starts_at, Forum.slug, Forum.title, sa.null()).where(
        Forum.announced_at.is_not(None), Forum.opened_at.is_(None), Forum.closed_at.is_(None))


def to_begin_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/forums/{one.ref}", one.title or "", (), _("그날 시작하기를 눌러 주세요."))
            for one in found]
