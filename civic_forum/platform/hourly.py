"""Counts that are made once an hour in each process: they end with yesterday, so they hardly change within a day.

A count reads many rows, and a table that it reads changes at every support: kept by the versions of tables alone, as
sections of pages are, a busy site would count at every look.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from flask import current_app

from . import clock
from .i18n import local

Counted = TypeVar("Counted")
AN_HOUR_S = 3600


def of_this_hour(count: Callable[[date], Counted]) -> Counted:
    """The answer of `count` for today; it says nothing in words, for pages of every language share it."""
    now = clock.read()
    clock.until(now.replace(minute=0, second=0, microsecond=0) + timedelta(seconds=AN_HOUR_S))
    hour, today = int(now.timestamp()) // AN_HOUR_S, local(now).date()
    if not current_app.config["PAGE_CACHE"]:
        return count(today)
    kept: dict[Callable[[date], Any], tuple[int, Any]] = current_app.extensions.setdefault("hourly", {})
    counted = kept.get(count)
    if counted is None or counted[0] != hour:
        counted = kept[count] = hour, count(today)
    return counted[1]
