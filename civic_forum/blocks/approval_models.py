"""Columns of texts of an office that one person writes and another one approves, and of what was published of them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from civic_forum.platform.base import ref

APPROVED_WITHIN = timedelta(days=3)
"""Time for which a text may wait for a second person."""
COLUMNS = ("state", "version", "written_by_id", "written_at", "sent_back_why", "approved_by_id", "published_at",
           "correction")
VERSION_COLUMNS = ("version", "why", "by_id", "at")


class Stage(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    PUBLISHED = "published"


class ApprovedText:
    """Columns of a text that waits for another person, for its model; `state` it says itself."""

    version: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime]
    sent_back_why: Mapped[str | None] = mapped_column(sa.String(500))
    """Wish of a second official for another text; inside the department, and gone when it is published."""
    published_at: Mapped[datetime | None]
    correction: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """The next version and why, for a second official to approve, once the text was published."""

    @declared_attr
    def written_by_id(self) -> Mapped[int]:
        return ref("user.id", index=False)

    @declared_attr
    def approved_by_id(self) -> Mapped[int | None]:
        return ref("user.id", index=False)

    @declared_attr
    def written_by(self) -> Mapped[Any]:
        return relationship("User", foreign_keys=[cast(Any, self).written_by_id])


class PublishedVersion:
    """Columns of a text as it was published, or corrected, from `at` on; the number of its record it says itself."""

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=1)
    why: Mapped[str | None] = mapped_column(sa.String(300))
    at: Mapped[datetime]

    @declared_attr
    def by_id(self) -> Mapped[int]:
        return ref("user.id", index=False)


def awaiting(model: Any) -> sa.ColumnElement[bool]:
    """Condition of the records of this model that wait for another person, drafts and corrections."""
    return sa.or_(model.state == Stage.AWAITING_APPROVAL, model.correction.is_not(None))
