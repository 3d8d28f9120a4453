"""The programme against the clock: what is on, what it was planned for, and when the rest comes if all keeps to
time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EXTEND_MOST = 60
"""Minutes that an item gets at once."""
EXTRA_MOST = 240


class ItemState(StrEnum):
    """State of an item."""

    DONE = "done"
    ON = "on"
    COMING = "coming"
    SKIPPED = "skipped"
    """A later one was started without it."""


@dataclass(frozen=True)
class PlannedItem:
    """An item as it was planned, and when it really was."""

    number: int
    minutes: int
    extra_minutes: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes + self.extra_minutes)


@dataclass(frozen=True)
class Timed:
    """An item and its times: the real ones as far as they are known, then those to be expected."""

    number: int
    state: ItemState
    planned_at: datetime
    starts_at: datetime
    ends_at: datetime

    def left_s(self, now: datetime) -> int:
        """Seconds until it should end; below zero it is over its time."""
        return int((self.ends_at - now).total_seconds())


def timed(items: Iterable[PlannedItem], begins_at: datetime, now: datetime) -> list[Timed]:
    """The programme in its order. An item that comes starts as planned, or as soon as what runs before it ends: a delay
    goes on to the next ones, time that was saved does not bring anybody earlier than announced."""
    items = sorted(items, key=lambda item: item.number)
    last_begun = max((item.number for item in items if item.started_at), default=0)
    planned_at, free_at = begins_at, max(begins_at, now)
    line = []
    for item in items:
        state = _state(item, last_begun)
        starts_at = item.started_at or max(planned_at, free_at)
        ends_at = starts_at if state is ItemState.SKIPPED else item.ended_at or starts_at + item.length
        line.append(Timed(item.number, state, planned_at, starts_at, ends_at))
        if state is not ItemState.SKIPPED:
            free_at = max(ends_at, now)
        planned_at += timedelta(minutes=item.minutes)
    return line


def _state(item: PlannedItem, last_begun: int) -> ItemState:
    if item.ended_at is not None:
        return ItemState.DONE
    if item.started_at is not None:
        return ItemState.ON
    return ItemState.SKIPPED if item.number < last_begun else ItemState.COMING


def behind_s(line: Iterable[Timed]) -> int:
    """Seconds by which the forum is later than planned, as its next or running item shows; below zero: earlier."""
    for one in line:
        if one.state in (ItemState.ON, ItemState.COMING):
            return int((one.starts_at - one.planned_at).total_seconds())
    return 0
