"""Signed-in devices."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from flask_login import AnonymousUserMixin
from sqlalchemy.orm import contains_eager

from civic_forum.accounts.beside import BESIDE_USER
from civic_forum.platform import clock
from civic_forum.platform.base import Instant, db
from civic_forum.platform.statements import made_once

from ..account import Account
from ..models import Person, RoleGrant, User, UserSession
from ..rules import session_is_over
from ..session_cookie import SessionCookie


def secret_hash(secret: str) -> bytes:
    """A random secret of 256 bits needs no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def opened_after() -> datetime:
    """Sessions older than this are over."""
    return clock.now() - timedelta(days=int(current_app.config["SESSION_DAYS"]))


def _staff_session() -> timedelta:
    return timedelta(hours=int(current_app.config["STAFF_SESSION_HOURS"]))


def is_over_for_staff(opened_at: datetime, used_at: datetime | None) -> bool:
    """True for a session that is over for somebody who has a role."""
    return session_is_over(opened_at, used_at, clock.now(), lasts=_staff_session(),
                           idle=timedelta(minutes=int(current_app.config["STAFF_IDLE_MINUTES"])))


def still_open() -> sa.ColumnElement[bool]:
    """True for sessions that are not too old, sooner for whoever has a role. Of those that are not used the cookie
    alone knows."""
    return UserSession.created_at > sa.case((_has_role(UserSession.user_id), clock.now() - _staff_session()),
                                            else_=opened_after())


def _has_role(user_id: sa.ColumnElement[int]) -> sa.Exists:
    return sa.exists().where(RoleGrant.user_id == user_id, RoleGrant.withdrawn_at.is_(None))


def owner_of(secret: str) -> int | None:
    """Id of the user whose session this was or is, however old."""
    return db.session.scalar(sa.select(UserSession.user_id).filter_by(secret_hash=secret_hash(secret)))


def by_secret(secret: str, *, opened_after: datetime) -> UserSession | None:
    """The session with its user, the user's roles, and what other features say of the user, in one statement."""
    row = db.session.execute(_by_secret(), {
        "hash": secret_hash(secret), "opened_after": opened_after}).unique().one_or_none()
    if row is None:
        return None
    known, *values = row
    known.user.beside = dict(zip(BESIDE_USER, values, strict=True))
    return known


@made_once
def _by_secret() -> sa.Select:
    beside = [column(User.id).label(name) for name, column in BESIDE_USER.items()]
    return (sa.select(UserSession, *beside).join(UserSession.user).outerjoin(User.grants)
            .where(UserSession.secret_hash == sa.bindparam("hash"),
                   UserSession.created_at > sa.bindparam("opened_after", type_=Instant()))
            .options(contains_eager(UserSession.user).contains_eager(User.grants)).order_by(RoleGrant.id))


class CallerIdentity(NamedTuple):
    """The verified person of an account, as rolls know them."""

    identity_hash: bytes
    distinguisher: int
    key_id: int
    name_sealed: bytes
    birth_date_sealed: bytes


@dataclass(frozen=True, slots=True)
class Caller(Account):
    """Somebody signed in, as a plain row has them: for requests that show nothing of an account and must be quick."""

    id: int
    left_at: datetime | None
    blocked_at: datetime | None
    blocked_until: datetime | None
    once_until: datetime | None
    person: CallerIdentity | None
    is_resident: bool = False
    staff_act_at: datetime | None = None
    staff_act_confirmed: bool = False
    is_authenticated = True

    @property
    def totp_confirmed_at(self) -> datetime | None:
        return db.session.scalar(sa.select(User.totp_confirmed_at).filter_by(id=self.id))

    @property
    def passkey_since(self) -> date | None:
        return db.session.scalar(sa.select(User.passkey_since).filter_by(id=self.id))

    @property
    def grants(self) -> list[RoleGrant]:
        return list(db.session.scalars(sa.select(RoleGrant).filter_by(user_id=self.id, withdrawn_at=None)))


_COLUMNS = 12
"""Of the caller and the session, behind those of the statement."""


def with_caller(statement: sa.Select) -> sa.Select:
    """A statement of plain columns that reads besides whose session is open, for `find_with_caller`."""
    user, session, person = User.__table__, UserSession.__table__, Person.__table__
    opened = sa.and_(session.c.secret_hash == sa.bindparam("secret_hash"),
                     session.c.created_at > sa.bindparam("opened_after", type_=Instant()))
    (source,) = statement.get_final_froms()
    return statement.select_from(source.outerjoin(session, opened).outerjoin(user, user.c.id == session.c.user_id)
                                 .outerjoin(person, person.c.id == user.c.person_id)).add_columns(
        user.c.id, user.c.left_at, user.c.blocked_at, user.c.blocked_until, user.c.once_until,
        *(person.c[name] for name in CallerIdentity._fields), session.c.created_at, _has_role(user.c.id))


def find_with_caller(statement: sa.Select, cookie: SessionCookie, **parameters: object) -> tuple[
        sa.Row | None, Caller | AnonymousUserMixin]:
    """The row of a statement made by `with_caller`, and whose session it is that has this cookie: one round trip."""
    row = db.session.connection().execute(statement, parameters | {
        "secret_hash": secret_hash(cookie.secret) if cookie.secret else b"", "opened_after": opened_after(),
        }).one_or_none()
    if row is None or row[-_COLUMNS] is None:
        return row, AnonymousUserMixin()
    *account, identity_hash, distinguisher, key_id, name, birth_date, opened_at, has_role = row[-_COLUMNS:]
    caller = Caller(*account, identity_hash and CallerIdentity(identity_hash, distinguisher, key_id, name, birth_date))
    if not caller.is_active or caller.is_over or has_role and is_over_for_staff(opened_at, cookie.used_at):
        return row, AnonymousUserMixin()
    return row, caller


def as_they_are(user_id: int) -> Caller | None:
    """An account as a plain row, read again: nobody verifies it, and it does not leave, until the transaction ends.
    Comes before the lock of what they act on. Its person is read afterwards: who waited would see the one of before."""
    connection = db.session.connection()
    row = connection.execute(_as_they_are(), {"id": user_id}).one_or_none()
    if row is None:
        return None
    *account, person_id, is_resident, acted_at, confirmed = row
    person = connection.execute(_identity(), {"id": person_id}).one() if person_id else None
    return Caller(*account, person and CallerIdentity(*person), is_resident, acted_at, confirmed)


@made_once
def _as_they_are() -> sa.Select:
    user = User.__table__
    return sa.select(user.c.id, user.c.left_at, user.c.blocked_at, user.c.blocked_until, user.c.once_until,
                     user.c.person_id, user.c.is_resident, user.c.staff_act_at, user.c.staff_act_confirmed).where(
                         user.c.id == sa.bindparam("id")).with_for_update(read=True)


@made_once
def _identity() -> sa.Select:
    person = Person.__table__
    return sa.select(*(person.c[name] for name in CallerIdentity._fields)).where(person.c.id == sa.bindparam("id"))


def of_user(user: User) -> list[UserSession]:
    """Open ones, the latest first."""
    return list(db.session.scalars(
        sa.select(UserSession).where(UserSession.user_id == user.id, still_open())
        .order_by(UserSession.created_at.desc(), UserSession.id.desc())))
