"""Copying a whole database to a file and back: by SQLite itself, or by PostgreSQL's own programs.

Each copy is one consistent moment, and no writer waits for it. Each way back happens wholly or not at all.
"""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path
from secrets import token_hex
from types import MappingProxyType

import sqlalchemy as sa

from .errors import Conflict, Invalid, Unavailable

NAMES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
"""What the copy of each database is called."""
INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian keeps PostgreSQL's programs, beside PATH."""
STOP_THE_SITE = "Something is connected to this database. Stop the site and its background work, then restore again."
PATIENCE = 5
"""Seconds in which others may leave a database that is to be put back."""
OTHERS = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                 " AND backend_type = 'client backend'")
RESTRICTED = "--restrict-key={}"
"""A dump may hold what psql would run as a command of the system; psql refuses it from here on until it reads this key,
which nobody could know. Programs that are older than this option (August 2025) refuse it, and nothing is put back."""
LOCK_PATIENCE = "30s"
"""How long a copy waits for its turn to put tables in order."""
EMPTY = """
    SET lock_timeout = '10s';
    DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename);
        END LOOP;
    END $$;"""


def refuse_missing(url: sa.URL) -> None:
    """Raises Unavailable where SQLite's file is not there: whoever connects makes an empty one."""
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        raise Unavailable(f"There is no database {url.database}.")


