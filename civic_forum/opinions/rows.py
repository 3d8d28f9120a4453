"""Rows of participants in a transaction that is open: held, begun, sealed anew. None is deleted before the key is."""

from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.platform.base import db, upsert
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once

from .identities import Mark
from .models import Participant
from .rules import Basis
from .sealing import Content, Damaged, Keys

TABLE = Participant.__table__
HERE = TABLE.c.consultation_id == sa.bindparam("consultation"), TABLE.c.row_key == sa.bindparam("key")


class Row(NamedTuple):
    row_key: bytes
    basis: Basis
    is_counted: bool
    is_empty: bool
    sealed: bytes
    place: bytes


COLUMNS = tuple(TABLE.c[name] for name in Row._fields)


@made_once
def _held() -> sa.Select:
    return sa.select(*COLUMNS).where(
        TABLE.c.consultation_id == sa.bindparam("consultation"),
        TABLE.c.row_key.in_(sa.bindparam("keys", expanding=True))).order_by(TABLE.c.row_key).with_for_update()


def held(keys: Keys, marks: Collection[Mark]) -> dict[Mark, Row]:
    """Rows behind these marks, also empty ones, held until the transaction ends."""
    names = {keys.row_key(mark.value): mark for mark in marks}
    found = db.session.connection().execute(_held(), {"consultation": keys.consultation_id, "keys": list(names)})
    return {names[row.row_key]: Row(*row) for row in found}


def all_held(keys: Keys) -> list[Row]:
    """All rows, held until the transaction ends."""
    found = db.session.execute(sa.select(*COLUMNS).where(
        TABLE.c.consultation_id == keys.consultation_id).order_by(TABLE.c.row_key).with_for_update())
    return [Row(*row) for row in found]


def begun(keys: Keys, mark: Mark, room: int) -> Row:
    """Row of this mark, held, made empty where there is none."""
    if mark not in (known := held(keys, [mark])):
        insert(keys, [(mark, Content(b""))], room, is_empty=True)
        known = held(keys, [mark])
    return known[mark]


def insert(keys: Keys, people: list[tuple[Mark, Content]], room: int, *, is_empty: bool = False) -> None:
    """New rows. Raises IntegrityError for one that is there, unless it is `is_empty`: then that one stays."""
    statement = upsert(TABLE).on_conflict_do_nothing() if is_empty else sa.insert(TABLE)
    rows = ((keys.row_key(mark.value), mark.basis, content) for mark, content in people)
    db.session.execute(statement, [
        {"consultation_id": keys.consultation_id, "row_key": key, "basis": basis, "is_counted": False,
         "is_empty": is_empty, "sealed": keys.seal_row(key, basis, content, room),
         "place": keys.seal_point(key, basis)} for key, basis, content in sorted(rows, key=lambda row: row[0])])


@made_once
def _update() -> sa.Update:
    return sa.update(TABLE).where(*HERE).values(sealed=sa.bindparam("now"), is_empty=sa.bindparam("empty"))


def put(keys: Keys, row: Row, content: Content, room: int) -> None:
    """Seal a row anew with this content."""
    sealed = keys.seal_row(row.row_key, row.basis, content._replace(revision=content.revision + 1), room)
    db.session.connection().execute(_update(), {
        "consultation": keys.consultation_id, "key": row.row_key, "now": sealed, "empty": not any(content.codes)})


def opened(keys: Keys, row: Row) -> Content:
    """Raises Unavailable for a damaged one."""
    try:
        return keys.open_row(row.row_key, row.basis, row.sealed)
    except Damaged as wrong:
        raise Unavailable(_("이 답이 망가져서 열 수 없어요. 구청에 알려 주세요.")) from wrong


def clear(keys: Keys, row: Row, room: int) -> None:
    """Seal a row anew with nothing in it; a damaged one too."""
    revision = 0
    with suppress(Unavailable):
        revision = opened(keys, row).revision
    put(keys, row, Content(b"", revision), room)


def move(keys: Keys, source: Mark, target: Mark, room: int) -> None:
    """Let the content of a row, if there is any, stand in the row of another mark, with its place in the result."""
    both = held(keys, [source, target])
    if source not in both or both[source].is_empty:
        return
    row, new = both[source], both.get(target) or begun(keys, target, room)
    put(keys, new, opened(keys, row), room)
    clear(keys, row, room)
    point = keys.open_point(row.row_key, row.basis, row.place)
    db.session.execute(sa.update(TABLE).where(*HERE).values(
        is_counted=row.is_counted, place=keys.seal_point(new.row_key, new.basis, point)),
        {"consultation": keys.consultation_id, "key": new.row_key})
