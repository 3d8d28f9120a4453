"""An electoral roll as a table of a spreadsheet: what every line says, and what is wrong with it."""

import csv
import io
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

COLUMNS = ("name", "birth_date", "neighbourhood")
MOST_BYTES = 64 * 1024 * 1024


class Wrong(StrEnum):
    """Reasons why a line, or the whole file, cannot be taken."""

    NOT_UTF8 = "not_utf8"
    TOO_LARGE = "too_large"
    NO_HEADER = "no_header"
    NOT_A_TABLE = "not_a_table"
    EMPTY = "empty"
    CELLS = "cells"
    NAME = "name"
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


def rows(data: bytes) -> Iterator[ImportedPerson | Problem]:
    """Each person of the file, or what is wrong with the line; a problem of the whole file ends it. A byte order mark,
    any kind of line end, any order of the columns and empty lines are all understood."""
    if len(data) > MOST_BYTES:
        yield Problem(0, Wrong.TOO_LARGE)
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield Problem(0, Wrong.NOT_UTF8)
        return
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), strict=True)
    try:
        yield from _rows(reader)
    except csv.Error:
        yield Problem(reader.line_num, Wrong.NOT_A_TABLE)


def _rows(reader: Any) -> Iterator[ImportedPerson | Problem]:
    header = [cell.strip().lower() for cell in next(reader, [])]
    if sorted(header) != sorted(COLUMNS):
        yield Problem(1, Wrong.NO_HEADER)
        return
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(COLUMNS):
            yield Problem(line, Wrong.CELLS)
        else:
            yield ImportedPerson(line, **{name: cell.strip() for name, cell in zip(header, cells, strict=True)})
