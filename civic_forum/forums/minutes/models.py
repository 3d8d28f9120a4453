"""The minutes, in versions, and what people want corrected."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, enum_of, ref

from ..rules import CorrectionState, MinutesKind


class Minutes(db.Model):
    """One version of the minutes (회의록). None is ever changed; the next one follows."""

    __tablename__ = "forum_minutes"
    __table_args__ = (sa.UniqueConstraint("forum_id", "version"),)

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    version: Mapped[int]
    kind: Mapped[MinutesKind] = mapped_column(enum_of(MinutesKind, "kind"))
    sections: Mapped[list] = mapped_column(sa.JSON)
    """[{"title", "text" or "rows"}]; people by the nickname they had."""
    note: Mapped[str | None] = mapped_column(sa.String(300))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = ref("user.id", index=False)
    published_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = ref("user.id", index=False)
    signed_by: Mapped[str | None] = mapped_column(sa.String(100))
    """The name that stands below, with the role."""

    @property
    def at(self) -> datetime:
        """Since when people could read it."""
        return self.published_at or self.made_at


class Correction(db.Model):
    """Somebody who took part says what the minutes have wrong."""

    __tablename__ = "forum_correction"

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id")
    version: Mapped[int]
    user_id: Mapped[int | None] = ref("user.id")
    place: Mapped[str] = mapped_column(sa.String(200))
    was: Mapped[str] = mapped_column(sa.String(1000))
    becomes: Mapped[str] = mapped_column(sa.String(1000))
    at: Mapped[datetime]
    state: Mapped[CorrectionState] = mapped_column(enum_of(CorrectionState, "state"))
    reply: Mapped[str | None] = mapped_column(sa.String(500))
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[int | None] = ref("user.id", index=False)

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
