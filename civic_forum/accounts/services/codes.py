"""Use-cases of one-time links and codes, by mail, by mobile and at the desk. Each works once."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from civic_forum.platform import clock, jobs, keys, outbox, settings
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _, known, speaking
from civic_forum.platform.outbox import Carrier, Letter, OutgoingMail
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import mail, passwords
from ..events import EmailConfirmed
from ..identity import Identity
from ..models import OneTimeCode, User
from ..operations import Wrong, end_codes, end_sessions, issue_code, kept_form
from ..policy import Visit, may_change_own, may_issue_desk_code, may_look_up
from ..queries import people, users
from ..rules import CODES_A_DAY, Evidence, MAILS_AN_HOUR, Purpose, StaffAct, TRIES, sign_in_key
from ..wrong_names import note_wrong_name, refuse_guessing
from . import staff_acts
from .entry import ask_owner, check_password

HOUR = timedelta(hours=1)


def ask_for_confirmation(*, by: User) -> None:
    """Send the link for the address of one's account again."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        if not user.email or user.email.lower() == user.confirmed_email:
            raise Refusal(_("확인할 이메일 주소가 없어요."))
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
            user.confirmed_email = sent.email.lower()
            work.record("accounts.email_confirmed", user)
            work.emit(EmailConfirmed(user.id))
    except Conflict as taken:
        raise Refusal(_("이 주소로 확인을 마친 계정이 이미 있어요. 그 계정으로 로그인하거나 다른 주소를 적어 주세요.")) from taken


RESET_ASKED = "reset_asked"
"""Letters that wait for the worker to find out to whom they go: what was typed stands in the place of the address."""


def ask_for_reset(name_or_email: str) -> None:
    """Note who forgot a password. It is the same work whether there is such an account; `answer_resets` looks."""
    typed = sign_in_key(name_or_email) or name_or_email.replace("\0", "").lower()
    with use_case(None):
        outbox.post(to=typed, subject="", body="", kind=RESET_ASKED)


def answer_resets() -> int:
    """Send a link to each confirmed address that was asked for; returns how many had asked."""
    asked = users.letters_of(RESET_ASKED)
    for letter_id, typed in asked.items():
        with use_case(None) as work:
            if work.session.execute(sa.delete(OutgoingMail).where(OutgoingMail.id == letter_id)).rowcount:
                _send_link(work, typed)
    if asked:
        jobs.soon("mail")
    return len(asked)


def _send_link(work: Work, name_or_email: str) -> None:
    """Nothing without a confirmed address."""
    user = users.by_name(name_or_email) or users.by_confirmed_email(name_or_email)
    user = users.held(user.id) if user else None
    if user is None or not user.is_active or not user.confirmed_email:
        return
    if lately(user.id, Purpose.RESET_PASSWORD, work.at - HOUR) < MAILS_AN_HOUR:
        code = issue_code(work.session, user.id, Purpose.RESET_PASSWORD, at=work.at, email=user.confirmed_email)
        mail.reset_password(user, user.confirmed_email, code)
        work.record("accounts.password_reset_asked", user)


def reset_password(code: str, password: str) -> None:
    """Set a new password by the link that was sent; every session ends. Without one nothing is hashed."""
    check_password(password)
    if not users.is_open(code, Purpose.RESET_PASSWORD, clock.now()):
        raise _does_not_work()
    db.session.rollback()
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
    password_hash = passwords.hashed(password, first=False)
    with use_case(None) as work:
        user = users.by_name(name)
        user = users.held(user.id) if user else None
        issued = users.open_held(user.id, Purpose.DESK_RESET, work.at) if user and user.is_active else None
        if right := issued is not None and fits(issued, code):
            issued.used_at = work.at
            put_password(work, user, password_hash)
            work.record("accounts.password_reset", user, by="desk")
    if not right:
        raise Wrong(_("로그인 이름이나 코드가 맞지 않아요. 다시 확인해 주세요. 다섯 번 틀리면 코드를 새로 받아야 해요."))


def fits(issued: OneTimeCode, code: str) -> bool:
    """True if this is what was sent, within the tries that it has; each is counted."""
    issued.tries += 1
    if issued.tries > TRIES:
        return False
    form = kept_form(code, issued.user_id, Purpose(issued.purpose), issued.created_at)
    return keys.is_one_of(issued.code_hash, users.code_hashes(form))


def _used(code: str, purpose: Purpose, at) -> tuple[OneTimeCode, User]:
    """The code and its user, both held, the code used up. Raises Refusal where it does not work."""
    if not (pair := users.held_code(code, purpose)):
        raise _does_not_work()
    user, sent = pair
    if sent.used_at or sent.expires_at <= at or not user.is_active:
        raise _does_not_work()
    sent.used_at = at
    return sent, user


