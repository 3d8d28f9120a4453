"""The only place that reads the time."""

from datetime import datetime, timedelta, timezone

_offset = timedelta()


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(timezone.utc) + _offset


def shift(seconds: int) -> None:
    """Move the clock of this process (a setting that only sample data allows)."""
    global _offset
    _offset = timedelta(seconds=seconds)


def offset_seconds() -> int:
    return int(_offset.total_seconds())
