"""Rules of an electoral roll: who belongs to it, and a roll as a table of a spreadsheet. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Self

from civic_forum.accounts.rules import AffiliationKind, LEAST_AGE, Verification, age_on
from civic_forum.platform import csv_tables
from civic_forum.platform.folding import folded
from civic_forum.platform.plain_text import clean

from ..rules.boxes import RollSource

LEAST_TEXT, MOST_TEXT = 5, 1_000
"""Characters of an objection to the roll and of its answer."""
MOST_REASON = 300


class EntryState(StrEnum):
    """Standing of a person to a roll."""

    IN = "in"
    STRUCK = "struck"
    WILL_BE_IN = "will_be_in"
    """Not fixed yet; as things are they will be in it."""
    NOT_SIGNED_IN = "not_signed_in"
    NOT_ON_LIST = "not_on_list"
    """The list was imported, and this person is not on it."""
    NOT_VERIFIED = "not_verified"
    OTHER_KIND = "other_kind"
    """Belongs here in another way than this vote asks for."""
    OTHER_NEIGHBOURHOOD = "other_neighbourhood"
    TOO_YOUNG = "too_young"
    AGE_UNKNOWN = "age_unknown"
    TOO_LATE = "too_late"
    """Would belong to it, but only since after the roll was fixed."""
    MAY_BE_ADDED = "may_be_added"
    """The same, and the roll grows: they are added when they come to vote."""
    NAMESAKE_LEFT = "namesake_left"
    """Would be added, but somebody of their name and birthday who is on it left: they may be the same person."""
    LISTED_TOGETHER = "listed_together"
    """The imported list has several people of their name and birthday: a desk tells which of them they are."""
    MOVED = "moved"
    """Would be added, but is on the roll of a place from which they moved since, of what is voted on together."""
    NOT_FIXED = "not_fixed"
    """An imported list that is not there yet."""

    @property
    def may_vote(self) -> bool:
        return self in (EntryState.IN, EntryState.MAY_BE_ADDED)


class Belonging(NamedTuple):
    """Place where somebody lives, works or studies, as far as it matters to a roll."""

    kind: AffiliationKind
    how: Verification
    neighbourhood_id: int


@dataclass(frozen=True)
class RollRule:
    """The rule of who belongs to a roll. Part of what a box's fingerprint covers; the entries are not."""

    source: RollSource
    fixed_on: date
    kinds: frozenset[AffiliationKind] = frozenset({AffiliationKind.LIVE})
    neighbourhoods: tuple[str, ...] = ()
    """Korean names; empty: the whole district."""
    min_age: int | None = None
    age_on: date | None = None
    """The day on which the age counts: the last day of the vote."""
    grows: bool = False
    """People verified later, until the close, are added when they come to vote."""

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("a roll of nobody")
        if self.grows and self.source is RollSource.DECLARED:
            raise ValueError("every new account would be a vote")
        if (self.min_age is None) != (self.age_on is None):
            raise ValueError("an age needs its day")

    def to_json(self) -> dict[str, Any]:
        """Canonical: as it stands in the definition of the box."""
        value: dict[str, Any] = {"source": self.source.value, "fixed_on": self.fixed_on.isoformat(),
                 "kinds": sorted(kind.value for kind in self.kinds), "neighbourhoods": list(self.neighbourhoods)}
        if self.min_age is not None and self.age_on is not None:
            value |= {"min_age": self.min_age, "age_on": self.age_on.isoformat()}
        return value | ({"grows": 1} if self.grows else {})

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Reads what `to_json` wrote."""
        age_day = value.get("age_on")
        return cls(RollSource(value["source"]), date.fromisoformat(value["fixed_on"]),
                   frozenset(map(AffiliationKind, value["kinds"])), tuple(value["neighbourhoods"]),
                   value.get("min_age"), date.fromisoformat(age_day) if age_day else None, bool(value.get("grows")))

    def old_enough(self, birth: date | None) -> bool | None:
        """None where nobody knows; everybody with an account is 14."""
        if self.min_age is None or (birth is None and self.min_age <= LEAST_AGE):
            return True
        return None if birth is None or self.age_on is None else age_on(birth, self.age_on) >= self.min_age


class Place(NamedTuple):
    """Somebody's place in the roll: a neighbourhood, or the reason why nowhere."""

    neighbourhood_id: int | None
    state: EntryState


