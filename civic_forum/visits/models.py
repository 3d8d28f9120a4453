"""Requests of residents for a visit."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.district.models import Neighbourhood
from civic_forum.forums.models import Forum
from civic_forum.platform.base import Key, db, partial_index, ref

from .rules import WHY_MOST


class VisitRequest(db.Model):
    """Request that the office comes to a place; the names stay on the paper, how many they are is kept."""

    __tablename__ = "visit_request"
    __table_args__ = (
        partial_index("uq_visit_request_open", "by_id", "neighbourhood_id", unique=True, where="answered_at IS NULL"),
        partial_index("ix_visit_request_waiting", "due_on", "id", where="answered_at IS NULL"),
        sa.Index("ix_visit_request_asked_at", "asked_at", "id"))

    id: Mapped[Key]
    neighbourhood_id: Mapped[int] = ref("neighbourhood.id", index=False)
    place: Mapped[str] = mapped_column(sa.String(200))
    why: Mapped[str] = mapped_column(sa.String(WHY_MOST))
    names: Mapped[int]
    by_id: Mapped[int | None] = ref("user.id")
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = ref("user.id", index=False)
    is_shown: Mapped[bool] = mapped_column(default=False)
    """Whoever answered read that place and reason name nobody: everybody reads them."""
    visit_id: Mapped[int | None] = ref("forum.id", index=False)
    refused_because: Mapped[str | None] = mapped_column(sa.String(WHY_MOST))
    ask_again_on: Mapped[date | None]

    neighbourhood: Mapped[Neighbourhood] = relationship()
    visit: Mapped[Forum | None] = relationship()
