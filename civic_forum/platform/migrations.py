"""Revisions of the database, run from code. They only go forward: the way back is a backup."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from . import erasure, start_checks
from .base import db
from .errors import Conflict

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)
_made_by_hand: set[str] = set()
_triggers: set[str] = set()
"""Statements that made those of the site."""
TRIGGERS = {"sqlite": "SELECT name, replace(sql, '\"', '') FROM sqlite_master WHERE type = 'trigger'",
            "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"}
LOCK = 0x63697669
"""The advisory lock under which PostgreSQL is upgraded; the number says only `civi`."""


def made_by_hand(name: str, *triggers: str) -> None:
    """Tables and indexes whose names start like this are made in their feature's own schema, past the models; so are
    these triggers."""
    _made_by_hand.update((name, f"ix_{name}"))
    _triggers.update(triggers)


@start_checks.before_serving
def refuse_triggers() -> None:
    """Raises Conflict where the database does by itself what the site did not tell it, with every change."""
    with db.engine.connect() as connection:
        names = sorted(name for name, made_by in connection.exec_driver_sql(TRIGGERS[connection.dialect.name])
                       if made_by not in _triggers)
    if names:
        raise Conflict(f"The database has triggers that the site did not make: {', '.join(names)}. Somebody put them "
                       "there, and they change what the site writes. Ask who, then remove them (DROP TRIGGER).")


def watch_triggers() -> None:
    """Raise the alarm where somebody put one there since the start."""
    try:
        refuse_triggers()
    except Conflict as reason:
        log.critical("ALARM: %s", reason)


def include_object(_object, name, kind, _reflected, _compare_to) -> bool:
    """True for what Alembic compares: every table but those a feature makes by hand."""
    return not (kind in ("table", "index") and (name or "").startswith(tuple(_made_by_hand)))


def upgrade(revision: str = "head") -> None:
    """Bring the database to this revision. Raises Conflict when a newer version of the site made it."""
    from alembic import command
    logging.getLogger("alembic").setLevel(logging.WARNING)
    refuse_unknown(current())
    db.session.remove()
    command.upgrade(config(), revision)
    erasure.forget_deleted([])  # what was sealed or deleted stands in the log until it is cut off


def config() -> "Config":
    """Of Alembic, for the revisions of this application."""
    from alembic.config import Config
    folder = current_app.config["MIGRATIONS"]
    made = Config(Path(folder, "alembic.ini"))
    made.set_main_option("script_location", folder)
    return made


def current() -> set[str]:
    """The revision that the database is at; empty when there are no tables yet."""
    with db.engine.connect() as connection:
        return revisions_of(connection)


def revisions_of(connection: sa.Connection) -> set[str]:
    there = sa.inspect(connection).has_table("alembic_version")
    return set(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()) if there else set()


def newest() -> set[str]:
    """The revision that this version of the site needs: revisions are one line, and files begin with their numbers."""
    return {max(_known())}


def refuse_unknown(revisions: set[str]) -> None:
    if unknown := revisions - _known():
        raise Conflict(f"The database is at revision {', '.join(sorted(unknown))}, which this version of the site "
                       "does not know. Use the version that made it, or a newer one.")


def _known() -> set[str]:
    return {path.name.split("_")[0] for path in Path(current_app.config["MIGRATIONS"], "versions").glob("[0-9]*_*.py")}


@contextmanager
def alone(connection: sa.Connection) -> Iterator[None]:
    """One transaction that nobody else upgrades in. On SQLite tables may be rebuilt in it: references
    are checked at its end rather than while the table they lead to is away."""
    if connection.dialect.name != "sqlite":
        with connection.begin():
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.execution_options(sqlite_begin="IMMEDIATE").begin():
            yield
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone():
                raise Conflict(f"A revision left a row of {broken[0]} without its {broken[2]}; nothing was changed.")
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def differences() -> list:
    """Differences between the models and the tables; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    options = {"include_object": include_object, "compare_type": True}
    with db.engine.connect() as connection, warnings.catch_warnings():
        # SQLAlchemy cannot read indexes on expressions back from SQLite; a test compares them word by word.
        warnings.filterwarnings("ignore", message=".*expression-based index")
        return compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)
