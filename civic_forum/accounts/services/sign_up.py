"""Opening an account: by oneself, or by an administrator's command."""

from dataclasses import dataclass, field
from datetime import timedelta

from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import Language, _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import mail, passwords, rules
from ..documents import REQUIRED, Document
from ..models import User
from ..policy.own import may_create
from ..queries import codes, users
from ..rules import AffiliationKind, Purpose, Verification
from ..steps.codes import issue_code
from ..steps.residency import count_residency, put_affiliation
from ..steps.sessions import open_session
from ..steps.users import add_user, note_consent


@dataclass(frozen=True)
class NewAccount:
    """Registration of an account; addresses and numbers already in the form they are kept in."""

    name: str
    password: str
    nickname: str
    neighbourhood_id: int | None = None
    email: str | None = None
    mobile: str | None = None
    declared: dict[AffiliationKind, int] = field(default_factory=dict)
    language: Language = Language.KO
    agrees: bool = False
    """To both required documents, and is 14 or older."""
    wants_news: bool = False


def sign_up(account: NewAccount, *, device: str) -> str:
    """Open the account and sign in; returns the secret of the first session.

    Raises Refusal at the field `name`, in one and the same words, for a name that is taken or unfit.
    """
    if not account.agrees:
        raise Refusal(_("가입하려면 나이를 확인하고 필수 문서에 동의해 주세요."))
    check_nickname(account.nickname)
    check_password(account.password, account.name, account.nickname)
    key = rules.sign_in_key(account.name)
    if key is None or not rules.may_be_chosen(key):
        raise unfit_name()
    password_hash = passwords.hashed(account.password)
    try:
        with use_case(None) as work:
            user = _add(account, password_hash, work.at)
            for document in (*REQUIRED, Document.AGE):
                note_consent(user, document, given=True, at=work.at)
            note_consent(user, Document.NEWS, given=account.wants_news, at=work.at)
            secret = open_session(work.session, user, device=device, at=work.at)
            work.record("accounts.signed_up", user)
            return secret
    except Conflict as taken:
        raise unfit_name() from taken


def _add(account: NewAccount, password_hash: str, at) -> User:
    user = add_user(db.session, name=account.name, password_hash=password_hash, nickname=account.nickname, at=at,
                    neighbourhood_id=account.neighbourhood_id, language=account.language, mobile=account.mobile,
                    email=account.email)
    for kind, neighbourhood_id in account.declared.items():
        put_affiliation(user, kind, neighbourhood_id, how=Verification.DECLARED, at=at)
    count_residency(user)
    if account.email:
        ask_owner(db.session, user, account.email, at)
    return user


def ask_owner(session, user: User, address: str, at) -> None:
    """Send the link that proves the address, or word to its owner that an account has it already.

    Raises Refusal when the address had enough letters within the hour; a code that nobody is sent counts too.
    """
    if codes.sent_to(address, Purpose.CONFIRM_EMAIL, at - timedelta(hours=1)) >= rules.MAILS_AN_HOUR:
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
    if rules.password_is_easy(password, *names):
        raise Refusal(_("알아맞히기 쉬운 비밀번호예요. 낱말 세 개를 이어 쓰거나 이름이 들어가지 않게 적어 주세요."),
                      field="password")
