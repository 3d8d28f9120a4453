"""Messages of people online to each other, and whom the host silenced."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, ref


class ChatMessage(db.Model):
    __tablename__ = "chat_message"
    __table_args__ = (sa.Index("ix_chat_message_forum_id", "forum_id", "id"),)

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    user_id: Mapped[int] = ref("user.id")
    text: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    hidden_why: Mapped[str | None] = mapped_column(sa.String(300))
    """What the host said when hiding it; of moderators there is their act."""
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))
    """The rule by which moderators hid it."""

    user: Mapped[User] = relationship()


class ForumMute(db.Model):
    """Mute of somebody, who may listen and not write or speak here, until then or until it is ended."""

    __tablename__ = "forum_mute"

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id")
    user_id: Mapped[int] = ref("user.id")
    reason: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    until: Mapped[datetime | None]
    """None: until the end of the forum."""
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
