"""Versions of the tables: numbers that grow with every committed change, cheap to read.

Whatever is kept of a page (`blocks.sections`) stands while the tables that it was read from do; a whole page
(`platform.delivery`) stands while all do. The numbers are raised inside the transaction that changes a table, just
before its commit. On PostgreSQL no writer waits for another: where the row of a table is just being raised it raises,
or makes, another row of it (`comment#81f3a2`), and the version of a table is the sum of its rows. Commits become
visible in one order for everybody, so each sum stands for one state.
"""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from .base import WRITTEN, db, is_sqlite


class SiteVersion(db.Model):
    """The version of one table."""

    __tablename__ = "site_version"

    name: Mapped[str] = mapped_column(sa.String(63), primary_key=True)
    number: Mapped[int]


OWN = SiteVersion.__tablename__
UNVERSIONED = frozenset({OWN, "audit_entry"})
"""Tables without a version: every use-case writes a line of the log, and all would wait for each other there."""
QUIET: set[str] = set()
"""Tables of which `unmarked` changes leave no version behind: whatever shows them holds to the end of its minute."""
VERSIONS = "versions"
"""Key of the versions that a connection knows until its transaction ends."""
FIRST_BYTES = 5
"""A table begins at any number of so many: after a restore at none at which anything was kept."""
_WORD, _CHANGES = re.compile(r"\w+"), re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
ANOTHER = "#"
"""In the name of a row that was made while others of its table were being raised."""
_RAISE_SQLITE = f"INSERT INTO {OWN} (name, number) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = number + 1"
_RAISE_POSTGRESQL = f"""
WITH changed AS (SELECT unnest(%s::text[]) AS name),
free AS MATERIALIZED (SELECT free_row.name FROM changed CROSS JOIN LATERAL (
  SELECT name FROM {OWN} WHERE split_part(name, '{ANOTHER}', 1) = changed.name
  ORDER BY length(name) LIMIT 1 FOR UPDATE SKIP LOCKED) AS free_row),
raised AS (UPDATE {OWN} SET number = number + 1 FROM free WHERE {OWN}.name = free.name RETURNING {OWN}.name)
INSERT INTO {OWN} (name, number)
SELECT CASE WHEN EXISTS (SELECT 1 FROM {OWN} WHERE {OWN}.name = changed.name) THEN changed.name || %s
  ELSE changed.name END, %s FROM changed WHERE changed.name NOT IN (SELECT split_part(name, '{ANOTHER}', 1) FROM raised)
ON CONFLICT (name) DO UPDATE SET number = {OWN}.number + 1"""
_read_all = f"SELECT name, number FROM {OWN}"
_read_sum = f"SELECT sum(number) FROM {OWN}"
_reading: ContextVar["Read | None"] = ContextVar("tables_read", default=None)
_unmarked: ContextVar[bool] = ContextVar("changes_unmarked", default=False)
_readers: WeakKeyDictionary[sa.Engine, sqlite3.Connection] = WeakKeyDictionary()
"""On SQLite a connection that only asks for the sum: a tenth of the cost of a session, at every page of a visitor."""


def current() -> str:
    """The version of all tables together."""
    if not is_sqlite():
        return str(sum(of_tables().values()))
    try:
        row = _reader(db.engine).execute(_read_sum).fetchone()
    except sqlite3.Error:
        row = db.session.execute(sa.text(_read_sum)).fetchone()  # and its troubles are everybody's
    return str(row[0] if row else 0)


def _reader(engine: sa.Engine) -> sqlite3.Connection:
    if engine not in _readers:
        _readers[engine] = sqlite3.connect(engine.url.database, isolation_level=None, check_same_thread=False)
        sa.event.listen(engine, "engine_disposed", _forget)
    return _readers[engine]


def _forget(engine: sa.Engine) -> None:
    if reader := _readers.pop(engine, None):
        reader.close()


def of_tables() -> Mapping[str, int]:
    """The version of each table that was ever changed, as this transaction sees it or saw it before."""
    connection = db.session.connection()
    known = connection.info.get(VERSIONS)
    if known is None:
        rows: Any = connection.exec_driver_sql(_read_all).all()
        known = connection.info[VERSIONS] = dict(rows)
        for name in [name for name in known if ANOTHER in name]:
            known[name.partition(ANOTHER)[0]] += known.pop(name)
    return known


def of_table(name: str) -> tuple[int | None, bool]:
    """The version of a table, and whether this transaction has changed what nobody else sees yet in it; noted as read.
    """
    note_read((name,))
    here = db.session.connection().info
    return (here.get(VERSIONS) or of_tables()).get(name), name in here.get(WRITTEN, ())


