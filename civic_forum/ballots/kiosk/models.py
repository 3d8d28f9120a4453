"""Kiosks of the desks, and the leave to vote once at one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, ref
from civic_forum.platform.site_version import quiet

from ..models import SCATTERED, box_ref


class KioskPass(db.Model):
    """Leave for one person to vote once at the kiosk of a desk. Deleted when it is used or over. What is left of a
    deleted row in a file of the database joins to nobody and tells no time."""

    __tablename__ = "kiosk_pass"
    __table_args__ = (sa.UniqueConstraint("holder"), SCATTERED)

    secret_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    """Keyed hash: first of the code on the clerk's screen, then of the kiosk's cookie."""
    box_id: Mapped[bytes] = box_ref(primary_key=False, index=True)
    holder: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Of box and person, by another key than the entry in the roll: one pass each."""
    sealed: Mapped[bytes]
    """The person, their account, until when it holds, desk and kiosk. Not its number in the register."""
    is_open: Mapped[bool] = mapped_column(default=False)
    """The kiosk has taken the code."""


class KioskDevice(db.Model):
    """A browser that is a kiosk of a desk. Nothing here says when it was used, or for what. Read without a lock: else
    every kiosk would wait for whoever votes at another."""

    __tablename__ = "kiosk_device"
    __table_args__ = (sa.UniqueConstraint("secret_hash"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(sa.String(60))
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    """None: a kiosk of the whole district."""
    secret_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Keyed hash: first of the code that registers it, then of the browser's cookie."""
    code_until: Mapped[datetime | None]
    """Moment at which that code is over; None once a browser took it."""
    registered_by_id: Mapped[int | None] = ref("user.id", index=False)
    registered_at: Mapped[datetime]
    revoked_by_id: Mapped[int | None] = ref("user.id", index=False)
    revoked_at: Mapped[datetime | None]

    registered_by: Mapped[User | None] = relationship(foreign_keys=[registered_by_id])
    revoked_by: Mapped[User | None] = relationship(foreign_keys=[revoked_by_id])


quiet(KioskPass)
