"""The ballot box. No value here joins to a person or to the published record without the key of the box."""

from datetime import date, datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.platform.site_version import quiet

from .box.additions import Signed
from .box.sealing import Channel, EntryType, new_salt
from .rules.log import parse_canonical
from .rules.boxes import ConfirmedAction, RollSource

SCATTERED = {"sqlite_with_rowid": False}
"""Rows lie in the order of their random keys: the file of SQLite tells no order of writing."""


def box_ref(**kwargs):
    """Reference to a box: 16 random bytes, first part of a primary key unless said otherwise."""
    kwargs.setdefault("primary_key", True)
    return mapped_column(sa.LargeBinary(16), sa.ForeignKey("ballot_box.id"), **kwargs)


class ChannelNumber(sa.TypeDecorator[Channel]):
    """A `Channel` as its number; any other number, which only somebody else can have written, stays one."""

    impl = sa.SmallInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else int(value)

    def process_result_value(self, value, dialect):
        return Channel(value) if value in Channel._value2member_map_ else value


class ElectoralRoll(db.Model):
    """An electoral roll (투표인 명부): everyone verified on a fixed day, or an imported list."""

    __tablename__ = "electoral_roll"

    id: Mapped[Key]
    source: Mapped[RollSource] = mapped_column(enum_of(RollSource, "source"))
    rule: Mapped[str] = mapped_column(sa.Text)
    """Canonical JSON: who belongs to it. Part of the fingerprint; the entries are not."""
    key_id: Mapped[int] = mapped_column(default=1, server_default="1")
    """Master key under which everybody stands in it, now and later: two hashes of one person would be two votes."""
    fixed_on: Mapped[date]
    fixed_at: Mapped[datetime | None]
    entries: Mapped[int] = mapped_column(default=0)
    """As many as were written when it was fixed."""
    listed_by_id: Mapped[int | None] = ref("user.id", index=False)
    """Account that brought in its list, whose person serves nobody of it; None also where nobody knows any more."""
    listed_by: Mapped[User | None] = relationship()


class RollEntry(db.Model):
    """A person who may vote, as a keyed hash. It outlives the account until the vote is published."""

    __tablename__ = "roll_entry"
    __table_args__ = (SCATTERED,)

    roll_id: Mapped[int] = mapped_column(sa.ForeignKey("electoral_roll.id"), primary_key=True)
    person: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    salt: Mapped[bytes] = mapped_column(sa.LargeBinary(16), default=new_salt)
    """Lets the person find their leaf in the published roll, and nobody else does. Of an addition that of K."""
    added: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Verified after the roll was fixed, and added when they came to vote."""
    way: Mapped[str | None] = mapped_column(sa.String(10))
    """Of an addition: the way in which they had been verified last."""
    provider: Mapped[str | None] = mapped_column(sa.String(30))
    """Of an addition by a provider of identities: its key in the settings."""
    has_left: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Of a roll that grows: the account behind it left. A namesake of theirs is not added any more."""
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str | None] = mapped_column(sa.String(300))
    struck_by_id: Mapped[int | None] = ref("user.id", index=False)


