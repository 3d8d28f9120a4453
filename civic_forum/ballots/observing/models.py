"""Objections of observers, and who asks to observe a vote."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, ref

from ..models import box_ref
from ..rules.log import Canonical, stamp


class Objection(db.Model):
    """An objection of an observer (투표 이의 제기): shown after the close, a leaf of the log."""

    __tablename__ = "objection"

    id: Mapped[Key]
    box_id: Mapped[bytes] = box_ref(primary_key=False, index=True)
    by_id: Mapped[int] = ref("user.id")
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    lodged_at: Mapped[datetime]
    n: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    leaf_number: Mapped[int | None]
    """None: lodged after the final head, so on the page only."""
    withheld: Mapped[str | None] = mapped_column(sa.String(300))
    """Reason for which its text is not published."""
    outcome: Mapped[str | None] = mapped_column(sa.String(200))
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = ref("user.id", index=False)
    answered_for: Mapped[str | None] = mapped_column(sa.String(100))
    """The department in whose name it was answered."""

    by: Mapped[User] = relationship(foreign_keys=[by_id])

    def as_logged(self) -> dict[str, Canonical]:
        """As it is hashed and later published: without the account, for the record is kept for ever."""
        return {"lodged_at": stamp(self.lodged_at), "title": self.title, "text": self.text}


class ObserverAsk(db.Model):
    """Somebody asks to observe a vote before its opening; joins the key that is named for it to an account."""

    __tablename__ = "observer_ask"
    __table_args__ = (sa.UniqueConstraint("box_id", "user_id"),)

    id: Mapped[Key]
    box_id: Mapped[bytes] = box_ref(primary_key=False)
    user_id: Mapped[int] = ref("user.id")
    name: Mapped[str] = mapped_column(sa.String(100))
    """Their own or a pseudonym; shown to everybody once they are named."""
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    at: Mapped[datetime]

    user: Mapped[User] = relationship()
