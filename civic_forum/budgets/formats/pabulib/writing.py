"""A file in its normal form: docs/budgets.md says what that is."""

import csv
import io

from .files import PabulibFile, Table
from .sections import META, PROJECTS, VOTES


def write(file: PabulibFile) -> bytes:
    """UTF-8 without a byte order mark, lines ended by LF, the sections in order, each with its columns and rows in
    theirs, every cell as it is and in quotes only where it needs them. Reading it gives an equal file."""
    text = io.StringIO()
    for name, table in ((META, file.meta_table), (PROJECTS, file.projects), (VOTES, file.votes)):
        text.write(f"{name}\n")
        _write(text, table)
    return text.getvalue().encode("utf-8")


def _write(text: io.StringIO, table: Table) -> None:
    lines = csv.writer(text, delimiter=";", lineterminator="\n")
    lines.writerow(table.columns)
    lines.writerows(table.rows)
