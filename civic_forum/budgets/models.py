"""A budget round: its money, its phases, its limits and its rules of counting."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.ballots.models import BallotBox, ElectoralRoll
from civic_forum.ballots.rules import quorums
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.quorums import Missed, Quorum
from civic_forum.blocks.kinds import Ref
from civic_forum.district.models import Neighbourhood
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.platform.rich_text import Html

from .rules import Phase

envelope_neighbourhood = sa.Table(
    "envelope_neighbourhood", db.metadata,
    sa.Column("envelope_id", sa.ForeignKey("envelope.id"), primary_key=True),
    sa.Column("neighbourhood_id", sa.ForeignKey("neighbourhood.id"), primary_key=True),
)
"""Who may vote in an envelope; none: the whole district."""


class BudgetRound(db.Model):
    """One year of participatory budgeting (주민참여예산). What is voted on is frozen in the boxes of its envelopes."""

    __tablename__ = "budget_round"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("publishes IN ('totals', 'ballots')", name="publishes_is_known"),
        sa.CheckConstraint("admits_residents OR admits_members", name="admits_somebody"),
        sa.Index("ix_budget_round_year", "year", "id"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every edit, so that two editors do not overwrite each other."""
    title: Mapped[str] = mapped_column(sa.String(200))
    programme: Mapped[str | None] = mapped_column(sa.String(100))
    contact: Mapped[str | None] = mapped_column(sa.String(200))
    year: Mapped[int]
    """Of the budget in which the projects are to stand."""
    description: Mapped[str] = mapped_column(sa.Text, default="")
    description_html: Mapped[str] = mapped_column(Html, default="")
    texts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """The same in more languages: {"en": {"title", "description", "binding"}}."""
    invented: Mapped[str | None] = mapped_column(sa.String(500))
    """In the sample: what of it is made up."""
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """Department whose officials prepare it."""
    rehearsal_of_id: Mapped[int | None] = ref("budget_round.id")
    """Of which round it is the rehearsal (예행연습): envelopes and boxes of its own, never announced, in no list and
    without a result."""
    decided_in: Mapped[str | None] = mapped_column(sa.String(200))
    """Where the choice was made, if not in a vote on this site (2020 주민총회)."""

    project_cap: Mapped[int | None]
    """Most that one project may cost, in won."""
    review_due_days: Mapped[int] = mapped_column(default=20)
    """Days from assigning a review to its end."""
    second_look_days: Mapped[int] = mapped_column(default=7)
    """Days after the end of a review in which its proposer may ask for a second look."""
    counting: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """`CountingRules.to_json()` without the least votes, which each envelope has; None: not decided yet."""
    counting_note: Mapped[str] = mapped_column(sa.Text, default="")
    """The rule in the words of the round."""
    draw: Mapped[DrawKind] = mapped_column(enum_of(DrawKind, "draw"), default=DrawKind.LOTTERY)
    binding: Mapped[str] = mapped_column(sa.Text, default="")
    """How far the result binds (반영 방식). No vote opens without it."""
    publishes: Mapped[str] = mapped_column(sa.String(10), default="totals")
    quorum: Mapped[Quorum | None] = mapped_column(enum_of(Quorum, "quorum"))
    """Of each of its envelopes."""
    quorum_value: Mapped[int | None]
    quorum_missed: Mapped[Missed] = mapped_column(enum_of(Missed, "quorum_missed"), default=Missed.VOID)
    quorum_source: Mapped[str | None] = mapped_column(sa.String(200))
    quorum_on: Mapped[date | None]

    admits_residents: Mapped[bool] = mapped_column(default=True)
    admits_members: Mapped[bool] = mapped_column(default=False)
    roll_source: Mapped[RollSource] = mapped_column(enum_of(RollSource, "roll_source"), default=RollSource.VERIFIED)
    min_age: Mapped[int | None]
    """On the closing day."""
    roll_fixed_on: Mapped[date | None]
    roll_grows: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """People verified until the close are added."""
    roll_check_from: Mapped[datetime | None]
    roll_check_to: Mapped[datetime | None]
    paper_until: Mapped[datetime | None]

    committee_size: Mapped[int] = mapped_column(default=0)
    """Members of the committee (참여예산위원회) whose votes were counted, once they are fixed."""
    committee_fixed_at: Mapped[datetime | None]
    """When the committee's votes were added up; they are public from then on and stand in the boxes."""
    committee_note: Mapped[str | None] = mapped_column(sa.String(300))
    """Where the committee met, when its votes were given on paper; None: they were given on this site."""
    created_by_id: Mapped[int | None] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    """Since when everybody sees it; None: only those who prepare it."""
    opened_at: Mapped[datetime | None]
    """When the first of its boxes was opened: from then on rules, limits and projects stay as they are."""
    season_accepted_by_id: Mapped[int | None] = ref("user.id", index=False)
    season_accepted_at: Mapped[datetime | None]

    phases: Mapped[list["BudgetPhase"]] = relationship(order_by="BudgetPhase.starts_at", back_populates="round")
    envelopes: Mapped[list["Envelope"]] = relationship(order_by="Envelope.position", back_populates="round")
    kinds: Mapped[list["ProjectKind"]] = relationship(order_by="ProjectKind.position")
    reasons: Mapped[list["ExclusionReason"]] = relationship(order_by="ExclusionReason.position")

    @property
    def shown_since(self) -> datetime | None:
        """Since when somebody but those who prepare it sees it; a rehearsal since it was made."""
        return self.announced_at or (self.created_at if self.rehearsal_of_id is not None else None)

    @property
    def total(self) -> int:
        """Won, over all envelopes."""
        return sum(envelope.amount for envelope in self.envelopes)


