"""Calls, what is handed in for them, their jurors, scores and decisions."""

from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, synonym

from civic_forum.accounts.models import User
from civic_forum.blocks.seats import Seats
from civic_forum.blocks.submissions import Submission
from civic_forum.bodies.models import Body, Membership
from civic_forum.district.models import Department
from civic_forum.forums.models import Forum
from civic_forum.platform import clock
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.question_rows import Question
from civic_forum.proposals.models import Proposal

from .rules import (ELSEWHERE_MOST, KIND, MOST_JURY, PRIZE_MOST, REASON_MOST, TEXT_MOST, TITLE_MOST, Applicants,
                    ApplicationState, CallKind, CallStage, Channel, ScoresShown, Step, WhyNot, stage_of)


class Call(db.Model):
    """A time in which people or groups may apply, and how is chosen."""

    __tablename__ = "call"
    __table_args__ = (sa.UniqueConstraint("slug"), sa.CheckConstraint("opens_at < closes_at", name="opens_first"),
                      sa.Index("ix_call_closes_at", "closes_at", "id"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[CallKind] = mapped_column(enum_of(CallKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(TITLE_MOST))
    text: Mapped[str] = mapped_column(sa.String(TEXT_MOST), default="")
    elsewhere: Mapped[str] = mapped_column(sa.String(ELSEWHERE_MOST), default="")
    """Place where its money is given and settled."""
    department_id: Mapped[int | None] = ref("department.id")
    """Holds it."""
    body_id: Mapped[int | None] = ref("body.id", index=False)
    """Whose seats score it."""
    filled_id: Mapped[int | None] = ref("body.id", index=False)
    """Whose seats are filled with those who are chosen, where it is a call for seats."""
    briefing_id: Mapped[int | None] = ref("forum.id", index=False)
    themes: Mapped[list] = mapped_column(sa.JSON, default=list)
    applicants: Mapped[Applicants] = mapped_column(enum_of(Applicants, "applicants"))
    least_people: Mapped[int | None]
    """Of a group."""
    least_age: Mapped[int | None]
    most_age: Mapped[int | None]
    residents_only: Mapped[bool] = mapped_column(default=False)
    verified_only: Mapped[bool] = mapped_column(default=False)
    """Residents that were verified."""
    course_id: Mapped[int | None] = ref("call.id", index=False)
    course_hours: Mapped[int | None]
    """Hours of that course that somebody came to before they apply."""
    who_else: Mapped[str] = mapped_column(sa.String(300), default="")
    """Conditions in words, that the department looks at."""
    most_each: Mapped[int] = mapped_column(default=1)
    """Applications of one person."""
    budget: Mapped[int | None]
    most_won: Mapped[int | None]
    """For one application."""
    places: Mapped[int | None]
    hours: Mapped[int | None]
    """Of a course: so many are certified."""
    reserves: Mapped[int] = mapped_column(default=0)
    prizes: Mapped[list] = mapped_column(sa.JSON, default=list)
    """`{"name": …, "won": …, "count": …}` each, the highest first."""
    prizes_move: Mapped[bool] = mapped_column(default=False)
    """A vacated one goes on by points, else it stays empty."""
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    has_review: Mapped[bool] = mapped_column(default=False)
    has_scores: Mapped[bool] = mapped_column(default=False)
    has_lot: Mapped[bool] = mapped_column(default=False)
    lots: Mapped[list] = mapped_column(sa.JSON, default=list)
    """`{"name", "places", "who", "groups": [{"who", "least", "most"}]}` one after another; `who`: options of its sealed
    questions, empty for everybody. Empty: one for all places."""
    criteria: Mapped[list] = mapped_column(sa.JSON, default=list)
    """`{"text": …, "points": …}` each."""
    least_points: Mapped[int | None]
    scores_shown: Mapped[ScoresShown] = mapped_column(enum_of(ScoresShown, "scores_shown"))
    scores_until: Mapped[date | None]
    created_by_id: Mapped[int] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    edited_by_id: Mapped[int | None] = ref("user.id", index=False)
    """Last before the announcement."""
    announced_at: Mapped[datetime | None]
    announced_by_id: Mapped[int | None] = ref("user.id", index=False)
    """Never who made it, or edited it last."""
    scoring_at: Mapped[datetime | None]
    """From here on the jury stays as it is."""
    released_at: Mapped[datetime | None]
    listed_at: Mapped[datetime | None]
    """From here on nobody comes into the lot: who is in it is public, as numbers."""
    decided_at: Mapped[datetime | None]

    department: Mapped[Department | None] = relationship()
    body: Mapped[Body | None] = relationship(foreign_keys="Call.body_id")
    filled: Mapped[Body | None] = relationship(foreign_keys="Call.filled_id")
    briefing: Mapped[Forum | None] = relationship()
    course: Mapped["Call | None"] = relationship(remote_side="Call.id")
    created_by: Mapped[User] = relationship(foreign_keys="Call.created_by_id")
    edited_by: Mapped[User | None] = relationship(foreign_keys="Call.edited_by_id")
    questions: Mapped[list[Question]] = relationship(
        viewonly=True, order_by=Question.number, primaryjoin=lambda: sa.and_(
            foreign(Question.about_id) == Call.id, Question.about_kind == KIND))

    @property
    def stage(self) -> CallStage:
        return stage_of(announced=self.announced_at is not None, opens_at=self.opens_at, closes_at=self.closes_at,
                        decided=self.decided_at is not None, now=clock.now())

    @property
    def is_by_lot(self) -> bool:
        """True where the lot chooses; with scores it settles equal points alone."""
        return self.has_lot and not self.has_scores

    @property
    def steps(self) -> list[Step]:
        """Steps that each application goes through."""
        return [step for step in Step if step is not Step.REVIEW or self.has_review]

    @property
    def points(self) -> int:
        """The most that an application can get."""
        return sum(criterion["points"] for criterion in self.criteria)


class CallTime(db.Model):
    """A close that is to be moved after the announcement, why, and whether a second person confirmed it."""

    __tablename__ = "call_time"

    id: Mapped[Key]
    call_id: Mapped[int] = ref("call.id")
    before: Mapped[datetime]
    after: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(REASON_MOST))
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = ref("user.id", index=False)

    call: Mapped[Call] = relationship()
    by: Mapped[User] = relationship(foreign_keys="CallTime.by_id")


BEST_FIRST = ("coalesce(reserve_place, 0)", "coalesce(mean_top * 1.0 / mean_bottom, 0) DESC")
"""Order of applications with the same state: in these words, that of an index too."""


class CallApplication(db.Model):
    """Application of somebody, or of a group by its representative, who is the owner of its submission."""

    __tablename__ = "call_application"
    __table_args__ = (
        sa.UniqueConstraint("submission_id"), sa.UniqueConstraint("call_id", "mark", "place"),
        sa.UniqueConstraint("call_id", "reserve_place"), sa.UniqueConstraint("call_id", "proposal_id"),
        sa.Index("ix_call_application_call", "call_id", "id"),
        sa.Index("ix_call_application_tally", "call_id", "state", "why_not", "reserve_place", "won"),
        sa.Index("ix_call_application_best", "call_id", "state", *map(sa.text, BEST_FIRST), "id"),
        partial_index("ix_call_application_group", "call_id", "group_folded", where="group_folded IS NOT NULL"))

    id: Mapped[Key]
    call_id: Mapped[int] = ref("call.id", index=False)
    submission_id: Mapped[int] = ref("submission.id", index=False)
    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of the person (of the account, where nobody verified it; of the number, on paper): so many places for
    each as `Call.most_each` says; of a nominated proposal of the proposal."""
    place: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(TITLE_MOST), default="")
    proposal_id: Mapped[int | None] = ref("proposal.id")
    """Nominated for a prize; its author is the owner of the submission."""
    theme: Mapped[str | None] = mapped_column(sa.String(60))
    group_name: Mapped[str | None] = mapped_column(sa.String(60))
    """None: a person applies for themselves."""
    group_folded: Mapped[str | None] = mapped_column(sa.String(60))
    people: Mapped[int | None]
    asked: Mapped[int | None]
    """Won."""
    channel: Mapped[Channel] = mapped_column(enum_of(Channel, "channel"))
    state: Mapped[ApplicationState] = mapped_column(enum_of(ApplicationState, "state"))
    few_agreed_at: Mapped[datetime | None]
    """Agreed to be told apart in a lot: by what few answered."""
    mean_top: Mapped[int | None]
    mean_bottom: Mapped[int | None]
    """The exact mean of its scores, from their release on."""
    lot_place: Mapped[int | None]
    """Place among those with equal points that a lot gave it."""
    won: Mapped[int | None]
    prize: Mapped[str | None] = mapped_column(sa.String(PRIZE_MOST))
    """Name of what it wins; of rounds before there were calls its place, of each."""
    reserve_place: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(sa.String(REASON_MOST))
    """Public of the chosen and the reserve, else read under the own number alone."""
    why_not: Mapped[WhyNot | None] = mapped_column(enum_of(WhyNot, "why_not"))
    decided_at: Mapped[datetime | None]
    followed_at: Mapped[datetime | None]
    """Moment at which the seat was proposed that follows."""

    call: Mapped[Call] = relationship()
    submission: Mapped[Submission] = relationship()
    steps: Mapped[list["ApplicationStep"]] = relationship(viewonly=True, order_by="ApplicationStep.id")
    proposal: Mapped[Proposal | None] = relationship()

    @property
    def number(self) -> str:
        return self.submission.number

    @property
    def mean(self) -> Fraction | None:
        return Fraction(self.mean_top or 0, self.mean_bottom) if self.mean_bottom else None


class ApplicationStep(db.Model):
    """Result of an application at a step before the decision, for each department that looks at it."""

    __tablename__ = "call_application_step"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "step", "department_id"),
        partial_index("ix_call_application_step_once", "application_id", "step", where="department_id IS NULL",
                      unique=True),
        sa.CheckConstraint("passed IS NOT NULL OR due_on IS NOT NULL", name="waits_until_a_day"),
        partial_index("ix_call_application_step_due_on", "due_on", "id", where="passed IS NULL"))

    id: Mapped[Key]
    application_id: Mapped[int] = ref("call_application.id", index=False)
    step: Mapped[Step] = mapped_column(enum_of(Step, "step"))
    passed: Mapped[bool | None]
    """None: it was sent to the department, which has not answered."""
    reason: Mapped[str] = mapped_column(sa.String(REASON_MOST), default="")
    department_id: Mapped[int | None] = ref("department.id", index=False)
    due_on: Mapped[date | None]
    """Last day of a department that it was sent to."""
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)

    application: Mapped[CallApplication] = relationship(viewonly=True)
    department: Mapped[Department | None] = relationship()


class CallJuror(Membership):
    """A member of the jury of a call: who holds a seat of its body when scoring begins."""

    seats = Seats(key=KIND, number=MOST_JURY)
    __mapper_args__ = {"polymorphic_identity": seats.key}
    call_id: Mapped[int] = synonym("about_id")


class CallOpening(db.Model):
    """The moment at which a juror opened the first application of a call."""

    __tablename__ = "call_opening"

    call_id: Mapped[int] = ref("call.id", primary_key=True, index=False)
    juror_id: Mapped[int] = ref("user.id", primary_key=True, index=False)
    at: Mapped[datetime]


class CallConflict(db.Model):
    """A juror who has to do with an applicant: sees nothing of the application and scores it never."""

    __tablename__ = "call_conflict"
    __table_args__ = (sa.Index("ix_call_conflict_call", "call_id", "juror_id"),)

    application_id: Mapped[int] = ref("call_application.id", primary_key=True, index=False)
    juror_id: Mapped[int] = ref("user.id", primary_key=True, index=False)
    call_id: Mapped[int] = ref("call.id", index=False)
    reason: Mapped[str] = mapped_column(sa.String(REASON_MOST))
    at: Mapped[datetime]
    is_late: Mapped[bool]
    """Noted after that juror had opened the first application."""


class CallScore(db.Model):
    """Points of one juror for one application, read by their juror alone until the release."""

    __tablename__ = "call_score"
    __table_args__ = (sa.Index("ix_call_score_call", "call_id", "juror_id"),)

    application_id: Mapped[int] = ref("call_application.id", primary_key=True, index=False)
    juror_id: Mapped[int] = ref("user.id", primary_key=True)
    call_id: Mapped[int] = ref("call.id", index=False)
    """Of the application, as of a conflict: both are counted without it."""
    points: Mapped[list] = mapped_column(sa.JSON)
    note: Mapped[str] = mapped_column(sa.String(REASON_MOST), default="")
    at: Mapped[datetime]

    juror: Mapped[User] = relationship()
