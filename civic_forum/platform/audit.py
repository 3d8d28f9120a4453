"""Audit trail: who did what to which record, and when. Rows are only ever added."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .base import Key, Number, db


class AuditEntry(db.Model):
    """`action` is `area.verb` in the past tense, `subject` is `table:id`; details hold no private data.

    `chain`, `place` and `seal` are given as an entry is written (`platform.audit_chain`).
    """

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("uq_audit_entry_chain_place", "chain", "place", unique=True),)

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(Number, index=True)
    action: Mapped[str] = mapped_column(sa.String(80), index=True)
    subject: Mapped[str] = mapped_column(sa.String(80), index=True)
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    chain: Mapped[int | None]
    """None of what was written before there were chains (2026)."""
    place: Mapped[int | None]
    """Within the chain, from 1."""
    seal: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
