"""Evaluations, the commitments in them, grades, votes on changes, recommendations."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.bodies.models import Body
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.rules import Status
from civic_forum.district.models import Department
from civic_forum.meetings.models import Meeting
from civic_forum.platform import clock
from civic_forum.platform.base import Key, Number, db, enum_of, ref

from .rules import NOTE_MOST, REASON_MOST, TEXT_MOST, TITLE_MOST, Change, ChangeKind, EvaluationStage


class Evaluation(db.Model):
    """Commitments that a body chose, grades, and recommends about."""

    __tablename__ = "evaluation"
    __table_args__ = (
        sa.UniqueConstraint("slug"), sa.Index("ix_evaluation_opened_at", "opened_at", "id"),
        sa.CheckConstraint("released_at IS NULL OR opened_at IS NOT NULL", name="released_after_opening"),
        sa.CheckConstraint("begins_on <= ends_on", name="has_time"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(sa.String(TITLE_MOST))
    body_id: Mapped[int | None] = ref("body.id", index=False)
    """None: of a body that was printed and is not here."""
    printed_body: Mapped[str] = mapped_column(sa.String(100), default="")
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """Department that looks after it."""
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    in_months: Mapped[bool] = mapped_column(default=False)
    """Months alone are known of its days."""
    criteria: Mapped[list] = mapped_column(sa.JSON, default=list)
    """Text and points of each; the points make five steps where `in_steps`."""
    in_steps: Mapped[bool] = mapped_column(default=False)
    least: Mapped[int] = mapped_column(default=0)
    """So many members are to grade; fewer are said."""
    grades_until: Mapped[datetime | None]
    choice_meeting_id: Mapped[int | None] = ref("meeting.id", index=False)
    """Meeting that chose the commitments."""
    note: Mapped[str] = mapped_column(sa.String(NOTE_MOST), default="")
    created_by_id: Mapped[int | None] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    body: Mapped[Body | None] = relationship()
    department: Mapped[Department | None] = relationship()
    choice_meeting: Mapped[Meeting | None] = relationship()
    items: Mapped[list["EvaluationItem"]] = relationship(order_by="EvaluationItem.id", back_populates="evaluation")

    @property
    def stage(self) -> EvaluationStage:
        if self.opened_at is None or self.released_at is not None:
            return EvaluationStage.RELEASED if self.released_at else EvaluationStage.PREPARING
        is_open = self.grades_until is None or clock.now() < self.grades_until
        return EvaluationStage.GRADING if is_open else EvaluationStage.CLOSED

    @property
    def points(self) -> int:
        return sum(criterion["points"] for criterion in self.criteria)

    @property
    def body_name(self) -> str:
        return self.body.title if self.body else self.printed_body


class EvaluationItem(db.Model):
    """A commitment in an evaluation."""

    __tablename__ = "evaluation_item"
    __table_args__ = (sa.UniqueConstraint("evaluation_id", "commitment_id"),)

    id: Mapped[Key]
    evaluation_id: Mapped[int] = ref("evaluation.id", index=False)
    commitment_id: Mapped[int] = ref("commitment.id")

    evaluation: Mapped[Evaluation] = relationship(back_populates="items")
    commitment: Mapped[Commitment] = relationship()


class Grade(db.Model):
    """Points of a member for a commitment; until the release theirs alone."""

    __tablename__ = "evaluation_grade"

    item_id: Mapped[int] = ref("evaluation_item.id", primary_key=True, index=False)
    membership_id: Mapped[int] = ref("membership.id", primary_key=True)
    points: Mapped[list] = mapped_column(sa.JSON)
    """By criterion."""
    note: Mapped[str] = mapped_column(sa.String(NOTE_MOST), default="")
    at: Mapped[datetime]


class EvaluationConflict(db.Model):
    """A member who has to do with a commitment and does not grade it."""

    __tablename__ = "evaluation_conflict"

    item_id: Mapped[int] = ref("evaluation_item.id", primary_key=True, index=False)
    membership_id: Mapped[int] = ref("membership.id", primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(REASON_MOST))
    at: Mapped[datetime]


class ChangeVote(db.Model):
    """A change of a commitment that a department asks the body for, and how it voted."""

    __tablename__ = "change_vote"
    __table_args__ = (
        sa.UniqueConstraint("evaluation_id", "number"),
        sa.CheckConstraint("approved IS NULL OR votes_for + votes_against + abstained = voting", name="adds_up"),
        sa.CheckConstraint("(approved IS NULL) = (decided_at IS NULL)", name="decided_whole"))

    id: Mapped[Key]
    evaluation_id: Mapped[int] = ref("evaluation.id", index=False)
    number: Mapped[int]
    commitment_id: Mapped[int] = ref("commitment.id")
    kind: Mapped[ChangeKind] = mapped_column(enum_of(ChangeKind, "kind"))
    milestone: Mapped[str] = mapped_column(sa.String(40), default="")
    until_on: Mapped[date | None]
    won: Mapped[int | None]
    status: Mapped[Status | None] = mapped_column(enum_of(Status, "status"))
    title: Mapped[str] = mapped_column(sa.String(TITLE_MOST))
    before: Mapped[str] = mapped_column(sa.String(TITLE_MOST), default="")
    after: Mapped[str] = mapped_column(sa.String(TITLE_MOST), default="")
    why: Mapped[str] = mapped_column(sa.String(TEXT_MOST))
    department_id: Mapped[int | None] = ref("department.id", index=False)
    asked_on: Mapped[date]
    asked_by_id: Mapped[int | None] = ref("user.id", index=False)
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstained: Mapped[int | None]
    voting: Mapped[int | None]
    """Seats that voted, with who abstained."""
    decided_on: Mapped[date | None]
    text: Mapped[str] = mapped_column(sa.String(TEXT_MOST), default="")
    """Words of the body."""
    approved: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    """Moment at which a second person confirmed the numbers."""

    evaluation: Mapped[Evaluation] = relationship()
    commitment: Mapped[Commitment] = relationship()
    department: Mapped[Department | None] = relationship()

    @property
    def change(self) -> Change:
        return Change(self.kind, self.milestone, self.until_on, self.won, self.status)


recommendation_commitment = sa.Table(
    "recommendation_commitment", db.metadata,
    sa.Column("recommendation_id", Number, sa.ForeignKey("recommendation.id"), primary_key=True),
    sa.Column("commitment_id", Number, sa.ForeignKey("commitment.id"), primary_key=True, index=True))


class Recommendation(db.Model):
    """A recommendation of the body; its reply is the later answer that a department owes about it."""

    __tablename__ = "recommendation"
    __table_args__ = (sa.UniqueConstraint("evaluation_id", "number"),)

    id: Mapped[Key]
    evaluation_id: Mapped[int] = ref("evaluation.id", index=False)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(TEXT_MOST))
    made_on: Mapped[date]
    department_id: Mapped[int] = ref("department.id", index=False)
    """The department that is to reply."""
    confirmed_at: Mapped[datetime | None]
    """Moment at which a second person confirmed it; nobody else reads it before."""

    evaluation: Mapped[Evaluation] = relationship()
    commitments: Mapped[list[Commitment]] = relationship(secondary=recommendation_commitment, order_by=Commitment.id)
