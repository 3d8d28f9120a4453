"""The only place that reads the time.

While something is made that is kept (`watched`), the time notes until when it holds: it remembers with what it was
compared. `now < opens_at` holds until `opens_at`, a day of the district until it ends; whatever else is asked of it,
as by a statement or for the minutes that are left, holds to the end of the minute, unless `until` says it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import Any

_offset = timedelta()
EVER = datetime.max.replace(tzinfo=timezone.utc)


class Watch:
    """Until when everything holds that was made within a block."""

    def __init__(self) -> None:
        self.until = EVER
        self.is_short = False
        """It holds no longer than its minute, that much is known."""

    def note(self, moment: datetime, now: datetime) -> None:
        if now <= moment < self.until:
            self.until = moment


_watch: ContextVar[Watch | None] = ContextVar("clock_watch", default=None)


def read() -> datetime:
    """This moment, aware and in UTC, without a note of it. Tests stop this."""
    return datetime.now(timezone.utc) + _offset


def now() -> datetime:
    """This moment, aware and in UTC."""
    watch = _watch.get()
    return read() if watch is None else _Now.of(read(), watch)


@contextmanager
def watched() -> Iterator[Watch]:
    """Notes until when holds what is made within the block; for a block around it too."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def until(*moments: datetime) -> None:
    """Say that what is being made becomes another one at these moments, as far as they are to come."""
    if (watch := _watch.get()) is not None:
        now = read()
        for moment in moments:
            if now <= moment < watch.until:
                watch.until = plain(moment)


def is_watched() -> bool:
    return _watch.get() is not None


def end_of_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


class _Now(datetime):
    """This moment, or one at a distance from it, while something is made that is kept."""

    watch: Watch
    real: datetime
    """The moment itself, as any other,"""
    distance: timedelta
    """and how far it is from now."""

    @classmethod
    def of(cls, moment: datetime, watch: Watch, distance: timedelta = timedelta()) -> "_Now":
        made = cls.combine(moment, datetime.timetz(moment))
        made.watch, made.real, made.distance = watch, moment, distance
        return made

    def soon(self) -> datetime:
        """The moment, for what becomes another one with it."""
        if not self.watch.is_short:
            now = self.real - self.distance
            self.watch.is_short = True
            self.watch.note(end_of_minute(now), now)
        return self.real

    def __add__(self, other: Any) -> Any:
        return _Now.of(self.real + other, self.watch, self.distance + other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, timedelta):
            return self + -other
        return self.real - other.real if isinstance(other, _Now) else self.soon() - other

    def __rsub__(self, other: Any) -> Any:
        return other - self.soon()

    def astimezone(self, tz: tzinfo | None = None) -> Any:
        """In UTC, as statements have it, for what becomes another one with it; elsewhere for the day there."""
        if tz is timezone.utc:
            return self.soon()
        there = self.real.astimezone(tz)
        self < datetime.combine(there.date() + timedelta(days=1), time(), tz)  # noqa: B015
        return there


def _compared(name: str) -> Any:
    """The comparison, with a note of when it turns round; in one call, for a page compares a great deal."""
    compare = getattr(datetime, name)

    def compared(self: _Now, other: Any) -> Any:
        if other >= self.real and not isinstance(other, _Now):
            moment, watch = other - self.distance if self.distance else other, self.watch
            if moment < watch.until:
                watch.until = moment
        return compare(self, other)

    return compared


for _name in ("__lt__", "__le__", "__gt__", "__ge__"):
    setattr(_Now, _name, _compared(_name))


def _soon(name: str) -> Any:
    method = getattr(datetime, name)
    return lambda self, *arguments, **named: method(self.soon(), *arguments, **named)


for _name in ("__format__", "__reduce_ex__", "__str__", "date", "isoformat", "replace", "strftime", "time",
              "timestamp"):
    setattr(_Now, _name, _soon(_name))


def plain(moment: datetime) -> datetime:
    """The moment for a statement whose caller says itself `until` when the rows are what they are."""
    return moment.real if isinstance(moment, _Now) else moment


def shift(seconds: int) -> None:
    """Move the clock of this process (a setting that only sample data allows)."""
    global _offset
    _offset = timedelta(seconds=seconds)


def offset_seconds() -> int:
    return int(_offset.total_seconds())
