"""Boxes, how many take part in each, and election seasons. Never how many chose what."""

import json
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.blocks.filters import NOW
from civic_forum.blocks.first_page import open_among
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, Unavailable, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once

from .box import definition
from .box.sealing import BOX_BYTES, Channel
from .counting.rules import Participations
from .models import BallotBox, ElectionSeason, ElectoralRoll, Head, RollEntry, Voter
from .rules.choices import BoxRule
from .rules.signing import HeadKind

CLOSING_SIGNED = sa.exists().where(Head.box_id == BallotBox.id, Head.number == HeadKind.CLOSING.number)


def missing() -> NotFound:
    return NotFound(_("그런 투표함은 없어요. 주소를 다시 확인해 주세요."))


def by_id(box_id: bytes) -> BallotBox | None:
    return db.session.get(BallotBox, box_id)


def required(box_id: bytes) -> BallotBox:
    """Raises NotFound."""
    return existing(by_id(box_id), missing)


def by_hex(text: str) -> BallotBox:
    """By the id from an address. Raises NotFound, also for anything but lower-case hex of the right length."""
    try:
        box_id = bytes.fromhex(text)
    except ValueError:
        raise missing() from None
    if len(box_id) != BOX_BYTES or box_id.hex() != text:
        raise missing()
    return required(box_id)


def asked(box: BallotBox) -> dict:
    """The definition, as it was frozen at the opening."""
    return json.loads(box.definition)


@lru_cache(maxsize=64)
def _grows(definition: str) -> bool:
    return bool(json.loads(definition)["roll"]["grows"])


def grows(box: BallotBox) -> bool:
    """True where people verified until the close are added to its roll."""
    return _grows(box.definition)


def title(box: BallotBox) -> str:
    """The title of the vote in Korean."""
    return asked(box)["subject_title"]


def by_ids(ids: Collection[bytes]) -> dict[bytes, BallotBox]:
    return {box.id: box for box in db.session.scalars(sa.select(BallotBox).where(BallotBox.id.in_(ids)))}


def by_fingerprint(fingerprint: bytes) -> BallotBox | None:
    """The box with this fingerprint, if it was ever opened."""
    return db.session.scalar(sa.select(BallotBox).where(
        BallotBox.fingerprint == fingerprint, BallotBox.opened_at.is_not(None)))


def waiting() -> list[BallotBox]:
    """Opened votes that are not closed: their receipts can be looked up after the close. Rehearsals apart."""
    return list(db.session.scalars(sa.select(BallotBox).order_by(BallotBox.closes_at, BallotBox.id).where(
        BallotBox.opened_at.is_not(None), BallotBox.closed_at.is_(None), BallotBox.rehearsal.is_(False))))


def open_now(now: datetime) -> list[BallotBox]:
    """Votes that take ballots, each with its roll, the one that closes first on top. Rehearsals apart."""
    return open_among(db.session.scalars(_not_over(), {"now": clock.plain(now)}).all(), now)


@made_once
def _not_over() -> sa.Select:
    return sa.select(BallotBox).order_by(BallotBox.closes_at, BallotBox.id).where(
        BallotBox.opened_at.is_not(None), BallotBox.closes_at > NOW, BallotBox.closed_at.is_(None),
        BallotBox.rehearsal.is_(False)).options(joinedload(BallotBox.roll))


def held(box_id: bytes, *, put_back: bool = False) -> BallotBox:
    """Read again and locked until the transaction ends. Raises NotFound, and Unavailable where it is not what it was
    opened with; whoever ends a box has it put back."""
    box = row_held(box_id)
    (definition.put_back if put_back else definition.check)(box)
    return box


def row_held(box_id: bytes) -> BallotBox:
    """The same as the table has it, whatever it was opened with. Raises NotFound."""
    return existing(db.session.scalar(sa.select(BallotBox).filter_by(id=box_id).with_for_update(key_share=True)
                                      .execution_options(populate_existing=True)), missing)


def open_ids() -> list[bytes]:
    """Boxes that were opened and are not closed: what a restore or a leaving person has to mind."""
    return _ids(BallotBox.opened_at.is_not(None), BallotBox.closed_at.is_(None))


def full_ids() -> list[bytes]:
    """Boxes that were opened and not emptied yet: they hold sealed ballots. Those of rehearsals need not be
    forgotten."""
    return _ids(BallotBox.opened_at.is_not(None), BallotBox.erased_at.is_(None), ~BallotBox.rehearsal)


def closed_ids() -> list[bytes]:
    """Boxes whose closing head is signed and of which what it froze is still kept."""
    return _ids(CLOSING_SIGNED, BallotBox.erased_at.is_(None))


def _ids(*conditions: sa.ColumnElement[bool]) -> list[bytes]:
    return list(db.session.scalars(sa.select(BallotBox.id).where(*conditions).order_by(BallotBox.id)))


def ids_due(now: datetime) -> list[bytes]:
    """Opened boxes whose time is over and that nobody has closed yet, and those whose closing was delayed. Of a box
    that was opened with another instant than its table holds nothing else is read: it keeps no other from closing."""
    unsigned = db.session.execute(
        sa.select(BallotBox.id, BallotBox.closed_at.is_not(None)).order_by(BallotBox.closes_at, BallotBox.id)
        .where(BallotBox.opened_at.is_not(None), ~CLOSING_SIGNED)).all()
    return [box_id for box_id, closed in unsigned if closed or now >= _closes_at(box_id)]


def is_due(box: BallotBox, now: datetime) -> bool:
    """True where the next reading has to close it."""
    return box.opened_at is not None and box.closed_at is None and now >= _closes_at(box.id)


