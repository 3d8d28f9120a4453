"""One-time codes, read under a lock because they work once."""

import sqlalchemy as sa

from civic_forum.platform import keys
from civic_forum.platform.base import db

from ..models import OneTimeCode
from ..rules import Purpose


def code_hash(code: str) -> bytes:
    return keys.keyed_hash("one-time-code", code.encode("utf-8", "surrogatepass"))


def held(code: str, purpose: Purpose) -> OneTimeCode | None:
    """The code that was sent, locked until the transaction ends."""
    return db.session.scalar(
        sa.select(OneTimeCode).filter_by(code_hash=code_hash(code), purpose=purpose)
        .with_for_update().execution_options(populate_existing=True))


def sent_to(address: str, purpose: Purpose, since) -> int:
    """Number of codes made for this address after that moment, whoever asked."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode).where(
        sa.func.lower(OneTimeCode.email) == address.lower(), OneTimeCode.purpose == purpose,
        OneTimeCode.created_at > since))


def is_open(code: str, purpose: Purpose, at) -> bool:
    """True if the code would work now; for the page before the button."""
    return db.session.scalar(
        sa.select(OneTimeCode.id).filter_by(code_hash=code_hash(code), purpose=purpose, used_at=None)
        .where(OneTimeCode.expires_at > at)) is not None


def open_held(user_id: int, purpose: Purpose, at) -> OneTimeCode | None:
    """The newest open code of a user, locked."""
    return db.session.scalar(
        sa.select(OneTimeCode).filter_by(user_id=user_id, purpose=purpose, used_at=None)
        .where(OneTimeCode.expires_at > at).order_by(OneTimeCode.id.desc()).limit(1)
        .with_for_update().execution_options(populate_existing=True))
