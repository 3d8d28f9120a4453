"""Links of the first two administrators, and who administers already."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform import keys
from civic_forum.platform.base import db

from ..models import FirstLink, RoleGrant, User
from ..rules import Role

_PURPOSE = "first-link"


def token_hash(token: str) -> bytes:
    return keys.keyed_hash(_PURPOSE, token.encode("utf-8", "surrogatepass"))


def opens(token: str, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions of the link that this token opens now, under whichever key."""
    hashes = keys.hashes(_PURPOSE, token.encode("utf-8", "surrogatepass"))
    return FirstLink.token_hash.in_(hashes), FirstLink.used_at.is_(None), FirstLink.expires_at > at


def works(token: str, at: datetime) -> bool:
    """True if an account could be opened by it now; for the page before the button."""
    return db.session.scalar(sa.select(FirstLink.id).where(*opens(token, at))) is not None


def held() -> dict[int, FirstLink]:
    """Links by their places, locked until the transaction ends."""
    return {link.place: link for link in db.session.scalars(
        sa.select(FirstLink).order_by(FirstLink.place).limit(2).with_for_update()
        .execution_options(populate_existing=True))}


def were_made() -> bool:
    return db.session.scalar(sa.select(FirstLink.id).limit(1)) is not None


def acting() -> frozenset[int]:
    """Ids of those who can administer now: in use, with a second factor where one is needed."""
    administrators = db.session.scalars(
        sa.select(User).where(User.left_at.is_(None), sa.exists().where(
            RoleGrant.user_id == User.id, RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.withdrawn_at.is_(None)))
        .options(joinedload(User.grants)).execution_options(populate_existing=True)).unique()
    return frozenset(user.id for user in administrators if user.is_active and user.has(Role.ADMINISTRATOR))
