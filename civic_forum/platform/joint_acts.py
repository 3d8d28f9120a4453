"""Acts that wait for a second person, as rows; `blocks.two_people` has their rule and use-cases."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .base import Key, db, partial_index, ref

FIRST_DAY = "district.first_day"
"""Name of the act that a district has once: its second administrator confirms what the first did alone."""


class JointAct(db.Model):
    """An act that waits for a second person, or that one confirmed."""

    __tablename__ = "joint_act"
    __table_args__ = (partial_index("uq_joint_act_open", "name", "subject", unique=True, where="ended_at IS NULL"),
                      partial_index("uq_joint_act_first_day", "name", unique=True, where=f"name = '{FIRST_DAY}'"))

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(sa.String(60))
    """Of its declaration: `accounts.seen`."""
    subject: Mapped[str] = mapped_column(sa.String(60))
    """Thing that it is about, as the audit log names it: `user:12`."""
    fingerprint: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Of all that was shown; void when that is another one."""
    by_id: Mapped[int | None] = ref("user.id")
    """None: a command on the machine."""
    at: Mapped[datetime]
    until: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = ref("user.id", index=False)
    ended_at: Mapped[datetime | None]
    """Confirmed, withdrawn, or begun anew."""
