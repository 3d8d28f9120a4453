"""Bytes to rows of cells, and rows to the sections of a file, each a table. The first fault ends it."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .faults import Fault, Trouble

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
END = "\0end"
"""Handed to the reader of cells after the last line: where a quote was not closed, it becomes part of a cell."""


class Row(NamedTuple):
    """The cells of one row, with the number of the line on which it begins."""

    line: int
    cells: list[str]


def rows_of(data: bytes) -> Iterator[Row]:
    """Every row that is not empty. Line ends of all kinds are one, also inside of a cell. Raises Fault."""
    text = _text(data)
    lines = io.StringIO(f"{text}\n{END}\n")
    cells = csv.reader(lines, delimiter=";")
    begins = 1
    while True:
        try:
            row = next(cells, [END])
        except csv.Error as wrong:
            raise Fault(begins, Trouble.CELL_TOO_LONG) from wrong
        if row == [END]:
            return
        if row and row[-1].endswith(f"{END}\n"):
            raise Fault(begins, Trouble.QUOTE_NOT_CLOSED)
        if len(row) > 1 or (row and row[0].strip()):
            yield Row(begins, row)
        begins = cells.line_num + 1


def _text(data: bytes) -> str:
    data = data.removeprefix(BYTE_ORDER_MARK)
    if not data.strip():
        raise Fault(1, Trouble.EMPTY)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Fault(_line(data[:wrong.start].decode("utf-8")), Trouble.NOT_UTF8) from wrong
    if "\0" in text:
        raise Fault(_line(text[:text.index("\0")]), Trouble.NUL)
    return one_kind_of_line_end(text)


def one_kind_of_line_end(text: str) -> str:
    """As reading gives it back."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(before: str) -> int:
    return one_kind_of_line_end(before).count("\n") + 1


@dataclass(frozen=True)
class Table:
    """A section: its columns as they are named, and its rows, each with a cell for every column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """In which line each row begins, or nothing where it was not read from a file."""
    header: int = field(default=0, compare=False, repr=False)

    def line(self, row: int) -> int:
        return self.lines[row] if self.lines else 0

    def has(self, column: str) -> bool:
        return column in self.columns

    def column(self, name: str) -> Iterator[str]:
        """The cells of a column without the spaces around them."""
        place = self.columns.index(name)
        return (row[place].strip() for row in self.rows)

    @property
    def last_line(self) -> int:
        return self.lines[-1] if self.lines else self.header


META, PROJECTS, VOTES = "META", "PROJECTS", "VOTES"
NAMES = (META, PROJECTS, VOTES)
NEEDED = {META: ("key", "value"), PROJECTS: ("project_id", "cost"), VOTES: ("voter_id", "vote")}


def sections_of(rows: Iterator[Row]) -> dict[str, Table]:
    """Every section by its name, whole. Raises Fault."""
    sections: dict[str, Table] = {}
    name, last = None, 1
    header: tuple[str, ...] = ()
    content: list[tuple[str, ...]] = []
    lines: list[int] = []
    began = 1
    for line, cells in rows:
        last = line
        if (opened := _opens(cells, {*sections, name})) is not None:
            if name is not None:
                sections[name] = _closed(name, header, content, lines, began)
            if opened in sections:
                raise Fault(line, Trouble.SECTION_TWICE, section=opened)
            name, header, content, lines, began = opened, (), [], [], line
        elif name is None:
            raise Fault(line, Trouble.NOT_PABULIB)
        elif not header:
            header, began = _columns(name, line, cells), line
        else:
            content.append(_cells(line, cells, len(header)))
            lines.append(line)
    if name is not None:
        sections[name] = _closed(name, header, content, lines, began)
    for needed in NAMES:
        if needed not in sections:
            raise Fault(last, Trouble.SECTION_MISSING, section=needed)
    return sections


def _opens(cells: list[str], known: Collection[str]) -> str | None:
    """The section that begins here. A spreadsheet may have put empty cells behind its name; but where the section
    was already, that is a row, for instance the blank ballot of a voter who is called VOTES."""
    name = cells[0].strip().upper()
    if name not in NAMES or len(cells) > 1 and (name in known or any(cell.strip() for cell in cells[1:])):
        return None
    return name


def _closed(name: str, header: tuple[str, ...], content: list, lines: list[int], began: int) -> Table:
    if not header:
        raise Fault(began, Trouble.HEADER_MISSING, section=name)
    return Table(header, tuple(content), tuple(lines), began)


def _columns(name: str, line: int, cells: list[str]) -> tuple[str, ...]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if not all(columns):
        raise Fault(line, Trouble.COLUMN_NAMELESS, section=name)
    seen: set[str] = set()
    for column in columns:
        if column in seen:
            raise Fault(line, Trouble.COLUMN_TWICE, column=column)
        seen.add(column)
    for column in NEEDED[name]:
        if column not in seen:
            raise Fault(line, Trouble.COLUMN_MISSING, column=column, section=name)
    return tuple(columns)


def _cells(line: int, cells: list[str], wanted: int) -> tuple[str, ...]:
    if len(cells) < wanted:
        raise Fault(line, Trouble.SHORT_ROW, wanted=wanted, found=len(cells))
    if len(cells) > wanted and any(cell.strip() for cell in cells[wanted:]):
        raise Fault(line, Trouble.LONG_ROW, wanted=wanted, found=len(cells))
    return tuple(cells[:wanted])
