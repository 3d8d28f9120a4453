"""Rules of the chat's pace and of mutes."""

import math
from datetime import datetime, timedelta

MOST = 300
SHOWN, PAGE = 50, 100
WHY_MOST = 300
SLOW = (0, 10, 30, 60)
"""Seconds between two messages of one person, as the host may choose."""


def wait_s(last: datetime | None, slow_s: int, now: datetime) -> int:
    """Whole seconds until this person may write again; 0 where they may now."""
    if last is None or not slow_s:
        return 0
    return max(0, min(slow_s, math.ceil(slow_s - (now - last).total_seconds())))


REASON_MOST = 300
MINUTES = (5, 10, 30, 60)
"""For how long, as the host may choose; None is until the end of the forum."""


def until(now: datetime, minutes: int | None) -> datetime | None:
    return None if minutes is None else now + timedelta(minutes=minutes)


def holds(until: datetime | None, ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is None and (until is None or until > now)
