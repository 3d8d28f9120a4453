"""Seed, order and filling of a draw, chances, and who leaves (verifier/DRAW.md)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256

from civic_forum.ballots.box.closing import lottery_held_at
from civic_forum.ballots.rules.log import Canonical, canonical_json, digest, frame, stamp

from .lots import Group, Lot, four, holds, outer

NO_BEACON, OBJECTION = timedelta(days=14), timedelta(days=7)
"""After a round that nobody has; before two may pass somebody over for good."""
Cells = Mapping[int, str]
"""Number of each line → its cell."""
Drawn = list[list[int]]
"""Numbers of each lot, in order."""


class Reason(StrEnum):
    """Reasons for which somebody is passed over."""

    SELF = "self"
    DIED = "died"
    MOVED = "moved"
    INELIGIBLE = "ineligible"
    CONFLICT = "conflict"
    SILENT = "silent"
    DOUBLE = "double"

    @property
    def by_two(self) -> bool:
        return self is not Reason.SELF and self is not Reason.DIED


def values(number: int, numbers: Collection[int], bonus: int) -> bytes:
    """Figures of the lottery as they go into the seed; ValueError for what is none."""
    if len({*numbers, bonus}) != 7 or len(numbers) != 6 or not all(1 <= ball <= 45 for ball in (*numbers, bonus)):
        raise ValueError("six numbers and a bonus from 1 to 45, all different")
    return canonical_json({"bonus": bonus, "number": number, "numbers": [*sorted(numbers)]})


def seed(commit: bytes, typed: bytes, signature: bytes) -> bytes:
    """The seed of a draw: its commit, the lottery, the beacon."""
    return digest("draw-seed/1", commit, typed, signature)


def order(of_seed: bytes, lot: int, numbers: Iterable[int]) -> list[int]:
    """Numbers in the order of this lot, counted from 1."""
    before = frame("draw-order/1", of_seed, four(lot)) + four(4)
    return sorted(numbers, key=lambda number: sha256(before + number.to_bytes(4, "big")).digest())


def drawn(lots: Sequence[Lot], cells: Cells, of_seed: bytes, gone: Set[int] = frozenset(),
          held: Drawn | None = None, back: Set[int] = frozenset()) -> Drawn:
    """Numbers of each lot. Without `gone`, who are passed over; `held` stay, and places that are free then go to those
    who came `back` before all others."""
    out, result, back = set(gone), [], set(back).difference(*held or ())
    for place, lot in enumerate(lots, 1):
        ordered = order(of_seed, place, (number for number, cell in cells.items()
                                         if cell in lot.cells and number not in out))
        kept = set(held[place - 1]) if held else set()
        result.append(filled(lot.nested, ordered, cells, kept, back))
        out.update(result[-1])
    return result


def filled(groups: Sequence[Group], ordered: Sequence[int], cells: Cells, held: Set[int] = frozenset(),
           back: Set[int] = frozenset()) -> list[int]:
    """Numbers of those in the order who are drawn."""
    in_place = [number for number in ordered if number in held]
    if held or back:
        for number in (number for number in ordered if number in back and number not in held):
            if all(sum(cells[other] in group.cells for other in in_place) < group.most for group in groups
                   if cells[number] in group.cells):
                in_place.append(number)
        groups = _left_of(groups, Counter(cells[number] for number in in_place))
    filling, full = _Filling(groups, [cells[number] for number in ordered if number not in in_place]), set[str]()
    newly = set(in_place)
    for number in ordered:
        if len(newly) == len(in_place) + filling.most[-1]:
            break
        if number not in newly and cells[number] not in full:
            if filling.takes(cells[number]):
                newly.add(number)
            else:
                full.add(cells[number])  # and so nobody of this cell who comes later
    return [number for number in ordered if number in newly]


def _left_of(groups: Sequence[Group], taken: Counter[str]) -> list[Group]:
    """Groups for the places that are left; nobody is needed where not all who are needed have room."""
    sums = [sum(taken[cell] for cell in group.cells) for group in groups]
    left = [Group(group.cells, max(0, group.least - own), group.most - own)
            for group, own in zip(groups, sums, strict=True)]
    return left if holds(left) else [Group(group.cells, 0, group.most) for group in left]


class _Filling:
    """Bounds of nested groups while people are taken. `groups` from the inside, the lot at last."""

    def __init__(self, groups: Sequence[Group], people: Iterable[str]) -> None:
        self.outer, size = outer(groups), len(groups)
        self.around = {cell: [at for at, group in enumerate(groups) if cell in group.cells]
                       for cell in groups[-1].cells}
        self.most, self.least, self.need_inside, self.taken = [0] * size, [0] * size, [0] * size, [0] * size
        for cell, count in Counter(people).items():
            self.most[self.around[cell][0]] += count
        for at, group in enumerate(groups):
            self.most[at] = min(group.most, self.most[at])
            self.least[at] = min(self.most[at], max(group.least, self.need_inside[at]))
            if (around := self.outer[at]) is not None:
                self.most[around] += self.most[at]
                self.need_inside[around] += self.least[at]
        self.need = [*self.least]

    def takes(self, cell: str) -> bool:
        """True if somebody of this cell can be taken, and then is."""
        changed, more = [], 0
        for at in self.around[cell]:
            need = max(0, self.least[at] - self.taken[at] - 1, self.need_inside[at] + more)
            if self.taken[at] + 1 + need > self.most[at]:
                return False
            changed.append((at, need))
            more = need - self.need[at]
        for at, need in changed:
            if (around := self.outer[at]) is not None:
                self.need_inside[around] += need - self.need[at]
            self.need[at], self.taken[at] = need, self.taken[at] + 1
        return True


@dataclass(frozen=True)
class Passed:
    """Somebody who is passed over, until they are restored."""

    number: int
    reason: Reason
    at: datetime
    restored: datetime | None = None

    def to_json(self) -> dict[str, Canonical]:
        return {"number": self.number, "reason": self.reason.value, "at": stamp(self.at),
                "restored": stamp(self.restored) if self.restored else ""}


def result(lots: Sequence[Lot], cells: Cells, of_seed: bytes, entries: Sequence[Passed], lottery: int) -> Drawn:
    """Numbers of each lot without all who are passed over. From the first who is restored after the lottery on, nobody
    who is in loses their place."""
    late = [entry for entry in entries if entry.restored is None or entry.restored >= lottery_held_at(lottery)]
    steps = sorted([(entry.at, 0, entry.number) for entry in late]
                   + [(entry.restored, 1, entry.number) for entry in late if entry.restored])
    gone, back, held = set[int](), set[int](), None
    for _at, restored, number in steps:
        if restored:
            held = drawn(lots, cells, of_seed, gone) if held is None else held
        (gone.remove if restored else gone.add)(number)
        (back.add if restored else back.discard)(number)
        held = held and drawn(lots, cells, of_seed, gone, held, back)
    return drawn(lots, cells, of_seed, gone) if held is None else held


def result_json(lots: Sequence[Lot], numbers: Drawn) -> bytes:
    return canonical_json([{"empty": lot.places - len(own), "numbers": [*own]}
                           for lot, own in zip(lots, numbers, strict=True)])


def seeds_of_chance(lines: int) -> int:
    return 10_000 if lines <= 500 else 2_000 if lines <= 2_500 else 1_000


def chance(lots: Sequence[Lot], cells: Cells, commit: bytes) -> dict[str, int]:
    """People drawn of each cell by so many seeds as the number of lines asks for."""
    counted: Counter[str] = Counter(dict.fromkeys(sorted(set(cells.values())), 0))
    for at in range(seeds_of_chance(len(cells))):
        for numbers in drawn(lots, cells, digest("draw-chance/1", commit, four(at))):
            counted.update(cells[number] for number in numbers)
    return dict(counted)


def shares(counted: Mapping[str, int], cells: Cells) -> dict[str, Fraction]:
    """The chance of somebody in each cell."""
    lines = Counter(cells.values())
    return {cell: Fraction(number, lines[cell] * seeds_of_chance(len(cells))) for cell, number in counted.items()}


def in_hundred(share: Fraction) -> int:
    """Times of a hundred, as they are told: never 0 or 100 where it is neither."""
    rounded = int(share * 100 + Fraction(1, 2))
    return rounded if share in (0, 1) else min(99, max(1, rounded))


def far_apart(of_cells: Mapping[str, Fraction]) -> bool:
    """True if chances differ by a fifth, which is told in a sentence."""
    return bool(of_cells) and max(of_cells.values()) * 4 >= min(of_cells.values()) * 5


def newcomers(lots: Sequence[Lot], cells: Cells, of_seed: bytes, gone: Set[int] = frozenset()) -> Iterator[
        tuple[int, str, int | None]]:
    """Lot, cell, and who comes if somebody of that cell leaves that lot."""
    now = drawn(lots, cells, of_seed, gone)
    before = {number for numbers in now for number in numbers}
    for place, numbers in enumerate(now, 1):
        for cell, number in {cells[number]: number for number in numbers}.items():
            after = drawn(lots, cells, of_seed, {*gone, number})
            yield place, cell, next((other for own in after for other in own if other not in before), None)


def commit_message(commit: bytes, at: datetime) -> bytes:
    return frame("draw-commit/1", commit, _instant(at))


def observed_message(commit: bytes, agrees: bool, text: str) -> bytes:
    return frame("draw-observed/1", commit, bytes([agrees]), text.encode())


def passed_messages(commit: bytes, entries: Sequence[Passed]) -> Iterator[bytes]:
    """Each names the SHA-256 of the one before, the first zeros."""
    before = bytes(32)
    for place, entry in enumerate(entries, 1):
        yield (message := frame("draw-passed/1", commit, four(place), four(entry.number), entry.reason.encode(),
                                _instant(entry.at), before))
        before = sha256(message).digest()


def restored_message(commit: bytes, place: int, entry: Passed, at: datetime) -> bytes:
    return frame("draw-restored/1", commit, four(place), four(entry.number), _instant(at))


def late_message(commit: bytes, at: datetime) -> bytes:
    """Statement that nobody has the round of the beacon after 14 days: a lottery of 72 hours later counts alone."""
    return frame("draw-late/1", commit, _instant(at))


def result_message(commit: bytes, of_seed: bytes, result_bytes: bytes, entries: int) -> bytes:
    return frame("draw-result/1", commit, of_seed, sha256(result_bytes).digest(), four(entries))


def _instant(at: datetime) -> bytes:
    return int(at.timestamp()).to_bytes(8, "big")