def _closes_at(box_id: bytes) -> datetime:
    """As the box was opened with, or where that is lost, as the table has it."""
    with suppress(Unavailable):
        if kept := definition.of(box_id):
            return kept["closes_at"]
    return db.session.scalar(sa.select(BallotBox.closes_at).filter_by(id=box_id))


def participations(box_id: bytes) -> Participations:
    """The number of people who take part, by channel: all that anybody learns before the close."""
    counts = dict(db.session.execute(
        sa.select(Voter.channel, sa.func.count()).filter_by(box_id=box_id).group_by(Voter.channel)).all())
    return Participations(**{channel.name.lower(): counts.get(channel, 0) for channel in Channel
                             if channel is not Channel.PAPER_TAKEN_BACK})


def ends() -> list[tuple[bytes, datetime | None, datetime | None]]:
    """Id of each box, when it was emptied and when its key was destroyed."""
    return list(db.session.execute(sa.select(BallotBox.id, BallotBox.erased_at, BallotBox.key_destroyed_at)))


def turnout() -> sa.ColumnElement[bool]:
    """The rows of voters that count as turnout, as a condition."""
    return Voter.channel.in_((Channel.ONLINE, Channel.ASSISTED, Channel.PAPER_RETURNED))


Facts = sa.Row
"""Facts that casting needs: columns of the box, of the person's entry `in_roll`, `struck`, `added` and `salt`, and of
the account what staff did."""
OPENED_WITH = ("fingerprint", "key_sha256", "roll_id", "rule", "opens_at", "closes_at")


def facts(box_id: bytes, person: bytes, account_id: int | None = None) -> Facts:
    """In one statement. Raises NotFound, and Unavailable where the box is not what it was opened with. The entry is not
    locked: on PostgreSQL a lock would leave the number of the transaction on the person's row, and the same number
    stands on the cast. Who strikes an entry takes the box's lock instead."""
    row = db.session.connection().execute(_facts(), {
        "box": box_id, "person": person, "account": account_id}).one_or_none()
    if row is None:
        raise missing()
    definition.check(row)
    return row


@lru_cache(maxsize=1)
def _facts() -> sa.Select:
    box, entry, account = BallotBox.__table__.c, RollEntry.__table__, User.__table__.c
    return (sa.select(box.id, *(box[name] for name in OPENED_WITH), box.opened_at, box.closed_at, box.finished_at,
                      box.counted_at, box.recorded_at, box.erased_at, box.key_destroyed_at, box.published_at,
                      box.created_at, box.rehearsal, account.id.label("account_id"), account.staff_act_at,
                      account.staff_act_confirmed,
                      entry.c.person.is_not(None).label("in_roll"), entry.c.struck_at.is_not(None).label("struck"),
                      entry.c.added, entry.c.salt)
            .select_from(BallotBox.__table__.outerjoin(
                entry, sa.and_(entry.c.roll_id == box.roll_id, entry.c.person == sa.bindparam("person"))).outerjoin(
                User.__table__, account.id == sa.bindparam("account"))).where(box.id == sa.bindparam("box")))


@lru_cache(maxsize=64)
def _rule(text: str) -> BoxRule:
    return BoxRule.from_json(json.loads(text))


def rule_of(box: BallotBox | Facts) -> BoxRule:
    """The rule by which a ballot of this box is made."""
    return _rule(box.rule)


def newest(limit: int = 100) -> list[BallotBox]:
    """Boxes of every stage, the one made last on top; those made together in the order of their subjects."""
    query = sa.select(BallotBox).order_by(BallotBox.created_at.desc(), sa.func.length(BallotBox.subject),
                                          BallotBox.subject, BallotBox.id).limit(limit)
    return list(db.session.scalars(query))


def unopened() -> list[BallotBox]:
    """Votes that nobody has opened and that still can be, the one that begins first on top. Rehearsals apart."""
    return list(db.session.scalars(sa.select(BallotBox).order_by(BallotBox.opens_at, BallotBox.id).where(
        BallotBox.opened_at.is_(None), BallotBox.rehearsal.is_(False), BallotBox.closes_at > clock.now())))


def under_way() -> list[BallotBox]:
    """Boxes, also of rehearsals, that can still be opened or whose K is not destroyed yet, the earliest first: whatever
    is still to be signed for them belongs to one signing key."""
    return list(db.session.scalars(sa.select(BallotBox).order_by(BallotBox.opens_at, BallotBox.id).where(
        BallotBox.published_at.is_(None), BallotBox.key_destroyed_at.is_(None),
        sa.or_(BallotBox.opened_at.is_not(None), BallotBox.closes_at > clock.now()))))


def erased_since(moment: datetime) -> bool:
    """True where a box was emptied after that moment."""
    return db.session.scalar(sa.select(sa.exists().where(BallotBox.erased_at > moment)))


def seasons() -> list[ElectionSeason]:
    """In the order of their days."""
    return list(db.session.scalars(sa.select(ElectionSeason).order_by(ElectionSeason.first_day, ElectionSeason.id)))


_NOT_SETTLED = ElectoralRoll.fixed_at.is_(None), ~sa.exists().where(BallotBox.roll_id == ElectoralRoll.id)


def rolls_not_settled() -> list[int]:
    """Rolls that were not fixed and stand in no box."""
    return list(db.session.scalars(sa.select(ElectoralRoll.id).where(*_NOT_SETTLED).order_by(ElectoralRoll.id)))


def follows_district(roll_id: Any) -> sa.ColumnElement[bool]:
    """Condition for votes with this column of their roll: neighbourhoods that are merged are merged in them too."""
    return sa.or_(roll_id.is_(None), roll_id.in_(sa.select(ElectoralRoll.id).where(*_NOT_SETTLED)))
