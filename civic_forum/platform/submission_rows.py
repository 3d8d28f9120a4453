"""Submissions of people as rows; `blocks.submissions` has their numbers, codes and functions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .base import Key, db, ref
from .site_version import quiet


class Submission(db.Model):
    """Something that is handed in, or a number on paper for it."""

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("number"),
                      sa.Index("ix_submission_owner", "owner_id", "id"), sa.Index("ix_submission_forget", "forget_on"))

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[str] = mapped_column(sa.String(16))
    """Receipt number, public: `2611-0364-8`."""
    owner_id: Mapped[int | None] = ref("user.id", index=False)
    code_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of the code on the slip; None: it has none."""
    contact_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """Name and telephone of who handed it in, read by who calls back."""
    forget_on: Mapped[date | None]
    """Day on which these are erased; afterwards `submissions.FORGOTTEN`."""
    made_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def stands(self) -> bool:
        return self.handed_in_at is not None and self.withdrawn_at is None


class SubmissionSerial(db.Model):
    """The last number given in a month; its row is the lock on numbering."""

    __tablename__ = "submission_serial"

    month: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    last: Mapped[int]


quiet(Submission)
