"""Tables in anybody's form: the header found, its units and merged cells understood, each column one that is known.
Pure; plans and sheets of commitments say what their rows are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from civic_forum.platform.plain_text import clean
from civic_forum.platform.spreadsheets import cell

from .importing import SOURCES, UNITS
from .rules import Source, Unit

HEADER_WITHIN = 15
"""Rows among which the header is looked for: titles and units stand above it."""
SUMS = ("합계", "총계", "계", "총합계")
PARTS = ("소계",)
NOTES = ("※", "*", "주)", "주:", "○", "☞")
NO_MONEY = ("", "-", "–", "비예산", "해당없음")
NONE = "-"
"""A column that is passed over."""
BETWEEN = " · "
"""Between the two rows of a header, of which the upper one has merged cells."""
_UNIT = re.compile(r"(?:[(\[（](?:단위)?|단위)[:：]?(백만원|천원|원)")
_BRACKETS = re.compile(r"[(\[（][^()\[\]（）]*[)\]）]")
_YEAR = re.compile(r"(20[0-9]{2})년?(?:예산|예산액|도)?")


class Wrong(StrEnum):
    """Reasons why a row cannot be taken."""

    NO_TITLE = "no_title"
    """No column of titles: another form, of which somebody says what its columns are."""
    COLUMN_TWICE = "column_twice"
    TITLE = "title"
    LONG = "long"
    SUM = "sum"
    FORMULA = "formula"
    YEAR = "year"
    SOURCE = "source"
    MONTH = "month"
    KEY = "key"
    MANY = "many"
    PERCENT = "percent"
    TEXT = "text"
    SEVERAL_LINES = "several_lines"
    """Its money is kept in more lines than the table has."""
    NEGATIVE = "negative"
    TWICE = "twice"
    TOTAL = "total"
    MORE_EXECUTED = "more_executed"


class Problem(NamedTuple):
    row: int
    wrong: Wrong
    text: str = ""


class Place(NamedTuple):
    """A column of sums, with what its heading says of them."""

    place: int
    unit: Unit | None
    source: Source | None
    year: int | None
    column: StrEnum


@dataclass
class TableReading:
    """A table as it was understood; with problems nothing of it counts."""

    notes: list[str] = field(default_factory=list)
    """Footnotes, passed over."""
    unknown: list[str] = field(default_factory=list)
    """Names that are none of this district's."""
    headings: list[str] = field(default_factory=list)
    columns: dict[str, StrEnum] = field(default_factory=dict)
    """Heading → column, as it was read."""
    unit: Unit = Unit.THOUSAND
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, row: int, wrong: Wrong, text: str = "") -> None:
        self.problems.append(Problem(row, wrong, text[:40]))


def squeezed(text: str) -> str:
    """A text as two that are the same compare: without spaces, in small letters."""
    return "".join(text.split()).lower()


def bare(heading: str) -> str:
    """The same, without what stands in brackets."""
    return squeezed(_BRACKETS.sub("", heading))


def unit_in(text: str) -> Unit | None:
    match = _UNIT.search("".join(text.split()))
    return UNITS[match[1]] if match else None


