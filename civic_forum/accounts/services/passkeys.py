"""Use-cases of passkeys: made, removed, signed in by. See docs/decisions/0050-passkeys.md."""

from collections.abc import Callable
from typing import NamedTuple

from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import authenticators, mail
from ..authenticators import Answer
from ..models import User
from ..operations import count_passkeys, end_sessions, keep_passkey, new_challenge, require_proof, use_passkey
from ..policy import may_change_own
from ..queries import passkeys, providers, users
from ..rules import PASSKEY_NAME_MOST, PASSKEYS_MOST, STAFF, Challenged
from .entry import Blocked, free_name, open_for


def options_to_make(*, by: User) -> str:
    """JSON for the browser that is to make one. Raises ProofNeeded, Denied where the site has none, Refusal for the
    eleventh."""
    with use_case(by) as work:
        user = _making(work, by)
        challenge = new_challenge(work.session, Challenged.MAKE, user.id, work.at)
        known = [passkey.credential_id for passkey in passkeys.of_user(user.id)]
        return authenticators.options_to_make(challenge, str(user.id), user.sign_in_name, user.nickname, known)


def options_to_sign_up(name: str) -> str:
    """JSON for the browser of somebody who is to have an account of this name. Raises Denied where the site has none,
    Refusal for a name that is taken or unfit: before there is a passkey for it."""
    authenticators.site()
    with use_case(None) as work:
        key = free_name(name)
        challenge = new_challenge(work.session, Challenged.MAKE, None, work.at)
        return authenticators.options_to_make(challenge, f"new:{key}", key, key)


def make(answer: Answer, name: str, *, session_id: int | None = None, by: User) -> None:
    """Keep a passkey that the browser has made. Where it is the first second factor of staff, their other sessions end,
    since they came without one. Raises as `options_to_make`, and Refusal for an answer that is not right."""
    label = " ".join(name.split())
    if not 1 <= len(label) <= PASSKEY_NAME_MOST:
        raise Refusal(_("어느 기기의 패스키인지 40자까지 적어 주세요."), field="name")
    try:
        with use_case(by) as work:
            user = _making(work, by)
            if user.totp_confirmed_at is None and user.passkey_since is None and _is_staff(user):
                end_sessions(work.session, user.id, but=session_id)
            keep_passkey(work, user, answer, label, challenged=user.id)
            mail.passkey_made(user, label)
            work.record("accounts.passkey_made", user)
    except Conflict as known:
        raise Refusal(_("이미 만든 패스키예요. 목록에 있어요.")) from known


def _making(work, by: User) -> User:
    user = users.held(by.id)
    require(by, may_change_own, user)
    authenticators.site()
    require_own_proof(work, user)
    if len(passkeys.of_user(user.id)) >= PASSKEYS_MOST:
        raise Refusal(_("패스키는 %(most)s개까지 만들 수 있어요. 쓰지 않는 것을 지워 주세요.", most=PASSKEYS_MOST))
    return user


def require_own_proof(work, user: User) -> None:
    """Raise ProofNeeded before a way into the account is made or taken away. Staff who confirm by their passkey prove
    by it: a password and a code that were typed into another site make none and take none away."""
    require_proof(work.actor, work.at, passkey=user.confirms_by_passkey and user.has_passkey and _is_staff(user))


def _is_staff(user: User) -> bool:
    return any(grant.role in STAFF for grant in user.grants)


def remove(passkey_id: int, *, by: User) -> None:
    """Take one of one's passkeys away. Raises ProofNeeded, NotFound, and Refusal for the last way into the account."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        require_own_proof(work, user)
        passkey = existing(passkeys.held(user.id, id=passkey_id), lambda: NotFound(_("이미 지운 패스키예요.")))
        if (user.password_hash is None and not set(passkeys.usable(user.id)) - {passkey.credential_id}
                and not providers.opening(user.id)):
            raise Refusal(_("비밀번호가 없는 계정에서 하나 남은 패스키는 지울 수 없어요. 비밀번호를 정하거나 다른 패스키를 먼저 만들어 주세요."))
        mail.passkey_removed(user, passkey.name)
        work.session.delete(passkey)
        count_passkeys(user, work.at)
        work.record("accounts.passkey_removed", user)


def options_to_prove(*, by: User) -> str:
    """JSON for the browser of somebody signed in who is to use one of their own."""
    with use_case(by) as work:
        require(by, may_change_own)
        authenticators.site()
        return authenticators.options_to_use(new_challenge(work.session, Challenged.PROVE, by.id, work.at),
                                             passkeys.usable(by.id))


def options_to_sign_in() -> str:
    """JSON for the browser of anybody."""
    authenticators.site()
    with use_case(None) as work:
        return authenticators.options_to_use(new_challenge(work.session, Challenged.SIGN_IN, None, work.at))


class Entered(NamedTuple):
    secret: str
    sign_in_name: str


def sign_in(answer: Answer, *, device: str, knows: Callable[[str], bool]) -> Entered:
    """Open a session by a passkey, which is password and second factor in one. `knows` says whether this device knows a
    sign-in name: the owner is told of one that does not. Raises Refusal, and Blocked."""
    with use_case(None) as work:
        user, refusal = use_passkey(work, answer, Challenged.SIGN_IN)
        if refusal is None and user.is_blocked:
            refusal = Blocked(user.id)
        if refusal is None:
            secret = open_for(work, user, device, knows(user.sign_in_name), passkey=True)
            return Entered(secret, user.sign_in_name)
    raise refusal
