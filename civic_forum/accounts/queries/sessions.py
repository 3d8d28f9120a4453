"""Signed-in devices."""

from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import contains_eager

from civic_forum.accounts.beside import BESIDE_USER
from civic_forum.kernel import clock
from civic_forum.kernel.base import Instant, db
from civic_forum.kernel.statements import made_once

from ..models import RoleGrant, User, UserSession


def secret_hash(secret: str) -> bytes:
    """A random secret of 256 bits needs no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def opened_after() -> datetime:
    """Sessions older than this are over."""
    return clock.now() - timedelta(days=int(current_app.config["SESSION_DAYS"]))


def by_secret(secret: str, *, opened_after: datetime) -> UserSession | None:
    """The session with its user, the user's roles, and what other features say of the user, in one statement."""
    found = db.session.execute(_by_secret(), {
        "hash": secret_hash(secret), "opened_after": opened_after}).unique().one_or_none()
    if found is None:
        return None
    known, *values = found
    known.user.beside = dict(zip(BESIDE_USER, values, strict=True))
    return known


@made_once
def _by_secret() -> sa.Select:
    beside = [column(User.id).label(name) for name, column in BESIDE_USER.items()]
    return (sa.select(UserSession, *beside).join(UserSession.user).outerjoin(User.grants)
            .where(UserSession.secret_hash == sa.bindparam("hash"),
                   UserSession.created_at > sa.bindparam("opened_after", type_=Instant()))
            .options(contains_eager(UserSession.user).contains_eager(User.grants)).order_by(RoleGrant.id))


def of_user(user: User, *, opened_after: datetime) -> list[UserSession]:
    """Open ones, the latest first."""
    return list(db.session.scalars(
        sa.select(UserSession).where(UserSession.user_id == user.id, UserSession.created_at > opened_after)
        .order_by(UserSession.created_at.desc(), UserSession.id.desc())))
