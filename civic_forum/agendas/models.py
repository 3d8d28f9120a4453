"""Agendas, what belongs to them, and merges of proposals. Nothing of these is ever deleted: links end."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.blocks import moderated
from civic_forum.district.models import Audience, Department, Neighbourhood
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.rich_text import Html
from civic_forum.proposals.models import Proposal

from .rules import AgendaState, Descent, Relation, Reply

agenda_neighbourhood = sa.Table(
    "agenda_neighbourhood", db.metadata,
    sa.Column("agenda_id", sa.ForeignKey("agenda.id"), primary_key=True),
    sa.Column("neighbourhood_id", sa.ForeignKey("neighbourhood.id"), primary_key=True),
)
agenda_audience = sa.Table(
    "agenda_audience", db.metadata,
    sa.Column("agenda_id", sa.ForeignKey("agenda.id"), primary_key=True),
    sa.Column("audience_id", sa.ForeignKey("audience.id"), primary_key=True),
)


class Agenda(db.Model):
    """A question made of proposals, taken further (의제)."""

    __tablename__ = "agenda"
    __table_args__ = (
        sa.UniqueConstraint("slug"), sa.UniqueConstraint("thread_id"), sa.UniqueConstraint("journey_id"),
        sa.Index("ix_agenda_state_published_at", "state", "published_at", "id"),
        sa.Index("ix_agenda_published_at", "published_at", "id"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    question: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    summary_html: Mapped[str] = mapped_column(Html, default="")
    state: Mapped[AgendaState] = mapped_column(enum_of(AgendaState, "state"))
    state_before: Mapped[AgendaState | None] = mapped_column(enum_of(AgendaState, "state_before"))
    """What being merged into another took it out of."""
    lead_department_id: Mapped[int | None] = ref("department.id", index=False)
    created_by_id: Mapped[int] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    """None: only moderators and the lead department see it."""
    merged_into_id: Mapped[int | None] = ref("agenda.id")
    thread_id: Mapped[int | None] = ref("thread.id", index=False)
    journey_id: Mapped[int] = ref("journey.id", index=False)

    lead_department: Mapped[Department | None] = relationship()
    neighbourhoods: Mapped[list[Neighbourhood]] = relationship(secondary=agenda_neighbourhood,
                                                               order_by=Neighbourhood.position)
    audiences: Mapped[list[Audience]] = relationship(secondary=agenda_audience, order_by=Audience.position)


class AgendaVersion(db.Model):
    """The words of an agenda as they stood from `at` until the next version."""

    __tablename__ = "agenda_version"

    agenda_id: Mapped[int] = ref("agenda.id", primary_key=True, index=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.Text)
    edited_by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]


class AgendaLink(db.Model):
    """Link of a proposal that belongs to an agenda, from `at` until `ended_at`.

    It stays with this agenda when another one carries that on: see `queries.links`.
    """

    __tablename__ = "agenda_link"
    __table_args__ = (
        partial_index("uq_agenda_link_open", "agenda_id", "proposal_id", unique=True, where="ended_at IS NULL"),
        partial_index("uq_agenda_link_core", "proposal_id", unique=True,
                      where="ended_at IS NULL AND relation = 'core'"),
    )

    id: Mapped[Key]
    agenda_id: Mapped[int] = ref("agenda.id")
    proposal_id: Mapped[int] = ref("proposal.id")
    relation: Mapped[Relation] = mapped_column(enum_of(Relation, "relation"))
    why: Mapped[str] = mapped_column(sa.String(300))
    position: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    told_at: Mapped[datetime | None]
    """When its author last heard of it: grouped, published, or carried on with the agenda. None before."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = ref("user.id", index=False)
    ended_why: Mapped[str | None] = mapped_column(sa.String(300))

    agenda: Mapped[Agenda] = relationship()
    proposal: Mapped[Proposal] = relationship()


class AgendaDescent(db.Model):
    """Descent of an agenda that was split off from another, or merged into it."""

    __tablename__ = "agenda_descent"
    __table_args__ = (
        partial_index("uq_agenda_descent_merged", "from_id", unique=True,
                      where="undone_at IS NULL AND descent = 'merged'"),
    )

    id: Mapped[Key]
    from_id: Mapped[int] = ref("agenda.id")
    to_id: Mapped[int] = ref("agenda.id")
    descent: Mapped[Descent] = mapped_column(enum_of(Descent, "descent"))
    reason: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    undone_at: Mapped[datetime | None]


class AuthorObjection(db.Model):
    """An author does not want their proposal grouped, or merged, like this (묶음 반대): public, and answered."""

    __tablename__ = "author_objection"
    __table_args__ = (
        sa.UniqueConstraint("link_id"), sa.UniqueConstraint("merge_id", "by_id"),
        sa.CheckConstraint("(link_id IS NULL) <> (merge_id IS NULL)", name="is_about_one"),
    )

    id: Mapped[Key]
    link_id: Mapped[int | None] = ref("agenda_link.id", index=False)
    merge_id: Mapped[int | None] = ref("proposal_merge.id", index=False)
    by_id: Mapped[int] = ref("user.id")
    text: Mapped[str] = mapped_column(sa.String(1000))
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(sa.String(1000))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = ref("user.id", index=False)
    hidden_at: Mapped[datetime | None]
    """Set by moderation; the text stays, and is shown to its author alone. The answer stays for everybody."""
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))

    by: Mapped[User] = relationship(foreign_keys=[by_id])
    link: Mapped[AgendaLink | None] = relationship()
    merge: Mapped["ProposalMerge | None"] = relationship()

    @property
    def rule_words(self) -> str:
        """The rule under which it is hidden, in words."""
        return moderated.rule(self.hidden_rule)


class ProposalMerge(db.Model):
    """Two proposals say the same: one is carried on, both stay readable. Every support keeps its origin."""

    __tablename__ = "proposal_merge"
    __table_args__ = (
        partial_index("uq_proposal_merge_open", "merged_id", unique=True, where="undone_at IS NULL"),
        sa.CheckConstraint("merged_id <> into_id", name="joins_two"),
    )

    id: Mapped[Key]
    merged_id: Mapped[int] = ref("proposal.id")
    into_id: Mapped[int] = ref("proposal.id")
    reason: Mapped[str] = mapped_column(sa.String(500))
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = ref("user.id", index=False)
    undone_reason: Mapped[str | None] = mapped_column(sa.String(500))

    merged: Mapped[Proposal] = relationship(foreign_keys=[merged_id])
    into: Mapped[Proposal] = relationship(foreign_keys=[into_id])


class MergeReply(db.Model):
    """Reply of one of the two authors to a merge."""

    __tablename__ = "merge_reply"

    merge_id: Mapped[int] = ref("proposal_merge.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    reply: Mapped[Reply] = mapped_column(enum_of(Reply, "reply"))
    at: Mapped[datetime]


class MergeOptOut(db.Model):
    """A supporter of the merged proposal does not stand for the other one: counted with neither union."""

    __tablename__ = "merge_opt_out"

    merge_id: Mapped[int] = ref("proposal_merge.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    at: Mapped[datetime]


class AgendaNext(db.Model):
    """Next step: a poll, a forum, a budget round, or a sentence."""

    __tablename__ = "agenda_next"

    id: Mapped[Key]
    agenda_id: Mapped[int] = ref("agenda.id")
    kind: Mapped[str] = mapped_column(sa.String(20))
    slug: Mapped[str | None] = mapped_column(sa.String(60))
    note: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("user.id", index=False)
    done_at: Mapped[datetime | None]
