"""Duties to answer by a day, and the answers."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.approval_models import ApprovedText, PublishedVersion
from civic_forum.district.models import Department
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.rich_text import Html
from civic_forum.proposals.models import Proposal

from .rules import AnswerKind, AnswerState, AssignmentState, Disclosure, DutyEnd, DutyKind, ReplyOutcome, SignedAs


class Duty(db.Model):
    """A clock that runs until a final answer. `due_on` is derived from start, setting, holidays and pauses."""

    __tablename__ = "duty"
    __table_args__ = (
        partial_index("uq_duty_open", "proposal_id", unique=True, where="ended_at IS NULL AND step IS NULL"),
        sa.UniqueConstraint("proposal_id", "step"),
        sa.UniqueConstraint("about_kind", "about_id"),
        sa.CheckConstraint("(proposal_id IS NULL) = (about_id IS NOT NULL)", name="about_something"),
        sa.CheckConstraint("(about_kind IS NULL) = (about_id IS NULL)", name="about_is_whole"),
        sa.CheckConstraint("(about_id IS NULL) = (department_id IS NULL) OR "
                           "kind = 'follow_up' AND about_id IS NOT NULL", name="department_of_no_proposal"),
        partial_index("ix_duty_open_due_on", "due_on", "id", where="ended_at IS NULL"),
    )

    id: Mapped[Key]
    proposal_id: Mapped[int | None] = ref("proposal.id")
    about_kind: Mapped[str | None] = mapped_column(sa.String(30))
    """Of what is no proposal: a kind that is `Answerable`."""
    about_id: Mapped[int | None]
    department_id: Mapped[int | None] = ref("department.id")
    """Department that owes the answer about it; a proposal has assignments, a vote of nobody none."""
    kind: Mapped[DutyKind] = mapped_column(enum_of(DutyKind, "kind"))
    step: Mapped[int | None]
    """Supports of the step above the threshold by which it began: there is one duty for each. The others come first."""
    started_at: Mapped[datetime]
    days: Mapped[int | None]
    """As the setting was when it began; None: one calendar month."""
    working_days: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date]
    paused_on: Mapped[date | None]
    """Since when it is stopped, for a request to complete."""
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[DutyEnd | None] = mapped_column(enum_of(DutyEnd, "ended_how"))

    proposal: Mapped[Proposal | None] = relationship()
    department: Mapped[Department | None] = relationship()
    later: Mapped["LaterAnswer | None"] = relationship(back_populates="duty")

    @property
    def about(self) -> Ref:
        """The thing that is no proposal."""
        return Ref(str(self.about_kind), self.about_id or 0)

    @property
    def draft(self) -> "LaterAnswer | None":
        return None if self.later is None or self.later.state is AnswerState.PUBLISHED else self.later

    @property
    def published(self) -> "LaterAnswer | None":
        return self.later if self.draft is None else None


class DutyPause(db.Model):
    """A time during which the clock stood still: the author was asked to complete the proposal."""

    __tablename__ = "duty_pause"

    id: Mapped[Key]
    duty_id: Mapped[int] = ref("duty.id")
    asked: Mapped[str] = mapped_column(sa.String(1000))
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    asked_by_id: Mapped[int] = ref("user.id", index=False)
    reply: Mapped[str | None] = mapped_column(sa.String(2000))


class Assignment(db.Model):
    """A proposal on the table of a department."""

    __tablename__ = "assignment"
    __table_args__ = (
        partial_index("uq_assignment_open", "proposal_id", "department_id", unique=True, where="ended_at IS NULL"),
        sa.Index("uq_assignment_lead", "proposal_id", unique=True,
                 sqlite_where=sa.text("is_lead = 1 AND ended_at IS NULL"),
                 postgresql_where=sa.text("is_lead AND ended_at IS NULL")),
        sa.Index("ix_assignment_department", "department_id", "state", "id"),
    )

    id: Mapped[Key]
    proposal_id: Mapped[int] = ref("proposal.id")
    department_id: Mapped[int] = ref("department.id", index=False)
    is_lead: Mapped[bool]
    state: Mapped[AssignmentState] = mapped_column(enum_of(AssignmentState, "state"))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    """Between offices; never public."""
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    ended_at: Mapped[datetime | None]

    proposal: Mapped[Proposal] = relationship()
    department: Mapped[Department] = relationship()


class Referral(db.Model):
    """Passed on as a civil complaint (민원) or to another body: out of the duty figures, unless it is undone."""

    __tablename__ = "referral"

    id: Mapped[Key]
    proposal_id: Mapped[int] = ref("proposal.id")
    as_complaint: Mapped[bool]
    to: Mapped[str] = mapped_column(sa.String(100))
    note: Mapped[str] = mapped_column(sa.String(1000))
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = ref("user.id", index=False)
    undone_reason: Mapped[str | None] = mapped_column(sa.String(500))


class FormalFiling(db.Model):
    """정식 제안: real name and contact, sealed, seen by the office only."""

    __tablename__ = "formal_filing"

    proposal_id: Mapped[int] = ref("proposal.id", primary_key=True, index=False)
    name_sealed: Mapped[bytes | None]
    contact_sealed: Mapped[bytes | None]
    at: Mapped[datetime]


class SecondReview(db.Model):
    """A declined author asks once for another look, within 15 days."""

    __tablename__ = "second_review"

    proposal_id: Mapped[int] = ref("proposal.id", primary_key=True, index=False)
    reason: Mapped[str] = mapped_column(sa.String(2000))
    at: Mapped[datetime]


class Answer(ApprovedText, db.Model):
    """부서 답변: drafted, approved, published; versioned like a proposal."""

    __tablename__ = "answer"
    __table_args__ = (sa.Index("ix_answer_proposal_id", "proposal_id", "id"),
                      sa.Index("ix_answer_state_published_at", "state", "published_at", "id"))

    id: Mapped[Key]
    proposal_id: Mapped[int] = ref("proposal.id", index=False)
    department_id: Mapped[int] = ref("department.id")
    kind: Mapped[AnswerKind] = mapped_column(enum_of(AnswerKind, "kind"))
    outcome: Mapped[str | None] = mapped_column(sa.String(40), sa.ForeignKey("reason.key"))
    """Of a final answer: key of a reason."""
    state: Mapped[AnswerState] = mapped_column(enum_of(AnswerState, "state"))
    text: Mapped[str] = mapped_column(sa.Text)
    text_html: Mapped[str] = mapped_column(Html, default="")
    by_when: Mapped[str | None] = mapped_column(sa.String(200))
    cost: Mapped[int | None]
    """In won."""
    reason: Mapped[str | None] = mapped_column(sa.String(2000))
    """Why not, for what is declined."""
    document_number: Mapped[str | None] = mapped_column(sa.String(60))
    dated_on: Mapped[date]
    team: Mapped[str | None] = mapped_column(sa.String(60))
    phone: Mapped[str | None] = mapped_column(sa.String(30))
    disclosure: Mapped[Disclosure] = mapped_column(enum_of(Disclosure, "disclosure"))
    by_mayor: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Final answer that the head of the office owed."""
    submitted_at: Mapped[datetime | None]
    understood: Mapped[int] = mapped_column(default=0)
    not_understood: Mapped[int] = mapped_column(default=0)

    proposal: Mapped[Proposal] = relationship()
    department: Mapped[Department] = relationship()


