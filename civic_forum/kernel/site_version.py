"""A short text that changes with every committed change, cheap to read.

PostgreSQL: the current snapshot, which two moments share only if they see the same rows.
SQLite: a counter that every use-case raises under the write lock it holds anyway.
"""

from secrets import randbelow

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .base import Key, db, is_sqlite


class SiteVersion(db.Model):
    __tablename__ = "site_version"

    id: Mapped[Key]
    number: Mapped[int]


_read = sa.text("SELECT number FROM site_version WHERE id = 1")
_read_snapshot = sa.text("SELECT pg_current_snapshot()::text")
_bump = sa.text("UPDATE site_version SET number = number + 1 WHERE id = 1")
_leap = sa.text("INSERT INTO site_version (id, number) VALUES (1, :number)"
                " ON CONFLICT (id) DO UPDATE SET number = excluded.number")
_first = sa.text("INSERT INTO site_version (id, number) VALUES (1, 1)")


def current() -> str:
    if is_sqlite():
        return str(db.session.execute(_read).scalar() or 0)
    return db.session.execute(_read_snapshot).scalar_one()


def bump() -> None:
    """Say that something changed; inside the transaction that changes it."""
    if is_sqlite() and not db.session.execute(_bump).rowcount:
        db.session.execute(_first)


def leap() -> None:
    """After a restore: a version at which no page was ever made. (A snapshot of PostgreSQL never returns.)"""
    if is_sqlite():
        with db.engine.begin() as connection:
            connection.execute(_leap, {"number": randbelow(2 ** 61)})
