"""Use-cases of people on their own account, the second factor included."""

from dataclasses import dataclass

from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import Language, _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import mail, passwords, totp
from ..authenticators import Answer
from ..models import User
from ..operations import Wrong, count_passkeys, end_codes, end_sessions, require_proof, use_second_factor
from ..policy import may_change_own, may_remove_second_factor, why_muted
from ..queries import passkeys, users
from ..rules import Purpose, StaffAct
from . import staff_acts
from .codes import put_password
from .entry import ask_owner, check_nickname, check_password
from ..proofs import confirm_own_password, held_with_password


@dataclass(frozen=True)
class Profile:
    nickname: str
    mobile: str | None
    neighbourhood_id: int | None
    language: Language


def change_profile(profile: Profile, *, by: User) -> None:
    """Raises Refusal at the field `nickname` for one that does not fit, and for a new one of somebody who may write
    nothing; staff keep the one they were given."""
    if profile.nickname != by.nickname:
        check_nickname(profile.nickname)
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        if profile.nickname != user.nickname and (reason := why_muted(user)):
            raise Refusal(reason, field="nickname")
        if profile.mobile != user.mobile:
            user.mobile, user.confirmed_mobile = profile.mobile, None
            end_codes(work.session, user.id, Purpose.CONFIRM_MOBILE, at=work.at)
        user.nickname = profile.nickname
        user.neighbourhood_id, user.language = profile.neighbourhood_id, str(profile.language)
        work.record("accounts.profile_changed", user)


def change_email(address: str | None, shown: str | Answer, *, by: User) -> None:
    """Put, change or take away the address. The old one stays until the new one is confirmed."""
    known = confirm_own_password(shown, by=by)
    with use_case(by) as work:
        user = held_with_password(by, known)
        if user.confirmed_email and (address or "").lower() != user.confirmed_email:
            mail.email_changed(user, user.confirmed_email)
        end_codes(work.session, user.id, Purpose.CONFIRM_EMAIL, Purpose.RESET_PASSWORD, at=work.at)
        user.email = address
        if address is None:
            user.confirmed_email = None
        elif address.lower() != user.confirmed_email:
            ask_owner(work.session, user, address, work.at)
        work.record("accounts.email_changed", user)


def change_password(old: str | Answer, new: str, *, keep_session: int | None, by: User) -> None:
    """Every other session ends. Raises Refusal at `old` or `password`."""
    names = by.sign_in_name, by.nickname  # read before hashing: nothing is held while it lasts
    try:
        known = confirm_own_password(old, by=by)
    except Wrong as wrong:
        raise Wrong(wrong, field=wrong.field and "old") from wrong
    check_password(new, *names)
    password_hash = passwords.hashed(new)
    with use_case(by) as work:
        user = held_with_password(by, known)
        put_password(work, user, password_hash, keep_session=keep_session)
        work.record("accounts.password_changed", user)


def begin(shown: str | Answer, *, by: User) -> None:
    """Make the secret that the app is to learn; it counts once `confirm` has seen a code.

    Raises Refusal at `password`: whoever found a device signed in does not lock its owner out.
    """
    known = confirm_own_password(shown, by=by)
    with use_case(by) as work:
        user = held_with_password(by, known)
        if user.totp_confirmed_at:
            raise Conflict(_("2단계 인증을 이미 쓰고 있어요."))
        user.totp_secret, user.totp_last_step = totp.fresh_secret(), None
        work.record("accounts.second_factor_begun", user)


def confirm(code: str, *, session_id: int | None, by: User) -> None:
    """From now on nobody signs in without a code; other sessions end, since they came without one."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        if user.totp_confirmed_at or not user.totp_secret:
            raise Conflict(_("설정을 처음부터 다시 해 주세요."))
        use_second_factor(user, code, work.at)
        user.totp_confirmed_at = work.at
        end_sessions(work.session, user.id, but=session_id)
        work.record("accounts.second_factor_confirmed", user)


def turn_off(*, by: User) -> None:
    """Raises ProofNeeded. Roles of staff stop counting where a second factor is required."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        require_proof(by, work.at)
        _forget(user)
        work.record("accounts.second_factor_turned_off", user)


def remove(user: User, *, by: User) -> None:
    """For somebody who lost their telephone: the code of an app and all passkeys; their sessions end."""
    with use_case(by) as work:
        user = users.held(user.id)
        require(by, may_remove_second_factor, user)
        require_proof(by, work.at)
        if not user.totp_secret and not passkeys.of_user(user.id):
            raise Refusal(_("2단계 인증을 쓰지 않는 계정이에요."))
        if user.password_hash is None:
            raise Refusal(_("비밀번호가 없는 계정이라 패스키를 지울 수 없어요. 새 비밀번호 코드를 먼저 주세요."))
        for passkey in passkeys.of_user(user.id):
            work.session.delete(passkey)
        count_passkeys(user, work.at)
        _forget(user)
        end_sessions(work.session, user.id)
        staff_acts.note(work, user, StaffAct.SECOND_FACTOR)
        work.record("accounts.second_factor_removed", user)


def _forget(user: User) -> None:
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