class ForeignTable:
    """A table that is being read."""

    columns: type[StrEnum]
    headings: Mapping[str, StrEnum]
    """Bare heading → column."""
    title: StrEnum
    """The column without which it is no such table."""
    amounts: tuple[StrEnum, ...]
    """Columns of sums; the first is that of a heading that says a year or a source alone."""
    years: Mapping[str, int] = {}
    """Words for a time that is no year."""

    def __init__(self, rows: Sequence[tuple[int, Sequence[str]]], reading: Any, mapping: Mapping[str, str]):
        self.mapping = {name: self.columns(column) for heading, column in mapping.items() if (name := bare(heading))}
        self.reading = reading
        self.rows = [(number, [clean(cell) for cell in cells]) for number, cells in rows]
        self.at: dict[StrEnum, int] = {}
        self.sums: list[Place] = []
        self.below: dict[StrEnum, str] = {}
        """Cells that go on below: they were merged."""

    def body(self) -> Sequence[tuple[int, Sequence[str]]]:
        """Rows below the header, which is read first; none where it cannot be."""
        within = range(len(self.rows[:HEADER_WITHIN]))
        known = {place: self._known(self.rows[place][1]) for place in within}
        header = max(within, default=None, key=lambda place: (known[place], -place))
        if header is None:
            self.reading.refuse(1, Wrong.NO_TITLE)
            return ()
        heads, last = self.rows[header][1], header
        for upper in (header - 1, header):  # two rows of a header, one above the other
            if upper not in known or upper + 1 not in known:
                continue
            lower = self.rows[upper + 1][1]
            both = list(_together(self.rows[upper][1], lower))
            if known[upper + 1] * 2 >= len([*filter(None, lower)]) and self._known(both) > self._known(heads):
                heads, last = both, upper + 1
        for _number, cells in self.rows[:last + 1]:
            for head in cells:
                self.reading.unit = unit_in(head) or self.reading.unit
        self._head(self.rows[header][0], heads)
        return () if self.reading.problems else self.rows[last + 1:]

    def _known(self, heads: Sequence[str]) -> int:
        return sum(self._column(head) is not None for head in heads)

    def _column(self, heading: str) -> StrEnum | None:
        if (name := bare(heading)) in self.mapping:
            return self.mapping[name]
        parts = [name, *map(bare, heading.split(BETWEEN))]
        return next(filter(None, map(self.headings.get, parts)), None) or (
            self.amounts[0] if self.told(heading) != (None, None) else None)

    def told(self, heading: str) -> tuple[Source | None, int | None]:
        """Source and year that the heading of a column of sums says: 시비, 2021년, 기투자."""
        words = [bare(heading), *map(bare, heading.split(BETWEEN)),
                 *("".join(part[1:-1].split()) for part in _BRACKETS.findall(heading))]
        years = [int(year[1]) if year else self.years.get(word) for word in words for year in (_YEAR.fullmatch(word),)]
        return (next(filter(None, map(SOURCES.get, words)), None),
                next((year for year in years if year is not None), None))

    def _head(self, number: int, cells: Sequence[str]) -> None:
        for place, heading in enumerate(cells):
            if not heading:
                continue
            self.reading.headings.append(heading)
            column = self._column(heading)
            self.reading.columns[heading] = column or self.columns(NONE)
            if column in self.amounts:
                self.sums.append(Place(place, unit_in(heading), *self.told(heading), column))
            elif column not in (None, NONE) and self.at.setdefault(column, place) != place:
                self.reading.refuse(number, Wrong.COLUMN_TWICE, heading)
        for column in self.amounts:
            if len(same := [each for each in self.sums if each.column is column]) > 1:  # sums beside their parts
                told = [each for each in same if each.source or each.year is not None]
                if not told:
                    self.reading.refuse(number, Wrong.COLUMN_TWICE, cells[same[1].place])
                self.sums = [each for each in self.sums if each.column is not column] + (told or same[:1])
        if self.title not in self.at:
            self.reading.refuse(number, Wrong.NO_TITLE)

    def cell(self, cells: Sequence[str], column: StrEnum) -> str:
        place = self.at.get(column, len(cells))
        text = cells[place] if place < len(cells) else ""
        return clean(text[1:]) if text[:1] == "'" and cell(text[1:]) == text else text

    def names(self, cells: Sequence[str], *columns: StrEnum) -> set[str]:
        """Bare words of the first cell and of these, by which a row of sums is known."""
        return {bare(next(filter(None, cells), "")), *(bare(self.cell(cells, column)) for column in columns)}

    def is_note(self, cells: Sequence[str]) -> bool:
        """True for a footnote, which is kept as one."""
        words = [word for word in cells if word]
        if len(words) != 1 or not words[0].startswith(NOTES):
            return False
        self.reading.notes.append(words[0])
        return True


def _together(upper: Sequence[str], lower: Sequence[str]) -> Iterator[str]:
    """Headings of two rows; a cell of the upper one goes on to the right over cells of the lower one."""
    above = ""
    for place in range(max(len(upper), len(lower))):
        over, under = (cells[place] if place < len(cells) else "" for cells in (upper, lower))
        above = over or (above if under else "")
        yield BETWEEN.join(filter(None, (above if under else over, under)))
