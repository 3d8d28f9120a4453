"""A closed box, opened with its key: what the count adds up and what the record opens. Only after the final head."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.district.models import Neighbourhood
from civic_forum.kernel.apart import with_pauses
from civic_forum.kernel.base import db

from .. import heads, keyring, log_texts
from ..formats.record import ObjectionOpening, PaperOpening, WhatOpening, WhoOpening
from ..models import BallotBox, Cast, Objection, PaperBatch, Participation
from ..rules.boxes import Channel
from ..rules.counting import Batch, Cell, Inconsistent, Opening, Participations, Standing, standing
from ..rules.log import EntryType, leaf_hash
from ..rules.sealing import BoxKeys
from . import casts, log, rolls
from .boxes import participations, rule_of

VOTED = frozenset({Channel.ONLINE, Channel.ASSISTED, Channel.PAPER_RETURNED})
BY_NEIGHBOURHOOD = "neighbourhood"
ELSEWHERE = "기타"
"""Of the record, so never in another language: people whose neighbourhood the roll does not have."""


@dataclass(frozen=True)
class OpenedLog:
    """Both halves of every ballot and withdrawal, in log order."""

    who: list[WhoOpening]
    what: list[WhatOpening]
    """Of the live ones only."""
    standing: Standing


def opened_log(box: BallotBox, keys: BoxKeys) -> OpenedLog:
    """Open every cast and find it in the log. Raises Damaged, and Inconsistent where casts and log differ."""
    numbers = {leaf.hash: leaf.number for leaf in log.leaves(box.id)
               if leaf.type in (EntryType.BALLOT, EntryType.WITHDRAWAL)}
    who, what, openings = [], {}, []
    for cast in with_pauses(casts.opened(box.id, keys)):
        kind, entry = casts.entry_of(box.fingerprint, cast, keys)
        number = numbers.pop(leaf_hash(entry), None)
        if number is None:
            raise Inconsistent("a cast is not in the log")
        tag = keys.tag(cast.row_key)
        who.append(WhoOpening(number, keys.n1(cast.cast_id, cast.revision), tag, cast.revision))
        what[number] = WhatOpening(number, keys.n2(cast.cast_id, cast.revision), cast.choice)
        openings.append(Opening(number, tag, cast.revision, kind))
    if numbers:
        raise Inconsistent("a leaf has no cast")
    found = standing(openings)
    return OpenedLog(sorted(who), [what[number] for number in found.live], found)


def state(box_id: bytes) -> tuple[bytes, int, Participations]:
    """Final root, number of casts, participations: what is counted, as far as it can be told without opening it."""
    found = db.session.scalar(sa.select(sa.func.count()).select_from(Cast).filter_by(box_id=box_id))
    return heads.newest(box_id).root, found, participations(box_id)


class Entries:
    """The entry of every leaf in order, read from the database each time; never held as a whole."""

    def __init__(self, box_id: bytes):
        self._box_id = box_id

    def __iter__(self) -> Iterator[bytes]:
        return (leaf.entry for leaf in with_pauses(log.leaves(self._box_id)))


def paper(box: BallotBox) -> list[PaperOpening]:
    """Every batch with its choices, in log order."""
    length = rule_of(box).length
    rows = db.session.scalars(sa.select(PaperBatch).filter_by(box_id=box.id).order_by(PaperBatch.leaf_number))
    return [PaperOpening(row.leaf_number, row.n, Batch(row.number, row.sheets, row.counted, row.invalid), row.n2,
                         [row.choices[start:start + length] for start in range(0, len(row.choices or b""), length)])
            for row in rows]


def objections(box: BallotBox) -> list[ObjectionOpening]:
    """Those that are leaves of the log, in its order."""
    rows = db.session.scalars(sa.select(Objection).filter_by(box_id=box.id).where(Objection.leaf_number.is_not(None))
                              .order_by(Objection.leaf_number))
    return [ObjectionOpening(row.leaf_number, row.n, log_texts.objection(row), row.withheld) for row in rows]


def channels(box_id: bytes) -> dict[bytes, Channel]:
    """How everybody took part, by row key."""
    return dict(db.session.execute(
        sa.select(Participation.row_key, Participation.channel).filter_by(box_id=box_id)).all())


def people(box: BallotBox, keys: BoxKeys | None = None) -> Iterator[tuple[bytes, int | None, Channel | None]]:
    """Everybody in the roll, in order of person: keyed hash, neighbourhood, channel.

    Raises Inconsistent when somebody took part who is not in the roll.
    """
    keys = keys or keyring.box_keys(box.id, box.key_sha256)
    took_part = channels(box.id)
    for person, neighbourhood_id in rolls.persons(box.roll_id):
        yield person, neighbourhood_id, took_part.pop(keys.row_key(box.id, person), None)
    if took_part:
        raise Inconsistent("somebody took part who is not in the roll")


def cells(box: BallotBox, keys: BoxKeys) -> list[Cell]:
    """Turnout by neighbourhood of the roll, as large as it was at the opening; nothing is hidden yet."""
    voted = Counter(place for _person, place, channel in people(box, keys) if channel in VOTED)
    names = dict(db.session.execute(sa.select(Neighbourhood.id, Neighbourhood.name_ko)).all())
    return [Cell(names.get(place, ELSEWHERE), size, voted[place])
            for place, size in rolls.sizes(box.roll_id, box.opened_at).items()]
