"""Ending a kind of mail, or a digest, by the word that stands in it. Nobody is signed in."""

import sqlalchemy as sa

from civic_forum.accounts.queries import users
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import use_case

from .. import links
from ..links import BadLink, Subscription
from ..models import Delivery, Notice, NoticePreference
from ..queries import preferences
from ..rules import Frequency, NoticeKind


class TooOld(Refusal):
    """It was right once."""

    status = 410


def subscription(token: str) -> Subscription:
    """Subscription that the token is about. Raises NotFound or TooOld with a sentence that says what to do."""
    found = links.read(token)
    if found is BadLink.OLD:
        raise TooOld(_("오래된 편지의 주소라서 쓸 수 없어요. 요즘 받은 편지의 주소를 열거나, 로그인하고 알림에서 받는 방법을 바꿔 주세요."))
    if found is BadLink.FORGED:
        raise NotFound(_("쓸 수 없는 주소예요. 편지에 적힌 주소를 끝까지 옮겼는지 확인해 주세요."))
    return found


def unsubscribe(token: str) -> Subscription:
    """From now on nothing of this kind leaves by this channel, what waits included. Once more changes nothing."""
    wanted = subscription(token)
    with use_case(None) as work:
        user = users.held(wanted.user_id)
        if user is None or user.left_at is not None:
            return wanted
        kinds = preferences.ending(wanted)
        for kind in kinds:
            work.session.merge(NoticePreference(user_id=user.id, kind=kind, channel=wanted.channel,
                                                frequency=Frequency.NEVER))
        work.session.flush()
        _drop_what_waits(work.session, wanted, kinds)
        if kinds:
            work.record("notifications.unsubscribed", user, channel=wanted.channel, kinds=[str(kind) for kind in kinds])
    return wanted


def _drop_what_waits(session, wanted: Subscription, kinds: list[NoticeKind]) -> None:
    of_kind = sa.select(Notice.id).where(Notice.user_id == wanted.user_id, Notice.kind.in_(kinds))
    session.execute(sa.delete(Delivery).where(
        Delivery.user_id == wanted.user_id, Delivery.channel == wanted.channel, Delivery.sent_at.is_(None),
        Delivery.notice_id.in_(of_kind)).execution_options(synchronize_session=False))
