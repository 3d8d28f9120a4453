"""Files that belong to a thing. The thing points to its set; the set knows nothing of it but its kind."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import Key, db, ref


class AttachmentSet(db.Model):
    __tablename__ = "attachment_set"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sa.String(30))
    """Which registered kind of thing owns it: `proposal`."""
    owner_id: Mapped[int | None] = mapped_column(index=True)


class Attachment(db.Model):
    __tablename__ = "attachment"
    __table_args__ = (sa.UniqueConstraint("key"), sa.Index("ix_attachment_set_id_position", "set_id", "position"))

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(sa.String(32))
    """Random, in its address."""
    set_id: Mapped[int] = ref("attachment_set.id", index=False)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(150))
    """As the person called it, cleaned; shown escaped, never a path."""
    media_type: Mapped[str] = mapped_column(sa.String(60))
    is_picture: Mapped[bool]
    size: Mapped[int]
    """Bytes of what is kept."""
    description: Mapped[str] = mapped_column(sa.String(300), default="")
    digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    thumbnail_digest: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    added_by_id: Mapped[int] = mapped_column(index=True)
    added_at: Mapped[datetime]
