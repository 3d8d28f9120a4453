"""Sealed ballots: looked up by their primary key, or the newest of a row key. Apart, because together they scan."""

from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.kernel.base import db

from .. import keyring
from ..models import Cast, Participated, Participation
from ..rules.boxes import Channel
from ..rules.log import EntryType, ballot_entry, withdrawal_entry
from ..rules.sealing import BoxKeys, CastKind

AT_ONCE = 1_000


class Sealed(NamedTuple):
    """One row of a box, still sealed."""

    cast_id: bytes
    row_key: bytes
    revision: int
    sealed: bytes


class Opened(NamedTuple):
    """One row of a box, opened."""

    cast_id: bytes
    row_key: bytes
    revision: int
    kind: CastKind
    choice: bytes


class Standing(NamedTuple):
    """How a person stands in a box: what the ballot form and the page of the vote need to know."""

    channel: Channel | None
    """None: has not taken part."""
    revision: int
    """Of the newest cast; 0: none. The form carries it."""

    @property
    def is_paper(self) -> bool:
        return self.channel in (Channel.PAPER_ISSUED, Channel.PAPER_RETURNED)


def by_id(box_id: bytes, cast_id: bytes) -> Sealed | None:
    row = db.session.connection().execute(_by_id(), {"box": box_id, "cast": cast_id}).one_or_none()
    return row and Sealed(*row)


def latest(box_id: bytes, row_key: bytes) -> Sealed | None:
    """The newest cast of a row key, by the unique index."""
    row = db.session.connection().execute(_latest(), {"box": box_id, "row_key": row_key}).one_or_none()
    return row and Sealed(*row)


def latest_revision(box_id: bytes, row_key: bytes) -> int:
    """0: nothing was cast."""
    newest = latest(box_id, row_key)
    return newest.revision if newest else 0


def standing(box_id: bytes, person: bytes) -> Standing:
    """How this person stands in the box; once it is empty, what `Participated` says. Unavailable where K is lost."""
    done = db.session.get(Participated, (box_id, person))
    if done is not None:
        return Standing(done.channel, 0)
    if keyring.tombstone_of(box_id) is not None:
        return Standing(None, 0)
    row_key = keyring.box_keys(box_id).row_key(box_id, person)
    return Standing(channel_of(box_id, row_key), latest_revision(box_id, row_key))


def channel_of(box_id: bytes, row_key: bytes) -> Channel | None:
    """How the person behind a row key takes part; None: not at all."""
    return db.session.scalar(sa.select(Participation.channel).filter_by(box_id=box_id, row_key=row_key))


def sealed(box_id: bytes) -> Iterator[Sealed]:
    """All casts of a box in the order of their random ids, a thousand at a time."""
    columns = Cast.__table__.c
    statement = (sa.select(columns.cast_id, columns.row_key, columns.revision, columns.sealed)
                 .where(columns.box_id == box_id).order_by(columns.cast_id).execution_options(yield_per=AT_ONCE))
    with db.session.execute(statement) as rows:
        for row in rows:
            yield Sealed(*row)


def opened(box_id: bytes, keys: BoxKeys) -> Iterator[Opened]:
    """The same, opened. Only for the close and the count. Raises Damaged where a row is not as it was sealed."""
    with closing(sealed(box_id)) as rows:
        for row in rows:
            yield open_one(box_id, row, keys)


def open_one(box_id: bytes, row: Sealed, keys: BoxKeys) -> Opened:
    kind, choice = keys.unseal(row.sealed, box=box_id, cast_id=row.cast_id, row_key=row.row_key, revision=row.revision)
    return Opened(row.cast_id, row.row_key, row.revision, kind, choice)


def entry_of(fingerprint: bytes, cast: Opened, keys: BoxKeys) -> tuple[EntryType, bytes]:
    """The entry of the log that a cast becomes: always the same bytes."""
    n1, n2 = keys.n1(cast.cast_id, cast.revision), keys.n2(cast.cast_id, cast.revision)
    tag = keys.tag(cast.row_key)
    if cast.kind is CastKind.WITHDRAWAL:
        return EntryType.WITHDRAWAL, withdrawal_entry(fingerprint, n1, tag, cast.revision, n2)
    return EntryType.BALLOT, ballot_entry(fingerprint, n1, tag, cast.revision, n2, cast.choice)


@lru_cache(maxsize=1)
def _columns() -> sa.Select:
    cast = Cast.__table__.c
    return sa.select(cast.cast_id, cast.row_key, cast.revision, cast.sealed).where(cast.box_id == sa.bindparam("box"))


@lru_cache(maxsize=1)
def _by_id() -> sa.Select:
    return _columns().where(Cast.__table__.c.cast_id == sa.bindparam("cast"))


@lru_cache(maxsize=1)
def _latest() -> sa.Select:
    cast = Cast.__table__.c
    return _columns().where(cast.row_key == sa.bindparam("row_key")).order_by(cast.revision.desc()).limit(1)
