"""Sessions of courses, who came to them, and certificates."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.calls.models import CallApplication
from civic_forum.forums.models import Forum
from civic_forum.forums.registration.models import Registration
from civic_forum.platform.base import Key, db, ref

from .rules import REASON_MOST


class CourseSession(db.Model):
    """A gathering that is taught in a course; it may be in several."""

    __tablename__ = "course_session"

    call_id: Mapped[int] = ref("call.id", primary_key=True, index=False)
    forum_id: Mapped[int] = ref("forum.id", primary_key=True)


class CourseAttendance(db.Model):
    """Place of somebody who was chosen at a session, and whether they came."""

    __tablename__ = "course_attendance"
    __table_args__ = (sa.UniqueConstraint("forum_id", "application_id"), sa.UniqueConstraint("registration_id"))

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    application_id: Mapped[int] = ref("call_application.id")
    registration_id: Mapped[int | None] = ref("forum_registration.id", index=False)
    """None: chosen when it was over."""
    present: Mapped[bool] = mapped_column(default=False)
    noted_at: Mapped[datetime | None]
    """Last change of `present`."""
    noted_by_id: Mapped[int | None] = ref("user.id", index=False)
    reason: Mapped[str] = mapped_column(sa.String(REASON_MOST), default="")

    forum: Mapped[Forum] = relationship()
    application: Mapped[CallApplication] = relationship()
    registration: Mapped[Registration | None] = relationship()
    noted_by: Mapped[User | None] = relationship()


class CourseCertificate(db.Model):
    """Certificate of the hours of a course; it holds as long as its owner has them."""

    __tablename__ = "course_certificate"
    __table_args__ = (sa.UniqueConstraint("number"),)

    application_id: Mapped[int] = ref("call_application.id", primary_key=True, index=False)
    number: Mapped[str] = mapped_column(sa.String(24))
    name_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of number and name, folded as that of a verified person; None once the account is gone."""
    issued_at: Mapped[datetime]

    application: Mapped[CallApplication] = relationship()
