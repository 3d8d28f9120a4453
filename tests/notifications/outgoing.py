"""Notices that wait to leave, without going through what tells of them."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.notifications.models import Delivery, Notice
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from tests import factories


def reachable(town, **facts):
    """Somebody whose address is proven."""
    n = next(factories._number)
    return town.resident(**{"email": f"Reader{n}@example.org", "confirmed_email": f"reader{n}@example.org"} | facts)


def waiting(user, *, frequency=Frequency.AT_ONCE, channel=Channel.MAIL, kind=NoticeKind.SUPPORTED, before=timedelta(),
            once=None, **said):
    """A notice of somebody that has to leave; `before` says how long ago it was told."""
    notice = Notice(**{"user_id": user.id, "kind": kind, "about": "user:1", "step": "answered",
                       "title": "골목 가로등", "url": "/proposals/2030-0001", "details": {},
                       "once": once or f"test:{next(factories._number)}", "at": clock.now() - before} | said)
    db.session.add(notice)
    db.session.flush()
    return factories.saved(Delivery(notice_id=notice.id, user_id=user.id, channel=channel, frequency=frequency))


def still_waiting() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Delivery).where(Delivery.sent_at.is_(None)))
