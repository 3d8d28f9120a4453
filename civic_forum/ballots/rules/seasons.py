"""When a public election asks for restraint. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol


class Season(Protocol):
    name: str
    first_day: date
    last_day: date


def season_on(seasons: Iterable[Season], first: date, last: date) -> Season | None:
    """The first election season that shares a day with a vote from `first` to `last`."""
    found = [one for one in seasons if one.first_day <= last and first <= one.last_day]
    return min(found, key=lambda one: one.first_day, default=None)
