"""Preferences of somebody by kind and channel."""

from collections.abc import Mapping

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import rules
from ..models import Notice, NoticePreference
from ..policy import may_read
from ..queries import preferences
from ..rules import Channel, Frequency, NoticeKind


def choose(wanted: Mapping[tuple[NoticeKind, Channel], Frequency], *, by: User) -> None:
    """Keep what somebody chose; what is not named stays as it is. Raises Refusal for what cannot be chosen.

    What was told before stays as it was, but a kind that is wanted on the site no more counts as read.
    """
    require(by, may_read)
    for (kind, channel), frequency in wanted.items():
        if frequency not in rules.choices(kind, channel):
            raise Refusal(_("고를 수 없는 방법이에요. 목록에 있는 것에서 골라 주세요."), field=f"{channel}_{kind}")
    with use_case(by) as work:
        people.held_rows([by.id])
        before = preferences.of_user(by.id)
        for (kind, channel), frequency in wanted.items():
            if frequency is not before[kind, channel]:
                work.session.merge(NoticePreference(user_id=by.id, kind=kind, channel=channel, frequency=frequency))
        silenced = [kind for (kind, channel), frequency in wanted.items()
                    if channel is Channel.SITE and frequency is Frequency.NEVER]
        work.session.execute(sa.update(Notice).where(
            Notice.user_id == by.id, Notice.kind.in_(silenced), Notice.read_at.is_(None)).values(read_at=work.at))
        work.record("notifications.chose", f"user:{by.id}")
