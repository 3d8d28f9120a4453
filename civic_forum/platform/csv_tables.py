"""Rows of a CSV, or of copied cells, as Korean spreadsheets write them: the reader of rolls, parts and money. Pure.

UTF-8 or CP949; commas, semicolons or tabs between the cells; empty columns behind the last; days at 0:00:00.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

ENCODINGS = ("utf-8-sig", "cp949")
WORKBOOKS = (b"PK\3\4", b"\xd0\xcf\x11\xe0")
"""Beginnings of .xlsx and .xls."""
_QUOTED = re.compile(r'"[^"]*"')
_MIDNIGHT = re.compile(r"\A(\d{4}[-./] ?\d{1,2}[-./] ?\d{1,2}\.?)"
                       r"[ T]+(?:00?:00(?::00(?:\.0+)?)?|(?:오전|AM) 12:00(?::00)?)\Z")


class Row(NamedTuple):
    """A row that says something, by the line on which it begins, from 1."""

    number: int
    cells: tuple[str, ...]


class NoText(ValueError):
    """Bytes that are no text in any of ENCODINGS."""


class NoTable(ValueError):
    """Text that is no table: `line` has a quotation mark too many."""

    def __init__(self, line: int):
        super().__init__(line)
        self.line = line


def decoded(data: bytes) -> str:
    """Raises NoText, also for a workbook of a spreadsheet."""
    if data.startswith(WORKBOOKS):
        raise NoText
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoText


def rows(text: str) -> Iterator[Row]:
    """Rows with as many cells as the first one has up to its last that says something, and what stands behind those.
    Raises NoTable."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    table = csv.reader(io.StringIO(lines, newline=""), delimiter=_separator(lines), strict=True)
    before, width = 0, 0
    try:
        for typed in table:
            line, before = before + 1, table.line_num
            cells = [_MIDNIGHT.sub(r"\1", cell.strip()) for cell in typed]
            while len(cells) > width and not cells[-1]:
                cells.pop()
            if any(cells):
                width = width or len(cells)
                yield Row(line, tuple(cells))
    except csv.Error as wrong:
        raise NoTable(table.line_num) from wrong


def _separator(lines: str) -> str:
    header = _QUOTED.sub("", lines.lstrip("\n").partition("\n")[0])
    return "\t" if "\t" in header else max(",;", key=header.count)
