"""Passes of helpers who type in, for one day, what is said at a visit."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from civic_forum.accounts.models import User
from civic_forum.forums.models import Forum
from civic_forum.platform.base import Key, db, ref
from civic_forum.platform.i18n import end_of


class IntakePass(db.Model):
    """Right of one device to type in, on one day, what is said at one visit. Who made it answers for what is typed."""

    __tablename__ = "intake_pass"
    __table_args__ = (sa.UniqueConstraint("secret_hash"), sa.Index("ix_intake_pass_forum_id", "forum_id", "id"))

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    day: Mapped[date]
    secret_hash: Mapped[bytes]
    """Of the code, until a device took it; from then on of the secret of that device."""
    made_by_id: Mapped[int] = ref("user.id", index=False)
    bound_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    forum: Mapped[Forum] = relationship()
    made_by: Mapped[User] = relationship()

    @property
    def ends_at(self) -> datetime:
        """End of its day, unless somebody ended it before."""
        return self.ended_at or end_of(self.day)
