"""Rows of voters and promises in the database. Who writes a row holds the box's lock; what was written goes to the
ledger after the commit."""

from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.kernel.base import db, upsert
from civic_forum.kernel.errors import Unavailable
from civic_forum.kernel.i18n import _

from .. import keyring
from ..models import Participated, Promise
from ..models import Voter as VoterRow
from . import closing, ledger_file, rows
from .keys import FORM_KEY_BYTES, STATE_BYTES, BoxKeys
from .ledger import Written
from .rows import Channel, Damaged, Voter

AT_ONCE = 1_000
NO_FORM = bytes(FORM_KEY_BYTES)
NOT_TAKING_PART = Channel.PAPER_TAKEN_BACK
"""Whoever gave an unused paper back is as free as somebody who never came."""


class Standing(NamedTuple):
    """How a person stands in a box: what the ballot form and the page of the vote need to know."""

    channel: Channel | None
    """None: does not take part."""
    state: bytes
    """Of the row; the form carries it."""

    @property
    def is_paper(self) -> bool:
        return self.channel in (Channel.PAPER_ISSUED, Channel.PAPER_RETURNED)


NOBODY_KNOWS = Standing(None, bytes(STATE_BYTES))


def standing(box_id: bytes, person: bytes) -> Standing:
    """How this person stands in the box; once it is empty, what `Participated` says. Raises Unavailable where K is
    lost or the row does not open."""
    done = db.session.get(Participated, (box_id, person))
    if done is not None:
        return Standing(done.channel, NOBODY_KNOWS.state)
    if keyring.tombstone_of(box_id) is not None:
        return NOBODY_KNOWS
    keys = keyring.box_keys(box_id)
    row_key = keys.row_key(box_id, person)
    voter = by_key(box_id, keys, row_key)
    channel = None if voter is None or voter.channel is NOT_TAKING_PART else voter.channel
    return Standing(channel, state_of(keys, row_key, voter))


def state_of(keys: BoxKeys, row_key: bytes, voter: Voter | None) -> bytes:
    """State of a row as a form carries it; None where there is no row."""
    return keys.state(row_key, voter.revision, voter.form_key) if voter else keys.state(row_key, 0, NO_FORM)


def channel_of(box_id: bytes, row_key: bytes) -> Channel | None:
    """How the person behind a row key takes part; None: not at all."""
    channel = db.session.scalar(sa.select(VoterRow.channel).filter_by(box_id=box_id, row_key=row_key))
    return None if channel is NOT_TAKING_PART else channel


def by_key(box_id: bytes, keys: BoxKeys, row_key: bytes, *, hold: bool = False) -> Voter | None:
    """The opened row, locked until the transaction ends if it is to be held. Raises Unavailable if it is damaged."""
    row = db.session.connection().execute(_by_key(hold), {"box": box_id, "row": row_key}).one_or_none()
    return None if row is None else _opened(keys, box_id, row_key, *row)


def by_paper(box_id: bytes, keys: BoxKeys, number: int) -> tuple[bytes, Voter]:
    """Row key and row of whoever has this paper now, held. Raises Unavailable where no row says so."""
    table = VoterRow.__table__.c
    row = db.session.connection().execute(
        sa.select(table.row_key, table.channel, table.paper, table.sealed)
        .where(table.box_id == box_id, table.paper == number).with_for_update()).one_or_none()
    if row is None:
        raise damaged()
    return row.row_key, _opened(keys, box_id, *row)


def next_revision(box_id: bytes, keys: BoxKeys, row_key: bytes, before: Voter | None) -> int:
    """Revision of what follows a row, or of the first where there is none."""
    known = before.revision if before else 0
    return max(known, ledger_file.least_revision(box_id, keys, row_key)) + 1


def insert(box_id: bytes, keys: BoxKeys, row_key: bytes, voter: Voter) -> bool:
    """A new row; False where there is one, for which it has waited."""
    values = _values(box_id, keys, row_key, voter)
    return bool(db.session.connection().execute(_insert(VoterRow.__table__), values).rowcount)


def replace(box_id: bytes, keys: BoxKeys, row_key: bytes, voter: Voter) -> Written:
    """The row sealed anew in its place; the caller holds it."""
    db.session.connection().execute(_update(), _new_values(box_id, keys, row_key, voter))
    return Written(row_key, voter.revision)


