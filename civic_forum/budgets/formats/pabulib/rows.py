"""From bytes to rows of cells, each with its line."""

import csv
import io
from collections.abc import Iterator
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
    return _one_kind_of_line_end(text)


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(before: str) -> int:
    return _one_kind_of_line_end(before).count("\n") + 1
