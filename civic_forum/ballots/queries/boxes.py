"""Boxes, and how many take part in each. Never how many chose what."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _

from ..models import BallotBox, Participation, RollEntry
from ..rules.boxes import Channel
from ..rules.choices import BoxRule
from ..rules.counting import Participations
from ..rules.sealing import BOX_BYTES


def missing() -> NotFound:
    return NotFound(_("그런 투표함은 없어요. 주소를 다시 확인해 주세요."))


def parsed_id(text: str) -> bytes:
    """The id from an address. Raises NotFound for anything but lower-case hex of the right length."""
    try:
        box_id = bytes.fromhex(text)
    except ValueError:
        raise missing() from None
    if len(box_id) != BOX_BYTES or box_id.hex() != text:
        raise missing()
    return box_id


def by_id(box_id: bytes) -> BallotBox | None:
    return db.session.get(BallotBox, box_id)


def by_hex(text: str) -> BallotBox:
    """Raises NotFound."""
    box = by_id(parsed_id(text))
    if box is None:
        raise missing()
    return box


def by_subject(subject: str) -> list[BallotBox]:
    """Boxes of one subject, rehearsals too, in the order in which they were made."""
    return list(db.session.scalars(sa.select(BallotBox).filter_by(subject=subject)
                                   .order_by(BallotBox.created_at, BallotBox.id)))


def held(box_id: bytes) -> BallotBox:
    """Read again and locked until the transaction ends. Raises NotFound."""
    box = db.session.scalar(sa.select(BallotBox).filter_by(id=box_id).with_for_update(key_share=True)
                            .execution_options(populate_existing=True))
    if box is None:
        raise missing()
    return box


def open_ids() -> list[bytes]:
    """Boxes that were opened and are not closed: what a restore or a leaving person has to mind."""
    return list(db.session.scalars(sa.select(BallotBox.id).order_by(BallotBox.id)
                                   .where(BallotBox.opened_at.is_not(None), BallotBox.closed_at.is_(None))))


def ids_due(now: datetime) -> list[bytes]:
    """Opened boxes whose time is over and that nobody has closed yet."""
    return list(db.session.scalars(sa.select(BallotBox.id).order_by(BallotBox.closes_at, BallotBox.id).where(
        BallotBox.opened_at.is_not(None), BallotBox.closed_at.is_(None), BallotBox.closes_at <= now)))


def participations(box_id: bytes) -> Participations:
    """How many take part, by channel: all that anybody learns before the close."""
    counts = dict(db.session.execute(
        sa.select(Participation.channel, sa.func.count()).filter_by(box_id=box_id).group_by(Participation.channel))
        .all())
    return Participations(**{channel.value: counts.get(channel, 0) for channel in Channel})


@dataclass(frozen=True, slots=True)
class Facts:
    """What casting needs to know of a box and of the person's entry in its roll."""

    id: bytes
    fingerprint: bytes
    key_sha256: bytes
    rule: BoxRule
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    counted_at: datetime | None
    recorded_at: datetime | None
    erased_at: datetime | None
    key_destroyed_at: datetime | None
    published_at: datetime | None
    in_roll: bool
    struck: bool


def facts(box_id: bytes, person: bytes) -> Facts:
    """In one statement. Raises NotFound.

    The entry is read without a row lock: on PostgreSQL a lock would leave the number of the transaction on the
    person's row, and the same number stands on the cast. Who strikes an entry takes the box's lock instead.
    """
    row = db.session.connection().execute(_facts(), {"box": box_id, "person": person}).one_or_none()
    if row is None:
        raise missing()
    box_id, fingerprint, key_sha256, rule, *moments, entry, struck_at = row
    return Facts(box_id, fingerprint, key_sha256, _rule(rule), *moments, in_roll=entry is not None,
                 struck=struck_at is not None)


@lru_cache(maxsize=1)
def _facts() -> sa.Select:
    box = BallotBox.__table__.c
    entry = RollEntry.__table__
    return (sa.select(box.id, box.fingerprint, box.key_sha256, box.rule, box.opens_at, box.closes_at, box.opened_at,
                      box.closed_at, box.counted_at, box.recorded_at, box.erased_at, box.key_destroyed_at,
                      box.published_at, entry.c.person, entry.c.struck_at)
            .select_from(BallotBox.__table__.outerjoin(
                entry, sa.and_(entry.c.roll_id == box.roll_id, entry.c.person == sa.bindparam("person"))))
            .where(box.id == sa.bindparam("box")))


@lru_cache(maxsize=64)
def _rule(text: str) -> BoxRule:
    return BoxRule.from_json(json.loads(text))


def rule_of(box: BallotBox) -> BoxRule:
    """How a ballot of this box is made."""
    return _rule(box.rule)


def newest(limit: int = 100) -> list[BallotBox]:
    """Boxes of every stage, the one made last on top; those made together in the order of their subjects."""
    found = sa.select(BallotBox).order_by(BallotBox.created_at.desc(), sa.func.length(BallotBox.subject),
                                          BallotBox.subject, BallotBox.id).limit(limit)
    return list(db.session.scalars(found))


def erased_since(moment: datetime) -> bool:
    """Whether a box was emptied after that moment."""
    return db.session.scalar(sa.select(sa.exists().where(BallotBox.erased_at > moment)))
