"""Opening an account, signing in and out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import Language, _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import mail, passwords, rules
from ..authenticators import Answer
from ..documents import Document, REQUIRED
from ..easy_passwords import is_easy
from ..models import OneTimeCode, PasskeyChallenge, User, UserSession
from ..operations import (Wrong, add_user, end_sessions, issue_code, keep_passkey, note_consent, open_session,
                          use_second_factor)
from ..policy import may_change_own, may_create
from ..queries import users
from ..queries.sessions import secret_hash
from ..rules import Purpose
from . import staff_acts


@dataclass(frozen=True)
class NewAccount:
    """Registration of an account; addresses and numbers already in the form they are kept in."""

    name: str
    password: str | Answer
    """Or the passkey that was made in its place."""
    language: Language = Language.KO
    agrees: bool = False
    """To both required documents, and is 14 or older."""


def sign_up(account: NewAccount, *, device: str) -> str:
    """Open the account and sign in; returns the secret of the first session. Others see a nickname that was drawn,
    until its owner chooses one.

    Raises Refusal at the field `name`, in one and the same words, for a name that is taken or unfit.
    """
    return opened(account, hashed(account), device=device, passkey=isinstance(account.password, Answer),
                  beside=lambda work, user: keep_made(work, user, account, device))


def hashed(account: NewAccount) -> str | None:
    """Hash of the password of a new account, None with a passkey in its place. Raises Refusal, as `sign_up`."""
    check_new(account)
    if isinstance(account.password, Answer):
        return None
    check_password(account.password, account.name)
    return passwords.hashed(account.password, first=False)


def keep_made(work: Work, user: User, account: NewAccount, device: str) -> None:
    """Keep the passkey of a new account, if it has one."""
    if isinstance(account.password, Answer):
        keep_passkey(work, user, account.password, device[:rules.PASSKEY_NAME_MOST], challenged=None)


def check_new(account: NewAccount) -> None:
    if not account.agrees:
        raise Refusal(_("가입하려면 나이를 확인하고 필수 문서에 동의해 주세요."))
    _check_name(account.name)


def opened(account: NewAccount, password_hash: str | None, *, device: str, passkey: bool = False,
           beside: Callable[[Work, User], None] = lambda work, user: None) -> str:
    """As `sign_up`, with a password that is hashed already, or none: `beside` notes another way in."""
    check_new(account)
    try:
        with use_case(None) as work:
            user = add_user(work.session, name=account.name, password_hash=password_hash, at=work.at,
                            nickname=drawn_nickname(), language=account.language)
            for document in (*REQUIRED, Document.AGE):
                note_consent(user, document, agreed=True, at=work.at)
            beside(work, user)
            secret = open_session(work.session, user, device=device, at=work.at, passkey=passkey)
            work.record("accounts.signed_up", user)
            return secret
    except Conflict as taken:
        raise unfit_name() from taken


def drawn_nickname() -> str:
    """Nickname of somebody who has not chosen one."""
    return _("이웃 %(digits)s", digits=rules.drawn_digits())


def free_name(name: str) -> str:
    """The name as it is compared, in the caller's transaction. Raises Refusal for one that is taken or unfit."""
    key = _check_name(name)
    if users.by_name(key):
        raise unfit_name()
    return key


def _check_name(name: str) -> str:
    key = rules.sign_in_key(name)
    if key is None or not rules.may_be_chosen(key):
        raise unfit_name()
    return key


def ask_owner(session, user: User, address: str, at) -> None:
    """Send the link that proves the address, or word to its owner that an account has it already.

    Raises Refusal when the address had enough letters within the hour; a code that nobody is sent counts too.
    """
    if users.sent_to(address, Purpose.CONFIRM_EMAIL, at - timedelta(hours=1)) >= rules.MAILS_AN_HOUR:
        raise Refusal(_("편지를 여러 번 보냈어요. 한 시간 뒤에 다시 해 주세요."), field="email")
    code = issue_code(session, user.id, Purpose.CONFIRM_EMAIL, at=at, email=address)
    owner = users.by_confirmed_email(address)
    if owner is not None and owner.id != user.id:
        mail.address_in_use(user, address)
    else:
        mail.confirm_email(user, address, code)


def create_user(name: str, password: str, nickname: str, *, by) -> User:
    """An account made by an administrator, or by the site itself (`by` None) while there is no administrator.

    Staff may have names and nicknames that others may not choose. Raises Refusal, Denied.
    """
    if rules.sign_in_key(name) is None:
        raise unfit_name()
    check_password(password, name)
    password_hash = passwords.hashed(password)
    try:
        with use_case(by) as work:
            if by is not None or users.there_is_an_administrator():
                require(by or _Nobody(), may_create)
            user = add_user(work.session, name=name, password_hash=password_hash, nickname=nickname, at=work.at,
                            opened_by_id=by and by.id)
            if by is not None:
                staff_acts.note(work, user, rules.StaffAct.CREATE)
            work.record("accounts.created", user)
            return user
    except Conflict as taken:
        raise unfit_name() from taken


