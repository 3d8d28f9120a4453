"""Meetings, their items, and who was there."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.blocks import about
from civic_forum.bodies.models import Body, Membership
from civic_forum.forums.models import Forum
from civic_forum.platform import clock
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.i18n import last_day

from .rules import UNREAD, Attendance, ItemFacts, ItemKind, ItemResult, Resolution, Votes


class Meeting(db.Model):
    """Meeting of a body. Day, place, minutes and decisions are those of its forum."""

    __tablename__ = "meeting"
    __table_args__ = (
        sa.UniqueConstraint("forum_id"), sa.UniqueConstraint("body_id", "report_hash"),
        sa.UniqueConstraint("body_id", "year", "number"),
        sa.UniqueConstraint("body_id", "starts_on", "begins"), sa.Index("ix_meeting_starts_on", "starts_on", "id"))

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    body_id: Mapped[int] = ref("body.id", index=False)
    year: Mapped[int]
    number: Mapped[int]
    """Within the year."""
    starts_on: Mapped[date]
    begins: Mapped[str] = mapped_column(sa.String(5))
    """HH:MM: a body has one meeting at a time."""
    noticed_on: Mapped[date | None]
    came: Mapped[list] = mapped_column(sa.JSON, default=list)
    """[kind of seat in words, how many came, of how many in office]."""
    guests: Mapped[int] = mapped_column(default=0)
    """Members of other divisions who were there."""
    officials: Mapped[list] = mapped_column(sa.JSON, default=list)
    """Posts of those of the office who were there; never names."""
    members: Mapped[int | None]
    """With a vote, in office on that day; None: nobody counted."""
    needed: Mapped[int | None]
    """Of these, to decide."""
    written: Mapped[bool] = mapped_column(default=False)
    """Members answered in writing, from its beginning to its end; nobody came together."""
    kept_at: Mapped[datetime | None]
    """Moment at which what became of it was written down."""
    sent_back_why: Mapped[str | None] = mapped_column(sa.String(300))
    """By the second person who read its minutes; None: they wait for nobody to mend them."""
    video_url: Mapped[str | None] = mapped_column(sa.String(500))
    """Address of the room for those who come by video."""
    report_hash: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the report that was pasted: the same one is there once."""
    left_over: Mapped[str] = mapped_column(sa.Text, default="")
    """Lines of a pasted report that nobody understood."""

    forum: Mapped[Forum] = relationship()
    body: Mapped[Body] = relationship()
    items: Mapped[list["MeetingItem"]] = relationship(order_by="MeetingItem.number", back_populates="meeting")

    @property
    def is_coming(self) -> bool:
        return self.kept_at is None and not self.is_cancelled and clock.now() < self.forum.ends_at

    @property
    def has_begun(self) -> bool:
        return self.forum.starts_at <= clock.now()

    @property
    def is_running(self) -> bool:
        """From its beginning until it is written down; results of single items are noted meanwhile."""
        return not (self.is_over or self.is_cancelled or self.written) and self.has_begun

    @property
    def is_cancelled(self) -> bool:
        return self.forum.cancelled_because is not None

    @property
    def last_on(self) -> date:
        return last_day(self.forum.ends_at) if self.written else self.starts_on

    @property
    def is_over(self) -> bool:
        """Written down, not only announced."""
        return self.kept_at is not None

    @property
    def is_signed(self) -> bool:
        """Minutes were read and signed by a second person."""
        return bool(self.forum.signed_version)

    @property
    def waits_for_signature(self) -> bool:
        return self.is_over and not self.is_signed and self.body.access not in UNREAD


