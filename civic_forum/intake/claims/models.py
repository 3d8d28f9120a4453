"""Claims: somebody says that an item is theirs."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, partial_index, ref

from ..models import IntakeItem


class Claim(db.Model):
    """Number and code, shown by somebody who is signed in and verified; one each."""

    __tablename__ = "intake_claim"
    __table_args__ = (sa.UniqueConstraint("item_id", "user_id"),
                      partial_index("ix_intake_claim_open", "id", where="ended_at IS NULL"))

    id: Mapped[Key]
    item_id: Mapped[int] = ref("intake_item.id", index=False)
    user_id: Mapped[int] = ref("user.id")
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """None: two clerks have not looked at it yet."""
    is_granted: Mapped[bool]

    item: Mapped[IntakeItem] = relationship()
    user: Mapped[User] = relationship()
