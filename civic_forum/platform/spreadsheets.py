"""Tables for spreadsheets, CSV and XLSX, in which no cell is run as a formula. The only module that writes either;
whoever lays out sheets of their own begins with `book` and writes what `cell` gives."""

import csv
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from .errors import Refusal
from .i18n import _, local

if TYPE_CHECKING:
    import xlsxwriter

BYTE_ORDER_MARK = "\ufeff"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""Of a sheet."""
LONGEST_CELL = 32_767
EXACT = 10**15
"""Whole numbers up to here keep every digit in a spreadsheet."""
CHUNK = 64 * 1024
_NO_FORMULAS = {"strings_to_formulas": False, "strings_to_urls": False}
_FORMULA = frozenset("=+-@|%\u2212")
_BREAKS = ("\t", "\r", "\n", "\0")
_BEFORE = re.compile("^[\\s\ufeff\u200b-\u200f\u2060\u00ad]+")
"""Spaces and what nobody sees, in whatever order."""
_CONTROLS = dict.fromkeys(number for number in (*range(32), *range(127, 160)) if chr(number) not in "\t\r\n")


def cell(value: object) -> str | int | float:
    """Value of a cell. A number stays one, negative or not; a text that a spreadsheet would take for a formula gets an
    apostrophe before it: also full-width signs, and signs behind spaces or what nobody sees."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float, Decimal)) and abs(value) < EXACT:
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, datetime):
        return local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    written = str(value)
    text = written.translate(_CONTROLS)[:LONGEST_CELL - 1]
    first = unicodedata.normalize("NFKC", _BEFORE.sub("", text, count=1)[:1])
    return f"'{text}" if written.startswith(_BREAKS) or text.startswith(_BREAKS) or first[:1] in _FORMULA else text


class _Line:
    """A file for `csv.writer` that gives back what it writes, as does its `writerow`."""

    @staticmethod
    def write(text: str) -> str:
        return text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Every text stands in quotes, so that no comma, semicolon or line break begins a cell of its own."""
    table = csv.writer(_Line, quoting=csv.QUOTE_NONNUMERIC)
    yield BYTE_ORDER_MARK
    for row in rows:
        yield table.writerow([cell(value) for value in row])


def line_as_typed(words: Iterable[str]) -> str:
    """A line that the site itself reads again, formulas among it: for a field of a form, never for a file."""
    return csv.writer(_Line, lineterminator="\n").writerow(words)


def as_csv(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """A short table as one text."""
    return "".join(csv_lines(chain([header], rows)))


def csv_chunks(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """A table of any length in pieces that are worth sending."""
    waiting, size = [], 0
    for line in csv_lines(rows):
        waiting.append(line)
        size += len(line)
        if size >= CHUNK:
            yield "".join(waiting).encode("utf-8", "replace")
            waiting, size = [], 0
    yield "".join(waiting).encode("utf-8", "replace")


def write_csv(file: BinaryIO, above: Sequence[Sequence[object]], header: Sequence[object],
              rows: Iterable[Iterable[object]]) -> None:
    """`above` are lines about the table, before its header."""
    for chunk in csv_chunks(chain(above, [header], rows)):
        file.write(chunk)


def book(file: BinaryIO) -> "xlsxwriter.Workbook":
    """A file of several sheets, written when it is closed, in which no text becomes a formula or a link."""
    import xlsxwriter
    return xlsxwriter.Workbook(file, {"in_memory": True} | _NO_FORMULAS)


def write_xlsx(file: BinaryIO, above: Sequence[Sequence[object]], header: Sequence[object],
               rows: Iterable[Iterable[object]]) -> None:
    """One sheet, row by row, in a memory that does not grow with it. Raises Refusal for more rows than a sheet has."""
    import xlsxwriter
    with tempfile.TemporaryDirectory(prefix="civic-forum-") as rough, xlsxwriter.Workbook(file, {
            "constant_memory": True, "tmpdir": rough} | _NO_FORMULAS) as workbook:
        sheet, bold = workbook.add_worksheet(), workbook.add_format({"bold": True})
        sheet.set_column(0, len(header) - 1, 18)
        sheet.freeze_panes(len(above) + 1, 0)
        for place, row in enumerate(chain(above, [header], rows)):
            if place >= MOST_ROWS:
                raise Refusal(_("엑셀 한 장에 다 들어가지 않아요. 조건을 더 좁히거나 CSV로 받아 주세요."))
            for column, value in enumerate(map(cell, row)):
                write = sheet.write_string if isinstance(value, str) else sheet.write_number
                write(place, column, value, bold if place == len(above) else None)
