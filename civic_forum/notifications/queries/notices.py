"""Notices of a user, their subjects, preferences and addresses."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Ref, Told, kind_of
from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.outbox import Carrier, OutgoingMail
from civic_forum.platform.paging import Page
from civic_forum.platform.statements import made_once

from .. import labels
from ..links import Subscription
from ..models import DeadAddress, Notice, NoticePreference
from ..rules import Channel, Frequency, NoticeKind, choices, default, is_dead

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
    statement = (sa.select(Notice.about, last, sa.func.count(), unread).where(*_own(user_id)).group_by(Notice.about)
                 .order_by(last.desc()).limit(PAGE + 1))
    if only_unread:
        statement = statement.having(unread > 0)
    if (start := paging.parts(after, int)) is not None:
        statement = statement.having(last < start[0])
    page = paging.page_of(db.session.execute(statement).all(), PAGE, lambda row: (row[1],))
    notices = _newest(user_id, [row[0] for row in page.items])
    named = titles(notices, user_id)
    groups = [Group(about, kind_of(about), named.get(about), notices[about], total, waiting)
              for about, _last, total, waiting in page.items]
    return Page(groups, page.after)


def _newest(user_id: int, abouts: list[str]) -> dict[str, list[Notice]]:
    """The newest few of each of these subjects."""
    if not abouts:
        return {}
    place = sa.func.row_number().over(partition_by=Notice.about, order_by=Notice.id.desc()).label("place")
    ranked = sa.select(Notice.id, place).where(*_own(user_id), Notice.about.in_(abouts)).subquery()
    newest = db.session.scalars(sa.select(Notice).join(ranked, ranked.c.id == Notice.id)
                                .where(ranked.c.place <= MOST_OF_ONE).order_by(Notice.id.desc()))
    notices = defaultdict(list)
    for notice in newest:
        notices[notice.about].append(notice)
    return notices


@dataclass(frozen=True)
class News:
    """A notice with the title of its thing, None where its reader cannot see that any more."""

    notice: sa.Row
    title: str | None


def latest(user_id: int, limit: int) -> list[News]:
    """The newest of each thing, in two statements."""
    notices = db.session.connection().execute(_latest(), {"user": user_id, "rows": limit}).all()
    named = titles([notice.about for notice in notices], user_id)
    return [News(notice, named.get(notice.about)) for notice in notices]


@made_once
def _latest() -> sa.Select:
    newest = sa.select(sa.func.max(Notice.id)).where(*_own(sa.bindparam("user"))).group_by(Notice.about)
    return sa.select(Notice.id, Notice.about, Notice.step, Notice.details, Notice.read_at, Notice.at).where(
        Notice.id.in_(newest)).order_by(Notice.id.desc()).limit(sa.bindparam("rows"))


def one(user_id: int, notice_id: int) -> Notice | None:
    """Of this reader only: for anybody else there is none."""
    return db.session.scalar(sa.select(Notice).filter_by(id=notice_id, user_id=user_id))


def titles(abouts: Iterable[str], reader_id: int) -> dict[str, str]:
    """`proposal:12` → its title; what is not in it cannot be seen by this reader, or has no title. One statement."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for ref in map(Ref.read, abouts):
        if ref is not None:
            wanted[ref.kind].append(ref.id)
    asked = tuple(kind.name for kind, _told in kinds.having(Told) if kind.name in wanted)
    rows = db.session.connection().execute(
        _titles(asked), {"reader": reader_id} | {name: wanted[name] for name in asked}) if asked else ()
    return {f"{kind}:{number}": title for kind, number, title in rows if title}


@made_once
def _titles(names: tuple[str, ...]) -> sa.CompoundSelect:
    reader = sa.bindparam("reader", type_=User.id.type)
    return sa.union_all(*(told.titles(sa.bindparam(kind.name, expanding=True), reader)
                          for kind, told in kinds.having(Told) if kind.name in names))


def has_title(about: str) -> bool:
    """True if it is of a kind of which notices are told; others are called as `labels.SUBJECT` says."""
    ref = Ref.read(about)
    kind = kinds.find(ref.kind) if ref is not None else None
    return kind is not None and kind.get(Told) is not None


def is_known(kind: str) -> bool:
    """True if something says what a thing of this kind is called."""
    declared = kinds.find(kind)
    return (declared is not None and declared.get(Told) is not None) or kind in labels.SUBJECT


def of_user(user_id: int) -> dict[tuple[NoticeKind, Channel], Frequency]:
    """Of every kind by every channel: what somebody chose, else what is usual."""
    chosen = {(preference.kind, preference.channel): preference.frequency for preference in db.session.scalars(
        sa.select(NoticePreference).filter_by(user_id=user_id))}
    return {(kind, channel): chosen.get((kind, channel)) or default(kind, channel)
            for kind in NoticeKind for channel in Channel}


def kinds_for(user: User) -> list[NoticeKind]:
    """Those of which somebody may choose how they are told: duties are for staff."""
    return [kind for kind in NoticeKind if any(len(choices(kind, channel)) > 1 for channel in Channel)
            and (kind is not NoticeKind.DUTY or user.roles)]


def ending(wanted: Subscription) -> list[NoticeKind]:
    """The kind, or every kind that comes in the digest; what does not leave by this channel anyway stays as it is."""
    now = {kind: frequency for (kind, channel), frequency in of_user(wanted.user_id).items()
           if channel is wanted.channel}
    if isinstance(wanted.what, NoticeKind):
        return [wanted.what] if now[wanted.what] is not Frequency.NEVER else []
    return [kind for kind, frequency in now.items() if frequency is wanted.what]


def dead_address(user_id: int) -> DeadAddress | None:
    return db.session.get(DeadAddress, user_id)


@dataclass(frozen=True)
class Dying:
    user_id: int
    refusal: str


def dying() -> list[Dying]:
    """People whose proven address refused long and often enough.

    Only refusals since anything last arrived count, and only where the server meanwhile took letters for others:
    one that refuses everybody is in trouble itself.
    """
    arrived = sa.select(sa.func.max(OutgoingMail.sent_at)).where(
        OutgoingMail.user_id == User.id, OutgoingMail.sent_at.is_not(None),
        OutgoingMail.carrier == Carrier.MAIL).correlate(User).scalar_subquery()
    rows = db.session.execute(
        sa.select(OutgoingMail.user_id, OutgoingMail.refused_at, OutgoingMail.refusal)
        .join(User, User.id == OutgoingMail.user_id)
        .outerjoin(DeadAddress, DeadAddress.user_id == User.id)
        .where(OutgoingMail.refused_at.is_not(None), DeadAddress.user_id.is_(None), User.left_at.is_(None),
               sa.func.lower(OutgoingMail.recipient) == User.confirmed_email,
               sa.or_(arrived.is_(None), OutgoingMail.refused_at > arrived))
        .order_by(OutgoingMail.user_id, OutgoingMail.refused_at)).all()
    refused: dict[int, list[sa.Row]] = {}
    for row in rows:
        refused.setdefault(row.user_id, []).append(row)
    return [Dying(user_id, those[-1].refusal or "") for user_id, those in refused.items()
            if is_dead([local(refusal.refused_at) for refusal in those]) and _others_arrived(those[0].refused_at)]


def _others_arrived(since) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(
        OutgoingMail.sent_at > since, OutgoingMail.carrier == Carrier.MAIL))))
