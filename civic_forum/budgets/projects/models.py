"""Projects, every version of them, and what the offices said of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.district.models import Department, Neighbourhood, category_key
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.rich_text import Html
from civic_forum.proposals.models import Proposal

from ..models import BudgetRound, ChoiceGroup, Envelope, ExclusionGroup, ExclusionReason, ProjectKind
from ..rules import CouncilDecision, Finding, ProjectState, Verdict


class Project(db.Model):
    """사업: something to spend the money of an envelope on."""

    __tablename__ = "project"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "code"), sa.UniqueConstraint("envelope_id", "number"),
        sa.UniqueConstraint("journey_id"), sa.UniqueConstraint("thread_id"), sa.UniqueConstraint("form_key"),
        partial_index("uq_project_proposal", "round_id", "proposal_id", unique=True,
                      where="proposal_id IS NOT NULL AND state NOT IN ('withdrawn', 'merged')"),
        sa.Index("ix_project_round_state", "round_id", "state", "id"),
        sa.Index("ix_project_envelope", "envelope_id", "code", "id"),
        sa.Index("ix_project_author", "author_id", "id"), sa.CheckConstraint("cost >= 0", name="cost_is_money"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = ref("budget_round.id", index=False)
    envelope_id: Mapped[int] = ref("envelope.id", index=False)
    code: Mapped[str] = mapped_column(sa.String(20))
    """What people call it in this round (A07), given when it is handed in; ties are decided by it last of all."""
    number: Mapped[int | None]
    """Its number on the ballot of its envelope, given when the vote is prepared."""
    form_key: Mapped[str | None] = mapped_column(sa.String(32))
    """Of the form that handed it in, so that a repetition finds it."""
    state: Mapped[ProjectState] = mapped_column(enum_of(ProjectState, "state"))
    author_id: Mapped[int | None] = ref("user.id", index=False)
    proposal_id: Mapped[int | None] = ref("proposal.id")
    kind_id: Mapped[int | None] = ref("project_kind.id", index=False)
    group_id: Mapped[int | None] = ref("choice_group.id", index=False)
    exclusion_id: Mapped[int | None] = ref("exclusion_group.id", index=False)
    merged_into_id: Mapped[int | None] = ref("project.id")
    department_id: Mapped[int | None] = ref("department.id")
    """Who answers for it (담당 부서)."""
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    category: Mapped[str | None] = category_key()

    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    text_html: Mapped[str] = mapped_column(Html, default="")
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    scope: Mapped[str] = mapped_column(sa.Text, default="")
    """How much of it is done: how many, how long, for whom."""
    cost: Mapped[int]
    """Won."""
    cost_note: Mapped[str | None] = mapped_column(sa.String(300))
    proposed_cost: Mapped[int]
    """As it was handed in."""
    texts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """{"en": {"title", "text"}}"""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))
    committee_votes: Mapped[int | None]
    """Members of the committee who recommend it; written when the committee's votes are fixed."""
    place_in_order: Mapped[int | None]
    """As how manieth it was funded, from 1; None: not chosen, or not counted yet."""
    decided_amount: Mapped[int | None]
    """Won, as the council left it."""

    journey_id: Mapped[int | None] = ref("journey.id", index=False)
    thread_id: Mapped[int | None] = ref("thread.id", index=False)
    attachment_set_id: Mapped[int | None] = ref("attachment_set.id", index=False)

    round: Mapped[BudgetRound] = relationship()
    envelope: Mapped[Envelope] = relationship()
    author: Mapped[User | None] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
    kind: Mapped[ProjectKind | None] = relationship()
    group: Mapped[ChoiceGroup | None] = relationship()
    exclusion: Mapped[ExclusionGroup | None] = relationship()
    department: Mapped[Department | None] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    merged_into: Mapped["Project | None"] = relationship(remote_side="Project.id")


class ProjectVersion(db.Model):
    """A project as it was saved: every version is kept and public."""

    __tablename__ = "project_version"
    __table_args__ = (sa.UniqueConstraint("project_id", "number"),)

    id: Mapped[Key]
    project_id: Mapped[int] = ref("project.id", index=False)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    scope: Mapped[str] = mapped_column(sa.Text, default="")
    cost: Mapped[int]
    note: Mapped[str | None] = mapped_column(sa.String(300))
    """What changed and why, in the words of who changed it."""
    at: Mapped[datetime]
    by_id: Mapped[int | None] = ref("user.id", index=False)
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """In whose name an official changed it; None: its proposer, or a moderator."""

    department: Mapped[Department | None] = relationship()


