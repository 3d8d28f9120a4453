"""Policy proposals and what people do with them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.district.models import Audience, Neighbourhood, category_key
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.rich_text import Html

from .rules import Channel, State

FILTERS = {"state": "state", "neighbourhood": "neighbourhood_id", "category": "category", "year": "year"}
ORDERS = {"newest": "published_at", "supported": "support_count", "discussed": "comment_count"}
"""Every filter of the list with every order is a walk along one index, however many proposals there are."""

proposal_audience = sa.Table(
    "proposal_audience", db.metadata,
    sa.Column("proposal_id", sa.ForeignKey("proposal.id"), primary_key=True),
    sa.Column("audience_id", sa.ForeignKey("audience.id"), primary_key=True),
)


class Proposal(db.Model):
    """A draft has a `draft_key`; handing it in gives the number. `version` counts what was saved: of the draft,
    then of the text that others read."""

    __tablename__ = "proposal"
    __table_args__ = (
        sa.UniqueConstraint("number"), sa.UniqueConstraint("year", "serial"), sa.UniqueConstraint("draft_key"),
        sa.UniqueConstraint("thread_id"), sa.UniqueConstraint("journey_id"), sa.UniqueConstraint("attachment_set_id"),
        sa.Index("ix_proposal_newest", "published_at", "id"),
        sa.Index("ix_proposal_supported", "support_count", "id"),
        sa.Index("ix_proposal_discussed", "comment_count", "id"),
        *(sa.Index(f"ix_proposal_{restriction}_{order}", column, key, "id")
          for restriction, column in FILTERS.items() for order, key in ORDERS.items()),
        sa.Index("ix_proposal_state_gathering_ends_at", "state", "gathering_ends_at"),
        sa.Index("ix_proposal_author", "author_id", "id"),
        partial_index("ix_proposal_held", "state", "edited_at", "id", "author_id", where="state = 'held'"),
        sa.Index("ix_proposal_figures", "published_at", "channel", "author_id", "hidden_at"),
        partial_index("ix_proposal_reached", "threshold_reached_at", where="threshold_reached_at IS NOT NULL"),
    )

    id: Mapped[Key]
    number: Mapped[str | None] = mapped_column(sa.String(16))
    year: Mapped[int | None]
    serial: Mapped[int | None]
    draft_key: Mapped[str | None] = mapped_column(sa.String(32))
    state: Mapped[State] = mapped_column(enum_of(State, "state"))
    state_before: Mapped[State | None] = mapped_column(enum_of(State, "state_before"))
    """What an agenda took it out of."""
    state_before_merge: Mapped[State | None] = mapped_column(enum_of(State, "state_before_merge"))
    """What a merge took it out of; it may be in an agenda besides."""
    author_id: Mapped[int] = ref("user.id", index=False)
    channel: Mapped[Channel] = mapped_column(enum_of(Channel, "channel"), default=Channel.ONLINE)
    language: Mapped[str] = mapped_column(sa.String(5), default="ko")
    category: Mapped[str | None] = category_key()
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    """None: the whole district."""

    title: Mapped[str] = mapped_column(sa.String(200), default="")
    problem: Mapped[str] = mapped_column(sa.Text, default="")
    wish: Mapped[str] = mapped_column(sa.Text, default="")
    problem_html: Mapped[str] = mapped_column(Html, default="")
    wish_html: Mapped[str] = mapped_column(Html, default="")
    excerpt: Mapped[str] = mapped_column(sa.String(200), default="")
    """The first words of the problem, for lists."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    """When it was registered (접수)."""
    gathering_ends_at: Mapped[datetime | None]
    threshold: Mapped[int] = mapped_column(default=0)
    """Supports that oblige the office, as it was when the proposal was registered."""
    steps: Mapped[list] = mapped_column(sa.JSON, default=list, server_default="[]")
    """Steps above the threshold as they were when the proposal was registered (`rules.KeptSteps`)."""
    step_reached: Mapped[int] = mapped_column(default=0, server_default="0")
    """Supports of the highest step that was reached: it stays so when supports are taken back."""
    threshold_reached_at: Mapped[datetime | None]
    threshold_merged_at: Mapped[datetime | None]
    """When supports of merged proposals carried it over the threshold; undoing a merge made by then may lead back."""
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    """Why it was withdrawn, or why a moderator gave it back."""
    merged_into_id: Mapped[int | None] = ref("proposal.id")
    hidden_at: Mapped[datetime | None]
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))

    support_count: Mapped[int] = mapped_column(default=0)
    """People who support this one or what was merged into it, each once: the number that everything shows, sorts by
    and compares with the threshold. Derived where something was merged, see the agendas."""
    resident_support_count: Mapped[int] = mapped_column(default=0)
    """Those of them who were residents when they said so."""
    merged_support_count: Mapped[int] = mapped_column(default=0)
    """Those of them who support only what was merged into it."""
    paper_count: Mapped[int] = mapped_column(default=0)
    """Names on sheets that two people counted; some of them may support it online as well."""
    comment_count: Mapped[int] = mapped_column(default=0)
    follower_count: Mapped[int] = mapped_column(default=0)

    thread_id: Mapped[int | None] = ref("thread.id", index=False)
    journey_id: Mapped[int | None] = ref("journey.id", index=False)
    attachment_set_id: Mapped[int | None] = ref("attachment_set.id", index=False)

    @property
    def own_support_count(self) -> int:
        """People who support this very proposal."""
        return self.support_count - self.merged_support_count

    author: Mapped[User] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    audiences: Mapped[list[Audience]] = relationship(secondary=proposal_audience, order_by=Audience.position)


class ProposalSerial(db.Model):
    """The last number given in a year; its row is the lock on numbering."""

    __tablename__ = "proposal_serial"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class ProposalTally(db.Model):
    """Number of proposals in a state, kept by `steps`, so that no page counts them."""

    __tablename__ = "proposal_tally"

    state: Mapped[State] = mapped_column(enum_of(State, "state"), primary_key=True)
    total: Mapped[int]


class ProposalVersion(db.Model):
    """The text as it stood from `at` until the next version."""

    __tablename__ = "proposal_version"

    proposal_id: Mapped[int] = ref("proposal.id", primary_key=True, index=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(sa.String(200))
    problem: Mapped[str] = mapped_column(sa.Text)
    wish: Mapped[str] = mapped_column(sa.Text)
    edited_by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]


class SimilarProposal(db.Model):
    """Likeness of a proposal to another, found when it was published or edited."""

    __tablename__ = "similar_proposal"

    proposal_id: Mapped[int] = ref("proposal.id", primary_key=True, index=False)
    other_id: Mapped[int] = ref("proposal.id", primary_key=True)
    place: Mapped[int]
    """1 is the most similar."""


class Support(db.Model):
    """공감: one per user and proposal, and one per verified person, whatever account they come with."""

    __tablename__ = "support"
    __table_args__ = (
        sa.Index("ix_support_at", "at", "user_id"),
        partial_index("uq_support_person", "proposal_id", "person_mark", unique=True, where="person_mark IS NOT NULL"),
    )

    proposal_id: Mapped[int] = ref("proposal.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    as_resident: Mapped[bool]
    """Whether the user counted as a resident at that moment."""
    at: Mapped[datetime]
    at_desk: Mapped[bool] = mapped_column(default=False)
    """Said at a window, and noted by a clerk."""
    person_mark: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    """Of the verified person at this proposal (`persons.mark`); it stays when the account goes. None: of somebody who
    is not verified, or known by an account alone."""


class Follow(db.Model):
    __tablename__ = "follow"

    proposal_id: Mapped[int] = ref("proposal.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    at: Mapped[datetime]
