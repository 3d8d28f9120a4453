"""The table `search_index`, which is made by hand: neither SQLAlchemy nor Alembic knows its kind."""

import sqlalchemy as sa

from civic_forum.platform import migrations

CREATE = {
    "sqlite": (
        # The tokens are made by rules.py; `ascii` cuts at spaces and leaves everything beyond ASCII alone.
        "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', columnsize=0, tokenize='ascii')",
        # FTS5 has no foreign keys: whoever empties the table of entries by hand empties the index as well.
        "CREATE TRIGGER tr_search_entry_emptied AFTER DELETE ON search_entry"
        " WHEN NOT EXISTS (SELECT 1 FROM search_entry)"
        " BEGIN INSERT INTO search_index(search_index) VALUES ('delete-all'); END",
    ),
    "postgresql": (
        "CREATE TABLE search_index ("
        "id bigint CONSTRAINT pk_search_index PRIMARY KEY"
        " CONSTRAINT fk_search_index_id REFERENCES search_entry (id) ON DELETE CASCADE,"
        " tokens tsvector NOT NULL)",
        "CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)",
    ),
}
migrations.made_by_hand("search_index", CREATE["sqlite"][1])
DROP = {
    "sqlite": ("DROP TRIGGER IF EXISTS tr_search_entry_emptied", "DROP TABLE IF EXISTS search_index"),
    "postgresql": ("DROP TABLE IF EXISTS search_index",),
}


def create(connection: sa.Connection) -> None:
    """Make the index beside an existing `search_entry`; for migrations and `create_all`."""
    for statement in CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def drop(connection: sa.Connection) -> None:
    """Take the index away, before `search_entry` goes."""
    for statement in DROP[connection.dialect.name]:
        connection.exec_driver_sql(statement)
