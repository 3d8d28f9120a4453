"""What lies in every table: to tell that nothing changed, and to put back what did."""

import sqlite3
from contextlib import closing
from functools import cache

import sqlalchemy as sa

from civic_forum.kernel.base import db, is_sqlite

# When a session was last used is noted once a day by whatever page is opened first; the version of the site
# only makes pages in a cache old.
NOT_COUNTED = {("user_session", "seen_on"), ("site_version", "number"), ("site_version", "id")}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "CREATE", "DROP", "ALTER", "TRUNCATE")


class Watch:
    """Whether anything was written since `clear()`, so that tables need not be read after every page."""

    def __init__(self, engine):
        self.engine, self.wrote = engine, False
        sa.event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_rest) -> None:
        self.wrote = self.wrote or statement.lstrip().upper().startswith(WRITES)

    def clear(self) -> None:
        self.wrote = False

    def end(self) -> None:
        sa.event.remove(self.engine, "before_cursor_execute", self._note)


class Snapshot:
    """All rows of all tables at one moment, as the database hands them out."""

    def __init__(self):
        with db.engine.connect() as connection:
            self.rows = {table: connection.exec_driver_sql(_whole(table)).all() for table in db.metadata.sorted_tables}

    def changes(self) -> list[str]:
        """The names of the tables that hold something else now."""
        now = Snapshot()
        return sorted(table.name for table, rows in self.rows.items()
                      if rows != now.rows[table] and _counted(table, self.rows) != _counted(table, now.rows))


class Rows:
    """What was in a PostgreSQL database, to be written again where it has changed."""

    def __init__(self):
        self.then = Snapshot()
        with db.engine.connect() as connection:
            self.rows = {table: connection.execute(table.select()).all() for table in db.metadata.sorted_tables}

    def put_back(self) -> None:
        now = Snapshot()
        changed = [table for table in self.rows if self.then.rows[table] != now.rows[table]]
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

    def put_back(self) -> None:
        with closing(db.engine.raw_connection()) as connection:
            self.copy.backup(connection.driver_connection)


def saved() -> Rows | Pages:
    """What lies in the database now, to be put back at any time."""
    return Pages() if is_sqlite() else Rows()


@cache
def _whole(table) -> str:
    return "SELECT {} FROM {}".format(", ".join(f'"{column.name}"' for column in table.columns), f'"{table.name}"')


def _counted(table, rows) -> list[tuple]:
    kept = [position for position, column in enumerate(table.columns) if (table.name, column.name) not in NOT_COUNTED]
    return sorted((tuple(row[position] for position in kept) for row in rows[table]), key=repr)