class RollObjection(db.Model):
    """Somebody says before the opening that their entry is missing or wrong."""

    __tablename__ = "roll_objection"

    id: Mapped[Key]
    roll_id: Mapped[int] = ref("electoral_roll.id")
    user_id: Mapped[int] = ref("user.id")
    text: Mapped[str] = mapped_column(sa.String(1000))
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(sa.String(1000))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = ref("user.id", index=False)

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class BallotBox(db.Model):
    """One vote. After `opened_at` nothing of its definition changes; `closed_at` is never unset."""

    __tablename__ = "ballot_box"
    __table_args__ = (sa.UniqueConstraint("fingerprint"), sa.CheckConstraint("opens_at < closes_at", name="has_time"),
                      sa.CheckConstraint("publishes IN ('totals', 'ballots')", name="publishes_is_known"))

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(60), index=True)
    """Thing that it is the vote of: `poll:12`. Features above register what that is called and where it stands."""
    rehearsal: Mapped[bool] = mapped_column(default=False)
    rule: Mapped[str] = mapped_column(sa.Text)
    """JSON of `rules.choices.BoxRule`."""
    definition: Mapped[str] = mapped_column(sa.Text)
    """Canonical JSON of all that the fingerprint covers; rewritten until the opening."""
    fingerprint: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    key_sha256: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    roll_id: Mapped[int | None] = ref("electoral_roll.id")
    publishes: Mapped[str] = mapped_column(sa.String(10))
    created_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    paper_until: Mapped[datetime | None]
    """The last moment at which a paper ballot may come back; None: at the close."""
    opened_at: Mapped[datetime | None]
    """Instant at which two officials opened it; ballots are taken from `opens_at`."""
    closed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    """Paper and objections are in the log: the final head is signed."""
    tied_at: Mapped[datetime | None]
    """Instant at which the count met a tie and began to wait for the draw."""
    counted_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(sa.Text)
    """Canonical JSON, as signed in the record."""
    result_signature: Mapped[bytes | None] = mapped_column(sa.LargeBinary(64))
    public_sha256: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    observers_sha256: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    recorded_at: Mapped[datetime | None]
    """Both editions are written and passed the verifier."""
    erased_at: Mapped[datetime | None]
    """Voters' rows, promises and ledger are gone; `Participated` is written."""
    key_destroyed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    roll: Mapped[ElectoralRoll | None] = relationship()

    @property
    def format(self) -> int:
        """Version of its definition, and so of its counts, its result and its record."""
        return parse_canonical(self.definition.encode())["format"]


class Voter(db.Model):
    """A voter's way of taking part: one row, replaced in place, of one length whatever was done. Never who or when. No
    foreign key here and in `Promise`: a cast looks at no row but its own."""

    __tablename__ = "voter"
    __table_args__ = (SCATTERED,)

    box_id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    row_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    channel: Mapped[Channel] = mapped_column(ChannelNumber)
    paper: Mapped[int] = mapped_column(default=0)
    """Number of the paper, 0 for none."""
    sealed: Mapped[bytes]


class Promise(db.Model):
    """A sealed leaf that a receipt was given for, under a name that tells nothing."""

    __tablename__ = "promise"
    __table_args__ = (SCATTERED,)

    box_id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    name: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    sealed: Mapped[bytes]


class LogLeaf(db.Model):
    """One entry of the public log, written at the close or after it."""

    __tablename__ = "leaf"

    box_id: Mapped[bytes] = box_ref()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[EntryType] = mapped_column(enum_of(EntryType, "type"))
    entry: Mapped[bytes]
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    tracker: Mapped[str] = mapped_column(sa.String(14), index=True)


class Head(db.Model):
    """A signed head of the log: opening 0, closing 1, final 2."""

    __tablename__ = "head"

    box_id: Mapped[bytes] = box_ref()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(10))
    size: Mapped[int]
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    live_sha256: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Of `live.txt`; zeros in the opening head."""
    additions_root: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Over the additions to a roll that grows, else zeros."""
    at: Mapped[datetime]
    """Whole seconds."""
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))


class LiveToken(db.Model):
    """A line of `live.txt`: a ballot of the log that counts. Written at the close."""

    __tablename__ = "live_token"
    __table_args__ = (SCATTERED,)

    box_id: Mapped[bytes] = box_ref()
    token: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)


