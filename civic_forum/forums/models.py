"""Tables of a forum itself: its programme, its duties, and the numbered list of what happened."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.attachments.models import Attachment
from civic_forum.blocks import about
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.rich_text import Html
from civic_forum.proposals.models import Proposal

from .rules import Duty, Form, ForumEventKind, Seating, Stage, listed_as, stage_of


class Forum(about.HasSubject, db.Model):
    """A gathering with a timed programme: a forum (공론장), a meeting, a session of a course, a visit."""

    __tablename__ = "forum"
    __table_args__ = (
        sa.UniqueConstraint("slug"), sa.UniqueConstraint("code"),
        sa.CheckConstraint("starts_at < ends_at", name="has_time"), sa.Index("ix_forum_starts_at", "starts_at", "id"),
        partial_index("uq_forum_recorded", "form", "starts_at", "place", unique=True, where="recorded_at IS NOT NULL"),
        *about.constraints("forum"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every edit, so that two editors do not overwrite each other."""
    form: Mapped[Form] = mapped_column(enum_of(Form, "form"), default=Form.FORUM)
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """Of the one that holds it."""
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    title: Mapped[str] = mapped_column(sa.String(200))
    programme_name: Mapped[str | None] = mapped_column(sa.String(100))
    contact: Mapped[str | None] = mapped_column(sa.String(200))
    """A name of the district's own for such forums: 봄 100인 공론장."""
    label: Mapped[str | None] = mapped_column(sa.String(60))
    question: Mapped[str] = mapped_column(sa.String(300))
    """What it is about, in one question."""
    description: Mapped[str] = mapped_column(sa.Text, default="")
    description_html: Mapped[str] = mapped_column(Html, default="")
    place: Mapped[str] = mapped_column(sa.String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """As planned; when it really was says `opened_at` and `closed_at`."""
    on_site_places: Mapped[int] = mapped_column(default=0)
    online_places: Mapped[int] = mapped_column(default=0)
    registration_from: Mapped[datetime | None]
    registration_to: Mapped[datetime | None]
    accessibility: Mapped[list] = mapped_column(sa.JSON, default=list)
    """What is offered, in words: 실시간 자막, 수어 통역."""
    accessibility_note: Mapped[str | None] = mapped_column(sa.String(500))
    recording_note: Mapped[str | None] = mapped_column(sa.String(500))
    """What is recorded, and how somebody who does not consent is treated."""
    video_url: Mapped[str | None] = mapped_column(sa.String(500))
    """An embed that is allowed (`preparing.rules.embed`), or a link to any meeting service."""
    interpreter_url: Mapped[str | None] = mapped_column(sa.String(500))
    documents_id: Mapped[int | None] = ref("attachment_set.id", index=False)
    shown_id: Mapped[int | None] = ref("attachment.id", index=False)
    """What stands on the screen."""
    code: Mapped[str] = mapped_column(sa.String(6))
    """Six digits with which people in the hall come in."""
    invented: Mapped[str | None] = mapped_column(sa.String(500))
    """In the sample: what of it is made up."""
    came: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """Of a forum from before this site: {"registered", "on_site", "online", "by_phone", "note"}."""
    recorded_at: Mapped[datetime | None]
    """Moment at which it was written down, of one that had no live hall here."""

    visit_kind: Mapped[str | None] = mapped_column(sa.String(60))
    """Of a visit, in the district's words."""
    went: Mapped[str | None] = mapped_column(sa.String(200))
    """Posts and numbers of those who go to a visit, never names."""
    moved_because: Mapped[str | None] = mapped_column(sa.String(200))
    is_closed: Mapped[bool] = mapped_column(default=False)
    """Nobody knows of it but those whom `extensions.READERS` names, and of a visit those who prepare it; it is never
    announced."""
    created_by_id: Mapped[int | None] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    season_accepted_by_id: Mapped[int | None] = ref("user.id", index=False)
    season_accepted_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    last_number: Mapped[int] = mapped_column(default=0)
    """Of its events. Raised under the lock of this row alone."""
    turn_s: Mapped[int] = mapped_column(default=180)
    """How long a turn is from now on."""
    floor_open: Mapped[bool] = mapped_column(default=False)
    """Whether people may ask for the floor."""
    chat_open: Mapped[bool] = mapped_column(default=True)
    chat_slow_s: Mapped[int] = mapped_column(default=0)
    """Seconds between two messages of one person."""
    seating: Mapped[Seating | None] = mapped_column(enum_of(Seating, "seating"))
    seated_at: Mapped[datetime | None]
    table_question: Mapped[str | None] = mapped_column(sa.String(300))
    """What all tables write notes on."""
    tables_opened_at: Mapped[datetime | None]
    tables_closed_at: Mapped[datetime | None]
    tables_minutes: Mapped[int | None]
    """How long the tables have; they close when the host closes them."""
    consultation_id: Mapped[int | None] = ref("consultation.id")
    """Stands in the hall and is answered there."""
    consultation_told: Mapped[int] = mapped_column(default=0)
    """Answers to it of which the hall heard last."""
    cancelled_because: Mapped[str | None] = mapped_column(sa.String(300))
    signed_version: Mapped[int | None]
    """Of the minutes: the one that the host signed last. 0: they are the matter of a body, and not signed."""

    shown: Mapped[Attachment | None] = relationship()
    items: Mapped[list["ProgrammeItem"]] = relationship(order_by="ProgrammeItem.number", back_populates="forum")
    duties: Mapped[list["ForumDuty"]] = relationship(order_by="ForumDuty.id", back_populates="forum")

    @property
    def stage(self) -> Stage:
        return stage_of(self.announced_at, self.opened_at, self.closed_at)

    @property
    def listed_as(self) -> Stage:
        return listed_as(self.announced_at, self.opened_at, self.closed_at)


class ForumCall(db.Model):
    """Forum that is owed since a proposal reached a step."""

    __tablename__ = "forum_call"
    __table_args__ = (sa.UniqueConstraint("proposal_id", "step"),
                      partial_index("ix_forum_call_due_on", "due_on", "id", where="ended_at IS NULL"))

    id: Mapped[Key]
    proposal_id: Mapped[int] = ref("proposal.id", index=False)
    step: Mapped[int]
    """Its supports."""
    due_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    """Moment at which a forum about it was announced or written down, or a moderator told everybody why not."""

    proposal: Mapped[Proposal] = relationship()


class ProgrammeItem(db.Model):
    """One item of the programme (순서). When it is planned follows from those before it."""

    __tablename__ = "programme_item"
    __table_args__ = (
        sa.UniqueConstraint("forum_id", "number"),
        partial_index("uq_programme_item_running", "forum_id", unique=True,
                      where="started_at IS NOT NULL AND ended_at IS NULL"),
    )

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    minutes: Mapped[int]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    """Given while it ran."""
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    forum: Mapped[Forum] = relationship(back_populates="items")


class ForumDuty(db.Model):
    """Duty at a forum: host, panel, captioner or interpreter: an account, or a name alone."""

    __tablename__ = "forum_duty"
    __table_args__ = (
        sa.UniqueConstraint("forum_id", "duty", "user_id"),
        sa.CheckConstraint("user_id IS NOT NULL OR name IS NOT NULL", name="is_somebody"),
    )

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    duty: Mapped[Duty] = mapped_column(enum_of(Duty, "duty"))
    user_id: Mapped[int | None] = ref("user.id")
    name: Mapped[str | None] = mapped_column(sa.String(60))
    about: Mapped[str | None] = mapped_column(sa.String(100))
    """Where they come from: a neighbourhood, a department, a group."""
    topic: Mapped[str | None] = mapped_column(sa.String(200))

    forum: Mapped[Forum] = relationship(back_populates="duties")
    user: Mapped[User | None] = relationship()

    @property
    def called(self) -> str:
        return self.user.name if self.user else self.name


class ForumEvent(db.Model):
    """One numbered happening. Texts and names stand in the rows it points at, never here."""

    __tablename__ = "forum_event"
    __table_args__ = (
        partial_index("uq_forum_event_key", "forum_id", "by_id", "key", unique=True, where="key IS NOT NULL"),
    )

    forum_id: Mapped[int] = ref("forum.id", primary_key=True, index=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[ForumEventKind] = mapped_column(enum_of(ForumEventKind, "kind"))
    subject_id: Mapped[int | None]
    """Of the row that it is about: a question, a turn, a note."""
    table_id: Mapped[int | None] = ref("forum_table.id", index=False)
    """Set where only this table and those who run the forum may see more than that it happened."""
    by_id: Mapped[int | None] = ref("user.id")
    key: Mapped[str | None] = mapped_column(sa.String(32))
    """What its sender gave it, so that it is applied once."""
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """Small facts: numbers and words of ours, no text that people wrote."""
