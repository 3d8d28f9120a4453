"""The lock of a box: casts hold it together, the closer alone. Taken first, and only then the clock is read.

PostgreSQL: advisory locks, which leave nothing on any row and queue fairly. SQLite: whoever writes is alone already.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from hashlib import sha256

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.platform import clock
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.policy import require

_LABEL = b"civic-forum/box/"


def acting(by: User, may: Callable[..., str | None], about: object = None, *, beside: Collection[int] = ()) -> User:
    """The actor, read again and held with the accounts `beside`: before any box. Raises Denied unless they may."""
    actor = people.held(by.id, *beside)[by.id]
    require(actor, may, about)
    return actor


def take_lock(*box_ids: bytes) -> datetime:
    """Hold the locks of these boxes together with other casts until the transaction ends. Several are taken in one
    order, so that nobody waits in a circle. Returns the database's clock as it was read once all of them were held."""
    return _take("pg_advisory_xact_lock_shared", box_ids)


def take_lock_alone(*box_ids: bytes) -> datetime:
    """Wait until no cast is under way, and let none begin: to close a box, or to strike an entry of its roll."""
    return _take("pg_advisory_xact_lock", box_ids)


SIGNING = 0x7369676E
"""The advisory lock of the signing key; it says `sign`. Preparing and opening a box hold it together, a rotation
alone."""


def hold_signing() -> None:
    """Let nobody make a new signing key until the transaction ends."""
    _advisory("pg_advisory_xact_lock_shared")


def take_signing_alone() -> None:
    """Wait for whoever prepares or opens a box, and let nobody begin."""
    _advisory("pg_advisory_xact_lock")


def _advisory(function: str) -> None:
    if not is_sqlite():
        db.session.execute(sa.select(getattr(sa.func, function)(SIGNING)))


def lock_key(box_id: bytes) -> int:
    """The number that PostgreSQL knows the lock by."""
    return int.from_bytes(sha256(_LABEL + box_id).digest()[:8], "big", signed=True)


def _take(function: str, box_ids: tuple[bytes, ...]) -> datetime:
    if not box_ids:
        raise ValueError("no box to lock")
    if is_sqlite():
        return clock.now()
    connection = db.session.connection()
    moment: datetime
    for key in sorted(set(map(lock_key, box_ids))):
        moment = connection.execute(_statement(function), {"key": key}).scalar_one()
    return moment.astimezone(timezone.utc) + timedelta(seconds=clock.offset_seconds())


@lru_cache(maxsize=2)
def _statement(function: str) -> sa.TextClause:
    """Lock and clock in one round trip: the clock waits for what the lock returns."""
    return sa.text(f"WITH held AS MATERIALIZED (SELECT {function}(:key)::text AS it)"
                   " SELECT clock_timestamp() FROM held WHERE it = ''")
