"""Alembic's entry: the application's own engine and tables, all revisions in one transaction.

An upgrade reaches the newest revision or leaves the database as it was, also when it is killed.
Two processes that start at once wait for each other.
"""

import sqlalchemy as sa
from alembic import context

from civic_forum.platform.base import db
from civic_forum.platform.migrations import alone, include_object


def plainly(kind, item, _autogenerate):
    """A type of our own is written as what it is stored as: a revision does not depend on code that changes."""
    return f"sa.{type(item.impl_instance).__name__}()" if kind == "type" and isinstance(item,
                                                                                        sa.TypeDecorator) else False


def run() -> None:
    with db.engine.connect() as connection, alone(connection):
        context.configure(connection=connection, target_metadata=db.metadata, include_object=include_object,
                          compare_type=True, render_as_batch=True, render_item=plainly)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Revisions run against a database: there is no offline mode.")
run()
