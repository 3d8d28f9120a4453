"""The rows of every table: to tell that nothing changed, and to put back what did."""

import re
import sqlite3
from contextlib import closing
from functools import cache

import sqlalchemy as sa

from civic_forum.platform.base import db, is_sqlite

# When a session was last used is noted once a day by whatever page is opened first; the version of the site
# only makes pages in a cache old.
NOT_COUNTED = {("user_session", "seen_on"), ("site_version", "number"), ("site_version", "name")}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "CREATE", "DROP", "ALTER", "TRUNCATE")
COPIED = {"search_entry", "survey_letter", "opinion_letter", "live_token", "leaf"}
"""Tables that COPY writes to, past these statements, when another one has changed."""
WRITTEN = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


class Watch:
    """The tables that may have been written to since `clear()`, so that not all are read after every page."""

    def __init__(self, engine):
        self.engine, self.wrote = engine, set()
        sa.event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            named = WRITTEN.match(statement)
            self.wrote |= {named[1], *COPIED, *_followers(named[1])} if named else {*db.metadata.tables}

    def clear(self) -> None:
        self.wrote.clear()

    def end(self) -> None:
        sa.event.remove(self.engine, "before_cursor_execute", self._note)


@cache
def _followers(written: str) -> set[str]:
    """Tables in which the database itself changes something when this one is written to."""
    return {table.name for table in db.metadata.sorted_tables for key in table.foreign_keys
            if key.ondelete and key.column.table.name == written}


class Snapshot:
    """All rows of tables at one moment, as the database hands them out; of all of them unless some are named."""

    def __init__(self, among=None):
        with db.engine.connect() as connection:
            self.rows = {table: connection.exec_driver_sql(_whole(table)).all() for table in db.metadata.sorted_tables
                         if among is None or table.name in among}

    def changes(self, among) -> list[str]:
        """The names of the tables among these that hold something else now."""
        now = Snapshot(among).rows
        return sorted(table.name for table, rows in now.items()
                      if rows != self.rows[table] and _counted(table, self.rows) != _counted(table, now))


class Rows:
    """The rows that a PostgreSQL database had, to be written again where it has changed."""

    def __init__(self):
        with db.engine.connect() as connection:
            self.rows = {table: connection.execute(table.select()).all() for table in db.metadata.sorted_tables}

    def put_back(self, among) -> None:
        changed = [table for table in self.rows if table.name in among]
        with db.engine.begin() as connection:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for table in changed:
                connection.execute(table.delete())
                if self.rows[table]:
                    connection.execute(table.insert(), [row._asdict() for row in self.rows[table]])
            # It follows its entries by a reference, which a replica does not look after.
            connection.execute(sa.text("DELETE FROM search_index WHERE id NOT IN (SELECT id FROM search_entry)"))


class Pages:
    """A copy of an SQLite database, page by page: what is put back, its search index too, takes milliseconds."""

    def __init__(self):
        self.copy = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(db.engine.raw_connection()) as connection:
            connection.driver_connection.backup(self.copy)

    def put_back(self, _among) -> None:
        with closing(db.engine.raw_connection()) as connection:
            self.copy.backup(connection.driver_connection)


def saved() -> Rows | Pages:
    """The rows of the database now, to be put back at any time."""
    return Pages() if is_sqlite() else Rows()


@cache
def _whole(table) -> str:
    return "SELECT {} FROM {}".format(", ".join(f'"{column.name}"' for column in table.columns), f'"{table.name}"')


def _counted(table, rows) -> list[tuple]:
    kept = [position for position, column in enumerate(table.columns) if (table.name, column.name) not in NOT_COUNTED]
    return sorted((tuple(row[position] for position in kept) for row in rows[table]), key=repr)
