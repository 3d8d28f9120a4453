"""Alembic's entry: the application's own engine and tables."""

from alembic import context
from flask import current_app

from civic_forum.kernel.base import db
from civic_forum.kernel.migrations import include_object


def run() -> None:
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, include_object=include_object,
                          compare_type=True, render_as_batch=True, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Revisions run against a database: there is no offline mode.")
run()
