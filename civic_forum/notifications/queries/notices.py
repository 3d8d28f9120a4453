"""One's own notices, grouped by what they are about, newest first."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.blocks.kinds import kind_of
from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.paging import Page

from ..models import Notice, NoticePreference
from ..rules import Channel, Frequency, NoticeKind
from . import subjects

PAGE = 20
MOST_OF_ONE = 5
"""Notices shown of one subject; how many more there are is said."""
MOST_COUNTED = 100
"""Nobody counts more unread ones than this."""


@dataclass(frozen=True)
class Group:
    """Notices of one thing; `title` is None where its reader cannot see it any more."""

    about: str
    kind: str
    """Of the thing, the part of `about` before the colon."""
    title: str | None
    notices: list[Notice]
    total: int
    unread: int

    @property
    def last_id(self) -> int:
        return self.notices[0].id

    @property
    def more(self) -> int:
        return self.total - len(self.notices)

    @property
    def topics(self) -> list[NoticeKind]:
        """Each kind once, that of the newest first."""
        return list(dict.fromkeys(notice.kind for notice in self.notices))


def unread_of_user(user_id) -> sa.ScalarSelect:
    """Number of unread notices, as a part of the statement that reads the user."""
    waiting = sa.select(sa.literal(1)).where(Notice.user_id == user_id, Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return sa.select(sa.func.count()).select_from(waiting.correlate_except(Notice).subquery()).scalar_subquery()


def silent(user_id: int) -> sa.Select:
    """Kinds that somebody does not want to see on the site."""
    return sa.select(NoticePreference.kind).where(
        NoticePreference.user_id == user_id, NoticePreference.channel == Channel.SITE,
        NoticePreference.frequency == Frequency.NEVER)


def _own(user_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Notice.user_id == user_id, Notice.kind.not_in(silent(user_id))


def grouped(user_id: int, *, only_unread: bool = False, after: str | None = None) -> Page[Group]:
    """A page of what there is news of, in three statements. Raises Invalid for an `after` that is no token."""
    last, unread = sa.func.max(Notice.id), sa.func.count(sa.case((Notice.read_at.is_(None), 1)))
    found = (sa.select(Notice.about, last, sa.func.count(), unread).where(*_own(user_id)).group_by(Notice.about)
             .order_by(last.desc()).limit(PAGE + 1))
    if only_unread:
        found = found.having(unread > 0)
    if (start := paging.parts(after, int)) is not None:
        found = found.having(last < start[0])
    page = paging.page_of(db.session.execute(found).all(), PAGE, lambda row: (row[1],))
    notices = _newest(user_id, [row[0] for row in page.items])
    titles = subjects.titles(notices, user_id)
    groups = [Group(about, kind_of(about), titles.get(about), notices[about], total, waiting)
              for about, _last, total, waiting in page.items]
    return Page(groups, page.after)


def _newest(user_id: int, abouts: list[str]) -> dict[str, list[Notice]]:
    """The newest few of each of these subjects."""
    if not abouts:
        return {}
    place = sa.func.row_number().over(partition_by=Notice.about, order_by=Notice.id.desc()).label("place")
    ranked = sa.select(Notice.id, place).where(*_own(user_id), Notice.about.in_(abouts)).subquery()
    found = db.session.scalars(sa.select(Notice).join(ranked, ranked.c.id == Notice.id)
                               .where(ranked.c.place <= MOST_OF_ONE).order_by(Notice.id.desc()))
    notices = defaultdict(list)
    for notice in found:
        notices[notice.about].append(notice)
    return notices


def one(user_id: int, notice_id: int) -> Notice | None:
    """Of this reader only: for anybody else there is none."""
    return db.session.scalar(sa.select(Notice).filter_by(id=notice_id, user_id=user_id))
