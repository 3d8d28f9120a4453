"""Rows of participants in a transaction that is open: held, begun, sealed anew. None is deleted before the key is."""

from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.platform.base import db, upsert
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _

from .identities import Mark
from .models import Participant
from .sealing import Content, Keys


def all_held(keys: Keys, *conditions: sa.ColumnElement[bool]) -> list[Participant]:
    """Rows of a consultation, also empty ones, held until the transaction ends."""
    return list(db.session.scalars(sa.select(Participant).where(
        Participant.consultation_id == keys.consultation_id, *conditions).order_by(Participant.row_key)
        .with_for_update().execution_options(populate_existing=True)))


def held(keys: Keys, marks: Collection[Mark]) -> dict[Mark, Participant]:
    """Those behind these marks."""
    names = {keys.row_key(mark.value): mark for mark in marks}
    return {names[row.row_key]: row for row in all_held(keys, Participant.row_key.in_(names))}


def begun(keys: Keys, mark: Mark, room: int) -> Participant:
    """Row of this mark, held, made empty where there is none."""
    if mark not in (known := held(keys, [mark])):
        db.session.execute(upsert(Participant).on_conflict_do_nothing(), new(keys, mark, Content(), room))
        known = held(keys, [mark])
    return known[mark]


def new(keys: Keys, mark: Mark, content: Content, room: int) -> dict[str, object]:
    """Columns of a row that is to be inserted."""
    row = Participant(consultation_id=keys.consultation_id, row_key=keys.row_key(mark.value), basis=mark.basis)
    return {"consultation_id": row.consultation_id, "row_key": row.row_key, "basis": row.basis, "is_counted": False,
            "is_empty": not content.codes, "sealed": keys.seal_row(row, content, room), "place": keys.seal_point(row)}


def put(keys: Keys, row: Participant, content: Content, room: int) -> None:
    """Seal a row anew with this content."""
    row.sealed = keys.seal_row(row, content._replace(revision=content.revision + 1), room)
    row.is_empty = not any(content.codes)


def opened(keys: Keys, row: Participant) -> Content:
    """Raises Unavailable for a damaged one."""
    if (content := keys.open_row(row)) is None:
        raise Unavailable(_("이 답이 망가져서 열 수 없어요. 구청에 알려 주세요."))
    return content


def clear(keys: Keys, marks: Collection[Mark], room: int) -> bool:
    """Seal the rows of these marks anew with nothing in them, damaged ones too; True if there was anything."""
    there = [row for row in held(keys, marks).values() if not row.is_empty]
    for row in there:
        put(keys, row, Content(revision=(keys.open_row(row) or Content()).revision), room)
        row.is_counted, row.place = False, keys.seal_point(row)
    return bool(there)


def move(keys: Keys, source: Mark, target: Mark, room: int) -> None:
    """Let the content of a row, if there is any, stand in the row of another mark, with its place in the result."""
    both = held(keys, [source, target])
    if (row := both.get(source)) is not None and not row.is_empty:
        other = both.get(target) or begun(keys, target, room)
        put(keys, other, opened(keys, row), room)
        other.is_counted, other.place = row.is_counted, keys.seal_point(other, keys.open_point(row))
        clear(keys, [source], room)
