"""Consultations (구청이 묻습니다): what is asked, statements, who takes part, what they answer, and what comes of it.

Answers of a participant are one sealed row, whose name only the keys directory ties to a person, account or device.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import Key, Number, db, enum_of, partial_index, ref
from civic_forum.platform.rich_text import Html
from civic_forum.platform.site_version import quiet

from .rules import IMPORTED_MOST, OUT_FOR, Audience, Basis, Became, Moderation, Origin, StatementState
from .sealing import ROOMS

SCATTERED = {"sqlite_with_rowid": False}

consultation_neighbourhood = sa.Table(
    "consultation_neighbourhood", db.metadata,
    sa.Column("consultation_id", sa.ForeignKey("consultation.id"), primary_key=True),
    sa.Column("neighbourhood_id", sa.ForeignKey("neighbourhood.id"), primary_key=True),
)


class Consultation(db.Model):
    """A question of the office, answered statement by statement."""

    __tablename__ = "consultation"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("opens_at < closes_at", name="has_time"),
        sa.Index("ix_consultation_closes_at", "closes_at", "id"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(sa.String(200))
    question: Mapped[str] = mapped_column(sa.String(500))
    background: Mapped[str] = mapped_column(sa.Text, default="")
    background_html: Mapped[str] = mapped_column(Html, default="")
    follow_up: Mapped[str] = mapped_column(sa.Text, default="")
    """Use of the result: by whom, until when."""
    texts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """{"en": {"title", "question", "background", "follow_up"}}"""
    invented: Mapped[str | None] = mapped_column(sa.String(500))
    attachment_set_id: Mapped[int | None] = ref("attachment_set.id", index=False)
    """Pictures and files of its background."""

    audience: Mapped[Audience] = mapped_column(enum_of(Audience, "audience"), default=Audience.MEMBERS)
    verified_only: Mapped[bool] = mapped_column(default=False)
    """Only answers of verified people, and those by paper, letter or file, are in the result; others count from their
    verification on."""
    by_letter: Mapped[bool] = mapped_column(default=False)
    """A letter of the office lets somebody answer, and counts as somebody verified does."""
    moderation: Mapped[Moderation] = mapped_column(enum_of(Moderation, "moderation"), default=Moderation.AFTER)
    takes_statements: Mapped[bool] = mapped_column(default=True)
    publishes_matrix: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    """The first moment at which no answer is taken any more."""

    department_id: Mapped[int | None] = ref("department.id", index=False)
    """Department that asks, and answers afterwards."""
    agenda_id: Mapped[int | None] = ref("agenda.id")
    """Agenda made of its result."""
    created_by_id: Mapped[int | None] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    room: Mapped[int] = mapped_column(default=ROOMS[0], server_default=str(ROOMS[0]))
    """Statements for which its rows have room."""
    key_destroyed_at: Mapped[datetime | None]
    """From then on nobody can take answers out, count them again or tell whose they were."""

    department: Mapped[Department | None] = relationship()
    agenda: Mapped[Agenda | None] = relationship()
    neighbourhoods: Mapped[list[Neighbourhood]] = relationship(
        secondary=consultation_neighbourhood, order_by=Neighbourhood.position)
    """Only verified people of these may answer; empty: of the whole district."""
    statements: Mapped[list["Statement"]] = relationship(order_by="Statement.number", back_populates="consultation")

    @property
    def is_for_everyone(self) -> bool:
        """True where nobody has to be known to answer."""
        return self.audience is Audience.EVERYONE and not self.neighbourhoods


class Statement(db.Model):
    """One line that people agree or disagree with (한 줄 의견)."""

    __tablename__ = "statement"
    __table_args__ = (
        sa.UniqueConstraint("consultation_id", "number"),
        partial_index("ix_statement_waiting", "consultation_id", where="state = 'waiting'"),
        partial_index("ix_statement_out_until", "out_until", where="out_until IS NOT NULL"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = ref("consultation.id", index=False)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(IMPORTED_MOST))
    texts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """{"en": {"text"}}"""
    origin: Mapped[Origin] = mapped_column(enum_of(Origin, "origin"), default=Origin.SEED)
    source: Mapped[str | None] = mapped_column(sa.String(60))
    """Thing that it was taken from: `proposal:12`."""
    author_id: Mapped[int | None] = ref("user.id")
    """Never joined to their answers."""
    state: Mapped[StatementState] = mapped_column(enum_of(StatementState, "state"), default=StatementState.PUBLISHED)
    is_meta: Mapped[bool] = mapped_column(default=False)
    """It says who somebody is; it is not in the map."""
    same_as_id: Mapped[int | None] = ref("statement.id")
    """One of the same meaning, which stands for both; answers are not joined."""
    hidden_at: Mapped[datetime | None]
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))
    out_until: Mapped[datetime | None]
    """Moment at which it is asked again as before, unless a second moderator confirms what one did (`taking_out`)."""
    why: Mapped[str | None] = mapped_column(sa.String(300))
    """Reason for which it was refused or taken out, told to its author."""
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = ref("user.id", index=False)
    created_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    became: Mapped[Became | None] = mapped_column(enum_of(Became, "became"))
    became_text: Mapped[str | None] = mapped_column(sa.String(500))
    became_url: Mapped[str | None] = mapped_column(sa.String(300))
    became_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = relationship(back_populates="statements")
    same_as: Mapped["Statement | None"] = relationship(remote_side="Statement.id")

    @property
    def is_taken_out(self) -> bool:
        """True for one that was public and is counted as 0 for everybody since."""
        return self.hidden_at is not None or self.same_as_id is not None

    @property
    def is_against_rules(self) -> bool:
        """True for one that an act of moderation hides, until that act ends."""
        return self.hidden_rule not in (None, *OUT_FOR)

    @property
    def is_asked(self) -> bool:
        return self.state is StatementState.PUBLISHED and not self.is_taken_out

    @property
    def is_told_of(self) -> bool:
        """True for one of whose answers the result tells."""
        return self.is_asked and not self.is_meta


statement_proposal = sa.Table(
    "statement_proposal", db.metadata,
    sa.Column("proposal_id", sa.ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("statement_id", sa.ForeignKey("statement.id"), nullable=False, index=True),
)
"""Proposals that began with a statement."""


class Participant(db.Model):
    """Row of somebody who answers in one consultation (`sealing`). Nothing of it tells who, what or when, and it lies
    in the order of its random key."""

    __tablename__ = "opinion_participant"
    __table_args__ = (SCATTERED,)

    consultation_id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    row_key: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    basis: Mapped[Basis] = mapped_column(enum_of(Basis, "basis"))
    is_counted: Mapped[bool] = mapped_column(default=False)
    """Part of the last result."""
    is_empty: Mapped[bool] = mapped_column(default=False)
    """All was taken back, or stands in another row."""
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Answers, neighbourhood, age band: `Keys.open_row`."""
    place: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Group and point in the last result: `Keys.open_point`."""


class AnswerTally(db.Model):
    """Number of the answers that were given, also of those taken back since: of it halls hear."""

    __tablename__ = "opinion_tally"

    consultation_id: Mapped[int] = ref("consultation.id", primary_key=True, index=False)
    answers: Mapped[int]


class OpinionMap(db.Model):
    """A result as it was computed: what everybody may read, and what the next one needs of it."""

    __tablename__ = "opinion_map"
    __table_args__ = (sa.UniqueConstraint("consultation_id", "number"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = ref("consultation.id", index=False)
    number: Mapped[int]
    at: Mapped[datetime]
    is_last: Mapped[bool] = mapped_column(default=False)
    """Of everything that was answered until the close."""
    participants: Mapped[int]
    """As published: it stays while few came or went."""
    published: Mapped[dict] = mapped_column(sa.JSON)
    """Suppressed."""
    kept: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Sealed: components, priorities and number of groups, for the next result and for the order of
    statements; who had answered as the number of participants changed; rows. Empty for earlier ones."""


