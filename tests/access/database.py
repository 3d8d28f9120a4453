"""What lies in every table: to tell that nothing changed, and to put back what did."""

import sqlalchemy as sa

from civic_forum.kernel.base import db

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
    """All rows of all tables at one moment."""

    def __init__(self):
        with db.engine.connect() as connection:
            self.rows = {table: connection.execute(table.select()).all() for table in db.metadata.sorted_tables}

    def changes(self) -> list[str]:
        """The names of the tables that hold something else now."""
        now = Snapshot()
        return sorted(table.name for table in self.rows if _counted(table, self.rows) != _counted(table, now.rows))

    def put_back(self) -> None:
        with db.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            else:
                connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
            for table in reversed(self.rows):
                connection.execute(table.delete())
            for table, rows in self.rows.items():
                if rows:
                    connection.execute(table.insert(), [row._asdict() for row in rows])


def _counted(table, rows) -> list[tuple]:
    kept = [position for position, column in enumerate(table.columns) if (table.name, column.name) not in NOT_COUNTED]
    return sorted((tuple(row[position] for position in kept) for row in rows[table]), key=repr)
