"""Surveys: what is asked, who has answered, and by which way each answer came.

Nothing joins a mark to an answer, and no row of either says when.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.district.models import Department
from civic_forum.opinions.models import SCATTERED
from civic_forum.opinions.rules import Stage, stage
from civic_forum.platform import clock
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.platform.question_rows import AnswerSheet, Question
from civic_forum.platform.site_version import quiet

from .rules import KIND, MISSING_MOST, TEXT_MOST, TITLE_MOST, Way


class Survey(db.Model):
    """Questions of the office that each person answers once."""

    __tablename__ = "survey"
    __table_args__ = (
        sa.UniqueConstraint("slug"), sa.CheckConstraint("opens_at < closes_at", name="has_time"),
        sa.CheckConstraint("published_at IS NULL OR results IS NOT NULL", name="publishes_results"),
        sa.Index("ix_survey_closes_at", "closes_at", "id"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(sa.String(TITLE_MOST))
    text: Mapped[str] = mapped_column(sa.String(TEXT_MOST))
    department_id: Mapped[int | None] = ref("department.id", index=False)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    by_account: Mapped[bool] = mapped_column(default=False)
    by_person: Mapped[bool] = mapped_column(default=True)
    by_letter: Mapped[bool] = mapped_column(default=False)
    by_paper: Mapped[bool] = mapped_column(default=False)
    freely: Mapped[bool] = mapped_column(default=False)
    written_by_id: Mapped[int] = ref("user.id", index=False)
    """Last who worked on it: another one announces it."""
    announced_at: Mapped[datetime | None]
    announced_by_id: Mapped[int | None] = ref("user.id", index=False)
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    missing: Mapped[str] = mapped_column(sa.String(MISSING_MOST), default="")
    """People who may be missing among those who answered, in words."""
    results: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """Counts as they are published: frozen when they were proposed, small ones hidden."""
    published_at: Mapped[datetime | None]

    department: Mapped[Department | None] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    questions: Mapped[list[Question]] = relationship(
        Question, order_by=Question.number, viewonly=True, primaryjoin=lambda: sa.and_(
            foreign(Question.about_id) == Survey.id, Question.about_kind == KIND))

    @property
    def stage(self) -> Stage:
        return stage(self.announced_at, self.opens_at, self.closes_at, clock.now())


class SurveyMark(db.Model):
    """Keyed hash of a person, an account, a letter or a number on paper that has answered."""

    __tablename__ = "survey_mark"
    __table_args__ = (SCATTERED,)

    survey_id: Mapped[int] = ref("survey.id", primary_key=True, index=False)
    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)


class SurveyLetter(db.Model):
    """Keyed hash of the code of a letter; whose it is stands nowhere."""

    __tablename__ = "survey_letter"
    __table_args__ = (SCATTERED,)

    survey_id: Mapped[int] = ref("survey.id", primary_key=True, index=False)
    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)


class SurveyAnswer(db.Model):
    """The way by which the answers of a sheet came."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "paper"),
        sa.CheckConstraint("(paper IS NULL) = (typed_by_id IS NULL)", name="typed_by_somebody"))

    submission_id: Mapped[int] = ref("submission.id", primary_key=True, index=False)
    survey_id: Mapped[int] = ref("survey.id")
    way: Mapped[Way] = mapped_column(enum_of(Way, "way"))
    paper: Mapped[int | None]
    """Number on a sheet of paper until a second person has typed the same: it is not counted before."""
    typed_by_id: Mapped[int | None] = ref("user.id", index=False)

    sheet: Mapped[AnswerSheet] = relationship(
        AnswerSheet, viewonly=True,
        primaryjoin=lambda: foreign(SurveyAnswer.submission_id) == AnswerSheet.submission_id)
    typed_by: Mapped[User | None] = relationship()


quiet(SurveyMark, SurveyAnswer)
