"""Quick polls on the spot. Not secret, and not a vote."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import Key, db, enum_of, partial_index, ref

from ..rules import PulseKind


class Pulse(db.Model):
    """A quick question to the hall (즉석 설문). One is open at a time."""

    __tablename__ = "pulse"
    __table_args__ = (
        partial_index("uq_pulse_open", "forum_id", unique=True, where="closed_at IS NULL"),
        sa.Index("ix_pulse_forum_id", "forum_id", "opened_at"),
    )

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    kind: Mapped[PulseKind] = mapped_column(enum_of(PulseKind, "kind"))
    text: Mapped[str] = mapped_column(sa.String(300))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    counts: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """What it came to, written when it closed, hands among them; {"yes": 98, …} or {word: count}."""
    taken_out: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """Words that the host took out, folded, with the reason that everybody reads."""


class PulseResponse(db.Model):
    """Answer of somebody; changed until it closes. Afterwards only the counts stay."""

    __tablename__ = "pulse_response"

    pulse_id: Mapped[int] = ref("pulse.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime]


class PulseHands(db.Model):
    """Hands counted by a table host, or by the host in the hall, of people without a device."""

    __tablename__ = "pulse_hands"
    __table_args__ = (sa.Index("uq_pulse_hands_table", "pulse_id", sa.text("coalesce(table_id, 0)"), unique=True),)

    id: Mapped[Key]
    pulse_id: Mapped[int] = ref("pulse.id", index=False)
    table_id: Mapped[int | None] = ref("forum_table.id", index=False)
    counts: Mapped[dict] = mapped_column(sa.JSON)
    by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]
