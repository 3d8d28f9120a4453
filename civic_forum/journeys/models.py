"""The public journey (처리 과정): one step after another, each with its evidence."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import Key, db, ref


class Journey(db.Model):
    """Journey of a proposal or an agenda; its owner points here."""

    __tablename__ = "journey"

    id: Mapped[Key]


class JourneyEntry(db.Model):
    __tablename__ = "journey_entry"
    __table_args__ = (
        sa.Index("ix_journey_entry_journey_id_at", "journey_id", "at", "id"),
        sa.UniqueConstraint("journey_id", "once"),
    )

    id: Mapped[Key]
    journey_id: Mapped[int] = ref("journey.id", index=False)
    step: Mapped[str] = mapped_column(sa.String(40))
    """Which step it is; `journeys.words` says what pages call it."""
    once: Mapped[str | None] = mapped_column(sa.String(60))
    """Set for steps that happen once in a journey."""
    at: Mapped[datetime]
    evidence: Mapped[str | None] = mapped_column(sa.String(300))
    """Plain words: a document number, a reason, what changed."""
    link: Mapped[str | None] = mapped_column(sa.String(300))
    """Root-relative address of what shows it."""
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)
