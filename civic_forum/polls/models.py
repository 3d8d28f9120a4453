"""Polls: what is asked, of whom, for how long, and how far the result binds."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.agendas.models import Agenda
from civic_forum.attachments.models import Attachment
from civic_forum.ballots.models import BallotBox, ElectoralRoll
from civic_forum.ballots.rules import quorums
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.quorums import Missed, Quorum
from civic_forum.blocks import about
from civic_forum.blocks.kinds import Ref
from civic_forum.district.models import Neighbourhood
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.platform.i18n import local
from civic_forum.platform.rich_text import Html
from civic_forum.proposals.models import Proposal

from .rules import PollKind

poll_neighbourhood = sa.Table(
    "poll_neighbourhood", db.metadata, sa.Column("poll_id", sa.ForeignKey("poll.id"), primary_key=True),
    sa.Column("neighbourhood_id", sa.ForeignKey("neighbourhood.id"), primary_key=True))
poll_proposal = sa.Table(
    "poll_proposal", db.metadata, sa.Column("poll_id", sa.ForeignKey("poll.id"), primary_key=True),
    sa.Column("proposal_id", sa.ForeignKey("proposal.id"), primary_key=True))


class Poll(about.HasSubject, db.Model):
    """A time-boxed vote. Its box holds what is frozen; this row what is edited before and told afterwards. The thing
    that it is about is a link, no part of what is voted on."""

    __tablename__ = "poll"
    __table_args__ = (
        sa.UniqueConstraint("slug"), sa.UniqueConstraint("box_id"),
        sa.CheckConstraint("opens_at < closes_at", name="has_time"),
        sa.CheckConstraint("publishes IN ('totals', 'ballots')", name="publishes_is_known"),
        sa.CheckConstraint("admits_residents OR admits_members", name="admits_somebody"),
        sa.Index("ix_poll_closes_at", "closes_at", "id"), *about.constraints("poll"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every edit, so that two editors do not overwrite each other."""
    title: Mapped[str] = mapped_column(sa.String(200))
    programme: Mapped[str | None] = mapped_column(sa.String(100))
    contact: Mapped[str | None] = mapped_column(sa.String(200))
    question: Mapped[str] = mapped_column(sa.String(500))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    description_html: Mapped[str] = mapped_column(Html, default="")
    texts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """The same in more languages: {"en": {"title", "question", "description", "binding"}}."""
    sign_language_video: Mapped[str | None] = mapped_column(sa.String(500))
    """An https address, or in the sample a text that says where it would be."""
    invented: Mapped[str | None] = mapped_column(sa.String(500))
    """In the sample: what of it is made up."""

    kind: Mapped[PollKind] = mapped_column(enum_of(PollKind, "kind"))
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """Of the one that holds it."""
    max_choices: Mapped[int] = mapped_column(default=1)
    admits_residents: Mapped[bool] = mapped_column(default=True)
    """구민: who lives here."""
    admits_members: Mapped[bool] = mapped_column(default=False)
    """생활권자: who works or studies here."""
    roll_source: Mapped[RollSource] = mapped_column(enum_of(RollSource, "roll_source"))
    min_age: Mapped[int | None]
    """On the closing day."""
    roll_fixed_on: Mapped[date]
    roll_grows: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """People verified until the close are added."""
    roll_check_from: Mapped[datetime | None]
    roll_check_to: Mapped[datetime | None]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    """The first moment at which no ballot is taken any more."""
    paper_until: Mapped[datetime | None]
    quorum: Mapped[Quorum | None] = mapped_column(enum_of(Quorum, "quorum"))
    quorum_value: Mapped[int | None]
    quorum_missed: Mapped[Missed] = mapped_column(enum_of(Missed, "quorum_missed"), default=Missed.VOID)
    quorum_residents: Mapped[int | None]
    """Number of which a quorum is so many ‰."""
    quorum_source: Mapped[str | None] = mapped_column(sa.String(200))
    quorum_on: Mapped[date | None]
    quorum_text: Mapped[str | None] = mapped_column(sa.String(300))
    """Words that somebody typed before the sentence was made from the condition; read by nobody."""
    binding: Mapped[str] = mapped_column(sa.Text, default="")
    """How far the result binds (반영 방식). A poll cannot open without it."""
    answer_days: Mapped[int] = mapped_column(default=14, server_default="14")
    """Days after the publication of the result within which it is told what becomes of it."""
    publishes: Mapped[str] = mapped_column(sa.String(10), default="totals")

    created_by_id: Mapped[int | None] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    """Since when everybody sees it; None: only those who prepare it."""
    season_accepted_by_id: Mapped[int | None] = ref("user.id", index=False)
    """Who opens it although it is election season; public."""
    season_accepted_at: Mapped[datetime | None]
    rehearsal_of_id: Mapped[int | None] = ref("poll.id")
    """Of which poll it is the rehearsal (예행연습): a copy with a box of its own, in no list and without a result."""
    roll_id: Mapped[int | None] = ref("electoral_roll.id", index=False)
    box_id: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16), sa.ForeignKey("ballot_box.id"))

    box: Mapped[BallotBox | None] = relationship()
    roll: Mapped[ElectoralRoll | None] = relationship()
    options: Mapped[list["Option"]] = relationship(order_by="Option.number", back_populates="poll")
    neighbourhoods: Mapped[list[Neighbourhood]] = relationship(secondary=poll_neighbourhood,
                                                               order_by=Neighbourhood.position)
    """Only these may vote; empty: the whole district."""
    proposals: Mapped[list[Proposal]] = relationship(secondary=poll_proposal)

    @property
    def subject(self) -> str:
        """Its name in its box."""
        return str(Ref("poll", self.id))

    @property
    def quorum_terms(self) -> dict | None:
        """Its quorum as a box freezes it."""
        return quorums.written(self, self.quorum_residents)

    @property
    def answer_due_on(self) -> date | None:
        """The day by which it is told what becomes of a published result."""
        published_at = self.box and self.box.published_at
        return published_at and local(published_at).date() + timedelta(days=self.answer_days)


class Option(db.Model):
    """One thing to choose, or one question to answer. The number is fixed and public."""

    __tablename__ = "poll_option"
    __table_args__ = (sa.UniqueConstraint("poll_id", "number"),)

    id: Mapped[Key]
    poll_id: Mapped[int] = ref("poll.id", index=False)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    texts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """{"en": {"title", "text"}}"""
    kind: Mapped[str | None] = mapped_column(sa.String(60))
    """What sort of option it is, in the words of the vote: 협치, 구단위계획형."""
    cost: Mapped[int | None]
    """In won."""
    cost_note: Mapped[str | None] = mapped_column(sa.String(300))
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    proposal_id: Mapped[int | None] = ref("proposal.id")
    agenda_id: Mapped[int | None] = ref("agenda.id")
    category: Mapped[str | None] = mapped_column(sa.String(60))
    department: Mapped[str | None] = mapped_column(sa.String(100))
    division: Mapped[str | None] = mapped_column(sa.String(100))
    attachment_id: Mapped[int | None] = ref("attachment.id", index=False)
    """Its picture; the description of the picture is the attachment's."""
    sign_language_video: Mapped[str | None] = mapped_column(sa.String(500))

    poll: Mapped[Poll] = relationship(back_populates="options")
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
    agenda: Mapped[Agenda | None] = relationship()
    picture: Mapped[Attachment | None] = relationship()
