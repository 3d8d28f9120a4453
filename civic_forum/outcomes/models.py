"""Published outcomes: decided or not, why, what follows."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.district.models import Department
from civic_forum.kernel.base import Key, db, enum_of, ref
from civic_forum.kernel.rich_text import Html

from .rules import Decision, Subject


class Outcome(db.Model):
    """What an office decided on an agenda, a poll or a proposal; one each, corrected by versions."""

    __tablename__ = "outcome"
    __table_args__ = (
        sa.UniqueConstraint("subject", "subject_id"),
        sa.Index("ix_outcome_published_at", "published_at", "id"),
        sa.Index("ix_outcome_decision_published_at", "decision", "published_at", "id"),
        sa.Index("ix_outcome_department_id_published_at", "department_id", "published_at", "id"),
    )

    id: Mapped[Key]
    subject: Mapped[Subject] = mapped_column(enum_of(Subject, "subject"))
    subject_id: Mapped[int]
    decision: Mapped[Decision] = mapped_column(enum_of(Decision, "decision"))
    title: Mapped[str] = mapped_column(sa.String(200))
    reasons: Mapped[str] = mapped_column(sa.Text)
    reasons_html: Mapped[str] = mapped_column(Html, default="")
    what_follows: Mapped[str] = mapped_column(sa.Text, default="")
    what_follows_html: Mapped[str] = mapped_column(Html, default="")
    cost: Mapped[int | None]
    """In won."""
    cost_note: Mapped[str | None] = mapped_column(sa.String(300))
    documents: Mapped[list] = mapped_column(sa.JSON, default=list)
    """[{"title", "text"}]: the content as text on the page."""
    links: Mapped[list] = mapped_column(sa.JSON, default=list)
    """[{"title", "url"}], root-relative."""
    department_id: Mapped[int | None] = ref("department.id", index=False)
    decided_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    written_by_id: Mapped[int] = ref("user.id", index=False)
    published_at: Mapped[datetime]

    department: Mapped[Department | None] = relationship()


class OutcomeVersion(db.Model):
    """An outcome as it was published, or corrected, at `at`."""

    __tablename__ = "outcome_version"

    outcome_id: Mapped[int] = ref("outcome.id", primary_key=True, index=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict] = mapped_column(sa.JSON)
    why: Mapped[str | None] = mapped_column(sa.String(300))
    by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]
