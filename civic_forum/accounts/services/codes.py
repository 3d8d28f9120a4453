"""Use-cases of one-time links and codes: prove an address, set a new password. Each works once."""

from datetime import datetime, timedelta
from hmac import compare_digest

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import mail, passwords
from ..events import EmailConfirmed
from ..models import OneTimeCode, User
from ..policy.own import may_change_own
from ..queries import codes, users
from ..rules import MAILS_AN_HOUR, TRIES, Purpose
from ..steps.codes import end_codes, issue_code, kept_form
from ..steps.sessions import end_sessions
from .sign_up import ask_owner, check_password

HOUR = timedelta(hours=1)


def ask_for_confirmation(*, by: User) -> None:
    """Send the link for the address of one's account again."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        if not user.email or user.email.lower() == user.confirmed_email:
            raise Refusal(_("확인할 전자우편 주소가 없어요."))
        if lately(user.id, Purpose.CONFIRM_EMAIL, work.at - HOUR) >= MAILS_AN_HOUR:
            raise Refusal(_("편지를 여러 번 보냈어요. 한 시간 뒤에 다시 해 주세요."))
        ask_owner(work.session, user, user.email, work.at)
        work.record("accounts.email_confirmation_asked", user)


def lately(user_id: int, purpose: Purpose, since: datetime) -> int:
    """Number of codes that an account had after that moment."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode).where(
        OneTimeCode.user_id == user_id, OneTimeCode.purpose == purpose, OneTimeCode.created_at > since))


def confirm_email(code: str) -> None:
    """The address belongs to the account from now on. Raises Refusal for a code that does not work."""
    try:
        with use_case(None) as work:
            sent, user = _used(code, Purpose.CONFIRM_EMAIL, work.at)
            if user.email != sent.email:
                raise _does_not_work()
            user.confirmed_email = sent.email.lower()
            work.record("accounts.email_confirmed", user)
            work.emit(EmailConfirmed(user.id))
    except Conflict as taken:
        raise Refusal(_("이 주소로 확인을 마친 계정이 이미 있어요. 그 계정으로 로그인하거나 다른 주소를 적어 주세요.")) from taken


def ask_for_reset(name_or_email: str) -> None:
    """Send a link to the confirmed address of that account; nothing happens, and nothing is said, without one."""
    with use_case(None) as work:
        user = users.by_name(name_or_email) or users.by_confirmed_email(name_or_email)
        user = users.held(user.id) if user else None
        if user is None or not user.is_active or not user.confirmed_email:
            return
        if lately(user.id, Purpose.RESET_PASSWORD, work.at - HOUR) < MAILS_AN_HOUR:
            code = issue_code(work.session, user.id, Purpose.RESET_PASSWORD, at=work.at, email=user.confirmed_email)
            mail.reset_password(user, user.confirmed_email, code)
            work.record("accounts.password_reset_asked", user)


def reset_password(code: str, password: str) -> None:
    """Set a new password by the link that was sent; every session ends."""
    check_password(password)
    password_hash = passwords.hashed(password)
    with use_case(None) as work:
        sent, user = _used(code, Purpose.RESET_PASSWORD, work.at)
        if sent.email != user.confirmed_email:
            raise _does_not_work()
        put_password(work, user, password_hash)
        work.record("accounts.password_reset", user, by="email")


def put_password(work, user: User, password_hash: str, *, keep_session: int | None = None) -> None:
    """Change the password of a held user: sessions and open codes end, and the owner is told."""
    user.password_hash = password_hash
    end_sessions(work.session, user.id, but=keep_session)
    end_codes(work.session, user.id, Purpose.RESET_PASSWORD, Purpose.DESK_RESET, at=work.at)
    mail.password_changed(user)


def reset_with_desk_code(name: str, code: str, password: str) -> None:
    """Set a new password with the code from the desk: five tries, one sentence for whatever is wrong."""
    check_password(password, name)
    password_hash = passwords.hashed(password)
    with use_case(None) as work:
        user = users.by_name(name)
        user = users.held(user.id) if user else None
        issued = codes.open_held(user.id, Purpose.DESK_RESET, work.at) if user and user.is_active else None
        if right := issued is not None and fits(issued, code):
            issued.used_at = work.at
            put_password(work, user, password_hash)
            work.record("accounts.password_reset", user, by="desk")
    if not right:
        raise Refusal(_("로그인 이름이나 코드가 맞지 않아요. 다시 확인해 주세요. 다섯 번 틀리면 코드를 새로 받아야 해요."))


def fits(issued: OneTimeCode, code: str) -> bool:
    """True if this is what was sent, within the tries that it has; each is counted."""
    issued.tries += 1
    if issued.tries > TRIES:
        return False
    given = kept_form(code, issued.user_id, Purpose(issued.purpose), issued.created_at)
    return compare_digest(issued.code_hash, codes.code_hash(given))


def _used(code: str, purpose: Purpose, at) -> tuple[OneTimeCode, User]:
    """The code and its user, both held, the code used up. Raises Refusal where it does not work."""
    sent = codes.held(code, purpose)
    if sent is None or sent.used_at or sent.expires_at <= at:
        raise _does_not_work()
    user = users.held(sent.user_id)
    if not user.is_active:
        raise _does_not_work()
    sent.used_at = at
    return sent, user


def _does_not_work() -> Refusal:
    return Refusal(_("이미 썼거나 기간이 지난 주소예요. 새 편지를 받아 다시 해 주세요."))