def _does_not_work() -> Refusal:
    return Refusal(_("이미 썼거나 기간이 지난 주소예요. 새 편지를 받아 다시 해 주세요."))


def ask_for_code(*, by: User) -> None:
    """Send digits to the number of one's account, a few times an hour and a day: to one number from all accounts
    together."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        if not user.mobile or user.mobile == user.confirmed_mobile:
            raise Refusal(_("확인할 휴대전화 번호가 없어요."))
        if _sent(user, work.at - timedelta(hours=1)) >= MAILS_AN_HOUR:
            raise Refusal(_("문자를 여러 번 보냈어요. 한 시간 뒤에 다시 해 주세요."))
        if _sent(user, work.at - timedelta(days=1)) >= CODES_A_DAY:
            raise Refusal(_("오늘은 문자를 여러 번 보냈어요. 내일 다시 해 주세요."))
        code = issue_code(work.session, user.id, Purpose.CONFIRM_MOBILE, at=work.at, email=user.mobile)
        outbox.post_all(work.session, [_message(user, code)])
        work.record("accounts.mobile_confirmation_asked", user)


def _sent(user: User, since: datetime) -> int:
    return max(lately(user.id, Purpose.CONFIRM_MOBILE, since),
               users.sent_to(user.mobile, Purpose.CONFIRM_MOBILE, since))


def _message(user: User, code: str) -> Letter:
    with speaking(known(user.language)):
        text = _("[%(site)s] 확인 번호 %(code)s. 10분 안에 적어 주세요.", site=settings.in_words("SITE_NAME"), code=code)
    return Letter(to=user.mobile, subject="", body=text, kind="confirm_mobile", user_id=user.id, carrier=Carrier.SMS)


def confirm(code: str, *, by: User) -> None:
    """Type what was sent: the number is one's own from now on. Raises Refusal at `code` for what is wrong."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        sent = users.open_held(user.id, Purpose.CONFIRM_MOBILE, work.at)
        if sent is None or sent.email != user.mobile:
            raise NotFound(_("쓸 수 있는 확인 번호가 없어요. 번호를 새로 받아 주세요."))
        refusal = _tried(work, user, sent, code)
    if refusal:
        raise refusal


def _tried(work, user: User, sent: OneTimeCode, code: str) -> Refusal | None:
    """Result of one try; a wrong one is kept, so the refusal is raised only after the commit."""
    if fits(sent, code):
        sent.used_at, user.confirmed_mobile = work.at, user.mobile
        work.record("accounts.mobile_confirmed", user)
        return None
    if sent.tries < TRIES:
        return Refusal(_("번호가 맞지 않아요. %(left)s번 더 넣을 수 있어요.", left=TRIES - sent.tries), field="code")
    sent.used_at = work.at
    return Refusal(_("번호를 다섯 번 잘못 넣었어요. 번호를 새로 받아 주세요."), field="code")


def issue(user: User, who: Identity, *, evidence: Evidence, by: User) -> str:
    """A one-time code for a verified account, given to the person it belongs to; returned once and kept nowhere.

    What the clerk reads on the paper must be the name and birth date of the account. Raises Denied
    for another neighbourhood's account or one with a role, Refusal where it is not that person.
    """
    with use_case(by) as work:
        held = people.held(by.id, user.id)
        actor, user = held[by.id], held[user.id]
        require(actor, may_issue_desk_code, user)
        refuse_guessing(work, actor, user)
        places = people.belongs_to(user)
        require(actor, may_look_up, Visit(user, places))
        if user.person is None:
            raise Refusal(_("본인 확인을 한 적이 없는 계정이라 주인을 알 수 없어요. 이메일로 비밀번호를 바꾸거나 "
                            "새 계정을 만들도록 안내해 주세요."))
        if not who.fits(user.person):
            note_wrong_name(work, user)
            refusal = Refusal(_("이 계정의 이름과 생년월일이 아니에요. 신분증을 다시 확인해 주세요."), field="name")
        else:
            refusal = None
            code = issue_code(work.session, user.id, Purpose.DESK_RESET, at=work.at, by_id=actor.id)
            own = actor.neighbourhood_ids() & places
            staff_acts.note(work, user, StaffAct.RESET_PASSWORD, place=min(own, default=None), evidence=evidence)
            work.record("accounts.desk_code_issued", user, evidence=evidence)
    if refusal:
        raise refusal
    return code