def change(box_id: bytes, keys: BoxKeys, row_key: bytes, changed: Callable[[Voter | None], Voter]) -> Written:
    """Make or replace a row: `changed` gets the one that is held, or None, and may refuse."""
    while True:
        before = by_key(box_id, keys, row_key, hold=True)
        after = changed(before)
        if before is not None:
            return replace(box_id, keys, row_key, after)
        if insert(box_id, keys, row_key, after):
            return Written(row_key, after.revision)


def promise(box_id: bytes, name: bytes, sealed: bytes) -> bool:
    """Write a promise; False where its name was used in this box."""
    values = {"box_id": box_id, "name": name, "sealed": sealed}
    return bool(db.session.connection().execute(_insert(Promise.__table__), values).rowcount)


def all_rows(box_id: bytes) -> list[closing.Row]:
    """Every row of a box, whatever stands in it, in order of row key. All of them at once: nothing is being read any
    more while they are opened."""
    table = VoterRow.__table__.c
    statement = sa.select(_bytes(table.row_key), sa.cast(table.channel, sa.BigInteger),
                          sa.cast(table.paper, sa.BigInteger), _bytes(table.sealed))
    found = db.session.execute(statement.where(table.box_id == box_id).order_by(table.row_key))
    return [closing.Row(*row) for row in found.all()]


def all_promises(box_id: bytes) -> dict[bytes, bytes]:
    """Name → sealed promise."""
    table = Promise.__table__.c
    statement = sa.select(_bytes(table.name), _bytes(table.sealed)).where(table.box_id == box_id)
    return dict(db.session.execute(statement).all())


def _bytes(column: sa.ColumnElement) -> sa.ColumnElement[bytes]:
    """SQLite keeps in any column whatever somebody writes there, text that is none too."""
    return sa.cast(column, sa.LargeBinary)


def replace_all(box_id: bytes, keys: BoxKeys, voters: dict[bytes, Voter]) -> None:
    """Seal many rows anew; nobody else writes meanwhile."""
    waiting = (_new_values(box_id, keys, row_key, voter) for row_key, voter in voters.items())
    while some := list(islice(waiting, AT_ONCE)):
        db.session.connection().execute(_update(), some)


def damaged() -> Unavailable:
    """Why nothing can be done with a row that does not open."""
    return Unavailable(_("봉인된 투표지를 열 수 없어요. 구청에 바로 알려 주세요."))


def _opened(keys: BoxKeys, box_id: bytes, row_key: bytes, channel: int, paper: int, sealed: bytes) -> Voter:
    try:
        return rows.open_voter(keys, box_id, row_key, channel, paper, sealed)
    except Damaged as damage:
        raise damaged() from damage


def _values(box_id: bytes, keys: BoxKeys, row_key: bytes, voter: Voter) -> dict:
    return {"box_id": box_id, "row_key": row_key, "channel": int(voter.channel), "paper": voter.paper,
            "sealed": rows.seal_voter(keys, box_id, row_key, voter)}


def _new_values(box_id: bytes, keys: BoxKeys, row_key: bytes, voter: Voter) -> dict:
    return {f"new_{name}": value for name, value in _values(box_id, keys, row_key, voter).items()}


@lru_cache(maxsize=2)
def _by_key(hold: bool) -> sa.Select:
    table = VoterRow.__table__.c
    found = sa.select(table.channel, table.paper, table.sealed).where(
        table.box_id == sa.bindparam("box"), table.row_key == sa.bindparam("row"))
    return found.with_for_update() if hold else found


def _insert(table: sa.Table) -> sa.Insert:
    return _insert_of(table, db.session.connection().dialect.name)


@lru_cache(maxsize=4)
def _insert_of(table: sa.Table, _dialect: str) -> sa.Insert:
    nothing_twice = upsert(table).on_conflict_do_nothing(index_elements=list(table.primary_key.columns))
    return nothing_twice.execution_options(preserve_rowcount=True)


@lru_cache(maxsize=1)
def _update() -> sa.Update:
    table = VoterRow.__table__
    return sa.update(table).where(
        table.c.box_id == sa.bindparam("new_box_id"), table.c.row_key == sa.bindparam("new_row_key")).values(
        {name: sa.bindparam(f"new_{name}") for name in ("channel", "paper", "sealed")})
