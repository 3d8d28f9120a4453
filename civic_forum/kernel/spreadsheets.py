"""Tables for spreadsheets: UTF-8 with a mark, and no cell that would be run as a formula."""

import csv
import io
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe_cell(value: object) -> str:
    """The text of a cell; an apostrophe before what a spreadsheet would take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u3000\u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def as_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    write = csv.writer(out)
    for row in (header, *rows):
        write.writerow([safe_cell(cell) for cell in row])
    return BYTE_ORDER_MARK + out.getvalue()
