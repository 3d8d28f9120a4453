"""Rows of an uploaded table, XLSX or CSV. The only module that reads spreadsheets.

Only the first sheet counts, and of a cell only what it shows: no formula is worked out, no macro or link is looked at.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from civic_forum.platform import csv_tables
from civic_forum.platform.csv_tables import Row

from ..rules import CELL_LONGEST as LONGEST, MEGABYTE, TABLE_BYTES as MOST_BYTES, TABLE_COLUMNS as MOST_COLUMNS
from ..rules import FileRefused, Reason
from . import archive
from .sniffing import ZIP_SIGNATURE

MOST_UNPACKED = 20 * MEGABYTE
MOST_TAGS = 300_000
"""In a part: to read a cell takes far longer than to unpack it, and all cells of a row are read before one is given."""
LAST_ROW = 50_000
"""Nothing may stand as far below: to come there takes time, whatever stands between."""
_DIGITS = 15
"""Of a number in a spreadsheet that are exact."""


def rows_or_refusal(data: bytes, most: int) -> list[Row] | FileRefused:
    """Rows with a refusal handed over, for another process."""
    try:
        return rows_of(data, most)
    except FileRefused as refused:
        return refused


def rows_of(data: bytes, most: int) -> list[Row]:
    """Rows of a table that are not empty, `most` and one more at most. A formula that was never worked out stands as it
    was written, with its sign of equality. Raises FileRefused for what is no table, or is locked, broken or far larger
    than it looks."""
    if not data:
        raise FileRefused(Reason.EMPTY)
    if len(data) > MOST_BYTES:
        raise FileRefused(Reason.TOO_LARGE, megabytes=MOST_BYTES // MEGABYTE)
    rows = _of_xlsx(data) if data.startswith(ZIP_SIGNATURE) else _of_csv(data)
    return list(islice((row for row in rows if any(row.cells)), most + 1))


def _of_xlsx(data: bytes) -> Iterator[Row]:
    parts = archive.contents(data)
    if "xl/workbook.xml" not in parts:
        raise FileRefused(Reason.UNKNOWN_KIND)
    if sum(part.unpacked for part in parts.values()) > MOST_UNPACKED:
        raise FileRefused(Reason.BOMB)
    try:
        if _is_crowded(data):
            raise FileRefused(Reason.BOMB)
        yield from _shown(data)
    except FileRefused:
        raise
    except Exception as fault:  # openpyxl has no error of its own for what it cannot read
        raise FileRefused(Reason.BROKEN_DOCUMENT) from fault


def _is_crowded(data: bytes) -> bool:
    with ZipFile(io.BytesIO(data)) as whole:
        return any(whole.read(name).count(b"<") > MOST_TAGS for name in whole.namelist())


def _shown(data: bytes) -> Iterator[Row]:
    """Values beside what was written: the first has nothing for a formula that nobody has worked out."""
    evaluated, written = (load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)
                          for data_only in (True, False))
    try:
        sheets = [book.worksheets[0].iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS) for book in (evaluated, written)]
        for number, (shown, typed) in enumerate(zip(*sheets, strict=True), 1):
            if number == LAST_ROW:
                raise FileRefused(Reason.BOMB)
            if any(cell is not EMPTY_CELL for cell in typed):
                yield Row(number, tuple(_cell(cell.value, other) for cell, other in zip(shown, typed, strict=True)))
    finally:
        evaluated.close()
        written.close()


def _cell(value: Any, written: Any) -> str:
    if value is None and written.data_type == "f":
        return f"={str(written.value).removeprefix('=')}"[:LONGEST]
    return as_text(value)[:LONGEST]


def as_text(value: Any) -> str:
    """A value of a spreadsheet as somebody would type it: 36400, 1.6, 2026-11-20."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{Decimal(f'{value:.{_DIGITS}g}'):f}"
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(
        value.total_seconds() if isinstance(value, timedelta) else value).strip()


def _of_csv(data: bytes) -> Iterator[Row]:
    try:
        for number, cells in csv_tables.rows(csv_tables.decoded(data)):
            yield Row(number, tuple(cell[:LONGEST] for cell in cells[:MOST_COLUMNS]))
    except csv_tables.NoText as fault:
        raise FileRefused(Reason.UNKNOWN_KIND) from fault
    except csv_tables.NoTable as fault:
        raise FileRefused(Reason.NO_TABLE, line=fault.line) from fault
