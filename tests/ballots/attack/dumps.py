"""The database as an attacker reads it: tables of a copy, files as they lie on the disk, and what is written ahead."""

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from civic_forum.ballots.models import Promise, Voter
from civic_forum.platform import database_copies
from civic_forum.platform.base import db, is_sqlite

COPY = re.compile(r"^COPY public\.\"?(\w+)\"? \((.*)\) FROM stdin;$")
PAGE, SEGMENT = 8_192, 16 * 2**20
SHORT, LONG = 24, 40
"""Of PostgreSQL's log: bytes before what a page holds, and before what the first page of a file holds."""


def tables(backup: Path) -> dict[str, list[dict]]:
    """Every table of a copy in the order of the file."""
    sqlite = backup / database_copies.NAMES["sqlite"]
    if sqlite.exists():
        return _of_sqlite(sqlite)
    return _of_postgres(subprocess.run([database_copies.program("pg_restore"), "--file=-", str(
        backup / database_copies.NAMES["postgresql"])], check=True, capture_output=True).stdout.decode())


def size(backup: Path) -> int:
    """Bytes of a copy of SQLite's file, 0 for one of PostgreSQL."""
    copy = backup / database_copies.NAMES["sqlite"]
    return copy.stat().st_size if copy.exists() else 0


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


class WrittenAhead:
    """All that the database writes ahead from now on; `look` often enough and no overwritten part is missed."""

    def __init__(self):
        self.pieces: list[bytes] = []
        self.at = 0 if is_sqlite() else _position()

    def look(self) -> None:
        """SQLite begins its file again once all of it was taken over; PostgreSQL keeps what it wrote for long."""
        if is_sqlite():
            content = Path(f"{db.engine.url.database}-wal").read_bytes()
            if self.pieces and self.pieces[-1][16:24] == content[16:24]:
                self.pieces.pop()
            self.pieces.append(content)

    def taken(self) -> bytes:
        """The part that came since the last time."""
        self.look()
        if is_sqlite():
            found, self.pieces = b"".join(self.pieces), []
            return found
        begin, self.at = self.at, _position()
        return _log_of_postgres(begin, self.at)


def _position() -> int:
    db.session.execute(sa.text("CHECKPOINT"))
    found = db.session.scalar(sa.text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))
    db.session.rollback()
    return int(found)


def _log_of_postgres(begin: int, end: int) -> bytes:
    """The content of the pages from one position to another, the heads of pages left out."""
    folder, pages = Path(_shown("data_directory")) / "pg_wal", []
    for at in range(begin - begin % PAGE, end, PAGE):
        number, within = divmod(at, SEGMENT)
        [name] = folder.glob(f"????????{number // 256:08X}{number % 256:08X}")
        with open(name, "rb") as file:
            file.seek(within)
            pages.append(file.read(PAGE)[SHORT if within else LONG:])
    return b"".join(pages)


def files() -> bytes:
    """The bytes on the disk of the tables of ballots, one file after another."""
    if is_sqlite():
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
        # Read by another process: one that closes the file itself ends every lock that it holds on it.
        return subprocess.run(["cat", db.engine.url.database], stdout=subprocess.PIPE, check=True).stdout
    db.session.execute(sa.text("CHECKPOINT"))
    paths = [db.session.scalar(sa.text(f"SELECT pg_relation_filepath('{table.__tablename__}')"))
             for table in (Voter, Promise)]
    db.session.rollback()
    return b"".join((Path(_shown("data_directory")) / path).read_bytes() for path in paths)


def _shown(setting: str) -> str:
    found = db.session.execute(sa.text(f"SHOW {setting}")).scalar_one()
    db.session.rollback()
    return found


def log_of_the_server() -> str:
    """All that PostgreSQL has written so far (tests/servers/postgres.py puts it beside the data)."""
    return "" if is_sqlite() else (Path(_shown("data_directory")).parent / "log").read_text(errors="replace")
