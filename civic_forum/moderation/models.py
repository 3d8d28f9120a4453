"""What people report to the moderators."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.kernel.base import Key, db, ref


class Report(db.Model):
    """A sentence about a thing that breaks a rule; one per user and thing."""

    __tablename__ = "report"
    __table_args__ = (
        sa.UniqueConstraint("subject_kind", "subject_id", "by_id"),
        sa.Index("ix_report_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[Key]
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int]
    rule: Mapped[str] = mapped_column(sa.String(40))
    sentence: Mapped[str] = mapped_column(sa.String(300))
    by_id: Mapped[int] = ref("user.id")
    at: Mapped[datetime] = mapped_column(index=True)
