"""The programme with its times: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import sqlalchemy as sa

from civic_forum.kernel import clock
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.combined_query import Rows

from ..models import Forum, ProgrammeItem
from ..rules import programme as rules
from ..rules.programme import ItemState, Timed


@dataclass(frozen=True)
class TimedItem:
    """An item and its times."""

    item: ProgrammeItem
    times: Timed

    @property
    def state(self) -> ItemState:
        return self.times.state


@dataclass(frozen=True)
class Programme:
    """The programme as it is now."""

    items: list[TimedItem]
    now: datetime

    @cached_property
    def on(self) -> TimedItem | None:
        """The item that is on."""
        return next((one for one in self.items if one.state is ItemState.ON), None)

    @cached_property
    def next(self) -> TimedItem | None:
        return next((one for one in self.items if one.state is ItemState.COMING), None)

    @property
    def behind_minutes(self) -> int:
        """By how many minutes it is later than planned; below zero: earlier."""
        return round(rules.behind_s(one.times for one in self.items) / 60)


ROWS = Rows(sa.select(ProgrammeItem).where(ProgrammeItem.forum_id == sa.bindparam("forum_id")), (ProgrammeItem.number,))


def part(forum: Forum, _viewer) -> Programme:
    return read(forum, clock.now())


def read(forum: Forum, now: datetime) -> Programme:
    """The programme as it is; inside a change: under the forum's lock."""
    return of_rows(forum, ROWS.alone(forum_id=forum.id), now)


def of_rows(forum: Forum, rows: Sequence[Sequence], now: datetime) -> Programme:
    items = [row[0] for row in rows]
    times = rules.timed([rules.PlannedItem(one.number, one.minutes, one.extra_minutes, one.started_at, one.ended_at)
                         for one in items], forum.starts_at, now)
    return Programme([TimedItem(item, of_it) for item, of_it in zip(items, times, strict=True)], now)


def item(programme: Programme, item_id: int) -> TimedItem:
    """Raises NotFound for an item of another forum."""
    for one in programme.items:
        if one.item.id == item_id:
            return one
    raise NotFound(_("이 공론장에 그런 순서는 없어요."))
