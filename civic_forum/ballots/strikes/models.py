"""Proposals to strike somebody from the roll of an opened vote."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import db, ref


class Strike(db.Model):
    """Somebody whom an official proposed to strike from the roll of an opened vote; deleted as soon as that is decided,
    taken back or void."""

    __tablename__ = "strike"

    confirmation_id: Mapped[int] = mapped_column(sa.ForeignKey("confirmation.id"), primary_key=True,
                                                 autoincrement=False)
    roll_id: Mapped[int] = ref("electoral_roll.id")
    person: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    reason: Mapped[str] = mapped_column(sa.String(300))
    account: Mapped[bytes | None]
    """Sealed number of the account: who confirms it sees whom it is about, and the person is told."""
