"""The append-only list of what happened in a forum."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.kernel.base import db, enum_of, ref

from ..rules.kinds import ForumEventKind


class ForumEvent(db.Model):
    """One numbered happening. Texts and names stand in the rows it points at, never here."""

    __tablename__ = "forum_event"
    __table_args__ = (
        sa.Index("uq_forum_event_key", "forum_id", "by_id", "key", unique=True,
                 sqlite_where=sa.text("key IS NOT NULL"), postgresql_where=sa.text("key IS NOT NULL")),
    )

    forum_id: Mapped[int] = ref("forum.id", primary_key=True, index=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[ForumEventKind] = mapped_column(enum_of(ForumEventKind, "kind"))
    subject_id: Mapped[int | None]
    """Of the row that it is about: a question, a turn, a note."""
    table_id: Mapped[int | None] = ref("forum_table.id", index=False)
    """Set where only this table and those who run the forum may see more than that it happened."""
    by_id: Mapped[int | None] = ref("user.id")
    key: Mapped[str | None] = mapped_column(sa.String(32))
    """What its sender gave it, so that it is applied once."""
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """Small facts: numbers and words of ours, no text that people wrote."""
