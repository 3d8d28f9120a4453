"""Backups as an attacker reads them: every table in the order of the file, and the bytes as they lie there."""

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from civic_forum.kernel import database_copies

from .material import Day

COPY = re.compile(r"^COPY public\.\"?(\w+)\"? \((.*)\) FROM stdin;$")


def day(backup: Path, log: str) -> Day:
    """What one evening's backup holds."""
    sqlite = backup / database_copies.NAMES["sqlite"]
    if sqlite.exists():
        return Day(sqlite.read_bytes(), _of_sqlite(sqlite), log)
    text = subprocess.run([database_copies.program("pg_restore"), "--file=-", str(
        backup / database_copies.NAMES["postgresql"])], check=True, capture_output=True).stdout
    return Day(text, _of_postgres(text.decode()), log)


def _of_sqlite(path: Path) -> dict[str, list[dict]]:
    with closing(sqlite3.connect(path)) as copied:
        copied.row_factory = sqlite3.Row
        names = [row["name"] for row in copied.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 's%_index%'")]
        return {name: [dict(row) for row in copied.execute(f'SELECT * FROM "{name}"')] for name in names}


def _of_postgres(text: str) -> dict[str, list[dict]]:
    tables: dict[str, list[dict]] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if found := COPY.match(line):
            columns = [name.strip('" ') for name in found[2].split(",")]
            rows = tables[found[1]] = []
            for row in lines:
                if row == "\\.":
                    break
                rows.append(dict(zip(columns, map(_value, row.split("\t")), strict=True)))
    return tables


def _value(text: str) -> object:
    if text == "\\N":
        return None
    if text.startswith("\\\\x"):
        return bytes.fromhex(text[3:])
    return int(text) if re.fullmatch(r"-?\d{1,18}", text) else text
