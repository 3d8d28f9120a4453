"""Chat: how long a message is, and how long one waits before the next. Pure."""

import math
from datetime import datetime

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
