"""Silencing somebody in a forum: for how long, and whether it still holds. Pure."""

from datetime import datetime, timedelta

REASON_MOST = 300
MINUTES = (5, 10, 30, 60)
"""For how long, as the host may choose; None is until the end of the forum."""


def until(now: datetime, minutes: int | None) -> datetime | None:
    return None if minutes is None else now + timedelta(minutes=minutes)


def holds(until: datetime | None, ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is None and (until is None or until > now)
