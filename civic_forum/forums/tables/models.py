"""Tables and what they write."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.proposals.models import Proposal

from ..rules import Way


class ForumTable(db.Model):
    """A breakout table (모둠 테이블)."""

    __tablename__ = "forum_table"
    __table_args__ = (
        sa.UniqueConstraint("forum_id", "number"), sa.UniqueConstraint("forum_id", "proposal_id"),
        partial_index("uq_forum_table_projected", "forum_id", unique=True, where="projected"),
    )

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    number: Mapped[int]
    name: Mapped[str | None] = mapped_column(sa.String(60))
    host_id: Mapped[int | None] = ref("user.id")
    host_name: Mapped[str | None] = mapped_column(sa.String(60))
    """Of a host without an account here."""
    places: Mapped[int] = mapped_column(default=8)
    way: Mapped[Way | None] = mapped_column(enum_of(Way, "way"))
    """Who sits here: people on site, people online, or both."""
    without_device: Mapped[int] = mapped_column(default=0)
    """How many sit there whom the table host represents."""
    result: Mapped[str | None] = mapped_column(sa.String(1000))
    """What the table host hands to the hall, beside the notes."""
    handed_at: Mapped[datetime | None]
    projected: Mapped[bool] = mapped_column(default=False)
    """Whether its result stands on the projector."""
    proposal_id: Mapped[int | None] = ref("proposal.id")
    """At a workshop: the proposal that it talks about."""
    agenda_id: Mapped[int | None] = ref("agenda.id", index=False)
    """Made of its result."""

    host: Mapped[User | None] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
    agenda: Mapped[Agenda | None] = relationship()


class Seat(db.Model):
    """Seat of somebody at a table; at one of a forum at a time."""

    __tablename__ = "seat"
    __table_args__ = (sa.UniqueConstraint("forum_id", "user_id"),)

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    table_id: Mapped[int] = ref("forum_table.id")
    user_id: Mapped[int] = ref("user.id")
    at: Mapped[datetime]

    user: Mapped[User] = relationship()


class NoteGroup(db.Model):
    """Notes of a table that belong together (묶음)."""

    __tablename__ = "note_group"
    __table_args__ = (sa.UniqueConstraint("table_id", "number"),)

    id: Mapped[Key]
    table_id: Mapped[int] = ref("forum_table.id", index=False)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(100))
    removed_at: Mapped[datetime | None]


class Note(db.Model):
    """One thing on one note (쪽지)."""

    __tablename__ = "note"
    __table_args__ = (sa.Index("ix_note_table_id", "table_id", "id"),)

    id: Mapped[Key]
    table_id: Mapped[int] = ref("forum_table.id", index=False)
    group_id: Mapped[int | None] = ref("note_group.id")
    user_id: Mapped[int | None] = ref("user.id")
    """Who wrote it; None on paper."""
    on_paper: Mapped[bool] = mapped_column(default=False)
    """Typed in as it stood on paper, spelling kept."""
    typed_by_id: Mapped[int | None] = ref("user.id", index=False)
    text: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    strongest: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
    proposal_id: Mapped[int | None] = ref("proposal.id", ondelete="SET NULL")
    """What became of it."""

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])


class TableMessage(db.Model):
    """Message of somebody at a table to the others; forgotten after the forum."""

    __tablename__ = "table_message"

    id: Mapped[Key]
    table_id: Mapped[int] = ref("forum_table.id")
    user_id: Mapped[int] = ref("user.id")
    text: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]

    user: Mapped[User] = relationship()
