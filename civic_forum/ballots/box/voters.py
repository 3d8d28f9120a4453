"""Rows of voters and promises in the database, written under the box's lock and named by the ledger after the commit.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from civic_forum.platform.subprocess_call import with_pauses
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _

from ..keys import keyring
from . import closing, ledger_file, sealing
from .sealing import BoxKeys, Channel, Damaged, FORM_KEY_BYTES, OpenedRow, STATE_BYTES
from ..models import Participated, Promise
from ..models import Voter as VoterRow
from .ledger import Written

AT_ONCE = 1_000
NO_FORM = bytes(FORM_KEY_BYTES)
NOT_TAKING_PART = Channel.PAPER_TAKEN_BACK
"""Whoever gave an unused paper back is as free as somebody who never came."""
_VOTE = ("INSERT INTO voter (box_id, row_key, channel, paper, sealed)"
         " VALUES (:box_id, :row_key, :channel, :paper, :sealed) ON CONFLICT (box_id, row_key) DO NOTHING")
_KEEP = ("INSERT INTO promise (box_id, name, sealed) SELECT :box_id, :name, :promise {}"
         " ON CONFLICT (box_id, name) DO NOTHING")
_FIND = "SELECT channel, paper, sealed FROM voter WHERE box_id = :box_id AND row_key = :row_key"
_FOUND, _HELD, _INSERT, _PROMISE = map(sa.text, (_FIND, f"{_FIND} FOR UPDATE", _VOTE, _KEEP.format("WHERE true")))
_REPLACE = sa.text("UPDATE voter SET channel = :channel, paper = :paper, sealed = :sealed"
                   " WHERE box_id = :box_id AND row_key = :row_key")
_PUT = sa.text(f"WITH voted AS ({_VOTE} RETURNING 1), kept AS ({_KEEP.format('FROM voted')} RETURNING 1)"
               " SELECT EXISTS (SELECT FROM voted), EXISTS (SELECT FROM kept)")


class Participation(NamedTuple):
    """Place of a person in a box, for the ballot form and the page of the vote."""

    channel: Channel | None
    """None: does not take part."""
    state: bytes
    """Of the row; the form carries it."""

    @property
    def is_paper(self) -> bool:
        return self.channel in (Channel.PAPER_ISSUED, Channel.PAPER_RETURNED)


NOBODY_KNOWS = Participation(None, bytes(STATE_BYTES))


def standing(box_id: bytes, person: bytes) -> Participation:
    """Standing of this person; once the box is empty, by `Participated`. Raises Unavailable where K is lost or the row
    does not open."""
    done = db.session.get(Participated, (box_id, person))
    if done is not None:
        return Participation(done.channel, NOBODY_KNOWS.state)
    if keyring.tombstone_of(box_id) is not None:
        return NOBODY_KNOWS
    keys = keyring.box_keys(box_id)
    row_key = keys.row_key(box_id, person)
    voter = by_key(box_id, keys, row_key)
    channel = None if voter is None or voter.channel is NOT_TAKING_PART else voter.channel
    return Participation(channel, state_of(keys, row_key, voter))


def state_of(keys: BoxKeys, row_key: bytes, voter: OpenedRow | None) -> bytes:
    """State of a row as a form carries it; None where there is no row."""
    return keys.state(row_key, voter.revision, voter.form_key) if voter else keys.state(row_key, 0, NO_FORM)


def channel_of(box_id: bytes, row_key: bytes) -> Channel | None:
    """Channel of the person behind a row key; None: does not take part."""
    channel = db.session.scalar(sa.select(VoterRow.channel).filter_by(box_id=box_id, row_key=row_key))
    return None if channel is NOT_TAKING_PART else channel


def by_key(box_id: bytes, keys: BoxKeys, row_key: bytes, *, hold: bool = False) -> OpenedRow | None:
    """The opened row, locked until the transaction ends if it is to be held. Raises Unavailable if it is damaged."""
    statement = _HELD if hold and not is_sqlite() else _FOUND
    row = db.session.connection().execute(statement, {"box_id": box_id, "row_key": row_key}).one_or_none()
    return None if row is None else _opened(keys, box_id, row_key, *row)


def by_paper(box_id: bytes, keys: BoxKeys, number: int) -> tuple[bytes, OpenedRow]:
    """Row key and row of whoever has this paper now, held. Raises Unavailable where no row says so."""
    table = VoterRow.__table__.c
    row = db.session.connection().execute(
        sa.select(table.row_key, table.channel, table.paper, table.sealed)
        .where(table.box_id == box_id, table.paper == number).with_for_update()).one_or_none()
    if row is None:
        raise damaged()
    return row.row_key, _opened(keys, box_id, *row)


def next_revision(box_id: bytes, keys: BoxKeys, row_key: bytes, before: OpenedRow | None) -> int:
    """Revision of what follows a row, or of the first where there is none."""
    known = before.revision if before else 0
    return max(known, ledger_file.least_revision(box_id, keys, row_key)) + 1


def replace(box_id: bytes, keys: BoxKeys, row_key: bytes, voter: OpenedRow) -> Written:
    """The row sealed anew in its place; the caller holds it."""
    _written(_REPLACE, _values(box_id, keys, row_key, voter))
    return Written(row_key, voter.revision)


def change(box_id: bytes, keys: BoxKeys, row_key: bytes, changed: Callable[[OpenedRow | None], OpenedRow]) -> Written:
    """Make or replace a row: `changed` gets the one that is held, or None, and may refuse."""
    while True:
        before = by_key(box_id, keys, row_key, hold=True)
        after = changed(before)
        if before is not None:
            return replace(box_id, keys, row_key, after)
        if _written(_INSERT, _values(box_id, keys, row_key, after)):
            return Written(row_key, after.revision)


def put(box_id: bytes, keys: BoxKeys, row_key: bytes, voter: OpenedRow, name: bytes, promise: bytes, *,
        first: bool) -> tuple[bool, bool]:
    """Row and promise of a ballot, and whether each was written: a first row unless there is one, for which it has
    waited (on PostgreSQL in one statement: casting waits), a later one in its place; the promise with its row, unless
    its name was used in this box."""
    values = _values(box_id, keys, row_key, voter)
    kept: dict[str, object] = {"box_id": box_id, "name": name, "promise": promise}
    if first and not is_sqlite():
        return db.session.connection().execute(_PUT, values | kept).one()
    written = _written(_INSERT if first else _REPLACE, values)
    return written, written and _written(_PROMISE, kept)


def all_rows(box_id: bytes) -> list[closing.VoterRow]:
    """Every row of a box, whatever stands in it, in order of row key. All of them at once: nothing is being read any
    more while they are opened."""
    table = VoterRow.__table__.c
    statement = sa.select(_bytes(table.row_key), sa.cast(table.channel, sa.BigInteger),
                          sa.cast(table.paper, sa.BigInteger), _bytes(table.sealed))
    rows = db.session.execute(statement.where(table.box_id == box_id).order_by(table.row_key))
    return [closing.VoterRow(*row) for row in rows.all()]


def all_promises(box_id: bytes) -> dict[bytes, bytes]:
    """Name → sealed promise."""
    table = Promise.__table__.c
    statement = sa.select(_bytes(table.name), _bytes(table.sealed)).where(table.box_id == box_id)
    return dict(db.session.execute(statement).all())


def _bytes(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bytes]:
    """SQLite keeps in any column whatever somebody writes there, text that is none too."""
    return sa.cast(column, sa.LargeBinary)


def replace_all(box_id: bytes, keys: BoxKeys, voters: dict[bytes, OpenedRow]) -> None:
    """Seal many rows anew; nobody else writes meanwhile."""
    waiting = (_values(box_id, keys, row_key, voter) for row_key, voter in with_pauses(voters.items()))
    while some := list(islice(waiting, AT_ONCE)):
        db.session.connection().execute(_REPLACE, some)


def damaged() -> Unavailable:
    """Refusal where a row does not open."""
    return Unavailable(_("봉인된 투표지를 열 수 없어요. 구청에 바로 알려 주세요."))


def _opened(keys: BoxKeys, box_id: bytes, row_key: bytes, channel: int, paper: int, sealed: bytes) -> OpenedRow:
    try:
        return sealing.open_voter(keys, box_id, row_key, channel, paper, sealed)
    except Damaged as damage:
        raise damaged() from damage


def _values(box_id: bytes, keys: BoxKeys, row_key: bytes, voter: OpenedRow) -> dict[str, object]:
    return {"box_id": box_id, "row_key": row_key, "channel": int(voter.channel), "paper": voter.paper,
            "sealed": sealing.seal_voter(keys, box_id, row_key, voter)}


def _written(statement: sa.TextClause, values: dict[str, object]) -> bool:
    """True where it wrote its row; it waits for another transaction that writes the same one."""
    return bool(db.session.connection().execute(statement, values).rowcount)
