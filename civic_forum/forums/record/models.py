"""Captions of what was said, and decisions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.district.models import Department
from civic_forum.platform.base import Key, db, ref


class Caption(db.Model):
    """A line typed live (자막)."""

    __tablename__ = "caption"
    __table_args__ = (sa.Index("ix_caption_forum_id", "forum_id", "at", "id"),)

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    turn_id: Mapped[int | None] = ref("turn.id", index=False)
    user_id: Mapped[int | None] = ref("user.id")
    """Whose words they are."""
    speaker: Mapped[str | None] = mapped_column(sa.String(60))
    """The same, of somebody without an account."""
    text: Mapped[str] = mapped_column(sa.String(500))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = ref("user.id", index=False)
    corrected_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])

    @property
    def called(self) -> str | None:
        """Name of whose words they are, as people know them by now; None: of the hall."""
        return self.user.name if self.user else self.speaker


class Decision(db.Model):
    """Decision of the forum (의결), read out by the host."""

    __tablename__ = "forum_decision"

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id")
    text: Mapped[str] = mapped_column(sa.String(500))
    department_id: Mapped[int | None] = ref("department.id", index=False)
    department_name: Mapped[str | None] = mapped_column(sa.String(100))
    """Where it is none of this office's departments."""
    due_on: Mapped[date | None]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = ref("user.id", index=False)
    progress: Mapped[str | None] = mapped_column(sa.String(500))
    removed_at: Mapped[datetime | None]
    earlier: Mapped[list] = mapped_column(sa.JSON, default=list)
    """How it read before, oldest first: [{"text", "department", "due_on", "at"}]."""

    department: Mapped[Department | None] = relationship()
    by: Mapped[User | None] = relationship()

    @property
    def who(self) -> str | None:
        """The one who is to do it."""
        return self.department.name if self.department else self.department_name
