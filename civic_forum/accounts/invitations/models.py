"""Tables of invitations."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import Key, db, enum_of, ref

from ..rules import NICKNAME_MOST, TITLE_MOST, Role


class InvitationList(db.Model):
    """People whom one administrator proposes to invite; another one confirms all of it in one act."""

    __tablename__ = "invitation_list"

    id: Mapped[Key]
    by_id: Mapped[int] = ref("user.id")
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class Invitation(db.Model):
    """Somebody whom a mail invites to a role. The row is deleted once it is used, withdrawn or too old."""

    __tablename__ = "invitation"
    __table_args__ = (sa.UniqueConstraint("email"), sa.UniqueConstraint("token_hash"))

    id: Mapped[Key]
    list_id: Mapped[int] = ref("invitation_list.id")
    email: Mapped[str] = mapped_column(sa.String(254))
    """In lower case, as `User.confirmed_email`; an address has one invitation at a time."""
    name: Mapped[str] = mapped_column(sa.String(NICKNAME_MOST))
    role: Mapped[Role] = mapped_column(enum_of(Role, "role"))
    department_id: Mapped[int | None] = ref("department.id", index=False)
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    is_head: Mapped[bool]
    title: Mapped[str | None] = mapped_column(sa.String(TITLE_MOST))
    ends_on: Mapped[date | None]
    token_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of what stands in the mail; None before the list is confirmed."""
    expires_at: Mapped[datetime]

    department: Mapped[Department | None] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
