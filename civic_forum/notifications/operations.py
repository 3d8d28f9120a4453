"""Notices inside the transaction of their reason."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries.people import not_blocked
from civic_forum.platform import clock, plain_text
from civic_forum.platform.base import upsert
from civic_forum.platform.work import acting_id

from .models import DeadAddress, Delivery, Notice, NoticePreference
from .queries.recipients import right_of
from .rules import Channel, EVEN_WHEN_BLOCKED, Frequency, LEAVING, NoticeKind, OF_ONES_OWN, default

TITLE_MOST = Notice.title.type.length


def tell(session, recipients: sa.SelectBase, *, kind: NoticeKind, about: str, step: str, title: str, url: str,
         once: str, at: datetime, details: dict[str, object] | None = None, even_who_acts: bool = False,
         whatever_they_chose: bool = False) -> None:
    """Write a notice for everybody whose id `recipients` selects, and what has to leave by mail or short message.

    Nobody is told the same (`once`) twice, nobody of what they did themselves (but for `even_who_acts`), nobody who
    has left. However many they are, it takes one statement and one more for each channel. The title is kept for who
    wrote what it names; to others it is looked up when they read, so that what is gone from the site is gone there too.
    With `whatever_they_chose` it leaves at once by every channel whose address is proven.
    """
    kept = plain_text.beginning(title, TITLE_MOST) if kind in OF_ONES_OWN else ""
    fields = {"kind": kind, "about": about, "step": step, "title": kept, "url": url, "details": details or {},
              "once": once, "at": at, "under": right_of(recipients)}
    if not _write(session, recipients, fields, None if even_who_acts else acting_id(), urgent=whatever_they_chose):
        return
    for channel in LEAVING:
        _hand_over(session, recipients, channel, kind, once, at, urgent=whatever_they_chose)


def proven(channel: Channel) -> sa.ColumnElement[bool]:
    """Note that a user's address of this channel was proven to be theirs and still takes what is sent."""
    if channel is Channel.MAIL:
        dead = sa.exists().where(DeadAddress.user_id == User.id)
        return sa.and_(User.confirmed_email.is_not(None), ~dead)
    return User.confirmed_mobile.is_not(None)


def _write(session, recipients: sa.SelectBase, fields: dict[str, object], but: int | None, *, urgent: bool) -> int:
    """Write notices and return how many were written. What somebody does not want on the site is written as read: it
    only leaves by mail."""
    columns = Notice.__table__.c
    literals = [sa.literal(value, columns[name].type) for name, value in fields.items()]
    silent = sa.exists().where(NoticePreference.user_id == User.id, NoticePreference.kind == fields["kind"],
                               NoticePreference.channel == Channel.SITE, NoticePreference.frequency == Frequency.NEVER)
    read_at = sa.null() if urgent else sa.case((silent, sa.literal(fields["at"], columns.at.type)), else_=sa.null())
    reached = sa.select(User.id, *literals, read_at).where(User.id.in_(recipients), User.left_at.is_(None))
    if but is not None:
        reached = reached.where(User.id != but)
    written = session.execute(upsert(Notice).from_select(["user_id", *fields, "read_at"], reached.order_by(User.id))
                              .on_conflict_do_nothing(index_elements=["user_id", "once"])
                              .execution_options(preserve_rowcount=True))
    if written.rowcount >= 0:
        return written.rowcount
    return session.scalar(sa.text("SELECT changes()"))  # SQLite's driver counts no INSERT that begins with WITH


def _hand_over(session, recipients: sa.SelectBase, channel: Channel, kind: NoticeKind, once: str, at: datetime, *,
               urgent: bool) -> None:
    """Hand over to this channel what was written a moment ago, where its reader wants that."""
    columns = Delivery.__table__.c
    usual = sa.literal(default(kind, channel), columns.frequency.type)
    frequency = sa.func.coalesce(NoticePreference.frequency, usual)
    if urgent:
        frequency = sa.literal(Frequency.AT_ONCE, columns.frequency.type)
    leaves = sa.select(Notice.id, Notice.user_id, sa.literal(channel, columns.channel.type), frequency).select_from(
        sa.join(Notice, User, User.id == Notice.user_id).outerjoin(NoticePreference, sa.and_(
            NoticePreference.user_id == Notice.user_id, NoticePreference.kind == kind,
            NoticePreference.channel == channel))
    ).where(Notice.user_id.in_(recipients), Notice.once == once, Notice.at == at, Notice.kind == kind,
            proven(channel))
    if not urgent:
        leaves = leaves.where(frequency != Frequency.NEVER)
    if kind not in EVEN_WHEN_BLOCKED:
        leaves = leaves.where(not_blocked(clock.now()))
    session.execute(upsert(Delivery).from_select(["notice_id", "user_id", "channel", "frequency"], leaves)
                    .on_conflict_do_nothing(index_elements=["notice_id", "channel"]))
