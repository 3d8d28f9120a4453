"""Items of meetings as a kind of thing: their papers are files."""

from typing import Any

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Kind
from civic_forum.platform.i18n import _l

from . import queries
from .models import MeetingItem


def _why_not_read(actor: Any, item: MeetingItem) -> str | None:
    case = queries.of_forum(item.meeting.forum, actor)
    return None if case and case.papers_of(item) else str(queries.no_item())


ITEM = kinds.register(Kind(
    "meeting_item", MeetingItem, label=_l("안건"), title=lambda item: item.title,
    url=lambda item: f"/forums/{item.meeting.forum.slug}#item-{item.number}", why_not_read=_why_not_read,
    missing=queries.no_item, capabilities=(Attached(sets="meeting_item", why_not_read=_why_not_read),)))
