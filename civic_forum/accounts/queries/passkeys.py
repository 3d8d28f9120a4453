"""Passkeys of users."""

import sqlalchemy as sa

from civic_forum.platform.base import db

from .. import authenticators
from ..models import Passkey, User


def of_user(user_id: int) -> list[Passkey]:
    """In the order in which they were made."""
    return list(db.session.scalars(sa.select(Passkey).filter_by(user_id=user_id).order_by(Passkey.id)))


def usable(user_id: int) -> list[bytes]:
    """Ids of those that open something."""
    return [passkey.credential_id for passkey in of_user(user_id) if passkey.copied_on is None]


def owner_of(credential_id: bytes) -> int | None:
    """Id of the user whose passkey it is."""
    return db.session.scalar(sa.select(Passkey.user_id).filter_by(credential_id=credential_id))


def held(user_id: int, **facts) -> Passkey | None:
    """One of a user's passkeys, read again and locked until the transaction ends."""
    return db.session.scalar(sa.select(Passkey).filter_by(user_id=user_id, **facts).with_for_update()
                             .execution_options(populate_existing=True))


def has_second_factor() -> sa.ColumnElement[bool]:
    """True for users with a second factor of either kind."""
    app = User.totp_confirmed_at.is_not(None)
    return app if authenticators.why_none() else sa.or_(app, User.passkey_since.is_not(None))
