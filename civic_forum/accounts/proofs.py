"""Proof of who is at the device: the password, and the code of a second factor where there is one; or a passkey, which
is both; or a provider of identities to which the account is linked (`providers.services.prove`).

Services ask with `operations.require_proof`; the page that asks for it is `views.proofs`.
"""

from typing import NamedTuple

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from . import passwords
from .authenticators import Answer
from .models import User
from .operations import Wrong, note_proof, require_proof, use_passkey, use_second_factor
from .policy import may_change_own
from .queries import users
from .rules import Challenged


class Confirmed(NamedTuple):
    """A confirmation, to be looked at again inside the transaction: the hash that a password fits, or nothing of a
    passkey, whose use is noted."""

    password_hash: str | None


def confirm_own_password(shown: str | Answer, *, by: User) -> Confirmed:
    """Check one's own password, or use one's passkey in its place. Raises Wrong, at `password` for a password, Refusal
    for the password of whoever has to use a passkey, and ProofNeeded for somebody with neither, who was not at their
    provider of identities just now."""
    if isinstance(shown, Answer):
        prove(shown, by=by)
        return Confirmed(None)
    if by.types_nothing:
        require_proof(by, clock.now())
        return Confirmed(None)
    _refuse_password_alone(by)
    known = users.credentials_of(by.id)
    db.session.rollback()
    if known is None or not passwords.verify(shown, known.password_hash):
        raise Wrong(_("비밀번호가 맞지 않아요. 다시 확인해 주세요."), field="password")
    return Confirmed(known.password_hash)


def held_with_password(by: User, confirmed: Confirmed) -> User:
    """One's own account, held, if its password is still the one that was confirmed, or it has a passkey or no password
    still."""
    user = users.held(by.id)
    require(by, may_change_own, user)
    if confirmed.password_hash is None:
        if user.passkey_since is None and user.password_hash is not None:
            raise Refusal(_("그 사이에 패스키가 없어졌어요. 다시 로그인해 주세요."))
    elif user.password_hash != confirmed.password_hash:
        raise Refusal(_("그 사이에 비밀번호가 바뀌었어요. 다시 로그인해 주세요."), field="password")
    else:
        _refuse_password_alone(user)
    return user


def _refuse_password_alone(user: User) -> None:
    if user.must_use_passkey:
        raise Refusal(_("역할이 있는 계정이라 비밀번호만으로는 확인할 수 없어요. 패스키로 확인해 주세요."), field="password")


def prove(shown: str | Answer, code: str | None = None, *, by: User) -> None:
    """Check the password, and take the code of the second factor of whoever has one, or use a passkey; the session
    counts as proved from now on. It hashes, so never in a use-case. Raises Wrong at `password` or `code`, and Refusal
    for somebody with neither, who has shown nothing."""
    if isinstance(shown, Answer):
        return _prove_by_passkey(shown, by)
    if by.types_nothing:
        raise Refusal(_("비밀번호가 없는 계정이에요. 연결한 방법으로 확인해 주세요."))
    known = confirm_own_password(shown, by=by)
    with use_case(by) as work:
        user = held_with_password(by, known)
        if user.totp_confirmed_at is not None:
            use_second_factor(user, code or "", work.at)
        note_proof(by, work.at)
        work.record("accounts.proved", user, second_factor=user.totp_confirmed_at is not None)


def _prove_by_passkey(answer: Answer, by: User) -> None:
    with use_case(by) as work:
        require(by, may_change_own)
        used = use_passkey(work, answer, Challenged.PROVE, by.id)
        if used.refusal is None:
            note_proof(by, work.at, passkey=True)
            work.record("accounts.proved", used.user, second_factor=True, passkey=True)
    if used.refusal:
        raise used.refusal
