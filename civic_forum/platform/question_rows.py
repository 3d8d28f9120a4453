"""Questions that are made at the desk, and the answers to them, as rows; `blocks.questions` has their functions."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Key, db, enum_of, ref
from .site_version import quiet
from .submission_rows import Submission

LABEL_MOST, HELP_MOST = 200, 500


class QuestionType(StrEnum):
    """Shape of an answer."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    """Lines of a budget: for what, how many won."""
    CHOICE = "choice"
    SEVERAL = "several"
    SCALE = "scale"
    """1 to `most`; with options the first names the lowest step, the last the highest."""
    DAY = "day"
    PLACE = "place"
    """In words."""
    FILE = "file"


class Reader(StrEnum):
    """Reader of an answer."""

    PUBLIC = "public"
    OFFICE = "office"
    SEALED = "sealed"
    """Those who need it, each time with an entry in the audit log."""


class Question(db.Model):
    """One question of a call, a survey …, which is `about_kind` and `about_id`."""

    __tablename__ = "question"
    __table_args__ = (
        sa.UniqueConstraint("about_kind", "about_id", "number"),
        sa.CheckConstraint("reader <> 'sealed' OR keep_days IS NOT NULL", name="says_how_long"))

    id: Mapped[Key]
    """Answers are kept under it; of a file the keys of those that lie in the set of the sheet."""
    about_kind: Mapped[str] = mapped_column(sa.String(20))
    about_id: Mapped[int]
    number: Mapped[int]
    type: Mapped[QuestionType] = mapped_column(enum_of(QuestionType, "type"))
    label: Mapped[str] = mapped_column(sa.String(LABEL_MOST))
    help: Mapped[str] = mapped_column(sa.String(HELP_MOST), default="")
    needed: Mapped[bool] = mapped_column(default=False)
    most: Mapped[int | None]
    """Characters, number, won of all lines, choices or steps, by its type."""
    options: Mapped[list] = mapped_column(sa.JSON, default=list)
    reader: Mapped[Reader] = mapped_column(enum_of(Reader, "reader"))
    keep_days: Mapped[int | None]
    """So long after the thing is over; None: as long as its records are."""


class AnswerSheet(db.Model):
    """The answers of one submission, by ids of questions as texts; a draft's too."""

    __tablename__ = "answer_sheet"
    __table_args__ = (sa.Index("ix_answer_sheet_about", "about_kind", "about_id", "submission_id"),
                      sa.Index("ix_answer_sheet_forget_on", "forget_on"))

    submission_id: Mapped[int] = ref("submission.id", primary_key=True, index=False)
    about_kind: Mapped[str] = mapped_column(sa.String(20))
    about_id: Mapped[int]
    answers: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """Sealed answers, by the same ids."""
    attachment_set_id: Mapped[int | None] = ref("attachment_set.id", index=False)
    over_on: Mapped[date | None]
    """Last day of the thing itself: `keep_days` are counted from it."""
    forget_on: Mapped[date | None]
    """Next day on which some of these are erased; None until the thing is over, and once all are."""
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    """Of what was saved: who saves says which one they had read."""

    submission: Mapped[Submission] = relationship()


quiet(AnswerSheet)
