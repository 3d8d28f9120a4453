"""Accounts by who asks and by what was typed, and one-time codes under a lock."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from civic_forum.platform import clock, keys
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.outbox import OutgoingMail

from ..models import Consent, OneTimeCode, RoleGrant, User
from ..rules import Purpose, Role, sign_in_key


_CODES = "one-time-code"


@dataclass(frozen=True)
class Credentials:
    """Values that signing in compares; no row of the session, so that nothing stays open while hashing."""

    user_id: int
    password_hash: str | None


def credentials(name: str) -> Credentials | None:
    """Of the account with this sign-in name."""
    return _credentials(User.sign_in_key == sign_in_key(name))


def credentials_of(user_id: int) -> Credentials | None:
    return _credentials(User.id == user_id)


def _credentials(condition) -> Credentials | None:
    row = db.session.execute(
        sa.select(User.id, User.password_hash).where(condition, User.left_at.is_(None))).one_or_none()
    return Credentials(*row) if row else None


def first_day() -> date:
    """Day on which the first account was made: the district has been open since; today where there is none."""
    return local(db.session.scalar(sa.select(sa.func.min(User.created_at))) or clock.now()).date()


def by_id(user_id: int) -> User:
    return db.session.get_one(User, user_id)


def by_name(name: str) -> User | None:
    """The account with this sign-in name, as it is compared."""
    key = sign_in_key(name)
    return db.session.scalar(sa.select(User).filter_by(sign_in_key=key)) if key else None


def by_confirmed_email(email: str) -> User | None:
    return db.session.scalar(sa.select(User).filter_by(confirmed_email=email.lower()))


def held(user_id: int) -> User | None:
    """The account, read again and locked until the transaction ends. Who only points to it does not wait for it: a
    notice is written for many while what they follow is held."""
    return db.session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)


def everybody(limit: int = 1000, after: int = 0) -> list[User]:
    """Accounts by number, with their roles; those who left are not among them."""
    return list(db.session.scalars(
        sa.select(User).where(User.left_at.is_(None), User.id > after).order_by(User.id).limit(limit)
        .options(joinedload(User.grants))).unique())


def consents_of(user: User) -> list[Consent]:
    """Newest first."""
    return list(db.session.scalars(
        sa.select(Consent).filter_by(user_id=user.id).order_by(Consent.at.desc(), Consent.id.desc())))


def left_since(moment) -> list[int]:
    """Numbers of those who left after that moment."""
    return list(db.session.scalars(sa.select(User.id).where(User.left_at > moment)))


def told_since(user: User, action: str, since) -> bool:
    """True if the audit trail has this of the user after that moment."""
    return db.session.scalar(sa.select(AuditEntry.id).filter_by(subject=f"user:{user.id}", action=action)
                             .where(AuditEntry.at > since).limit(1)) is not None


def there_is_an_administrator() -> bool:
    return db.session.scalar(sa.select(RoleGrant.id).filter_by(role=Role.ADMINISTRATOR, withdrawn_at=None)
                             .limit(1)) is not None


def with_grants(user_id: int) -> User:
    """The user with all roles and where they hold, read again whatever is known already."""
    return db.session.execute(
        sa.select(User).filter_by(id=user_id).outerjoin(User.grants).outerjoin(RoleGrant.department)
        .outerjoin(RoleGrant.neighbourhood).options(
            contains_eager(User.grants).options(contains_eager(RoleGrant.department),
                                                contains_eager(RoleGrant.neighbourhood)))
        .order_by(RoleGrant.id), execution_options={"populate_existing": True}).unique().scalar_one()


def code_hash(code: str) -> bytes:
    return keys.keyed_hash(_CODES, code.encode("utf-8", "surrogatepass"))


def code_hashes(code: str) -> list[bytes]:
    """Under every key: a code that was sent before there was a newer one works still."""
    return keys.hashes(_CODES, code.encode("utf-8", "surrogatepass"))


def held_code(code: str, purpose: Purpose) -> tuple[User, OneTimeCode] | None:
    """The account and the code that was sent to it, locked in this order until the transaction ends."""
    sent = sa.select(OneTimeCode).where(OneTimeCode.code_hash.in_(code_hashes(code)), OneTimeCode.purpose == purpose)
    owner = db.session.scalar(sent.with_only_columns(OneTimeCode.user_id))
    user = owner and held(owner)
    one_time_code = user and db.session.scalar(sent.with_for_update().execution_options(populate_existing=True))
    return (user, one_time_code) if user and one_time_code else None


def sent_to(address: str, purpose: Purpose, since) -> int:
    """Number of codes made for this address after that moment, whoever asked."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode).where(
        sa.func.lower(OneTimeCode.email) == address.lower(), OneTimeCode.purpose == purpose,
        OneTimeCode.created_at > since))


def is_open(code: str, purpose: Purpose, at) -> bool:
    """True if the code would work now; for the page before the button."""
    return db.session.scalar(
        sa.select(OneTimeCode.id).filter_by(purpose=purpose, used_at=None)
        .where(OneTimeCode.code_hash.in_(code_hashes(code)), OneTimeCode.expires_at > at)) is not None


def letters_of(kind: str) -> dict[int, str]:
    """Ids of letters of this kind that are due, and to whom they go; the oldest first."""
    return dict(db.session.execute(
        sa.select(OutgoingMail.id, OutgoingMail.recipient).where(
            OutgoingMail.kind == kind, OutgoingMail.sent_at.is_(None), OutgoingMail.due_at.is_not(None))
        .order_by(OutgoingMail.id).limit(500)).all())


def open_held(user_id: int, purpose: Purpose, at) -> OneTimeCode | None:
    """The newest open code of a user, locked."""
    return db.session.scalar(
        sa.select(OneTimeCode).filter_by(user_id=user_id, purpose=purpose, used_at=None)
        .where(OneTimeCode.expires_at > at).order_by(OneTimeCode.id.desc()).limit(1)
        .with_for_update().execution_options(populate_existing=True))
