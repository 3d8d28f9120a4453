"""Threads of comments. What is discussed points to its thread."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.district.models import Department
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.rich_text import Html

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
        partial_index("ix_comment_top", "thread_id", "at", "id", where="parent_id IS NULL"),
        sa.Index("ix_comment_thread", "thread_id", "author_id"),
        sa.Index("ix_comment_figures", "at", "author_id", "as_moderator", "department_id", "deleted_at", "hidden_at",
                 "at_desk"),
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
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """For which department the author spoke: an official is shown by it, not by nickname."""
    as_moderator: Mapped[bool] = mapped_column(default=False)
    at_desk: Mapped[bool] = mapped_column(default=False)
    """Said at a window."""
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    """Set by moderation; the text stays, and is not shown."""
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))

    author: Mapped[User] = relationship()
    thread: Mapped[Thread] = relationship()
    department: Mapped[Department | None] = relationship()

    @property
    def is_shown(self) -> bool:
        return self.deleted_at is None and self.hidden_at is None

    @property
    def author_name(self) -> str:
        """Name of the author on pages: the department, where an official spoke for it."""
        return self.department.name if self.department else self.author.name


class CommentSupport(db.Model):
    __tablename__ = "comment_support"

    comment_id: Mapped[int] = ref("comment.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    at: Mapped[datetime]
