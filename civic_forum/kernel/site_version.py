"""A short text that changes with every committed change, cheap to read.

PostgreSQL: the current snapshot, which two moments share only if they see the same rows.
SQLite: a counter that every use-case raises under the write lock it holds anyway.
"""

import sqlite3
from secrets import randbelow
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .base import Key, db, is_sqlite


class SiteVersion(db.Model):
    __tablename__ = "site_version"

    id: Mapped[Key]
    number: Mapped[int]


_read = "SELECT number FROM site_version WHERE id = 1"
_read_snapshot = sa.text("SELECT pg_current_snapshot()::text")
_bump = sa.text("UPDATE site_version SET number = number + 1 WHERE id = 1")
_leap = sa.text("INSERT INTO site_version (id, number) VALUES (1, :number)"
                " ON CONFLICT (id) DO UPDATE SET number = excluded.number")
_first = sa.text("INSERT INTO site_version (id, number) VALUES (1, 1)")


_readers: WeakKeyDictionary[sa.Engine, sqlite3.Connection] = WeakKeyDictionary()
"""On SQLite a connection that only asks this: a tenth of the cost of a session, at every page of a visitor."""


def current() -> str:
    if not is_sqlite():
        return db.session.execute(_read_snapshot).scalar_one()
    try:
        row = _reader(db.engine).execute(_read).fetchone()
    except sqlite3.Error:
        row = db.session.execute(sa.text(_read)).fetchone()  # and its troubles are everybody's
    return str(row[0] if row else 0)


def _reader(engine: sa.Engine) -> sqlite3.Connection:
    if engine not in _readers:
        _readers[engine] = sqlite3.connect(engine.url.database, isolation_level=None, check_same_thread=False)
        sa.event.listen(engine, "engine_disposed", _forget)
    return _readers[engine]


def _forget(engine: sa.Engine) -> None:
    if reader := _readers.pop(engine, None):
        reader.close()


def mark() -> int:
    """Mark at the beginning of a transaction, for `bump`."""
    return _changes() if is_sqlite() else 0


def bump(before: int) -> None:
    """Say that something changed, if anything did since the mark; inside the transaction that changed it."""
    if is_sqlite() and _changes() != before and not db.session.execute(_bump).rowcount:
        db.session.execute(_first)


def _changes() -> int:
    """Number of rows that this connection has written so far."""
    return db.session.connection().connection.dbapi_connection.total_changes


def leap() -> None:
    """After a restore: a version at which no page was ever made. (A snapshot of PostgreSQL never returns.)"""
    if is_sqlite():
        with db.engine.begin() as connection:
            connection.execute(_leap, {"number": randbelow(2 ** 61)})
