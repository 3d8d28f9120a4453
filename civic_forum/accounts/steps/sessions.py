"""Opening and ending sessions inside the caller's transaction."""

from collections.abc import Collection
from datetime import datetime
from secrets import token_urlsafe

import sqlalchemy as sa

from civic_forum.platform.i18n import local

from ..models import User, UserSession
from ..queries.sessions import secret_hash


def open_session(session, user: User, *, device: str, at: datetime, second_factor: bool = False) -> str:
    """A new session; returns the secret for the cookie, of which only the hash is kept."""
    secret = token_urlsafe(32)
    session.add(UserSession(secret_hash=secret_hash(secret), user_id=user.id, device=device[:60], created_at=at,
                            seen_on=local(at).date(), second_factor_at=at if second_factor else None))
    return secret


def end_sessions(session, user_id: int, *, but: int | None = None) -> int:
    """End every session of the user, or all but the one with this id; returns how many."""
    ended = sa.delete(UserSession).where(UserSession.user_id == user_id)
    if but is not None:
        ended = ended.where(UserSession.id != but)
    return session.execute(ended).rowcount


def end_all_sessions(session, user_ids: Collection[int]) -> None:
    """End every session of these users."""
    session.execute(sa.delete(UserSession).where(UserSession.user_id.in_(user_ids)))


def end_one(session, user_id: int, secret: str) -> None:
    """End the session that this secret opens, if it is this user's."""
    session.execute(sa.delete(UserSession).filter_by(secret_hash=secret_hash(secret), user_id=user_id))
