"""Reports of people, and the open acts of moderators."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import Key, db, enum_of, partial_index, ref

from .rules import ActionKind, Ground, SignalKind


class Report(db.Model):
    """A sentence about a thing that breaks a rule; one per user and thing."""

    __tablename__ = "report"
    __table_args__ = (
        sa.UniqueConstraint("subject_kind", "subject_id", "by_id"),
        partial_index("ix_report_open", "at", "id", where="closed_at IS NULL"),
        partial_index("ix_report_open_subject", "subject_kind", "subject_id", where="closed_at IS NULL"),
    )

    id: Mapped[Key]
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int]
    rule: Mapped[str] = mapped_column(sa.String(40))
    sentence: Mapped[str] = mapped_column(sa.String(300))
    by_id: Mapped[int] = ref("user.id")
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    """A moderator has looked at it."""
    closed_by_id: Mapped[int | None] = ref("user.id", index=False)
    closed_how: Mapped[str | None] = mapped_column(sa.String(30))
    """acted, kept"""


class ModerationAction(db.Model):
    """조치: what a moderator did about a text or an account, under which rule, and why. Public but for names."""

    __tablename__ = "moderation_action"
    __table_args__ = (
        sa.Index("ix_moderation_action_subject", "subject_kind", "subject_id"),
        sa.Index("ix_moderation_action_at", "at", "id"),
        sa.Index("ix_moderation_action_rule_at", "rule", "at", "id"),
        partial_index("uq_moderation_action_standing", "subject_kind", "subject_id", "kind", unique=True,
                      where="ended_at IS NULL"),
        *(partial_index(f"ix_moderation_action_{name}", name, where=f"{name} IS NOT NULL")
          for name in ("bulk_id", "takedown_id")),
    )

    id: Mapped[Key]
    kind: Mapped[ActionKind] = mapped_column(enum_of(ActionKind, "kind"))
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    """`proposal`, `comment`, or `user` for what concerns an account."""
    subject_id: Mapped[int]
    user_id: Mapped[int | None] = ref("user.id")
    """Whose text or account it is."""
    rule: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.String(500))
    by_id: Mapped[int | None] = ref("user.id", index=False)
    role: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    """Of a mute, a block or a takedown: when it ends by itself."""
    bulk_id: Mapped[int | None] = ref("bulk_action.id", index=False)
    takedown_id: Mapped[int | None] = ref("takedown_request.id", index=False)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = ref("user.id", index=False)
    ended_how: Mapped[str | None] = mapped_column(sa.String(30))
    """taken_back, appeal_upheld, over"""
    before: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """What has to come back when it is taken back."""


class ModerationTally(db.Model):
    """Number of acts under a rule that were begun in a month of Seoul: kept with them, so that the ledger counts
    nothing."""

    __tablename__ = "moderation_tally"

    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    """`2026-11`"""
    rule: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    total: Mapped[int]


class BulkAction(db.Model):
    """One act on a wave of spam, taken back as one."""

    __tablename__ = "bulk_action"

    id: Mapped[Key]
    rule: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.String(500))
    by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = ref("user.id", index=False)


class Appeal(db.Model):
    """이의 신청: decided by another moderator than the one who acted."""

    __tablename__ = "appeal"
    __table_args__ = (sa.UniqueConstraint("action_id"),
                      partial_index("ix_appeal_waiting", "at", where="decided_at IS NULL"))

    id: Mapped[Key]
    action_id: Mapped[int] = ref("moderation_action.id", index=False)
    by_id: Mapped[int] = ref("user.id")
    text: Mapped[str] = mapped_column(sa.String(1000))
    at: Mapped[datetime]
    upheld: Mapped[bool | None]
    decision: Mapped[str | None] = mapped_column(sa.String(1000))
    decided_by_id: Mapped[int | None] = ref("user.id", index=False)
    decided_at: Mapped[datetime | None]


class TakedownRequest(db.Model):
    """게시중단 요청 by anyone concerned: hidden up to 30 days, then decided by a second person."""

    __tablename__ = "takedown_request"
    __table_args__ = (sa.UniqueConstraint("form_key"),
                      partial_index("ix_takedown_request_waiting", "at", where="decided_at IS NULL"))

    id: Mapped[Key]
    form_key: Mapped[str] = mapped_column(sa.String(32))
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int]
    ground: Mapped[Ground] = mapped_column(enum_of(Ground, "ground"))
    text: Mapped[str] = mapped_column(sa.String(2000))
    contact_sealed: Mapped[bytes | None]
    at: Mapped[datetime]
    blocked_by_id: Mapped[int | None] = ref("user.id", index=False)
    blocked_until: Mapped[datetime | None]
    granted: Mapped[bool | None]
    decision: Mapped[str | None] = mapped_column(sa.String(1000))
    decided_by_id: Mapped[int | None] = ref("user.id", index=False)
    decided_at: Mapped[datetime | None]


class Signal(db.Model):
    """Something that may be worth a look; it never decides. Seen, it is done with until the text is another one."""

    __tablename__ = "signal"
    __table_args__ = (sa.UniqueConstraint("subject_kind", "subject_id", "kind"),
                      partial_index("ix_signal_unseen", "at", "id", where="seen_at IS NULL"))

    id: Mapped[Key]
    kind: Mapped[SignalKind] = mapped_column(enum_of(SignalKind, "kind"))
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    text_hash: Mapped[str] = mapped_column(sa.String(32))
    """Of the text in which it was noticed; empty for an account."""


class WatchedWord(db.Model):
    """A word on the moderators' list."""

    __tablename__ = "watched_word"
    __table_args__ = (sa.UniqueConstraint("word"),)

    id: Mapped[Key]
    word: Mapped[str] = mapped_column(sa.String(60))
    added_by_id: Mapped[int] = ref("user.id", index=False)
    added_at: Mapped[datetime]