class AnswerVersion(PublishedVersion, db.Model):
    """Text of a published answer from `at` until the next version."""

    __tablename__ = "answer_version"

    answer_id: Mapped[int] = ref("answer.id", primary_key=True, index=False)
    text: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """Outcome, by_when, cost, reason, document_number as they were."""


class Understanding(db.Model):
    """Verdict of somebody on an answer, understood or not; one each."""

    __tablename__ = "understanding"

    answer_id: Mapped[int] = ref("answer.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    understood: Mapped[bool]
    at: Mapped[datetime]


class LaterAnswer(ApprovedText, db.Model):
    """Answer of a department to something other than a proposal; one for each duty."""

    __tablename__ = "later_answer"

    id: Mapped[Key]
    duty_id: Mapped[int] = ref("duty.id", unique=True, index=False)
    department_id: Mapped[int] = ref("department.id")
    state: Mapped[AnswerState] = mapped_column(enum_of(AnswerState, "state"))
    text: Mapped[str] = mapped_column(sa.Text)
    text_html: Mapped[str] = mapped_column(Html, default="")
    signed_as: Mapped[SignedAs] = mapped_column(enum_of(SignedAs, "signed_as"), default=SignedAs.DEPARTMENT)
    outcome: Mapped[ReplyOutcome | None] = mapped_column(enum_of(ReplyOutcome, "outcome"))
    """Of what says what becomes of it (`Answerable.has_outcome`)."""
    document_number: Mapped[str | None] = mapped_column(sa.String(60))
    milestone: Mapped[str | None] = mapped_column(sa.String(200))
    milestone_on: Mapped[date | None]

    duty: Mapped[Duty] = relationship(back_populates="later")
    versions: Mapped[list["LaterAnswerVersion"]] = relationship(
        order_by=lambda: LaterAnswerVersion.version, viewonly=True)
    department: Mapped[Department] = relationship()


class LaterAnswerVersion(PublishedVersion, db.Model):
    """Text of a later answer as it was published, or corrected, from `at` on."""

    __tablename__ = "later_answer_version"

    later_answer_id: Mapped[int] = ref("later_answer.id", primary_key=True, index=False)
    content: Mapped[dict] = mapped_column(sa.JSON, default=dict)
