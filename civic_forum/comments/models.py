"""Threads of comments. What is discussed points to its thread."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.kernel.base import Key, db, enum_of, ref
from civic_forum.kernel.rich_text import Html

from .rules import Stance


class Thread(db.Model):
    """The counts leave out deleted and hidden comments; stances count top-level comments only."""

    __tablename__ = "thread"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sa.String(30))
    """Which registered kind of thing is discussed: `proposal`."""
    owner_id: Mapped[int | None] = mapped_column(index=True)
    comment_count: Mapped[int] = mapped_column(default=0)
    for_count: Mapped[int] = mapped_column(default=0)
    against_count: Mapped[int] = mapped_column(default=0)
    note_count: Mapped[int] = mapped_column(default=0)


class Comment(db.Model):
    __tablename__ = "comment"
    __table_args__ = (
        sa.Index("ix_comment_thread_id_at", "thread_id", "at", "id"),
        sa.UniqueConstraint("author_id", "form_key"),
    )

    id: Mapped[Key]
    thread_id: Mapped[int] = ref("thread.id", index=False)
    parent_id: Mapped[int | None] = ref("comment.id")
    """The top-level comment this one answers; replies have no replies."""
    author_id: Mapped[int] = ref("user.id", index=False)
    form_key: Mapped[str | None] = mapped_column(sa.String(32))
    """From the form, so that two clicks write one comment."""
    stance: Mapped[Stance] = mapped_column(enum_of(Stance, "stance"))
    source: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(Html)
    support_count: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    """Set by moderation; the text stays, and is not shown."""
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))

    author: Mapped[User] = relationship()


class CommentSupport(db.Model):
    __tablename__ = "comment_support"

    comment_id: Mapped[int] = ref("comment.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    at: Mapped[datetime]