class EligibilityReview(db.Model):
    """적격성 검토: what one department says of a project. The newest that ended counts."""

    __tablename__ = "eligibility_review"
    __table_args__ = (
        sa.Index("ix_eligibility_review_project_id", "project_id", "id"),
        sa.Index("ix_eligibility_review_waiting", "department_id", "ended_at", "due_at", "id"),
        partial_index("uq_eligibility_review_open", "project_id", "department_id", unique=True,
                      where="ended_at IS NULL AND taken_back_at IS NULL"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = ref("project.id", index=False)
    department_id: Mapped[int] = ref("department.id", index=False)
    is_second_opinion: Mapped[bool] = mapped_column(default=False)
    """Asked of another department beside the one that answers for it; does not decide."""
    second_look_id: Mapped[int | None] = ref("second_look.id", index=False)
    """What a resident asked to be looked at again."""
    assigned_at: Mapped[datetime]
    assigned_by_id: Mapped[int | None] = ref("user.id", index=False)
    assigned_note: Mapped[str | None] = mapped_column(sa.String(300))
    """Why it was given to this department, or passed on."""
    due_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    """Passed on to another department."""
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every save, so that two officials do not overwrite each other."""
    project_version: Mapped[int | None]
    """Which version of the project it judges; known once it was handed in."""

    legal: Mapped[Finding | None] = mapped_column(enum_of(Finding, "legal"))
    legal_text: Mapped[str] = mapped_column(sa.Text, default="")
    technical: Mapped[Finding | None] = mapped_column(enum_of(Finding, "technical"))
    technical_text: Mapped[str] = mapped_column(sa.Text, default="")
    cost: Mapped[int | None]
    """Won, by the department's reckoning: the sum of its parts."""
    cost_parts: Mapped[list] = mapped_column(sa.JSON, default=list)
    """[[what, won]]"""
    duration: Mapped[str] = mapped_column(sa.String(200), default="")
    running_cost: Mapped[int | None]
    """Won a year, once it is there."""
    running_cost_text: Mapped[str] = mapped_column(sa.String(300), default="")
    conflicts: Mapped[str] = mapped_column(sa.Text, default="")
    """What else is planned in the same place or for the same people."""
    text: Mapped[str] = mapped_column(sa.Text, default="")
    """The opinion in a few sentences."""
    verdict: Mapped[Verdict | None] = mapped_column(enum_of(Verdict, "verdict"))
    condition: Mapped[str] = mapped_column(sa.Text, default="")
    reason_id: Mapped[int | None] = ref("exclusion_reason.id", index=False)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    ended_at: Mapped[datetime | None]
    """When it was handed in; public from then on."""
    ended_by_id: Mapped[int | None] = ref("user.id", index=False)

    project: Mapped[Project] = relationship()
    department: Mapped[Department] = relationship()
    exclusion_reason: Mapped[ExclusionReason | None] = relationship()


class SecondLook(db.Model):
    """A resident asks for a second look (재검토 요청) at a review."""

    __tablename__ = "second_look"
    __table_args__ = (partial_index("uq_second_look_open", "project_id", unique=True, where="answered_at IS NULL"),)

    id: Mapped[Key]
    project_id: Mapped[int] = ref("project.id")
    user_id: Mapped[int | None] = ref("user.id")
    text: Mapped[str] = mapped_column(sa.String(1000))
    at: Mapped[datetime]
    is_granted: Mapped[bool | None]
    answer: Mapped[str | None] = mapped_column(sa.String(1000))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = ref("user.id", index=False)

    project: Mapped[Project] = relationship()


class CouncilStep(db.Model):
    """Decision of the district council (구의회) on a chosen project, with its reason."""

    __tablename__ = "council_step"
    __table_args__ = (sa.UniqueConstraint("project_id"),)

    id: Mapped[Key]
    project_id: Mapped[int] = ref("project.id", index=False)
    decision: Mapped[CouncilDecision] = mapped_column(enum_of(CouncilDecision, "decision"))
    amount: Mapped[int]
    """Won that are in the budget; 0 where it was dropped."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_at: Mapped[datetime]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = ref("user.id", index=False)
