"""Commitments with the entries of their ledgers, and what the entries come to, kept for lists and sums."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import Key, Number, db, enum_of, partial_index, ref

from .rules import EntryKind, EntryState, FARTHER, Status, Unit
from .standings import ELSEWHERE

EDITION = 2
"""Raised when other columns follow from the same entries; older ones are written anew (`backlog.catch_up`)."""

commitment_neighbourhood = sa.Table(
    "commitment_neighbourhood", db.metadata,
    sa.Column("commitment_id", Number, sa.ForeignKey("commitment.id"), primary_key=True),
    sa.Column("neighbourhood_id", Number, sa.ForeignKey("neighbourhood.id"), primary_key=True, index=True))
"""Neighbourhoods it is about; none: the whole district."""

commitment_cooperating = sa.Table(
    "commitment_cooperating", db.metadata,
    sa.Column("commitment_id", Number, sa.ForeignKey("commitment.id"), primary_key=True),
    sa.Column("department_id", Number, sa.ForeignKey("department.id"), primary_key=True))


class Commitment(db.Model):
    """Something that was promised. But for its origin, all of it follows from the approved entries."""

    __tablename__ = "commitment"
    __table_args__ = (
        sa.Index("ix_commitment_due", "sort_on", "id"),
        sa.Index("ix_commitment_department", "department_id", "sort_on", "id"),
        sa.Index("ix_commitment_field", "field", "sort_on", "id"),
        sa.Index("ix_commitment_quarter", "department_id", "last_quarter", "id"),
    )

    id: Mapped[Key]
    origin: Mapped[str] = mapped_column(sa.String(40))
    """Kind of thing in which it was made first, `plan` or `election_pledge`."""
    plan_id: Mapped[int | None] = ref("plan.id")
    """The plan of `plans` that it belongs to."""
    code: Mapped[str | None] = mapped_column(sa.String(30), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    goal: Mapped[str] = mapped_column(sa.String(1000), default="")
    field: Mapped[str] = mapped_column(sa.String(40), default="")
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """None: on the desk of every department, until one takes it."""
    person_id: Mapped[int | None] = ref("user.id")
    """The official in charge."""
    with_all: Mapped[bool] = mapped_column(default=False)
    """All departments cooperate."""
    kinds: Mapped[list] = mapped_column(sa.JSON, default=list)
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    unit: Mapped[Unit] = mapped_column(enum_of(Unit, "unit"), default=Unit.THOUSAND)
    promised_on: Mapped[date]
    """The day on which it was promised."""
    status: Mapped[Status | None] = mapped_column(enum_of(Status, "status"))
    due_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    next_first_on: Mapped[date | None]
    """The day that was set first for what is due next."""
    told_on: Mapped[date | None]
    """The last day on which people told of it."""
    reported: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Done by a report that another person approved."""
    sort_on: Mapped[date] = mapped_column(default=FARTHER)
    progress: Mapped[int | None]
    reached: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    """Milestones that were reached with evidence, and all of them."""
    secured: Mapped[int | None]
    executed: Mapped[int | None]
    planned: Mapped[int | None]
    last_quarter: Mapped[str | None] = mapped_column(sa.String(6))
    origin_lost: Mapped[bool] = mapped_column(default=False)
    waiting: Mapped[int] = mapped_column(default=0)
    """Entries that wait for a second official."""
    edition: Mapped[int] = mapped_column(default=0, server_default="0")
    """By which rules its columns were written (`EDITION`)."""
    version: Mapped[int] = mapped_column(default=1)

    department: Mapped[Department | None] = relationship()
    person: Mapped[User | None] = relationship()
    cooperating: Mapped[list[Department]] = relationship(secondary=commitment_cooperating, order_by=Department.id)
    neighbourhoods: Mapped[list[Neighbourhood]] = relationship(secondary=commitment_neighbourhood,
                                                              order_by=Neighbourhood.id)
    @property
    def term_ends_on(self) -> date | None:
        """Of what was promised elsewhere: after this day nothing more can be due."""
        return self.ends_on if self.origin in ELSEWHERE else None

    @property
    def heard_on(self) -> date:
        """The last day on which people told of it, or that of the promise."""
        return self.told_on or self.promised_on

    waiting_entries: Mapped[list["CommitmentEntry"]] = relationship(
        viewonly=True, primaryjoin=lambda: sa.and_(CommitmentEntry.commitment_id == Commitment.id,
                                                   CommitmentEntry.state == EntryState.WAITING))


class CommitmentOrigin(db.Model):
    """A thing in which a commitment was made. One thing makes one commitment."""

    __tablename__ = "commitment_origin"
    __table_args__ = (sa.UniqueConstraint("kind", "record_id"),)

    id: Mapped[Key]
    commitment_id: Mapped[int] = ref("commitment.id")
    kind: Mapped[str] = mapped_column(sa.String(40))
    record_id: Mapped[int]


class CommitmentEntry(db.Model):
    """An entry of a ledger: proposed by one official, approved by another, never changed."""

    __tablename__ = "commitment_entry"
    __table_args__ = (
        sa.UniqueConstraint("commitment_id", "number"),
        sa.UniqueConstraint("commitment_id", "place"),
        partial_index("ix_commitment_entry_waiting", "at", "id", where="state = 'waiting'"),
        partial_index("ix_commitment_entry_for_voters", "id", where="for_voters"),
    )

    id: Mapped[Key]
    commitment_id: Mapped[int] = ref("commitment.id", index=False)
    number: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(enum_of(EntryKind, "kind"))
    state: Mapped[EntryState] = mapped_column(enum_of(EntryState, "state"))
    place: Mapped[int | None]
    """Among the approved ones, in the order of their approval."""
    on: Mapped[date]
    content: Mapped[dict] = mapped_column(sa.JSON)
    corrects: Mapped[int | None]
    why: Mapped[str | None] = mapped_column(sa.String(300))
    """Of a correction."""
    by_id: Mapped[int | None] = ref("user.id", index=False)
    """None: the site itself, with what was promised."""
    at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = ref("user.id", index=False)
    decided_at: Mapped[datetime | None]
    sent_back_why: Mapped[str | None] = mapped_column(sa.String(300))
    for_voters: Mapped[bool] = mapped_column(default=False)
    """It has still to be noted for those who took part in the vote."""

    commitment: Mapped[Commitment] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])


class CommitmentNews(db.Model):
    """An approved entry of which somebody hears, because they took part in what the commitment came from; told with
    others, once a week at most."""

    __tablename__ = "commitment_news"
    __table_args__ = (partial_index("ix_commitment_news_untold", "user_id", where="told_at IS NULL"),)

    user_id: Mapped[int] = ref("user.id", primary_key=True, index=False)
    commitment_id: Mapped[int] = ref("commitment.id", primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    told_at: Mapped[datetime | None]
    by_vote: Mapped[bool] = mapped_column(default=False)
    """Known by a mark of participation alone, and forgotten as those are."""


class CommitmentDigest(db.Model):
    """The last time somebody was told of commitments."""

    __tablename__ = "commitment_digest"

    user_id: Mapped[int] = ref("user.id", primary_key=True, index=False)
    at: Mapped[datetime]


class SheetMapping(db.Model):
    """Columns of another form of sheet, as a department said them last."""

    __tablename__ = "sheet_mapping"

    department_id: Mapped[int] = ref("department.id", primary_key=True, index=False)
    columns: Mapped[dict] = mapped_column(sa.JSON)
    """Heading → column."""