class Count(db.Model):
    """A signed count of voters while the box is open."""

    __tablename__ = "count"

    box_id: Mapped[bytes] = box_ref()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voters: Mapped[int]
    additions: Mapped[int] = mapped_column(default=0, server_default="0")
    """To a roll that grows."""
    additions_root: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Over these; None where the roll does not grow."""
    at: Mapped[datetime]
    """Whole seconds."""
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))

    def as_signed(self) -> Signed:
        """The same facts as the file beside the keys has them."""
        return Signed(self.number, self.at, self.voters, self.additions)


class Participated(db.Model):
    """Note that a person took part, readable by that person. Written once after the close, in order of person."""

    __tablename__ = "participated"
    __table_args__ = (SCATTERED,)

    box_id: Mapped[bytes] = box_ref()
    person: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    channel: Mapped[Channel] = mapped_column(ChannelNumber)
    """Also `DAMAGED` and `MISSING` of the closing."""


def one_at_a_time(name: str, *columns: str, of: str = "ended_at IS NULL") -> sa.Index:
    """At most one row of these columns among those of which this is true."""
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(of), postgresql_where=sa.text(of))


class Confirmation(db.Model):
    """Four eyes: what one official proposed and another confirmed."""

    __tablename__ = "confirmation"
    __table_args__ = (
        one_at_a_time("uq_confirmation_pending", "box_id", "action", of="ended_at IS NULL AND action <> 'strike'"),)

    id: Mapped[Key]
    box_id: Mapped[bytes] = box_ref(primary_key=False, index=True)
    action: Mapped[ConfirmedAction] = mapped_column(enum_of(ConfirmedAction, "action"))
    fingerprint: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Of what is confirmed, as it stood when it was proposed."""
    proposed_by_id: Mapped[int] = ref("user.id", index=False)
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = ref("user.id", index=False)
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Confirmed, withdrawn or void."""
    note: Mapped[str | None] = mapped_column(sa.String(1000))
    """In the words of who proposed it: which copies of a key are gone, a reason, an answer to observers.
    Of a draw: canonical JSON; of a copy of the key that waits: the public half of the first phrase."""
    shown: Mapped[str | None] = mapped_column(sa.Text)
    """Canonical JSON of the definition, and digests of the record, as they stood when it was proposed."""

    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])


class EarlierResult(db.Model):
    """A signed result that two officials set back before anything was deleted; its record lies beside the new one."""

    __tablename__ = "earlier_result"

    box_id: Mapped[bytes] = box_ref()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    result: Mapped[str] = mapped_column(sa.Text)
    result_signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))
    public_sha256: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """None: set back before its record was written."""
    observers_sha256: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    counted_at: Mapped[datetime]
    set_back_at: Mapped[datetime]

    @property
    def result_sha256(self) -> bytes:
        """As observers sign it."""
        return sha256(self.result.encode()).digest()


class DeskCount(db.Model):
    """Numbers of one desk on one day, for its register and for observers. Never who, and no time."""

    __tablename__ = "desk_count"

    box_id: Mapped[bytes] = box_ref()
    day: Mapped[date] = mapped_column(primary_key=True)
    """In Seoul."""
    desk: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Number of its neighbourhood, 0 for that of the whole district."""
    codes: Mapped[int] = mapped_column(default=0)
    """Codes of the kiosk that were issued: the last number of the register."""
    used: Mapped[int] = mapped_column(default=0)
    """Codes of them with which somebody voted."""
    papers: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    """Online ballots withdrawn for these papers."""
    changed: Mapped[int] = mapped_column(default=0, server_default="0")
    """Papers called spoiled or taken back, and returns undone."""
    bound: Mapped[int] = mapped_column(default=0, server_default="0")
    """First ballots of accounts into which staff could have got; of the whole district alone."""


class VoteNotice(db.Model):
    """A public notice on a vote: a correction after the opening, a restore, whatever everyone should know."""

    __tablename__ = "vote_notice"

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(sa.String(60), index=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    """notice, correction, alarm"""
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = ref("user.id", index=False)


class ElectionSeason(db.Model):
    """Days on which a public election asks for restraint. Set by an administrator."""

    __tablename__ = "election_season"
    __table_args__ = (sa.CheckConstraint("first_day <= last_day", name="has_days"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(sa.String(100))
    first_day: Mapped[date]
    last_day: Mapped[date]
    set_by_id: Mapped[int | None] = ref("user.id", index=False)
    set_at: Mapped[datetime]


quiet(RollEntry, Voter, Promise, DeskCount)
