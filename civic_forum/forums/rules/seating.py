"""Seating: at random, mixed, or where there is most room. Pure; the same seed gives the same tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from .kinds import Seating, Way
from .spreading import spread


@dataclass(frozen=True)
class Person:
    """Somebody to be seated, with what they said of themselves."""

    id: int
    way: Way
    neighbourhood: int | None = None
    age_group: str | None = None


@dataclass(frozen=True)
class Table:
    """Places, and how many of them are taken already: by its host, by people without a device."""

    id: int
    places: int
    way: Way | None = None
    """None: for people on site and online."""
    taken: int = 0

    @property
    def room(self) -> int:
        return max(0, self.places - self.taken)

    def takes(self, way: Way) -> bool:
        return self.way in (None, way)


class TooFewPlaces(Exception):
    """So many people of one way find no place."""

    def __init__(self, way: Way, missing: int):
        super().__init__(f"{missing} {way}")
        self.way, self.missing = way, missing


def seated(people: Sequence[Person], tables: Sequence[Table], how: Seating, seed: int) -> dict[int, int]:
    """Person's id → table's id, everybody once. People on site sit at tables on site and people online at tables
    online; whom these have no place for sits at tables for both.

    Within each of these three, tables differ by one person at most wherever their places allow it. Mixed, so does the
    number of people of each neighbourhood and of each age group. Raises TooFewPlaces.
    """
    chance = Random(seed)
    people = sorted(people, key=lambda one: one.id)
    chance.shuffle(people)
    shared: list[Person] = []
    found: dict[int, int] = {}
    for way in Way:
        mine = [one for one in people if one.way is way]
        own = [table for table in tables if table.way is way]
        fitting = sum(table.room for table in own)
        found |= _dealt(mine[:fitting], own, how, chance)
        shared += mine[fitting:]
    both = [table for table in tables if table.way is None]
    if missing := max(0, len(shared) - sum(table.room for table in both)):
        raise TooFewPlaces(shared[-1].way, missing)
    return found | _dealt(shared, both, how, chance)


def _dealt(people: list[Person], tables: list[Table], how: Seating, chance: Random) -> dict[int, int]:
    if not people:
        return {}
    tables = sorted(tables, key=lambda table: table.id)
    chance.shuffle(tables)
    sizes = _sizes(len(people), tables)
    if how is Seating.MIXED:
        groups = spread([(one.neighbourhood, one.age_group) for one in people], sizes)
    else:
        groups = [group for group, size in enumerate(sizes) for _one in range(size)]
    return {one.id: tables[group].id for one, group in zip(people, groups, strict=True)}


def _sizes(people: int, tables: list[Table]) -> list[int]:
    """Number of people more for each table: always the one with fewest that has room, counting who sits there."""
    sizes = [0] * len(tables)
    for _one in range(people):
        group = min((group for group, table in enumerate(tables) if sizes[group] < table.room),
                    key=lambda group: sizes[group] + tables[group].taken)
        sizes[group] += 1
    return sizes


def roomiest(tables: Sequence[Table], way: Way) -> Table | None:
    """Table of somebody who comes late: the table with most room, of those for their way before those for both."""
    free = [table for table in tables if table.takes(way) and table.room]
    return min(free, key=lambda table: (table.way is None, -table.room, table.id), default=None)
