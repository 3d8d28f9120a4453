"""Notices to the people of the sample while everything happened again."""

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.notifications.models import Delivery, Notice
from civic_forum.notifications.rules import NoticeKind


def test_boxes_are_filled_and_nothing_is_left_to_leave(district):
    kinds = set(db.session.scalars(sa.select(Notice.kind).distinct()))
    assert {NoticeKind.MY_PROPOSAL, NoticeKind.SUPPORTED, NoticeKind.REPLY} <= kinds
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery).where(Delivery.sent_at.is_(None))) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice).where(Notice.read_at.is_(None))) > 0


def test_nobody_was_told_of_what_is_over_a_year_ago(district):
    oldest, newest = db.session.execute(sa.select(sa.func.min(Notice.at), sa.func.max(Notice.at))).one()
    assert (newest - oldest).days <= 366
