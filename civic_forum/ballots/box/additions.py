"""Additions to a roll that grows: lines beside the keys, their order in the record and the root over them. Pure."""

import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from ..rules.log import Tree, leaf_hash
from .sealing import BoxKeys, NUMBER_BYTES, PERSON_BYTES, check_lengths, four_bytes, roll_leaf

_INSTANT_BYTES, _CHECK = 8, 8
_COUNT = 3 * NUMBER_BYTES + _INSTANT_BYTES
_DIGITS = tuple(2 * (length + _CHECK) for length in (PERSON_BYTES, _COUNT))
"""Of a line before its end: a person, a count."""
_LINES = {digits: re.compile(rb"[0-9a-f]{%d}(?=\n)" % digits) for digits in _DIGITS}


class Signed(NamedTuple):
    """A count as it was signed while the roll grew."""

    number: int
    at: datetime
    """Whole seconds."""
    voters: int
    additions: int
    """As many of the additions, in the order of their lines, are under its root."""


@dataclass
class Named:
    """Everybody whom the lines name, in their order and each once, and the counts that were signed."""

    persons: list[bytes] = field(default_factory=list)
    counts: list[Signed] = field(default_factory=list)


@dataclass(frozen=True)
class Grown:
    """Everybody who was added, in the order of the record, and the counts that were signed meanwhile."""

    persons: tuple[bytes, ...]
    leaves: tuple[bytes, ...]
    counts: tuple[Signed, ...]

    @cached_property
    def _tree(self) -> Tree:
        return Tree([leaf_hash(leaf) for leaf in self.leaves])

    @property
    def root(self) -> bytes:
        """RFC 9162 over all of them; each is hashed as an entry of a log is."""
        return self._tree.root

    def root_of(self, size: int) -> bytes:
        """Root of the count that named so many; IndexError for more than there are."""
        return self._tree.root_of(size)

    def sealed_parts(self) -> tuple[bytes, bytes]:
        """Bytes that a closing keeps: persons and counts."""
        return b"".join(self.persons), b"".join(map(_content, self.counts))


def grown(keys: BoxKeys, box_id: bytes, named: Named) -> Grown:
    """These additions in the order in which the record has them."""
    persons = {leaf_of(keys, box_id, person): person for person in named.persons}
    leaves = in_order([*persons], (count.additions for count in named.counts))
    return Grown(tuple(map(persons.__getitem__, leaves)), tuple(leaves), tuple(named.counts))


def of_parts(keys: BoxKeys, box_id: bytes, persons: bytes, counts: bytes) -> Grown:
    """The same from what a closing kept."""
    people = tuple(persons[at:at + PERSON_BYTES] for at in range(0, len(persons), PERSON_BYTES))
    return Grown(people, tuple(leaf_of(keys, box_id, person) for person in people),
                 tuple(_count(counts[at:at + _COUNT]) for at in range(0, len(counts), _COUNT)))


def line(keys: BoxKeys, named: bytes | Signed) -> bytes:
    """A line for a person, or for a count, with its end, to be appended in one write."""
    if isinstance(named, bytes):
        check_lengths(person=named)
    content = _content(named)
    return (content + _check(keys, content)).hex().encode("ascii") + b"\n"


def read(keys: BoxKeys, content: bytes) -> Named:
    """The sum of all lines that verify. A count stands if it continues the one before it and names nobody who is not
    there."""
    named, known = Named(), set()
    for record in _parsed(keys, content):
        if isinstance(record, bytes):
            if record not in known:
                known.add(record)
                named.persons.append(record)
        elif record.additions <= len(named.persons) and _continues(named.counts, record):
            named.counts.append(record)
    return named


def _continues(before: Sequence[Signed], count: Signed) -> bool:
    return not before or (before[-1].number < count.number and before[-1].at <= count.at
                          and before[-1].additions <= count.additions)


def _parsed(keys: BoxKeys, content: bytes) -> Iterator[bytes | Signed]:
    """Of the text before each line end the last digits that verify, so a short write spoils only its own line."""
    for end in re.finditer(rb"\n", content):
        for digits, pattern in _LINES.items():
            match = pattern.match(content, end.start() - digits) if end.start() >= digits else None
            data = bytes.fromhex(match[0].decode("ascii")) if match else b""
            if match and hmac.compare_digest(_check(keys, data[:-_CHECK]), data[-_CHECK:]):
                named = data[:-_CHECK]
                yield named if len(named) == PERSON_BYTES else _count(named)
                break


def _content(named: bytes | Signed) -> bytes:
    if isinstance(named, bytes):
        return named
    numbers = four_bytes(named.number), four_bytes(named.voters), four_bytes(named.additions)
    return b"".join(numbers) + int(named.at.timestamp()).to_bytes(_INSTANT_BYTES, "big")


def _count(content: bytes) -> Signed:
    number, voters, size, at = (int.from_bytes(content[start:end], "big")
                                for start, end in ((0, 4), (4, 8), (8, 12), (12, 20)))
    return Signed(number, datetime.fromtimestamp(at, UTC), voters, size)


def in_order(leaves: Sequence[bytes], sizes: Iterable[int]) -> list[bytes]:
    """Leaves in the order of the record: those that each count names first, ascending, then those of after the last
    one. ValueError for sizes that fall, or are more than there are."""
    ordered: list[bytes] = []
    for size in (*sizes, len(leaves)):
        if not len(ordered) <= size <= len(leaves):
            raise ValueError("a count of other additions")
        ordered += sorted(leaves[len(ordered):size])
    return ordered


def by_day(counts: Iterable[Signed], day_of: Callable[[datetime], date]) -> list[tuple[date, int]]:
    """Number of additions of each day, the last one first, as the signed counts tell: one that was signed within the
    first hour of a day is of the day before."""
    days: dict[date, int] = {}
    before = 0
    for count in counts:
        day = day_of(count.at - timedelta(hours=1))
        days[day] = days.get(day, 0) + count.additions - before
        before = count.additions
    return sorted(days.items(), reverse=True)


def leaf_of(keys: BoxKeys, box_id: bytes, person: bytes) -> bytes:
    """The leaf of somebody who was added."""
    return roll_leaf(box_id, keys.salt(box_id, person), person)


def _check(keys: BoxKeys, content: bytes) -> bytes:
    return hmac.digest(keys.subkey("added"), content, "sha256")[:_CHECK]
