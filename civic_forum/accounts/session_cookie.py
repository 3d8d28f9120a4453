"""Sign-in as the cookie of a browser has it. When it was last used stands in no table: see decision 0044."""

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from flask import session

SECRET, USED = "_user_id", "used"
NOTED_EVERY = timedelta(minutes=1)


class SessionCookie(NamedTuple):
    secret: str | None
    used_at: datetime | None


def of_request() -> SessionCookie:
    secret, used = session.get(SECRET), session.get(USED)
    return SessionCookie(secret if isinstance(secret, str) else None,
                         datetime.fromtimestamp(used, timezone.utc) if isinstance(used, int) else None)


def note_use(at: datetime) -> None:
    session[USED] = int(at.timestamp())