class BudgetPhase(db.Model):
    """From when to when a phase of a round lasts."""

    __tablename__ = "budget_phase"
    __table_args__ = (sa.UniqueConstraint("round_id", "phase"),
                      sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="has_time"))

    id: Mapped[Key]
    round_id: Mapped[int] = ref("budget_round.id", index=False)
    phase: Mapped[Phase] = mapped_column(enum_of(Phase, "phase"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """The first moment at which it is over; None: until the next begins."""
    note: Mapped[str | None] = mapped_column(sa.String(300))

    round: Mapped[BudgetRound] = relationship(back_populates="phases")


class Envelope(db.Model):
    """배정 예산: money of its own, projects of its own, a box of its own."""

    __tablename__ = "envelope"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "slug"), sa.UniqueConstraint("round_id", "position"),
        sa.UniqueConstraint("box_id"), sa.CheckConstraint("amount > 0", name="has_money"),
        sa.CheckConstraint("max_choices > 0", name="has_choices"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = ref("budget_round.id", index=False)
    slug: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(100))
    texts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    amount: Mapped[int]
    """Won."""
    theme: Mapped[str | None] = mapped_column(sa.String(100))
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    """Whose money it is; None: the whole district's, or a theme's."""
    max_choices: Mapped[int] = mapped_column(default=1)
    exactly: Mapped[bool] = mapped_column(default=False)
    """Neither fewer than `max_choices`."""
    within_money: Mapped[bool] = mapped_column(default=False)
    """What somebody chooses may cost no more than the money of the envelope (knapsack)."""
    min_votes: Mapped[int] = mapped_column(default=0)
    residents: Mapped[int | None]
    """Number of which the round's quorum is so many ‰."""
    counting: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """Rules of its own, as the round's are written; None: it is counted by the round's."""
    roll_id: Mapped[int | None] = ref("electoral_roll.id", index=False)
    """Envelopes in which the same people may vote share one."""
    box_id: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16), sa.ForeignKey("ballot_box.id"))

    round: Mapped[BudgetRound] = relationship(back_populates="envelopes")
    box: Mapped[BallotBox | None] = relationship()
    roll: Mapped[ElectoralRoll | None] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    voters_of: Mapped[list[Neighbourhood]] = relationship(secondary=envelope_neighbourhood,
                                                          order_by=Neighbourhood.position)
    groups: Mapped[list["ChoiceGroup"]] = relationship(order_by="ChoiceGroup.position")
    exclusions: Mapped[list["ExclusionGroup"]] = relationship(order_by="ExclusionGroup.id")

    @property
    def is_opened(self) -> bool:
        """True once its vote was opened, also when it is over."""
        return self.box is not None and self.box.opened_at is not None

    @property
    def quorum_terms(self) -> dict | None:
        """Its quorum as a box freezes it."""
        return quorums.written(self.round, self.residents)

    @property
    def subject(self) -> str:
        """Its name in its box."""
        return str(Ref("envelope", self.id))


class ChoiceGroup(db.Model):
    """Projects of an envelope with a least and a most of their own (5 of 36, 2 of 3)."""

    __tablename__ = "choice_group"
    __table_args__ = (sa.UniqueConstraint("envelope_id", "position"), sa.UniqueConstraint("envelope_id", "name"),
                      sa.CheckConstraint("min_choices >= 0 AND min_choices <= max_choices", name="has_choices"))

    id: Mapped[Key]
    envelope_id: Mapped[int] = ref("envelope.id", index=False)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(100))
    min_choices: Mapped[int] = mapped_column(default=0)
    max_choices: Mapped[int]


class ExclusionGroup(db.Model):
    """Projects of an envelope of which only one can win."""

    __tablename__ = "exclusion_group"

    id: Mapped[Key]
    envelope_id: Mapped[int] = ref("envelope.id")
    why: Mapped[str] = mapped_column(sa.String(300))


class ProjectKind(db.Model):
    """A kind of project with a cap of its own (행사성 사업); the lower of its cap and the round's holds."""

    __tablename__ = "project_kind"
    __table_args__ = (sa.UniqueConstraint("round_id", "name"), sa.UniqueConstraint("round_id", "position"))

    id: Mapped[Key]
    round_id: Mapped[int] = ref("budget_round.id", index=False)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(100))
    cap: Mapped[int | None]
    """Won."""


class ExclusionReason(db.Model):
    """Reason of exclusion (제외 사유), as the round lists it beforehand."""

    __tablename__ = "exclusion_reason"
    __table_args__ = (sa.UniqueConstraint("round_id", "name"), sa.UniqueConstraint("round_id", "position"))

    id: Mapped[Key]
    round_id: Mapped[int] = ref("budget_round.id", index=False)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(100))
    text: Mapped[str] = mapped_column(sa.String(500), default="")
