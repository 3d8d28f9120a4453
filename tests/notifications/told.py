"""Notices that somebody was told, for the tests to read."""

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.notifications.models import Delivery, Notice, NoticePreference
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind


def notices(user) -> list[Notice]:
    """The oldest first, as they are now; no transaction stays open."""
    db.session.rollback()
    found = list(db.session.scalars(sa.select(Notice).filter_by(user_id=user.id).order_by(Notice.id)))
    for one in found:
        db.session.expunge(one)
    db.session.rollback()
    return found


def told(user) -> list[tuple[NoticeKind, str]]:
    """Kind and step of each."""
    return [(one.kind, one.step) for one in notices(user)]


def steps(user) -> list[str]:
    return [one.step for one in notices(user)]


def last(user) -> Notice:
    return notices(user)[-1]


def leaving(user) -> list[tuple[Channel, Frequency]]:
    return [(one.channel, one.frequency) for one in db.session.scalars(
        sa.select(Delivery).filter_by(user_id=user.id).order_by(Delivery.id))]


def reachable(user):
    """The same user with a mail address that is proven."""
    with use_case(None):
        user.confirmed_email = f"person-{user.id}@example.com"
    return user


def wants(user, channel: Channel, frequency: Frequency, kind: NoticeKind = NoticeKind.SUPPORTED):
    with use_case(None) as work:
        work.session.merge(NoticePreference(user_id=user.id, kind=kind, channel=channel, frequency=frequency))
