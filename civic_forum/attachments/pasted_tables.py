"""A table that was uploaded or pasted into a form, and what somebody says its columns are."""

from collections.abc import Collection, Sequence
from itertools import islice

from flask import request

from civic_forum.platform import csv_tables
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import visitor

from .rules import CELL_LONGEST, TABLE_COLUMNS
from .services import table_rows


def rows(pasted: str | None, most: int) -> list[tuple[int, Sequence[str]]]:
    """Rows of the field `pasted`, or else of the file `file`. Raises Refusal, also for more than so many."""
    if not pasted:
        return list(table_rows(request.files.get("file"), most, field="file", by=visitor()))
    try:
        read = [(number, [cell[:CELL_LONGEST] for cell in cells[:TABLE_COLUMNS]])
                for number, cells in islice(csv_tables.rows(_with_tab(pasted)), most + 1)]
    except csv_tables.NoTable as fault:
        raise Refusal(_("%(line)s번째 줄을 표로 읽을 수 없어요.", line=fault.line), field="pasted") from fault
    if len(read) > most:
        raise Refusal(_("한 번에 %(most)s줄까지 올릴 수 있어요. 파일을 나눠 주세요.", most=f"{most:,}"), field="pasted")
    return read


def _with_tab(pasted: str) -> str:
    """Copied cells with a tab also in their first line, by which they are known: it may be a title alone."""
    return pasted.replace("\n", "\t\n", 1) if "\t" in pasted else pasted


def columns(known: Collection[str]) -> dict[str, str]:
    """Heading → column, as the form says it."""
    chosen = zip(request.form.getlist("heading"), request.form.getlist("column"), strict=False)
    return {heading[:CELL_LONGEST]: column for heading, column in chosen if column in known}
