"""Proof of who is at the device: the password, and the code of a second factor where there is one.

Services ask with `operations.require_proof`; the page that asks for it is `views.proofs`.
"""

from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from . import passwords
from .models import User
from .operations import Wrong, note_proof, use_second_factor
from .policy import may_change_own
from .queries import users


def confirm_own_password(password: str, *, by: User) -> str:
    """The hash that the password fits, for the check inside the transaction. Raises Wrong at `password`."""
    known = users.credentials_of(by.id)
    db.session.rollback()
    if known is None or not passwords.verify(password, known.password_hash):
        raise Wrong(_("비밀번호가 맞지 않아요. 다시 확인해 주세요."), field="password")
    return known.password_hash


def held_with_password(by: User, password_hash: str) -> User:
    """One's own account, held, if its password is still the one that was confirmed."""
    user = users.held(by.id)
    require(by, may_change_own, user)
    if user.password_hash != password_hash:
        raise Refusal(_("그 사이에 비밀번호가 바뀌었어요. 다시 로그인해 주세요."), field="password")
    return user


def prove(password: str, code: str | None = None, *, by: User) -> None:
    """Check the password, and take the code of the second factor of whoever has one; the session counts as proved from
    now on. It hashes, so never in a use-case. Raises Wrong at `password` or `code`."""
    known = confirm_own_password(password, by=by)
    with use_case(by) as work:
        user = held_with_password(by, known)
        if user.totp_confirmed_at is not None:
            use_second_factor(user, code or "", work.at)
        note_proof(by, work.at)
        work.record("accounts.proved", user, second_factor=user.totp_confirmed_at is not None)
