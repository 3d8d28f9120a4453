"""Officers of votes, and their replacement while a vote is open."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, ref

from ..models import box_ref, one_at_a_time


class Officer(db.Model):
    """A position that may be an officer of votes (투표 담당관): proposed by one administrator, granted by another. Without
    both it was granted by a command on the machine."""

    __tablename__ = "officer"
    __table_args__ = tuple(one_at_a_time(f"uq_officer_{column}", column) for column in ("user_id", "position"))

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id", index=False)
    position: Mapped[str] = mapped_column(sa.String(80))
    """As everybody reads it: department and post, never a name."""
    proposed_by_id: Mapped[int | None] = ref("user.id", index=False)
    proposed_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = ref("user.id", index=False)
    granted_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = ref("user.id", index=False)
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])


class OfficerChange(db.Model):
    """An officer of an open vote replaced by another: proposed by one administrator, confirmed by another. What holds
    is what was signed and kept beside the keys."""

    __tablename__ = "officer_change"
    __table_args__ = (one_at_a_time("uq_officer_change_pending", "box_id"),)

    id: Mapped[Key]
    box_id: Mapped[bytes] = box_ref(primary_key=False, index=True)
    leaves_id: Mapped[int] = ref("officer.id", index=False)
    comes_id: Mapped[int] = ref("officer.id", index=False)
    proposed_by_id: Mapped[int] = ref("user.id", index=False)
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = ref("user.id", index=False)
    ended_at: Mapped[datetime | None]
    """Confirmed, withdrawn or void."""

    leaves: Mapped[Officer] = relationship(foreign_keys=[leaves_id])
    comes: Mapped[Officer] = relationship(foreign_keys=[comes_id])
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
