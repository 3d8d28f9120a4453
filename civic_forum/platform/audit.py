"""Audit trail: who did what to which record, and when. Rows are only ever added."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .base import Key, Number, db


class AuditEntry(db.Model):
    """`action` is `area.verb` in the past tense, `subject` is `table:id`; details hold no private data."""

    __tablename__ = "audit_entry"

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(Number, index=True)
    action: Mapped[str] = mapped_column(sa.String(80), index=True)
    subject: Mapped[str] = mapped_column(sa.String(80), index=True)
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)
