"""Settings that PostgreSQL must have: nothing of a vote in its logs or its history, nothing acknowledged and lost, and
what a cast reads after it waited for a lock is what stands there then."""

import sqlalchemy as sa

from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.errors import Unavailable

REQUIRED = {
    "log_statement": ("none",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_min_error_statement": ("panic",),
    "log_error_verbosity": ("terse",),
    "track_commit_timestamp": ("off",),
    "synchronous_commit": ("on", "remote_write", "remote_apply", "local"),
    "fsync": ("on",),
    "default_transaction_isolation": ("read committed",),
}
"""Setting → values with which the site starts, as PostgreSQL shows them."""
KEEPS_AN_ORDER = {"archive_mode": ("off",), "max_wal_senders": ("0",), "wal_level": ("minimal", "replica")}
"""Beside these no slot, while a box is open: whoever else has the write-ahead log has the order of voting."""
HOW = "Set {name} = {value} in postgresql.conf and restart PostgreSQL, then start the site again."


def wrong() -> list[str]:
    """A sentence for every setting that is not as it must be; empty on SQLite."""
    if is_sqlite():
        return []
    return [f"PostgreSQL runs with {name} = {setting}. {HOW.format(name=name, value=REQUIRED[name][0])}"
            for name, setting in _shown(REQUIRED).items() if setting not in REQUIRED[name]]


def refuse_wrong() -> None:
    """Raises Unavailable with the first one, so that nobody votes on a server that would tell or forget it."""
    for sentence in wrong():
        raise Unavailable(sentence)


def keeps_an_order() -> str | None:
    """Setting that would tell whoever sees the write-ahead log in which order people voted; None when none does."""
    if is_sqlite():
        return None
    for name, setting in _shown(KEEPS_AN_ORDER).items():
        if setting not in KEEPS_AN_ORDER[name]:
            return f"{name} = {setting}"
    if db.session.scalar(sa.text("SELECT count(*) FROM pg_replication_slots")):
        return "a replication slot"
    return None


def _shown(names) -> dict[str, str]:
    """As `SHOW` says it, without units; a setting that this version of PostgreSQL does not have is left out."""
    rows = db.session.execute(sa.text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"),
                              {"names": list(names)})
    return {row.name: row.setting for row in rows}
