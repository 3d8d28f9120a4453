"""Opened is read. Only one's own notices are ever found."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..models import Delivery, Notice
from ..policy import may_read
from ..queries import notices

AT_ONCE = 5_000
"""Notices thrown away in one transaction, so that nobody waits long for it."""


def open_notice(notice_id: int, *, by: User) -> str:
    """Follow a notice: it and every other one that leads to the same page count as read. Returns the address.

    Raises NotFound, also for a notice of somebody else.
    """
    require(by, may_read)
    notice = notices.one(by.id, notice_id)
    if notice is None:
        raise NotFound(_("이런 알림은 없어요. 알림 목록에서 다시 찾아보세요."))
    url, about = notice.url, notice.about
    if notice.read_at is None:
        with use_case(by) as work:
            _read(work, by, Notice.about == about, Notice.url == url)
    return url


def read_subject(about: str, up_to: int, *, by: User) -> int:
    """Everything about one thing that its reader has seen in the list; what came meanwhile stays unread."""
    require(by, may_read)
    with use_case(by) as work:
        return _read(work, by, Notice.about == about, Notice.id <= up_to)


def read_all(up_to: int, *, by: User) -> int:
    """Everything up to the newest notice that the list showed."""
    require(by, may_read)
    with use_case(by) as work:
        return _read(work, by, Notice.id <= up_to)


def _read(work: Work, by: User, *which: sa.ColumnElement[bool]) -> int:
    """Mark notices as read. That is of no concern to anybody else: no audit entry."""
    return work.session.execute(sa.update(Notice).where(Notice.user_id == by.id, Notice.read_at.is_(None), *which)
                                .values(read_at=work.at), execution_options={"synchronize_session": False}).rowcount


def forget(days: int) -> int:
    """Throw away notices older than so many days, read or not; returns how many."""
    gone = 0
    while True:
        with use_case(None) as work:
            old = sa.select(Notice.id).where(Notice.at < work.at - timedelta(days=days)).limit(AT_ONCE)
            ids = list(work.session.scalars(old))
            work.session.execute(sa.delete(Delivery).where(Delivery.notice_id.in_(ids)))
            work.session.execute(sa.delete(Notice).where(Notice.id.in_(ids)))
        gone += len(ids)
        if len(ids) < AT_ONCE:
            return gone
