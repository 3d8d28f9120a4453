"""Seasons of restraint before a public election."""

from collections.abc import Iterable
from datetime import date
from typing import Any


def season_on(seasons: Iterable[Any], first: date, last: date) -> Any:
    """The first election season (a row of `ElectionSeason`) that shares a day with a vote from `first` to `last`."""
    found = [one for one in seasons if one.first_day <= last and first <= one.last_day]
    return min(found, key=lambda one: one.first_day, default=None)
