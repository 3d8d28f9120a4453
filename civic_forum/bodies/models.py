"""Bodies that meet and decide, their seats, and who sits on them from when until when."""

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.blocks.seats import MemberFunction, Seats, SeatSide, SeatWay, shown_name
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.platform.i18n import language

from .rules import BodyAccess, BodyKind, QuorumShare


class Worded:
    """Something with texts in other languages: `{"en": {"name": …}}`."""

    texts: Mapped[dict] = mapped_column(sa.JSON, default=dict)

    def said(self, column: str) -> str:
        """A text in the language of the page."""
        return (self.texts.get(language()) or {}).get(column) or getattr(self, column) or ""

    @property
    def title(self) -> str:
        return self.said("name")


class Body(Worded, db.Model):
    """A council, one of its divisions, a jury …: it meets and decides."""

    __tablename__ = "body"
    __table_args__ = (sa.UniqueConstraint("slug"),
                      sa.CheckConstraint("access = 'open' OR access_reason IS NOT NULL", name="says_why_not_open"),
                      sa.CheckConstraint("ends IS NULL OR begins <= ends", name="ends_after_its_beginning"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(sa.String(100))
    kind: Mapped[BodyKind] = mapped_column(enum_of(BodyKind, "kind"))
    parent_id: Mapped[int | None] = ref("body.id")
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """Department that looks after it."""
    mandate: Mapped[str] = mapped_column(sa.String(500))
    basis: Mapped[str] = mapped_column(sa.String(200))
    """Law, ordinance or rules that it follows from."""
    term_months: Mapped[int | None]
    access: Mapped[BodyAccess] = mapped_column(enum_of(BodyAccess, "access"))
    access_reason: Mapped[str | None] = mapped_column(sa.String(300))
    notice_days: Mapped[int]
    minutes_days: Mapped[int]
    quorum_share: Mapped[QuorumShare] = mapped_column(enum_of(QuorumShare, "quorum_share"))
    quorum_of: Mapped[str] = mapped_column(sa.String(40))
    """`seats.VOTING`, `seats.ALL`, or the key of one of its kinds of seats."""
    begins: Mapped[date]
    ends: Mapped[date | None]
    """Its last day, once it was closed or where it is for a time."""
    created_at: Mapped[datetime]

    parent: Mapped["Body | None"] = relationship(remote_side="Body.id")
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    department: Mapped[Department | None] = relationship()


class BodySeat(Worded, db.Model):
    """A kind of seats in a body: so many, exactly or at most."""

    __tablename__ = "body_seat"
    __table_args__ = (sa.UniqueConstraint("body_id", "key"), sa.CheckConstraint("number >= 0", name="has_a_number"))

    id: Mapped[Key]
    body_id: Mapped[int] = ref("body.id", index=False)
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(60))
    side: Mapped[SeatSide] = mapped_column(enum_of(SeatSide, "side"))
    number: Mapped[int]
    at_most: Mapped[bool]
    votes: Mapped[bool]
    way: Mapped[SeatWay] = mapped_column(enum_of(SeatWay, "way"))
    """By which it is filled."""

    body: Mapped[Body] = relationship()


class Seated:
    """Seat, holder and term, of a membership and of a change of one."""

    user_id: Mapped[int | None] = ref("user.id")
    name: Mapped[str | None] = mapped_column(sa.String(60))
    """A name or a post, for somebody without an account."""
    function: Mapped[MemberFunction | None] = mapped_column(enum_of(MemberFunction, "function"))
    begins: Mapped[date]
    until: Mapped[date | None]
    """The last day; None: as long as the post is held."""
    way: Mapped[SeatWay] = mapped_column(enum_of(SeatWay, "way"))
    """By which they came."""
    end_reason: Mapped[str | None] = mapped_column(sa.String(200))
    """Why they left before their term was over."""
    consent: Mapped[bool | None]
    """To be named to everybody; None: a member with an account who has not said so yet."""

    @declared_attr
    def seat(cls) -> Mapped[BodySeat]:
        return relationship()

    @declared_attr
    def user(cls) -> Mapped[User | None]:
        return relationship(foreign_keys=[cls.user_id])  # type: ignore[list-item]

    @property
    def seat_key(self) -> str:
        return self.seat.key

    @property
    def member(self) -> int | None:
        return self.user_id

    @property
    def shown(self) -> str:
        """The name as everybody reads it."""
        return shown_name(self.called, self.seat.title, bool(self.consent))

    @property
    def called(self) -> str:
        """The name as those read it who note memberships."""
        return self.user.name if self.user else self.name or self.seat.title


class Membership(Seated, db.Model):
    """Somebody on a seat from the first day to the last. Features with seats of their own have a class below this one,
    which says `about_kind` and how many there are."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("seat_id", "serial"), sa.UniqueConstraint("seat_id", "user_id", "begins"),
        sa.UniqueConstraint("about_kind", "about_id", "serial"),
        sa.UniqueConstraint("about_kind", "about_id", "user_id"),
        sa.CheckConstraint("(seat_id IS NULL) = (about_id IS NOT NULL)", name="is_somewhere"),
        sa.CheckConstraint("(about_kind = 'body') = (about_id IS NULL)", name="about_is_whole"),
        sa.CheckConstraint("until IS NULL OR begins <= until", name="ends_after_its_beginning"))
    __mapper_args__ = {"polymorphic_on": "about_kind", "polymorphic_identity": "body"}
    seats: ClassVar[Seats]

    id: Mapped[Key]
    seat_id: Mapped[int | None] = ref("body_seat.id", index=False)
    about_kind: Mapped[str] = mapped_column(sa.String(30))
    """Key of `seats`, or body."""
    about_id: Mapped[int | None]
    """Of what is no body."""
    serial: Mapped[int]
    """The how manieth on seats of this kind: two who take one at the same time would have the same."""
    noted_at: Mapped[datetime | None]
    noted_by_id: Mapped[int | None] = ref("user.id", index=False)
    finished_at: Mapped[datetime | None]
    """Moment at which they said that they are done with what they had to do there."""

    @property
    def seat_key(self) -> str:
        return self.seat.key if self.seat else self.about_kind


class MemberChange(Seated, db.Model):
    """A new membership, or an earlier end of one, as it is to be; here until a second person approves it."""

    __tablename__ = "member_change"
    __table_args__ = (
        sa.UniqueConstraint("membership_id"), sa.UniqueConstraint("seat_id", "user_id", "begins"),
        sa.Index("ix_member_change_at", "at", "id"))

    id: Mapped[Key]
    seat_id: Mapped[int] = ref("body_seat.id", index=False)
    body_id: Mapped[int] = ref("body.id")
    membership_id: Mapped[int | None] = ref("membership.id", index=False)
    """The one that is to end; None: it is to begin."""
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    """Proposer."""

    membership: Mapped[Membership | None] = relationship()