def copy(url: sa.URL, target: Path, in_order: Mapping[str, str] = MappingProxyType({})) -> None:
    """Write the database into the new file `target`, the rows of some tables in the order of an index.

    SQLite writes every table in the order of its primary key. PostgreSQL's dump has them as they lie.
    """
    if url.get_backend_name() == "sqlite":
        there = Path(str(url.database)).absolute().as_uri()
        with closing(sqlite3.connect(f"{there}?mode=rw", uri=True, timeout=30)) as live:
            live.execute("VACUUM INTO ?", (str(target),))
    else:
        with _snapshot(url, in_order) as snapshot:
            _run(url, "pg_dump", "--format=custom", f"--file={target}", f"--snapshot={snapshot}")
    with open(target, "rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _snapshot(url: sa.URL, in_order: Mapping[str, str]) -> Iterator[str]:
    """The name of a moment at which these tables lay in order: taken while nobody could write to them.

    Rows that come after it lie at the end of the file, and the dump does not see them.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as reader, engine.connect() as writer:
        there = set(sa.inspect(writer).get_table_names())
        writer.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}'"))
        for table, index in in_order.items():
            if table in there:
                writer.exec_driver_sql(f'CLUSTER "{table}" USING "{index}"')
        reader.execution_options(isolation_level="REPEATABLE READ")
        name = reader.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        writer.commit()
        yield name


class Copy:
    """The database of a backup, to be looked at before it is put back (`backup_parts.Copied`)."""

    def __init__(self, url: sa.URL, source: Path):
        self._url, self._source = url, source

    def rows(self, table: str, *columns: str) -> list[dict[str, object]]:
        """Rows of a table: bytes, whole numbers and texts; empty where the copy has no such table."""
        if self._url.get_backend_name() == "sqlite":
            return self._rows_of_sqlite(table, columns)
        return self._rows_of_dump(table, columns)

    def _rows_of_sqlite(self, table: str, columns: tuple[str, ...]) -> list[dict[str, object]]:
        with closing(sqlite3.connect(f"{self._source.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copied:
            if not copied.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone():
                return []
            named = ", ".join(f'"{column}"' for column in columns)
            return [dict(zip(columns, row, strict=True)) for row in copied.execute(f'SELECT {named} FROM "{table}"')]

    def _rows_of_dump(self, table: str, columns: tuple[str, ...]) -> list[dict[str, object]]:
        """Rows that `pg_restore` gives to COPY: a line each, tabs between, bytes as hex."""
        lines = iter(_run(self._url, "pg_restore", "--data-only", f"--table={table}", "--file=-",
                          str(self._source)).split("\n"))
        begin = next((line for line in lines if line.startswith("COPY ")), None)
        if begin is None:
            return []
        names = [name.strip().strip('"') for name in begin[begin.index("(") + 1:begin.index(")")].split(",")]
        told = takewhile(lambda line: line != "\\.", lines)
        rows = (dict(zip(names, line.split("\t"), strict=True)) for line in told)
        return [{column: _value(row[column]) for column in columns} for row in rows]


def _value(text: str) -> object:
    if text == "\\N":
        return None
    if text.startswith("\\\\x"):
        return bytes.fromhex(text[3:])
    return int(text) if text.lstrip("-").isdecimal() else text


def check(url: sa.URL, source: Path) -> None:
    """Raise Invalid when this file cannot be read to its end as a copy of such a database."""
    if url.get_backend_name() != "sqlite":
        if " TABLE DATA public alembic_version " not in _run(url, "pg_restore", "--list", str(source)):
            raise Invalid("The copy of the database is damaged.")
        _run(url, "pg_restore", RESTRICTED.format(token_hex(16)), "--file=/dev/null", str(source))
        return
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copied:
        try:
            fine = copied.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        except sqlite3.DatabaseError:
            fine = False
    if not fine:
        raise Invalid("The copy of the database is damaged.")


def put_back(url: sa.URL, source: Path) -> None:
    """Make the database what the checked copy says. Raises Conflict when somebody else is connected to it."""
    if url.get_backend_name() == "sqlite":
        _put_back_sqlite(Path(str(url.database)), source)
    else:
        _put_back_postgres(url, source)


def _put_back_sqlite(target: Path, source: Path) -> None:
    """The file takes the place of the old one in one step, once the old one's log is closed and gone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.restored")
    fresh.unlink(missing_ok=True)
    try:
        shutil.copyfile(source, fresh)
        fresh.chmod(0o600)
        with open(fresh, "rb") as file:
            os.fsync(file.fileno())
        with _alone(target):
            os.replace(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Leaving the log behind (WAL) is only possible for the last connection there is."""
    if not target.exists():
        yield
        return
    live = sqlite3.connect(target, timeout=PATIENCE, isolation_level=None)
    try:
        try:
            live.execute("PRAGMA journal_mode = DELETE")
            live.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as busy:
            raise Conflict(STOP_THE_SITE) from busy
        except sqlite3.DatabaseError:
            _forget_log(target)  # damaged: that may be why it is restored
        yield
    finally:
        live.close()


def _forget_log(target: Path) -> None:
    for ending in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + ending).unlink(missing_ok=True)


def _refuse_others(url: sa.URL) -> None:
    """Raises Conflict where others stay connected: the server needs a moment to let go of whoever has hung up."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    until = time.monotonic() + PATIENCE
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(OTHERS).scalar_one():
            if time.monotonic() > until:
                raise Conflict(STOP_THE_SITE)
            time.sleep(0.1)


def _put_back_postgres(url: sa.URL, source: Path) -> None:
    _refuse_others(url)
    reading = subprocess.Popen([program("pg_restore"), RESTRICTED.format(token_hex(16)), "--no-owner",
                                "--no-privileges", "--file=-", str(source)],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        _run(url, "psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1",
             "--single-transaction", f"--command={EMPTY}", "--file=-", stdin=reading.stdout)
    finally:
        reading.stdout.close()
        reading.wait()


def program(name: str) -> str:
    """The newest installed one of PostgreSQL's programs. Raises Unavailable when there is none."""
    versions = sorted(INSTALLED.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3].split(".")[0]))
    path = str(versions[-1]) if versions else shutil.which(name)
    if not path:
        raise Unavailable(f"{name} is missing. Install PostgreSQL's client programs (Debian: postgresql-client).")
    return path


def _run(url: sa.URL, name: str, *arguments: str, stdin=subprocess.DEVNULL) -> str:
    """Output of one of PostgreSQL's programs on this database; the password stands in no list of processes."""
    address = sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    command = [program(name), *arguments] + ([] if name == "pg_restore" else [f"--dbname={address.render_as_string()}"])
    password = {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run(command, env=os.environ | password, stdin=stdin, capture_output=True, text=True,
                          errors="replace")
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["failed"]
        raise Invalid(lines[0].strip())
    return done.stdout