def place_of(rule: RollRule, belongings: Iterable[Belonging], birth: date | None,
             neighbourhood_ids: frozenset[int]) -> Place:
    """Place of somebody with these belongings in a roll of this rule; where they live goes before work and study.
    `neighbourhood_ids` are those that the rule names, empty for all of them."""
    known = list(belongings)
    if rule.source is not RollSource.DECLARED:
        known = [belonging for belonging in known if belonging.how is not Verification.DECLARED]
    if not known:
        return Place(None, EntryState.NOT_VERIFIED)
    of_kind = [belonging for belonging in known if belonging.kind in rule.kinds]
    if not of_kind:
        return Place(None, EntryState.OTHER_KIND)
    there = [belonging for belonging in of_kind
             if not neighbourhood_ids or belonging.neighbourhood_id in neighbourhood_ids]
    if not there:
        return Place(None, EntryState.OTHER_NEIGHBOURHOOD)
    old_enough = rule.old_enough(birth)
    if not old_enough:
        return Place(None, EntryState.AGE_UNKNOWN if old_enough is None else EntryState.TOO_YOUNG)
    return Place(min(there, key=lambda belonging: list(AffiliationKind).index(belonging.kind)).neighbourhood_id,
                 EntryState.IN)


COLUMNS = ("name", "birth_date", "neighbourhood")
KOREAN = {"이름": "name", "성명": "name", "생년월일": "birth_date", "동": "neighbourhood", "행정동": "neighbourhood"}
MOST_BYTES = 64 * 1024 * 1024

IN_NO_NAME = re.compile(r"[*＊?#_()（）\[\]{}<>○◯◌●◎□■◇◆☆★〇×✕✖ㄱ-ㅣ]|[가-힣]\s*[OXoxＯＸ]")
"""Marks that lists put in place of a letter that nobody is to read, or beside a name."""


class Wrong(StrEnum):
    """Reasons why a line, or the whole file, cannot be taken."""

    ENCODING = "encoding"
    TOO_LARGE = "too_large"
    NO_HEADER = "no_header"
    NOT_A_TABLE = "not_a_table"
    EMPTY = "empty"
    CELLS = "cells"
    BLANK = "blank"
    NAME = "name"
    MASKED = "masked"
    BIRTH_DATE = "birth_date"
    NEIGHBOURHOOD = "neighbourhood"
    TOO_YOUNG = "too_young"
    DUPLICATE = "duplicate"


class Problem(NamedTuple):
    """Never holds what the line says: names and birth dates are kept nowhere."""

    line: int
    """From 1, as an editor counts; 0 for the whole file."""
    wrong: Wrong
    same_as: int = 0
    """The line on which the same person stands already."""

    def to_json(self) -> dict[str, str | int]:
        return {"line": self.line, "wrong": self.wrong.value} | ({"same_as": self.same_as} if self.same_as else {})


class ImportedPerson(NamedTuple):
    """A person as the file names them, unchecked."""

    line: int
    name: str
    birth_date: str
    neighbourhood: str
    """Folded."""


def rows(data: bytes) -> Iterator[ImportedPerson | Problem]:
    """Each person of the file, or what is wrong with the line; a problem of the whole file ends it. Its columns stand
    in any order, beside others that nobody reads."""
    if len(data) > MOST_BYTES:
        yield Problem(0, Wrong.TOO_LARGE)
        return
    try:
        yield from _persons(csv_tables.rows(csv_tables.decoded(data)))
    except csv_tables.NoText:
        yield Problem(0, Wrong.ENCODING)
    except csv_tables.NoTable as wrong:
        yield Problem(wrong.line, Wrong.NOT_A_TABLE)


def _persons(table: Iterator[csv_tables.Row]) -> Iterator[ImportedPerson | Problem]:
    first = next(table, csv_tables.Row(1, ()))
    header = [KOREAN.get(cell, cell.lower()) for cell in map(clean, first.cells)]
    if any(header.count(name) != 1 for name in COLUMNS):
        yield Problem(first.number, Wrong.NO_HEADER)
        return
    for line, cells in table:
        known = dict(zip(header, map(clean, cells), strict=False))
        name, birth_date, neighbourhood = (known.get(column, "") for column in COLUMNS)
        if len(cells) != len(header):
            yield Problem(line, Wrong.CELLS)
        elif not (name and birth_date and neighbourhood):
            yield Problem(line, Wrong.BLANK)
        elif IN_NO_NAME.search(name):
            yield Problem(line, Wrong.MASKED)
        else:
            yield ImportedPerson(line, name, birth_date, folded(neighbourhood))