class PaperRun(db.Model):
    """Sheets that were printed together, with the same statements in the same order."""

    __tablename__ = "opinion_paper_run"
    __table_args__ = (sa.UniqueConstraint("consultation_id", "first"),
                      sa.CheckConstraint("first <= last", name="has_sheets"))

    id: Mapped[Key]
    consultation_id: Mapped[int] = ref("consultation.id", index=False)
    first: Mapped[int]
    last: Mapped[int]
    """Numbers of its sheets."""
    statements: Mapped[list] = mapped_column(sa.JSON)
    """Their numbers, as they stand on the sheet."""
    printed_by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]


class PaperTyping(db.Model):
    """One person's typing of one sheet; it goes once two agree."""

    __tablename__ = "opinion_paper_typing"
    __table_args__ = (sa.UniqueConstraint("consultation_id", "sheet", "by_id"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = ref("consultation.id", index=False)
    sheet: Mapped[int]
    by_id: Mapped[int] = ref("user.id", index=False)
    answers: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Sealed. One character a statement: 1 agree, 2 disagree, 3 pass, - nothing."""


class LetterRun(db.Model):
    """Letters that were printed together. They open nothing before another person posted them."""

    __tablename__ = "opinion_letter_run"
    __table_args__ = (sa.CheckConstraint("printed_by_id <> posted_by_id", name="posted_by_another"),)

    consultation_id: Mapped[int] = ref("consultation.id", primary_key=True, index=False)
    run: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    printed: Mapped[int]
    printed_by_id: Mapped[int | None] = ref("user.id", index=False)
    """None, as for who posted them: of before two people were asked for."""
    posted: Mapped[int | None]
    """None: still in the house."""
    posted_by_id: Mapped[int | None] = ref("user.id", index=False)
    taken_up: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    claimed: Mapped[int] = mapped_column(default=0)
    """Letters of which their readers say that somebody else was first."""
    set_apart: Mapped[int] = mapped_column(default=0)
    """Of these, those whose answers two people took out."""
    is_withdrawn: Mapped[bool] = mapped_column(default=False)

    printed_by: Mapped[User | None] = relationship(foreign_keys=[printed_by_id])


class Letter(db.Model):
    """One letter with a code; whose it is, and whether it was used, stands nowhere. Letters lie in the order of their
    hashes: no row tells its place in the pile."""

    __tablename__ = "opinion_letter"
    __table_args__ = (sa.Index("ix_opinion_letter_run", "consultation_id", "run"), SCATTERED)

    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    consultation_id: Mapped[int] = ref("consultation.id", index=False)
    run: Mapped[int]
    holder: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of its code alone, and from the first taking up on of the code and the secret of that browser: without
    the code nobody tells one from the other. None: printed before letters were bound, and not taken up since."""
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    """Its answers stay if it was used before; otherwise it opens nothing."""
    is_claimed: Mapped[bool] = mapped_column(default=False)
    apart_by_id: Mapped[int | None] = ref("user.id", index=False)
    """The first of two who confirm that somebody else than its reader used it."""

    apart_by: Mapped[User | None] = relationship(foreign_keys=[apart_by_id])


class Seat(db.Model):
    """Leave for one person to answer at a kiosk of a desk. Deleted when their turn is over. What is left of a deleted
    row in a file of the database joins to nobody."""

    __tablename__ = "opinion_seat"
    __table_args__ = ({"sqlite_with_rowid": False},)

    secret_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    """Keyed hash: first of the code on the clerk's screen, then of the kiosk's cookie. Another one makes the mark."""
    consultation_id: Mapped[int] = ref("consultation.id")
    desk_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    """None: the whole district's."""
    device_id: Mapped[int | None] = ref("kiosk_device.id", index=False)
    """The kiosk that took the code."""
    until: Mapped[datetime]


class KioskCount(db.Model):
    """Codes that one desk handed out on one day: the last number of its register."""

    __tablename__ = "opinion_kiosk_count"

    consultation_id: Mapped[int] = ref("consultation.id", primary_key=True, index=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    """In Seoul."""
    desk: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Number of its neighbourhood, 0 for that of the whole district."""
    codes: Mapped[int] = mapped_column(default=0)


quiet(Participant, AnswerTally, LetterRun, Letter, Seat)
