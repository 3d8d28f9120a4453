"""Limits at tables, seating, and spreading people of several kinds over tables. Pure: the same seed gives the same
tables.

To spread each kind evenly, people are edges between their neighbourhood and their age group, groups are colours. A
bipartite multigraph can be coloured so that at every node, and over all, the colours differ by one edge at most (de
Werra, 1971; König's alternating paths, with nodes split into parts of as many edges as there are colours).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ..rules import Seating, Way

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
        own = [places for table_way, places in there if table_way is way]
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
    people = sorted(people, key=lambda person: person.id)
    chance.shuffle(people)
    shared: list[Person] = []
    seats: dict[int, int] = {}
    for way in Way:
        mine = [person for person in people if person.way is way]
        own = [table for table in tables if table.way is way]
        fitting = sum(table.room for table in own)
        seats |= _dealt(mine[:fitting], own, how, chance)
        shared += mine[fitting:]
    both = [table for table in tables if table.way is None]
    if missing := max(0, len(shared) - sum(table.room for table in both)):
        raise TooFewPlaces(shared[-1].way, missing)
    return seats | _dealt(shared, both, how, chance)


def _dealt(people: list[Person], tables: list[Table], how: Seating, chance: Random) -> dict[int, int]:
    if not people:
        return {}
    tables = sorted(tables, key=lambda table: table.id)
    chance.shuffle(tables)
    sizes = _sizes(len(people), tables)
    if how is Seating.MIXED:
        groups = spread([(person.neighbourhood, person.age_group) for person in people], sizes)
    else:
        groups = [group for group, size in enumerate(sizes) for _one in range(size)]
    return {person.id: tables[group].id for person, group in zip(people, groups, strict=True)}


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


Node = tuple[object, ...]


def spread(kinds: Sequence[tuple[Hashable, Hashable]], sizes: Sequence[int]) -> list[int]:
    """The group of each person, by their two kinds; group g gets `sizes[g]` people.

    Where the sizes differ by one at most, so does the number of each kind from group to group. Otherwise this holds
    only nearly.
    """
    if len(kinds) != sum(sizes):
        raise ValueError("as many places as people")
    graph = _Colouring(_parts(kinds, len(sizes)), len(sizes))
    graph.colour()
    graph.resize(sizes)
    return graph.colours


def _parts(kinds: Sequence[tuple[Hashable, Hashable]], groups: int) -> list[tuple[Node, Node]]:
    """Edges between parts of nodes: a part has at most as many edges as there are groups."""
    seen: Counter[Node] = Counter()
    edges: list[tuple[Node, Node]] = []
    for left, right in kinds:
        first, second = ("one", left), ("other", right)
        edges.append(((*first, seen[first] // groups), (*second, seen[second] // groups)))
        seen.update((first, second))
    return edges


class _Colouring:
    """Edges that get colours, no two alike at one node as long as `resize` need not force it."""

    def __init__(self, edges: list[tuple[Node, Node]], number: int):
        self.edges = edges
        self.number = number
        self.colours = [-1] * len(edges)
        self.at: dict[tuple[Node, int], int] = {}

    def colour(self) -> None:
        for edge, (left, right) in enumerate(self.edges):
            here, there = self._free(left), self._free(right)
            if (right, here) in self.at:
                self._swap(self._path(right, here, there), here, there)
            self._give(edge, here)

    def resize(self, sizes: Sequence[int]) -> None:
        """Exchange two colours along a path, or move a single edge, until every colour has its size."""
        spare = Counter({colour: -size for colour, size in enumerate(sizes)})
        spare.update(self.colours)
        while any(spare.values()):
            most = max(spare, key=lambda colour: spare[colour])
            least = min(spare, key=lambda colour: spare[colour])
            if path := self._longer_in(most, least):
                self._swap(path, most, least)
            else:
                edge = self.colours.index(most)
                self._take(edge)
                self._give(edge, least)
            spare[most] -= 1
            spare[least] += 1

    def _free(self, node: Node) -> int:
        return next(colour for colour in range(self.number) if (node, colour) not in self.at)

    def _path(self, node: Node, colour: int, other: int) -> list[int]:
        """The edges from this node on whose colours are these two in turn."""
        path = []
        while (edge := self.at.get((node, colour))) is not None and edge not in path:
            path.append(edge)
            near, far = self.edges[edge]
            node, colour, other = far if node == near else near, other, colour
        return path

    def _longer_in(self, colour: int, other: int) -> list[int]:
        """A path that begins and ends with the first of two colours; empty where there is none."""
        for edge, shade in enumerate(self.colours):
            for end in self.edges[edge] if shade == colour else ():
                if self.at.get((end, colour)) == edge and (end, other) not in self.at:
                    path = self._path(end, colour, other)
                    if len(path) % 2:
                        return path
        return []

    def _swap(self, path: list[int], colour: int, other: int) -> None:
        turned = {edge: other if self.colours[edge] == colour else colour for edge in path}
        for edge in path:
            self._take(edge)
        for edge, shade in turned.items():
            self._give(edge, shade)

    def _give(self, edge: int, colour: int) -> None:
        self.colours[edge] = colour
        for end in self.edges[edge]:
            self.at[end, colour] = edge

    def _take(self, edge: int) -> None:
        for end in self.edges[edge]:
            if self.at.get((end, self.colours[edge])) == edge:
                del self.at[end, self.colours[edge]]
