"""Limits at tables: size, length of notes, time. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from .kinds import Way

LEAST_SEATED = 6
MOST_SEATED = 10
MOST_TABLES = 170
LONGEST_NAME = 60
LONGEST_QUESTION = 300
LONGEST_NOTE = 80
MOST_NOTES_EACH = 40
"""Of one person at one forum, or typed from paper at one table."""
MOST_GROUPS = 20
LONGEST_GROUP = 100
MOST_STRONGEST = 3
"""Notes that a table may mark as its strongest."""
MOST_AT_ONCE = 40
"""Notes that are arranged in one go."""
LONGEST_RESULT = 1000
LONGEST_MESSAGE = 300
BETWEEN_MESSAGES = timedelta(seconds=3)
"""Of one person in the conversation at a table."""
MOST_MINUTES = 240
MOST_WITHOUT_DEVICE = 10
MESSAGES_KEPT = timedelta(days=1)
"""After the forum, for reports; then the conversations are forgotten."""


def are_open(opened_at: datetime | None, closed_at: datetime | None) -> bool:
    """True if tables may write: from when the host opens them until the host closes them."""
    return opened_at is not None and closed_at is None


def close_at(opened_at: datetime | None, minutes: int | None) -> datetime | None:
    """Moment at which their time is over, as their clock shows it."""
    return opened_at + timedelta(minutes=minutes) if opened_at and minutes else None


def how_many(people: int, size: int) -> int:
    """Tables for so many people when about `size` shall sit at each: never more than ten at one, and six or more at
    each wherever that can be done."""
    if people < 1:
        return 0
    least, most = -(-people // MOST_SEATED), people // LEAST_SEATED
    return max(least, min(round(people / size), most))


def to_be_made(people: Mapping[Way, int], size: int, there: Iterable[tuple[Way | None, int]]) -> list[Way]:
    """For whom tables are missing beside those that are `there` (way, places): so many that about `size` sit at each
    and everybody has a place. A table for both counts once."""
    there = list(there)
    both = [places for way, places in there if way is None]
    tables_left, places_left = len(both), sum(both)
    made: list[Way] = []
    for way in Way:
        own = [places for one, places in there if one is way]
        missing = max(0, how_many(people.get(way, 0), size) - len(own))
        shared = min(missing, tables_left)
        tables_left -= shared
        new, without = missing - shared, people.get(way, 0) - sum(own) - MOST_SEATED * (missing - shared)
        if without > 0:
            seated = min(without, places_left)
            places_left -= seated
            new += -(-(without - seated) // MOST_SEATED)
        made += [way] * new
    return made
