"""Signing in and out."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import passwords
from ..models import OneTimeCode, User, UserSession
from ..policy.own import may_change_own
from ..queries import users
from ..queries.sessions import secret_hash
from ..steps.second_factor import Wrong, use_second_factor
from ..steps.sessions import end_sessions, open_session


DAY = timedelta(days=1)


@dataclass(frozen=True)
class SignedIn:
    """`secret` is for the cookie; None where a code of the second factor is still to come."""

    user_id: int
    secret: str | None
    mark: str
    """Says which password was right, so that a later code does not open an account whose password changed."""


class Blocked(Denied):
    """Name and password are right, and the account is blocked: only its owner gets to know why."""

    def __init__(self, user_id: int):
        super().__init__(_("지금은 쓸 수 없는 계정이에요. 까닭이 궁금하면 문의해 주세요."))
        self.user_id = user_id


def sign_in(name: str, password: str, *, device: str) -> SignedIn:
    """Check name and password and open a session, unless a second factor is to be asked for.

    Raises Wrong with one sentence for an unknown name and a wrong password, in the same time.
    """
    known = users.credentials(name)
    db.session.rollback()
    right = passwords.verify(password, known and known.password_hash)
    if not right:
        raise Wrong(_("로그인 이름이나 비밀번호가 맞지 않아요. 다시 확인해 주세요."))
    newer = passwords.hashed(password) if passwords.needs_new_hash(known.password_hash) else None
    with use_case(None) as work:
        user = _still_the_same(known.user_id, known.password_hash)
        if newer:
            user.password_hash = newer
        if user.totp_confirmed_at:
            return SignedIn(user.id, None, _mark(user))
        return SignedIn(user.id, _open(work, user, device), _mark(user))


def sign_in_with_code(user_id: int, mark: str, code: str, *, device: str) -> str:
    """The second half for those with a second factor; returns the secret. Raises Wrong."""
    with use_case(None) as work:
        user = users.held(user_id)
        if user is None or not user.is_active or not hmac.compare_digest(mark, _mark(user)):
            raise Refusal(_("로그인을 처음부터 다시 해 주세요."))
        use_second_factor(user, code, work.at)
        return _open(work, user, device, second_factor=True)


def _still_the_same(user_id: int, password_hash: str) -> User:
    user = users.held(user_id)
    if user is None or user.password_hash != password_hash or user.left_at:
        raise Wrong(_("로그인 이름이나 비밀번호가 맞지 않아요. 다시 확인해 주세요."))
    if user.is_blocked:
        raise Blocked(user.id)
    return user


def _open(work, user: User, device: str, *, second_factor: bool = False) -> str:
    secret = open_session(work.session, user, device=device, at=work.at, second_factor=second_factor)
    work.record("accounts.signed_in", user)
    return secret


def _mark(user: User) -> str:
    return keys.keyed_hash("second-step", (user.password_hash or "").encode()).hex()[:24]


def sign_out(secret: str, *, by: User) -> None:
    """End the session that this secret opens."""
    with use_case(by) as work:
        work.session.execute(sa.delete(UserSession).filter_by(secret_hash=secret_hash(secret), user_id=by.id))
        work.record("accounts.signed_out", by)


def end_session(session_id: int, *, by: User) -> None:
    """End one of one's own sessions. Raises NotFound for anybody else's."""
    with use_case(by) as work:
        require(by, may_change_own)
        ended = work.session.execute(sa.delete(UserSession).filter_by(id=session_id, user_id=by.id)).rowcount
        if not ended:
            raise NotFound(_("이미 끝난 로그인이에요."))
        work.record("accounts.session_ended", by)


def end_other_sessions(*, keep: int | None, by: User) -> int:
    """Sign out every other device; returns how many."""
    with use_case(by) as work:
        require(by, may_change_own)
        ended = end_sessions(work.session, by.id, but=keep)
        work.record("accounts.other_sessions_ended", by, count=ended)
        return ended


def note_use(session_id: int) -> None:
    """Note that a session was used today; once a day at most, nothing finer."""
    with use_case(None) as work:
        today = local(work.at).date()
        work.session.execute(sa.update(UserSession).where(UserSession.id == session_id, UserSession.seen_on < today)
                             .values(seen_on=today))


def throw_away_old() -> int:
    """Delete codes and sessions that are over; returns how many."""
    with use_case(None) as work:
        days = timedelta(days=int(current_app.config["SESSION_DAYS"]))
        over = work.session.execute(sa.delete(OneTimeCode).where(OneTimeCode.expires_at < work.at - DAY)).rowcount
        old = work.session.execute(sa.delete(UserSession).where(UserSession.created_at < work.at - days)).rowcount
        return over + old
