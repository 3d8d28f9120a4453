"""Lots, groups, cells and the definition of a draw (verifier/DRAW.md). Shares nothing with `verifier/draw.py`, so that
each finds faults of the other."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import product
from math import prod
from typing import Any, Self

from civic_forum.ballots.box.closing import lottery_held_at
from civic_forum.ballots.rules.log import Canonical, canonical_json, digest, stamp

FORMAT, LEAST_LINES, MOST_CELLS = 1, 5, 1_000
"""Version of definitions; lines of a cell below which each person in it must agree; cells of all traits together."""
NUMBERS = range(100_000, 1_000_000)
WAIT, AFTER_LOTTERY = timedelta(hours=72), timedelta(hours=1)
FIRST_ROUND, ROUND_SECONDS = 1_692_803_367, 3
"""Of drand quicknet."""


class Fault(StrEnum):
    """Faults for which a definition is refused."""

    PLACES = "places"
    CELLS = "cells"
    """A group of nobody, or of people who are not in its lot; or more cells than a draw may have."""
    CROSSED = "crossed"
    LEAST = "least"
    """More are needed than there may be."""
    SMALL = "small"
    """A cell of few who have not all agreed, and no quota is left to drop."""


class Refused(ValueError):
    """A definition that is refused, by the fault and the name of the lot."""

    def __init__(self, fault: Fault, lot: str = "") -> None:
        super().__init__(fault)
        self.fault, self.lot = fault, lot


@dataclass(frozen=True)
class Group:
    """At least and at most so many people of these cells."""

    cells: frozenset[str]
    least: int
    most: int


def outer(groups: Sequence[Group]) -> list[int | None]:
    """Of each group the place of the next one around it."""
    return [next((other for other in range(at + 1, len(groups)) if group.cells < groups[other].cells), None)
            for at, group in enumerate(groups)]


def holds(groups: Sequence[Group]) -> bool:
    """True if in no group more are needed than there may be."""
    needed = [group.least for group in groups]
    inside = [0] * len(groups)
    for at, around in enumerate(outer(groups)):
        needed[at] = max(needed[at], inside[at])
        if around is not None:
            inside[around] += needed[at]
    return all(need <= group.most for need, group in zip(needed, groups, strict=True))


@dataclass(frozen=True)
class Lot:
    """A lot among those of its cells that no lot before has drawn."""

    name: str
    places: int
    cells: frozenset[str]
    groups: tuple[Group, ...] = ()

    def to_json(self) -> dict[str, Canonical]:
        groups: list[Canonical] = [{"cells": _written(group.cells), "least": group.least, "most": group.most}
                                   for group in self.groups]
        return {"name": self.name, "places": self.places, "cells": _written(self.cells), "groups": groups}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        return cls(written["name"], written["places"], frozenset(written["cells"]), tuple(
            Group(frozenset(group["cells"]), group["least"], group["most"]) for group in written["groups"]))

    @property
    def nested(self) -> list[Group]:
        """Its groups from the inside, at last the lot itself."""
        return [*sorted(self.groups, key=lambda group: len(group.cells)), Group(self.cells, self.places, self.places)]

    def check(self) -> None:
        """Refused, unless its groups are disjoint or nested and can all be satisfied by enough people."""
        if self.places < 1:
            raise Refused(Fault.PLACES, self.name)
        if not self.cells or not all(group.cells and group.cells <= self.cells for group in self.groups):
            raise Refused(Fault.CELLS, self.name)
        for at, group in enumerate(nested := self.nested):
            if any(group.cells & other.cells and not group.cells < other.cells for other in nested[at + 1:]):
                raise Refused(Fault.CROSSED, self.name)
        if not holds(nested):
            raise Refused(Fault.LEAST, self.name)


def _written(cells: Collection[str]) -> list[Canonical]:
    return [*sorted(cells, key=lambda cell: (len(cell), cell))]


@dataclass(frozen=True)
class Cell:
    """All that quotas ask about somebody, together; the first cell is c1."""

    name: str
    source: str
    """From where it is known."""
    lines: int = 0
    agreed: bool = False

    def to_json(self) -> dict[str, Canonical]:
        return {"name": self.name, "source": self.source, "lines": self.lines, "agreed": int(self.agreed)}


@dataclass(frozen=True)
class Trait:
    """A thing that quotas ask for, with all its values, and from where it is known."""

    name: str
    values: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Quota:
    """Numbers of those with one of these values in each of these traits; of everybody where there are none."""

    who: Mapping[str, Collection[str]] = field(default_factory=dict)
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Seats:
    """A lot as a call publishes it."""

    name: str
    places: int
    who: Mapping[str, Collection[str]] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True)
class Built:
    """Lots over cells. `cell_of` has the cell of every person, in the order in which they were given."""

    lots: list[Lot]
    cells: list[Cell]
    cell_of: list[str]
    dropped: list[str]
    """Traits whose quotas were dropped."""


def rule(lots: Iterable[Lot]) -> bytes:
    """Hash of lots as a call publishes them."""
    return sha256(canonical_json([lot.to_json() for lot in lots])).digest()


def built(seats: Sequence[Seats], traits: Sequence[Trait], people: Sequence[Mapping[str, str]] = (),
          agreed: Set[int] = frozenset()) -> Built:
    """Cells of all traits together, the quotas of the last trait dropped as long as a cell has few people who have not
    all agreed. `agreed`: places of those in `people` who did. Without people: as published, for `rule`."""
    if prod(len(trait.values) for trait in traits) > MOST_CELLS:
        raise Refused(Fault.CELLS, seats[0].name)
    values = list(product(*(trait.values for trait in traits)))
    codes = {value: f"c{at}" for at, value in enumerate(values, 1)}
    cell_of = [codes[tuple(person[trait.name] for trait in traits)] for person in people]
    lines = Counter(cell_of)
    unwilling = {cell for at, cell in enumerate(cell_of) if at not in agreed and lines[cell] < LEAST_LINES}
    if unwilling and traits:
        last = traits[-1].name
        if any(last in lot.who for lot in seats):
            raise Refused(Fault.SMALL)
        fewer = [Seats(lot.name, lot.places, lot.who, tuple(quota for quota in lot.quotas if last not in quota.who))
                 for lot in seats]
        rest = built(fewer, traits[:-1], people, agreed)
        return Built(rest.lots, rest.cells, rest.cell_of, [last, *rest.dropped])

    def cells(who: Mapping[str, Collection[str]]) -> frozenset[str]:
        return frozenset(code for value, code in codes.items()
                         if all(own in who.get(trait.name, (own,)) for trait, own in zip(traits, value, strict=True)))

    lots = [Lot(lot.name, lot.places, cells(lot.who), tuple(
        Group(cells(quota.who) & cells(lot.who), quota.least, lot.places if quota.most is None else quota.most)
        for quota in lot.quotas)) for lot in seats]
    for lot in lots:
        lot.check()
    sources = ", ".join(dict.fromkeys(trait.source for trait in traits))
    return Built(lots, [Cell(" · ".join(value), sources, lines[code], 0 < lines[code] < LEAST_LINES and bool(traits))
                        for value, code in codes.items()], cell_of, [])


def lottery_from(at: datetime) -> int:
    """Number of the first lottery 72 hours after this instant or later."""
    return max(1, 1 - (lottery_held_at(1) - at - WAIT) // timedelta(weeks=1))


def round_from(number: int) -> int:
    """First round of the beacon from an hour after this lottery."""
    return 1 - (FIRST_ROUND - int((lottery_held_at(number) + AFTER_LOTTERY).timestamp())) // ROUND_SECONDS


def round_at(number: int) -> datetime:
    return datetime.fromtimestamp(FIRST_ROUND + ROUND_SECONDS * (number - 1), UTC)


def draw_id(slug: str, attempt: int) -> bytes:
    return digest("draw-id/1", slug.encode(), four(attempt))


def folded(name: str) -> str:
    """Letters, marks and digits of a name, in one case."""
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", name).casefold())
    return "".join(sign for sign in name if unicodedata.category(sign)[0] in "LMN")


def mark(draw: bytes, number: int, salt: bytes, who: str) -> bytes:
    """The mark of a line. `who`: folded name, line feed, ISO day of birth."""
    return digest("draw-person/1", draw, four(number), salt, who.encode())


def list_text(lines: Mapping[int, tuple[bytes, str]]) -> bytes:
    """The file of the list: of each number its mark and its cell."""
    return "".join(f"{number} {own.hex()} {cell}\n" for number, (own, cell) in sorted(lines.items())).encode("ascii")


def definition(*, slug: str, title: str, attempt: int, before: str, at: datetime, text: bytes, published: Iterable[Lot],
               counts: Mapping[str, Canonical], made: Built, observers: Iterable[tuple[str, str]]) -> bytes:
    """Canonical JSON, whose SHA-256 is the commit. `text` is the list; observers are names and keys."""
    lottery = lottery_from(at)
    return canonical_json({
        "format": FORMAT, "slug": slug, "title": title, "attempt": attempt, "before": before, "at": stamp(at),
        "list": sha256(text).hexdigest(), "rule": rule(published).hex(), "counts": dict(counts),
        "cells": [cell.to_json() for cell in made.cells], "lots": [lot.to_json() for lot in made.lots],
        "lottery": lottery, "round": round_from(lottery),
        "observers": [{"name": name, "key": key} for name, key in observers]})


def four(number: int) -> bytes:
    return number.to_bytes(4, "big")
