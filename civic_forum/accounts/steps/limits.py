"""Limits set by moderators on accounts, inside the caller's transaction, which holds their rows."""

from collections.abc import Mapping
from datetime import datetime

from ..models import User
from .sessions import end_all_sessions


def put_muted(muted: Mapping[User, datetime | None]) -> None:
    """Let users write nothing until then, or again (None)."""
    for user, until in muted.items():
        user.muted_until = until


def put_blocked(session, blocked: Mapping[User, tuple[datetime, datetime | None] | None]) -> None:
    """Block accounts since a moment and until another (None: not by itself), or let them in again (None).

    The sessions of those who are blocked end.
    """
    for user, given in blocked.items():
        user.blocked_at, user.blocked_until = given or (None, None)
    session.flush()
    end_all_sessions(session, [user.id for user, given in blocked.items() if given])