class MeetingItem(about.HasSubject, db.Model):
    """Item of a meeting, and what became of it. Opinions have no names."""

    __tablename__ = "meeting_item"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "number"), sa.UniqueConstraint("undoes_id"),
        sa.CheckConstraint("(yes IS NULL) = (no IS NULL) AND (yes IS NULL) = (abstained IS NULL)", name="votes_whole"),
        *about.constraints("meeting_item"))

    id: Mapped[Key]
    meeting_id: Mapped[int] = ref("meeting.id", index=False)
    number: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(enum_of(ItemKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(200))
    minutes: Mapped[int | None]
    papers: Mapped[list] = mapped_column(sa.JSON, default=list)
    """Titles."""
    files_id: Mapped[int | None] = ref("attachment_set.id", index=False)
    """Papers that are files, read by whom `queries.MeetingCase.papers_of` lets."""
    reported: Mapped[str] = mapped_column(sa.Text, default="")
    opinions: Mapped[list] = mapped_column(sa.JSON, default=list)
    result: Mapped[ItemResult | None] = mapped_column(enum_of(ItemResult, "result"))
    yes: Mapped[int | None]
    no: Mapped[int | None]
    abstained: Mapped[int | None]
    present: Mapped[int | None]
    """Members with a vote who were there."""
    money: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """Change of a line of money, in won: {"from", "to", "of", "moved"}."""
    named: Mapped[list | None] = mapped_column(sa.JSON(none_as_null=True))
    """[id of a membership, its answer in writing or the votes that it got as a candidate, its number], by number; of a
    candidate who is no member the name instead of an id."""
    closed_by: Mapped[str | None] = mapped_column(sa.String(200))
    """Legal reason for which only its title and result are open."""
    decision_ids: Mapped[list] = mapped_column(sa.JSON, default=list)
    """Decisions of its forum that follow from it."""
    from_item_id: Mapped[int | None] = ref("meeting_item.id", index=False)
    """Item of another meeting that was forwarded and became this one."""
    corrected: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """Its result as it is to read once a second person agrees, as `counted`."""
    earlier: Mapped[list] = mapped_column(sa.JSON, default=list)
    """Its results before they were corrected, oldest first, as `counted`, with the moment ("at")."""
    undoes_id: Mapped[int | None] = ref("meeting_item.id", index=False)
    """Decision of an earlier meeting in whose place this one stands."""

    meeting: Mapped[Meeting] = relationship(back_populates="items")
    undoes: Mapped["MeetingItem | None"] = relationship(
        foreign_keys=undoes_id, remote_side="MeetingItem.id", viewonly=True)
    origin: Mapped["MeetingItem | None"] = relationship(
        foreign_keys=from_item_id, remote_side="MeetingItem.id", viewonly=True)
    undone_by: Mapped["MeetingItem | None"] = relationship(
        foreign_keys=undoes_id, remote_side=undoes_id, uselist=False, viewonly=True)

    @property
    def is_correctable(self) -> bool:
        """Its record is out, and the numbers follow from no answers."""
        meeting = self.meeting
        return self.named is None and (meeting.is_signed or meeting.is_over and meeting.body.access in UNREAD)

    @property
    def votes(self) -> Votes | None:
        return None if self.yes is None else Votes(self.yes, self.no or 0, self.abstained or 0)

    @property
    def counted(self) -> dict[str, Any]:
        """Its result with its numbers, as JSON holds it."""
        return {"result": self.result, "present": self.present, "votes": self.votes and [*vars(self.votes).values()]}

    @property
    def before(self) -> list[tuple[datetime, dict[str, Any]]]:
        """Moments at which its result was corrected, and how it read before."""
        return [(datetime.fromisoformat(was["at"]), was) for was in self.earlier]

    def count(self, result: str | None, votes: Sequence[int] | None, present: int | None) -> None:
        self.result, self.present = ItemResult(result) if result else None, present
        self.yes, self.no, self.abstained = votes or (None, None, None)

    @property
    def facts(self) -> ItemFacts:
        counts = tuple(entry for _id, entry, _number in self.named or () if self.kind is ItemKind.ELECTION)
        return ItemFacts(number=self.number, result=self.result, votes=self.votes, present=self.present, counts=counts)

    @property
    def resolution(self) -> Resolution:
        return Resolution(kind=self.kind, result=self.result, held=(self.meeting.starts_on, self.meeting.begins))


class Matter(about.HasSubject, db.Model):
    """Something that waits for the next meeting of a body, and the item that it became."""

    __tablename__ = "meeting_matter"
    __table_args__ = (
        sa.UniqueConstraint("from_item_id", "body_id"), sa.UniqueConstraint("item_id"),
        partial_index("uq_meeting_matter_waits", "body_id", "about_kind", "about_id", unique=True,
                      where="item_id IS NULL AND about_kind IS NOT NULL"),
        *about.constraints("meeting_matter"))

    id: Mapped[Key]
    body_id: Mapped[int] = ref("body.id", index=False)
    title: Mapped[str] = mapped_column(sa.String(200))
    from_item_id: Mapped[int | None] = ref("meeting_item.id", index=False)
    """Item of another body's meeting, forwarded."""
    put_at: Mapped[datetime]
    put_by_id: Mapped[int | None] = ref("user.id", index=False)
    item_id: Mapped[int | None] = ref("meeting_item.id", index=False)


class Presence(db.Model):
    """Member at a meeting; read by the body alone."""

    __tablename__ = "meeting_presence"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "membership_id"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = ref("meeting.id", index=False)
    membership_id: Mapped[int] = ref("membership.id")
    attendance: Mapped[Attendance] = mapped_column(enum_of(Attendance, "attendance"))
    elsewhere_id: Mapped[int | None] = ref("meeting.id", index=False)
    """Meeting of another division at which they were instead."""

    membership: Mapped[Membership] = relationship()
