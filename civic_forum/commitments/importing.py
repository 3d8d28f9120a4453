"""Money of commitments from a table: its rows as lines, and each difference from what stands there. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from civic_forum.platform.plain_text import clean
from civic_forum.platform.spreadsheets import cell

from . import amounts, faults, rules
from .rules import EntryKind, Fault, Line, Source, Unit

MOST_ROWS = 1_000


class Column(StrEnum):
    """Columns by their headings, which are part of the format and the same in every language."""

    COMMITMENT = "약속"
    TITLE = "이름"
    """For those who read the table; passed over."""
    YEAR = "해"
    SOURCE = "재원"
    ITEM = "항목"
    PLANNED = "계획"
    SECURED = "확보"
    EXECUTED = "집행"
    UNIT = "단위"
    TOTAL = "총사업비"


NEEDED = (Column.COMMITMENT, Column.YEAR, Column.SOURCE, Column.PLANNED, Column.SECURED, Column.EXECUTED)
SUMS = (Column.PLANNED, Column.SECURED, Column.EXECUTED)
SAYING = (Column.YEAR, Column.SOURCE, Column.ITEM, *SUMS)
"""A row that has none of these says nothing; so the table that is handed out has one for a commitment without lines."""
ALSO = {"번호": Column.COMMITMENT, "코드": Column.COMMITMENT, "연도": Column.YEAR, "년도": Column.YEAR}
SOURCES = {"국비": Source.STATE, "시비": Source.CITY, "구비": Source.DISTRICT, "민간": Source.PRIVATE,
           "기타": Source.OTHER, "재원 모름": Source.UNKNOWN}
UNITS = {"원": Unit.WON, "천원": Unit.THOUSAND, "백만원": Unit.MILLION}
_YEAR = re.compile(r"(20[0-9]{2})\s*년?")


class Wrong(StrEnum):
    """Reasons why a row cannot be taken."""

    NO_ROWS = "no_rows"
    NO_COLUMN = "no_column"
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"
    NO_COMMITMENT = "no_commitment"
    UNKNOWN_COMMITMENT = "unknown_commitment"
    NUMBER_OR_CODE = "number_or_code"
    ELSEWHERE = "elsewhere"
    YEAR = "year"
    SOURCE = "source"
    ITEM = "item"
    UNIT = "unit"
    SUM = "sum"
    FORMULA = "formula"
    NOTHING = "nothing"
    TWICE = "twice"
    MORE_EXECUTED = "more_executed"
    TWO_TOTALS = "two_totals"
    TOTAL = "total"
    MANY_LINES = "many_lines"


class Problem(NamedTuple):
    row: int
    """Its number in the sheet, from 1."""
    wrong: Wrong
    said: str = ""
    """Text of the cell, or the heading of the column."""
    column: str = ""
    other: int = 0
    """The row in which the same stands already."""


@dataclass(frozen=True)
class Known:
    """A commitment as it stands."""

    id: int
    title: str
    version: int
    unit: Unit
    lines: tuple[Line, ...] = ()
    total: int | None = None
    waiting: int = 0
    quarters: Mapping[str, tuple[int, str, str]] = field(default_factory=dict)
    """Quarter → number of its entry, what was done, what comes next."""
    percent: int | None = None
    """Percent that an older report printed."""
    progress: int | None = None
    """As the milestones count it, which sheets from here show."""


@dataclass(frozen=True)
class Table:
    """Rows below their header."""

    columns: Mapping[Column, int]
    rows: Sequence[tuple[int, Sequence[str]]]
    problems: tuple[Problem, ...] = ()

    def at(self, cells: Sequence[str], column: Column) -> str:
        place = self.columns.get(column)
        return "" if place is None or place >= len(cells) else _typed(cells[place])

    def names(self) -> set[str]:
        """Numbers and codes of the commitments that it is about."""
        return {name for _number, cells in self.rows if (name := self.at(cells, Column.COMMITMENT))}


def table_of(rows: Sequence[tuple[int, Sequence[str]]]) -> Table:
    """The table that begins with its header, whose columns stand in any order."""
    if not rows:
        return Table({}, (), (Problem(1, Wrong.NO_ROWS),))
    (header, headings), *below = rows
    columns: dict[Column, int] = {}
    problems = []
    for place, heading in enumerate(map(clean, headings)):
        column = ALSO.get(heading) or (Column(heading) if heading in list(Column) else None)
        if column is None and heading:
            problems.append(Problem(header, Wrong.UNKNOWN_COLUMN, heading))
        elif column is not None and columns.setdefault(column, place) != place:
            problems.append(Problem(header, Wrong.COLUMN_TWICE, column))
    problems += [Problem(header, Wrong.NO_COLUMN, column) for column in NEEDED if column not in columns]
    if not below and not problems:
        problems.append(Problem(header, Wrong.NO_ROWS))
    return Table(columns, () if problems else below, tuple(problems))


def _typed(text: str) -> str:
    """A cell as it was meant, without the apostrophe that keeps a spreadsheet from running it."""
    return clean(text[1:] if text.startswith("'") and cell(text[1:]) == text else text)


class Placed(NamedTuple):
    """The line of a row; without any sum it takes the line of that name away."""

    row: int
    line: Line
    total: int | None


def _is_blank(line: Line) -> bool:
    return line.planned is None and line.secured is None and line.executed is None


@dataclass(frozen=True)
class Difference:
    """A line before and after; None: not there."""

    before: Line | None
    after: Line | None
    row: int = 0

    @property
    def line(self) -> Line:
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def thousandfold(self) -> tuple[str, int] | None:
        """The column whose sum is about a thousandfold, and the sum in won that may have been meant."""
        if self.before is None or self.after is None:
            return None
        doubt = amounts.thousandfold([self.before], [self.after])
        return doubt and doubt[1:]


@dataclass(frozen=True)
class Told:
    """An entry beside the money, as a table tells it."""

    kind: EntryKind
    content: Mapping[str, Any]
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    """Its words, part by part."""
    corrects: int | None = None


@dataclass(frozen=True)
class Change:
    """A commitment before and after a table."""

    known: Known
    lines: tuple[Line, ...]
    total: int | None
    differences: tuple[Difference, ...]
    told: tuple[Told, ...] = ()

    @property
    def is_none(self) -> bool:
        return not self.moves_money and not self.told

    @property
    def moves_money(self) -> bool:
        return bool(self.differences) or self.total != self.known.total

    @property
    def questions(self) -> list[Difference]:
        return [difference for difference in self.differences if difference.thousandfold]

    @property
    def before(self) -> rules.Sums:
        return rules.sums(self.known.lines)

    @property
    def after(self) -> rules.Sums:
        return rules.sums(self.lines)


@dataclass
class Reading:
    """A table as it was understood; with problems nothing of it counts."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    """Commitments that it names and leaves as they are."""
    problems: list[Problem] = field(default_factory=list)


def read(table: Table, known: Mapping[str, Known | Wrong]) -> Reading:
    """`known`: each name of a commitment → the commitment, or why it cannot be changed here."""
    reading = Reading(problems=list(table.problems))
    groups: dict[int, list[Placed]] = {}
    there, broken = {}, set()
    for number, cells in table.rows:
        commitment = known.get(table.at(cells, Column.COMMITMENT), Wrong.NO_COMMITMENT)
        if isinstance(commitment, Wrong):
            reading.problems.append(Problem(number, commitment, table.at(cells, Column.COMMITMENT)))
            continue
        there[commitment.id] = commitment
        if not any(table.at(cells, column) for column in SAYING):
            continue
        row = _Row(number, cells, table, commitment)
        groups.setdefault(commitment.id, [])
        if row.problems:
            reading.problems += row.problems
            broken.add(commitment.id)
        else:
            groups[commitment.id].append(row.placed())
    for key, commitment in there.items():
        _close(reading, commitment, groups.get(key, []), whole=key not in broken)
    reading.problems.sort(key=lambda problem: problem.row)
    return reading


class _Row:
    """The cells of a row, read one after the other."""

    def __init__(self, number: int, cells: Sequence[str], table: Table, known: Known):
        self.number, self.problems = number, list[Problem]()
        texts = {column: table.at(cells, column) for column in Column}
        self.unit = self._one_of(texts[Column.UNIT].replace(" ", ""), UNITS, Wrong.UNIT, known.unit)
        self.year = self._year(texts[Column.YEAR])
        self.source = self._one_of(texts[Column.SOURCE], SOURCES, Wrong.SOURCE, None)
        self.item = texts[Column.ITEM]
        if len(self.item) > rules.ITEM_MOST:
            self._refuse(Wrong.ITEM, Column.ITEM)
        self.sums = [self._won(texts[column], column) for column in SUMS]
        self.total = self._won(texts[Column.TOTAL], Column.TOTAL)

    def _refuse(self, wrong: Wrong, text: str, column: str = "") -> None:
        self.problems.append(Problem(self.number, wrong, text, column))

    def _one_of(self, text: str, among: Mapping[str, Any], wrong: Wrong, otherwise: Any) -> Any:
        meant = among.get(text) if text else otherwise
        if meant is None:
            self._refuse(wrong, text)
        return meant

    def _year(self, text: str) -> int:
        match = _YEAR.fullmatch(text)
        if match is None:
            self._refuse(Wrong.YEAR, text)
            return 0
        return int(match[1])

    def _won(self, text: str, column: Column) -> int | None:
        if not text:
            return None
        won = amounts.won_of(text, self.unit or Unit.WON)
        if won is None:
            self._refuse(Wrong.FORMULA if text.startswith("=") else Wrong.SUM, text, column)
        return won

    def placed(self) -> Placed:
        assert self.source is not None
        return Placed(self.number, Line(self.year, self.source, self.item, *self.sums), self.total)


def _close(reading: Reading, known: Known, placed: Sequence[Placed], *, whole: bool) -> None:
    """Lay the rows of a commitment over its lines. `whole`: every row of it could be read."""
    problems = list(_row_faults(known, placed))
    change = compare(known, *_laid_over(known, placed), rows={placing.line.key: placing.row for placing in placed})
    if whole and not problems and not change.is_none:
        problems += _whole_faults(change, placed[-1].row)
    reading.problems += problems
    if change.is_none:
        reading.unchanged += 1
    else:
        reading.changes.append(change)


def _row_faults(known: Known, placed: Sequence[Placed]) -> Iterator[Problem]:
    there = {line.key for line in known.lines}
    first: dict[tuple[int, Source, str], int] = {}
    totals: dict[int, int] = {}
    for row, line, total in placed:
        if first.setdefault(line.key, row) != row:
            yield Problem(row, Wrong.TWICE, other=first[line.key])
        elif _is_blank(line) and line.key not in there:
            yield Problem(row, Wrong.NOTHING)
        elif line.executed is not None and line.secured is not None and line.executed > line.secured:
            yield Problem(row, Wrong.MORE_EXECUTED)
        if total is not None:
            totals.setdefault(total, row)
            if len(totals) > 1:
                yield Problem(row, Wrong.TWO_TOTALS, other=min(totals.values()))


def _laid_over(known: Known, placed: Iterable[Placed]) -> tuple[tuple[Line, ...], int | None]:
    """Lines and total after these rows; what no row names stays as it is."""
    lines = {line.key: line for line in known.lines}
    total = known.total
    for placing in placed:
        total = total if placing.total is None else placing.total
        if not _is_blank(placing.line):
            lines[placing.line.key] = placing.line
        elif placing.line.key in lines and not _is_blank(lines[placing.line.key]):
            del lines[placing.line.key]
    return tuple(sorted(lines.values(), key=lambda line: line.year)), total


def _whole_faults(change: Change, row: int) -> Iterator[Problem]:
    if len(change.lines) > rules.MOST_LINES:
        yield Problem(row, Wrong.MANY_LINES)
    if faults.lines_fault(change.lines, change.total) is Fault.TOTAL:
        assert change.total is not None
        unit = change.known.unit
        yield Problem(row, Wrong.TOTAL, amounts.in_unit(sum(line.amount for line in change.lines), unit),
                      amounts.in_unit(change.total, unit))


def compare(known: Known, lines: tuple[Line, ...], total: int | None,
            rows: Mapping[tuple[int, Source, str], int] | None = None) -> Change:
    """Every line that differs, by year, source and item."""
    before, after = ({line.key: line for line in side} for side in (known.lines, lines))
    differences = [Difference(before.get(key), after.get(key), (rows or {}).get(key, 0))
                   for key in {**before, **after} if before.get(key) != after.get(key)]
    order = list(Source)
    differences.sort(key=lambda difference: (
        difference.line.year, order.index(difference.line.source), difference.line.item))
    return Change(known, lines, total, tuple(differences))