class _Nobody:
    is_authenticated = False


def unfit_name() -> Refusal:
    return Refusal(_("이 이름은 쓸 수 없어요. 영문 소문자와 숫자로 4~30자인 다른 이름을 적어 주세요."), field="name")


def check_nickname(nickname: str) -> None:
    if not rules.nickname_fits(nickname):
        raise Refusal(_("별명은 2~20자로, 운영자나 구청 직원처럼 보이지 않게 적어 주세요."), field="nickname")


def check_password(password: str, *names: str | None) -> None:
    length = len(password)
    if length < rules.PASSWORD_LEAST:
        raise Refusal(_("%(length)s자예요. %(least)s자 이상 적어 주세요.", length=length, least=rules.PASSWORD_LEAST),
                      field="password")
    if length > rules.PASSWORD_MOST:
        raise Refusal(_("%(most)s자보다 짧게 적어 주세요.", most=rules.PASSWORD_MOST), field="password")
    if is_easy(password, *names):
        raise Refusal(_("알아맞히기 쉬운 비밀번호예요. 흔한 말이나 자판 순서, 이름 대신 서로 상관없는 낱말 세 개를 이어 적어 주세요."),
                      field="password")


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
        super().__init__(_("지금은 쓸 수 없는 계정이에요. 이유가 궁금하면 문의해 주세요."))
        self.user_id = user_id


def sign_in(name: str, password: str, *, device: str, known: bool = True) -> SignedIn:
    """Check name and password and open a session, unless a second factor is to be asked for. A device that is `known`
    to the account comes before those that are not; the owner is told of one that is not.

    Raises Wrong with one sentence for an unknown name and a wrong password, in the same time, and Busy.
    """
    credentials = users.credentials(name)
    db.session.rollback()
    right = passwords.verify(password, credentials and credentials.password_hash, first=known)
    if not right:
        raise Wrong(_("로그인 이름이나 비밀번호가 맞지 않아요. 다시 확인해 주세요."))
    newer = passwords.hashed(password) if passwords.needs_new_hash(credentials.password_hash) else None
    with use_case(None) as work:
        user = _still_the_same(credentials.user_id, credentials.password_hash)
        if newer:
            user.password_hash = newer
        if user.must_use_passkey:
            raise Denied(_("역할이 있는 계정이라 비밀번호만으로는 들어올 수 없어요. 패스키로 로그인해 주세요."))
        if user.totp_confirmed_at:
            return half_way(user)
        return SignedIn(user.id, open_for(work, user, device, known), _marks(user)[0])


def half_way(user: User) -> SignedIn:
    """Somebody who still has to say the code of the second factor."""
    return SignedIn(user.id, None, _marks(user)[0])


def sign_in_with_code(user_id: int, mark: str, code: str, *, device: str, known: bool = True) -> str:
    """The second half for those with a second factor; returns the secret. Raises Wrong."""
    with use_case(None) as work:
        user = users.held(user_id)
        if user is None or not user.is_active or not keys.is_one_of(mark, _marks(user)):
            raise Refusal(_("로그인을 처음부터 다시 해 주세요."))
        use_second_factor(user, code, work.at)
        return open_for(work, user, device, known)


def tell_of_wrong_codes(user_id: int) -> None:
    """Tell the owner that somebody with the right password types wrong codes, once a day at most."""
    with use_case(None) as work:
        user = users.held(user_id)
        if user is not None and not users.told_since(user, WRONG_CODES, work.at - DAY):
            mail.wrong_codes(user)
            work.record(WRONG_CODES, user)


WRONG_CODES = "accounts.second_factor_guessed"


def _still_the_same(user_id: int, password_hash: str) -> User:
    user = users.held(user_id)
    if user is None or user.password_hash != password_hash or user.left_at:
        raise Wrong(_("로그인 이름이나 비밀번호가 맞지 않아요. 다시 확인해 주세요."))
    if user.is_blocked:
        raise Blocked(user.id)
    return user


def open_for(work, user: User, device: str, known: bool, *, passkey: bool = False) -> str:
    """The secret of a new session; the owner is told of a device that is not `known`."""
    secret = open_session(work.session, user, device=device, at=work.at, passkey=passkey)
    if not known:
        mail.new_device(user, device, work.at)
    work.record("accounts.signed_in", user)
    return secret


def _marks(user: User) -> list[str]:
    """By every key, the newest first: somebody may be between the two steps."""
    return [digest.hex()[:24] for digest in keys.hashes("second-step", (user.password_hash or "").encode())]


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
    """Delete codes, challenges and sessions that are over; returns how many."""
    with use_case(None) as work:
        days = timedelta(days=int(current_app.config["SESSION_DAYS"]))
        over = work.session.execute(sa.delete(OneTimeCode).where(OneTimeCode.expires_at < work.at - DAY)).rowcount
        old = work.session.execute(sa.delete(UserSession).where(UserSession.created_at < work.at - days)).rowcount
        late = work.session.execute(sa.delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= work.at)).rowcount
        return over + old + late
