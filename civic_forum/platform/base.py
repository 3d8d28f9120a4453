"""The database handle and the conventions that every table follows."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as SignallingSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, MappedColumn, ORMExecuteState, Session, mapped_column, registry

from . import clock

R = TypeVar("R")
log = logging.getLogger(__name__)
NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


BULK_GUARDS: dict[type, Callable[[ORMExecuteState], None]] = {}
"""By the class of a table: asked before a statement updates or deletes many of its rows, none of which is read."""


class Instant(sa.TypeDecorator[datetime]):
    """An aware moment, stored in UTC. Naive datetimes are refused."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime refused")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value, dialect):
        return value and value.replace(tzinfo=timezone.utc)

    def result_processor(self, dialect, coltype):
        """One call for a value, for these stand in every row."""
        read = self.impl_instance.result_processor(dialect, coltype)

        def aware(value):
            moment = read(value) if read else value
            return moment and moment.replace(tzinfo=timezone.utc)

        return aware


class Member(sa.Enum):
    """Members of a StrEnum by their values; read without a call for each."""

    def result_processor(self, dialect, coltype):
        return _Members({None: None} | self._object_lookup).__getitem__


class _Members(dict[str | None, StrEnum | None]):
    """Members by value."""

    def __missing__(self, value):
        raise LookupError(f"{value!r} is none of {', '.join(sorted(filter(None, self)))}")


Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Key = Annotated[int, mapped_column(Number, primary_key=True)]


class Base(DeclarativeBase):
    registry = registry(metadata=sa.MetaData(naming_convention=NAMING),
                        type_annotation_map={datetime: Instant(), int: Number})


AT_ONCE = 1_000
WRITTEN = "written"
"""Names of the tables that a transaction has changed, among what its connection knows (`platform.site_version`)."""
IDLE_S = 1.0
"""After so long a connection to PostgreSQL is asked whether it still stands."""


class SiteSession(SignallingSession):
    """The session of a request. When it ends, a connection that died is thrown away: what was answered is answered."""

    def close(self) -> None:
        try:
            super().close()
        except (sa.exc.DBAPIError, sa.exc.InvalidRequestError) as gone:
            log.error("connection thrown away: %s", type(gone).__name__)
            self.invalidate()


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": SiteSession})


def enum_of(kind: type[StrEnum], name: str) -> Member:
    """A column of `kind`, stored by value; the check constraint is called `<name>_is_known`."""
    return Member(kind, native_enum=False, create_constraint=True, name=f"{name}_is_known", length=40,
                   values_callable=lambda members: [member.value for member in members])


def ref(column: str, **kwargs) -> MappedColumn[Any]:
    """A foreign key column, indexed unless said otherwise: `ref("user.id")`."""
    kwargs.setdefault("index", True)
    return mapped_column(Number, sa.ForeignKey(column, ondelete=kwargs.pop("ondelete", None)), **kwargs)


def store(session: Session, record: R) -> R:
    """The record, written to the database, so that it has its id."""
    session.add(record)
    session.flush()
    return record


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def upsert(table) -> sqlite.Insert | postgresql.Insert:
    """The INSERT of this database that knows what to do about a row that is there (`on_conflict_…`)."""
    return (sqlite.insert if is_sqlite() else postgresql.insert)(table)


def partial_index(name: str, *columns: str | sa.ColumnElement[Any], where: str, unique: bool = False) -> sa.Index:
    """An index of the rows of which this is true, on both databases."""
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def insert_all(model: type[Base], columns: Sequence[str], rows: Iterable[tuple]) -> None:
    """Insert a great many rows, in their order, as the driver takes their values; on PostgreSQL by COPY. Raises what
    any statement of a session raises."""
    connection, into = db.session.connection(), f"{model.__tablename__} ({', '.join(columns)})"
    if connection.dialect.name == "sqlite":
        insert, waiting = f"INSERT INTO {into} VALUES ({', '.join('?' * len(columns))})", iter(rows)
        while some := list(islice(waiting, AT_ONCE)):
            connection.exec_driver_sql(insert, some)
        return
    statement, wrong = f"COPY {into} FROM STDIN", connection.dialect.loaded_dbapi.Error
    try:
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        connection.info.setdefault(WRITTEN, set()).add(model.__tablename__)
    except wrong as trouble:
        raise sa.exc.DBAPIError.instance(statement, None, trouble, wrong, hide_parameters=True) from trouble


def database_now() -> datetime:
    """The clock that all workers agree on: the database's; on SQLite the process's."""
    if is_sqlite():
        return clock.now()
    moment = db.session.scalar(sa.text("SELECT clock_timestamp()"))
    return moment.astimezone(timezone.utc) + timedelta(seconds=clock.offset_seconds())


def _prepare_sqlite(connection, _record):
    """Let SQLAlchemy, not the driver, decide when a transaction begins."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000",
                   "cache_size = -32000", "temp_store = MEMORY", "mmap_size = 268435456", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection):
    """Readers begin gently; a use-case takes the write lock at once."""
    how = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {how}")


def _note_return(_connection, record):
    record.info["returned"] = time.monotonic()


def _ask_whether_there(dialect, connection, record):
    """A connection that lay idle may be broken. One that was just used is not asked: that would be a round trip for
    every transaction."""
    if time.monotonic() - record.info.get("returned", time.monotonic()) > IDLE_S:
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error:
            raise sa.exc.InvalidatePoolError from None


@sa.event.listens_for(Session, "do_orm_execute")
def _ask_guard(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper and state.bind_mapper.class_ in BULK_GUARDS:
        BULK_GUARDS[state.bind_mapper.class_](state)


def prepare_engine(engine: sa.Engine) -> None:
    """Set up what every connection of this engine needs."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        sa.event.listen(engine, "checkin", _note_return)
        sa.event.listen(engine, "checkout", lambda connection, record, _fairy: _ask_whether_there(
            engine.dialect, connection, record))


class array_elements(GenericFunction[Any]):
    """Elements of an array in JSON, as rows."""

    inherit_cache = True
    name = "json_array_elements_text"


@compiles(array_elements, "sqlite")
def _array_elements(element: Any, compiler: Any, **more: Any) -> str:
    return f"json_each{compiler.process(element.clause_expr, **more)}"


class begin_of_day(GenericFunction[datetime]):
    """The moment at which a date begins in UTC: in Korea it is the morning of the same day."""

    inherit_cache = True
    type = Instant()


@compiles(begin_of_day)
def _begin_of_day(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} AS TIMESTAMP)"


@compiles(begin_of_day, "sqlite")
def _begin_of_day_as_text(element: Any, compiler: Any, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)} || ' 00:00:00.000000')"
