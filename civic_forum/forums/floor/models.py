"""Asking for the floor, and having it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref

from ..rules import AgeGroup, PassedWhy, RequestState


class SpeakingRequest(db.Model):
    """Somebody asks for the floor (발언 신청), for themselves or for a group."""

    __tablename__ = "speaking_request"
    __table_args__ = (
        partial_index("uq_speaking_request_waiting", "forum_id", "user_id", unique=True,
                      where="state = 'waiting' AND typed_by_id IS NULL"),
        sa.Index("ix_speaking_request_state", "forum_id", "state"),
    )

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    user_id: Mapped[int | None] = ref("user.id")
    name: Mapped[str | None] = mapped_column(sa.String(60))
    """Of somebody without a device, for whom host or table host asks."""
    typed_by_id: Mapped[int | None] = ref("user.id", index=False)
    table_id: Mapped[int | None] = ref("forum_table.id", index=False)
    for_group: Mapped[str | None] = mapped_column(sa.String(60))
    group_size: Mapped[int | None]
    topic: Mapped[str | None] = mapped_column(sa.String(200))
    about: Mapped[str | None] = mapped_column(sa.String(100))
    """Their neighbourhood, where they want it shown."""
    asked_at: Mapped[datetime]
    number: Mapped[int]
    """Of the event with which it was asked: decides between equal times."""
    state: Mapped[RequestState] = mapped_column(enum_of(RequestState, "state"))
    moved_to: Mapped[int | None]
    """The place that the host gave it, openly."""
    moved_why: Mapped[str | None] = mapped_column(sa.String(200))
    """Also why it was called out of order."""
    moved_at: Mapped[datetime | None]
    passed_why: Mapped[PassedWhy | None] = mapped_column(enum_of(PassedWhy, "passed_why"))
    ended_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])


class Turn(db.Model):
    """Somebody speaks (발언): for how long is in the ledger."""

    __tablename__ = "turn"
    __table_args__ = (
        sa.UniqueConstraint("request_id"),
        partial_index("uq_turn_open", "forum_id", unique=True, where="ended_at IS NULL"),
        sa.Index("ix_turn_forum_id", "forum_id", "started_at"),
    )

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    item_id: Mapped[int | None] = ref("programme_item.id", index=False)
    request_id: Mapped[int | None] = ref("speaking_request.id", index=False)
    user_id: Mapped[int | None] = ref("user.id")
    name: Mapped[str | None] = mapped_column(sa.String(60))
    role: Mapped[str] = mapped_column(sa.String(20))
    """host, panel, official or participant: as what they spoke."""
    about: Mapped[str | None] = mapped_column(sa.String(100))
    """Neighbourhood or department, as it was shown."""
    for_group: Mapped[str | None] = mapped_column(sa.String(60))
    topic: Mapped[str | None] = mapped_column(sa.String(200))
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    age_group: Mapped[AgeGroup | None] = mapped_column(enum_of(AgeGroup, "age_group"))
    first_time: Mapped[bool] = mapped_column(default=False)
    """Whether this was the first time they spoke in this forum."""
    why: Mapped[str | None] = mapped_column(sa.String(40))
    """The rule that gave the place in the queue (`rules.Why`)."""
    limit_s: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship()
