"""Proving a mobile number: digits that are sent there are typed on the site. Nothing else leaves to one unproven."""

from datetime import datetime, timedelta

from flask import current_app

from civic_forum.platform import outbox
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import Language, _, speaking
from civic_forum.platform.outbox import Carrier, Letter
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..models import OneTimeCode, User
from ..policy.own import may_change_own
from ..queries import codes, users
from ..rules import CODES_A_DAY, MAILS_AN_HOUR, TRIES, Purpose
from ..steps.codes import issue_code
from .codes import fits, lately


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
               codes.sent_to(user.mobile, Purpose.CONFIRM_MOBILE, since))


def _message(user: User, code: str) -> Letter:
    english = user.language == Language.EN
    site = current_app.config["SITE_NAME_EN" if english else "SITE_NAME"]
    with speaking(Language(user.language)):
        text = _("[%(site)s] 확인 번호 %(code)s. 10분 안에 적어 주세요.", site=site, code=code)
    return Letter(to=user.mobile, subject="", body=text, kind="confirm_mobile", user_id=user.id, carrier=Carrier.SMS)


def confirm(code: str, *, by: User) -> None:
    """Type what was sent: the number is one's own from now on. Raises Refusal at `code` for what is wrong."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        sent = codes.open_held(user.id, Purpose.CONFIRM_MOBILE, work.at)
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
