"""Notices, who wants which how often, and addresses that do not answer."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import Key, db, enum_of, partial_index, ref

from .rules import Channel, Frequency, NoticeKind


class Notice(db.Model):
    """Notice to one person about one thing. Written inside the transaction of its reason."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "once"),
        sa.Index("ix_notice_about", "user_id", "about", "id"),
        partial_index("ix_notice_unread", "user_id", where="read_at IS NULL"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id", index=False)
    kind: Mapped[NoticeKind] = mapped_column(enum_of(NoticeKind, "kind"))
    about: Mapped[str] = mapped_column(sa.String(60))
    """What notices are grouped by: `proposal:12`."""
    step: Mapped[str] = mapped_column(sa.String(40))
    """Which sentence says it (`labels.py`)."""
    title: Mapped[str] = mapped_column(sa.String(200))
    """Of the thing it is about, where its reader wrote that; others are told what it is called when they read."""
    url: Mapped[str] = mapped_column(sa.String(300))
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    once: Mapped[str] = mapped_column(sa.String(100))
    """Nobody is told the same twice."""
    at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    under: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """The right under which its reader was told (`roles`, `department`): it leaves by mail only while they have it."""


class Delivery(db.Model):
    """A notice that leaves by mail or short message, at once or in a digest."""

    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "channel"),
        partial_index("ix_delivery_due", "frequency", "user_id", where="sent_at IS NULL"),
    )

    id: Mapped[Key]
    notice_id: Mapped[int] = ref("notice.id", index=False)
    user_id: Mapped[int] = ref("user.id")
    channel: Mapped[Channel] = mapped_column(enum_of(Channel, "channel"))
    frequency: Mapped[Frequency] = mapped_column(enum_of(Frequency, "frequency"))
    sent_at: Mapped[datetime | None]


class NoticePreference(db.Model):
    """Frequency at which somebody wants a kind by a channel; what is not here has the default."""

    __tablename__ = "notice_preference"

    user_id: Mapped[int] = ref("user.id", primary_key=True, index=False)
    kind: Mapped[NoticeKind] = mapped_column(enum_of(NoticeKind, "kind"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_of(Channel, "channel"), primary_key=True)
    frequency: Mapped[Frequency] = mapped_column(enum_of(Frequency, "frequency"))


class DigestRun(db.Model):
    """Up to when the digest of a person is sent."""

    __tablename__ = "digest_run"

    user_id: Mapped[int] = ref("user.id", primary_key=True, index=False)
    frequency: Mapped[Frequency] = mapped_column(enum_of(Frequency, "frequency"), primary_key=True)
    at: Mapped[datetime]


class DeadAddress(db.Model):
    """A mail address that kept refusing: nothing is sent there until its owner proves it again."""

    __tablename__ = "dead_address"

    user_id: Mapped[int] = ref("user.id", primary_key=True, index=False)
    since: Mapped[datetime]
