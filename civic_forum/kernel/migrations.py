"""Revisions of the database, run from code."""

import logging

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade as _upgrade

from .base import db

OUTSIDE_METADATA = ("search_index", "ix_search_index")
"""Tables and indexes that start like this are made by hand in their feature's own schema."""


def include_object(_object, name, kind, _reflected, _compare_to) -> bool:
    """What Alembic compares: every table but those a feature makes by hand."""
    return not (kind in ("table", "index") and (name or "").startswith(OUTSIDE_METADATA))


def upgrade(revision: str = "head") -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _upgrade(revision=revision)


def differences() -> list:
    """What the models say and the tables do not; empty when they agree."""
    options = {"include_object": include_object, "compare_type": True}
    with db.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)