def is_unused(name: str) -> bool:
    """True if nothing was ever written into a table."""
    return of_table(name) == (None, False)


class Read(set[str]):
    """Names of tables that were read, and the statements with their parameters, for whoever asks them again."""

    asked: dict[tuple[str, str], Any]
    unasked: set[str]
    """Tables that were read by no statement here."""


@contextmanager
def tables_read() -> Iterator[Read]:
    """The names of the tables that were read within the block; those of blocks within it are not added."""
    names = Read()
    names.asked, names.unasked = {}, set()
    token = _reading.set(names)
    try:
        yield names
    finally:
        _reading.reset(token)


def answer(statement: str, parameters: Any) -> bytes:
    """A digest of what the database answers in this transaction."""
    cursor = db.session.connection().connection.cursor()
    try:
        cursor.execute(statement, parameters)
        return blake2b(repr(cursor.fetchall()).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    finally:
        cursor.close()


def note_read(names: Iterable[str]) -> None:
    """Say that these tables were read, by whoever kept what was read from them."""
    if (reading := _reading.get()) is not None:
        reading.update(names)
        reading.unasked.update(names)


@contextmanager
def unmarked() -> Iterator[None]:
    """Changes of tables that are `quiet` raise no version within the block."""
    token = _unmarked.set(True)
    try:
        yield
    finally:
        _unmarked.reset(token)


def quiet(*models: type[db.Model]) -> None:  # type: ignore[name-defined]
    """Say of which tables transactions that leave no trace write."""
    QUIET.update(model.__tablename__ for model in models)


def prepare_engine(engine: sa.Engine) -> None:
    """Note what each transaction of a session changes, and raise its versions when it is committed."""
    sa.event.listen(engine, "after_cursor_execute", _note)
    sa.event.listen(engine, "commit", _end)
    sa.event.listen(engine, "rollback", _end)
    sa.event.listen(engine, "checkin", lambda _connection, record: _forget_all(record.info))


def _note(connection: sa.Connection, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
    if (reading := _reading.get()) is not None:
        reading |= named_in(statement)
        if cursor.description:
            reading.asked[statement, repr(parameters)] = parameters
    if statement.startswith("SELECT") or not (cursor.rowcount or cursor.description):
        return  # what a statement gives back, the driver of SQLite counts only later
    if changed := _changed_by(statement) - QUIET if _unmarked.get() else _changed_by(statement):
        connection.info.setdefault(WRITTEN, set()).update(changed)
        connection.info.pop(VERSIONS, None)


@cache
def _tables() -> frozenset[str]:
    return frozenset(db.metadata.tables)


@lru_cache(4096)
def named_in(statement: str) -> frozenset[str]:
    """Tables whose names stand in a statement: rather one too many than one too few."""
    return _tables().intersection(_WORD.findall(statement))


@lru_cache(4096)
def _changed_by(statement: str) -> frozenset[str]:
    """Tables that a statement changes, with those of which the database takes rows away with theirs."""
    names = _tables().intersection(_CHANGES.findall(statement))
    return (names.union(*(_following(name) for name in names)) if "DELETE" in statement else names) - UNVERSIONED


@cache
def _following(name: str) -> frozenset[str]:
    """Tables whose rows go or change when a row of this one is deleted."""
    near = {table.name for table in db.metadata.tables.values() for key in table.foreign_keys
            if key.ondelete and key.column.table.name == name and table.name != name}
    return frozenset(near).union(*(_following(neighbour) for neighbour in near))


@sa.event.listens_for(db.session, "before_commit")
def _raise(session: Session) -> None:
    """In the transaction that is about to be committed, once all is written."""
    if session.in_nested_transaction():
        return
    session.flush()
    connection = session.connection()
    if names := sorted(connection.info.pop(WRITTEN, ())):
        first = 1 + int.from_bytes(os.urandom(FIRST_BYTES), "big")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_RAISE_SQLITE, [(name, first) for name in names])
        else:
            connection.exec_driver_sql(_RAISE_POSTGRESQL, (names, ANOTHER + os.urandom(4).hex(), first))


def _end(connection: sa.Connection) -> None:
    if connection.invalidated:
        return  # what it knew went with it
    _forget_all(connection.info)


def _forget_all(known: dict[Any, Any]) -> None:
    known.pop(VERSIONS, None)
    known.pop(WRITTEN, None)


def leap() -> None:
    """After a restore: versions at which nothing was ever kept."""
    db.session.execute(sa.delete(SiteVersion))
    db.session.connection().info[WRITTEN] = set(_tables() - UNVERSIONED)
    db.session.commit()
