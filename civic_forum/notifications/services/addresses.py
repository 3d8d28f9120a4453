"""Addresses that keep refusing what is sent there, and how their owners prove them again."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts import mail
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import issue_code
from civic_forum.accounts.policy import may_change_own
from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import MAILS_AN_HOUR, Purpose
from civic_forum.platform import outbox
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import steps
from ..models import DeadAddress, Delivery
from ..queries import addresses, recipients
from ..rules import Channel, NoticeKind

SETTINGS = "/me/notices/settings"


def drop_dead() -> int:
    """Send nothing more to addresses that refused again and again, and say so on the site; returns how many."""
    if not addresses.dying():
        return 0
    with use_case(None) as work:
        dead = addresses.dying()
        for one in dead:
            work.session.add(DeadAddress(user_id=one.user_id, since=work.at))
            work.record("notifications.address_dropped", f"user:{one.user_id}", refusal=one.refusal)
            steps.tell(work.session, recipients.one(one.user_id), kind=NoticeKind.ACCOUNT,
                       about=f"user:{one.user_id}", step="address_dead", title="", url=SETTINGS,
                       once=f"address_dead:{work.at:%Y%m%d%H%M%S}", at=work.at)
        work.session.execute(sa.delete(Delivery).where(
            Delivery.user_id.in_([one.user_id for one in dead]), Delivery.channel == Channel.MAIL,
            Delivery.sent_at.is_(None)).execution_options(synchronize_session=False))
    return len(dead)


def ask_to_prove_again(*, by: User) -> None:
    """Send the link that proves the address to the address itself: if it comes, the address lives."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        if work.session.get(DeadAddress, user.id) is None or not user.confirmed_email:
            raise Refusal(_("확인할 전자우편 주소가 없어요."))
        address = user.email if (user.email or "").lower() == user.confirmed_email else user.confirmed_email
        if users.sent_to(address, Purpose.CONFIRM_EMAIL, work.at - timedelta(hours=1)) >= MAILS_AN_HOUR:
            raise Refusal(_("편지를 여러 번 보냈어요. 한 시간 뒤에 다시 해 주세요."))
        mail.confirm_email(user, address, issue_code(work.session, user.id, Purpose.CONFIRM_EMAIL, at=work.at,
                                                     email=address))
        work.record("notifications.address_proof_asked", user)


def live_again(session, user_id: int) -> None:
    """Its owner has opened a letter there: inside the caller's transaction."""
    outbox.forgive(session, user_id)
    session.execute(sa.delete(DeadAddress).where(DeadAddress.user_id == user_id))
