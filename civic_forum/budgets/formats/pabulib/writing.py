"""A file in its normal form: docs/budgets.md says what that is."""

from collections.abc import Iterable

from .files import PabulibFile
from .sections import META, PROJECTS, VOTES

MARKS = frozenset(';"\n\r')
"""A cell with one of these stands in quotes."""


def write(file: PabulibFile) -> bytes:
    """UTF-8 without a byte order mark, lines ended by LF, the sections in order, each with its columns and rows in
    theirs, every cell as it is and in quotes only where it needs them. Reading it gives an equal file."""
    lines: list[str] = []
    for name, table in ((META, file.meta_table), (PROJECTS, file.projects), (VOTES, file.votes)):
        lines += [name, _line(table.columns), *map(_line, table.rows)]
    return "\n".join([*lines, ""]).encode("utf-8")


def _line(cells: Iterable[str]) -> str:
    return ";".join(cell if MARKS.isdisjoint(cell) else '"' + cell.replace('"', '""') + '"' for cell in cells)
