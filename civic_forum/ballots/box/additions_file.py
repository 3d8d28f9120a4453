"""The file `<keys>/<box>.additions` of a box whose roll grows: appended to after each commit that added somebody, and
with each signed count; never changed. It is what the record has, whatever becomes of the table."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.platform import storage
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _

from .. import queries as boxes
from ..keys import keyring
from ..models import BallotBox, RollEntry
from . import additions
from .additions import Named, Signed
from .sealing import BoxKeys, PERSON_BYTES

SUFFIX = ".additions"


class Known(NamedTuple):
    """Additions of a box as file and table have them together."""

    named: Named
    gone: int
    """Entries that the file names and the table has no more."""
    forged: int
    """Entries of the table that were made without the key of the box: they may not vote and count nowhere."""
    lost: bool
    """There was no file: its order is gone, and with it the counts that named somebody."""


def make(box_id: bytes) -> None:
    """An empty one, at the opening of its box; one that is there stays."""
    keyring.make_file(path(box_id), b"")


def append(box_id: bytes, keys: BoxKeys, named: Iterable[bytes | Signed]) -> None:
    """A line for each, in a write of its own, synced: there are few. Raises Unavailable."""
    try:
        storage.append(path(box_id), (additions.line(keys, addition) for addition in named))
        storage.sync(path(box_id))
    except OSError as trouble:
        raise Unavailable(_("투표함의 장부에 적지 못했어요. 잠시 뒤에 같은 화면에서 다시 보내 주세요. 두 번 보내도 한 번만 세요.")) from trouble


def read(box_id: bytes, keys: BoxKeys) -> Named | None:
    """Everything that the file names; None where there is none."""
    try:
        return additions.read(keys, path(box_id).read_bytes())
    except OSError:
        return None


def completed(box: BallotBox, keys: BoxKeys, named: Named | None) -> Known:
    """Everybody who was added to the roll of a box, nobody where it does not grow. `named`: its file, read before the
    table unless the box's lock is held alone, so that it names nobody whom the table could not have. Who stands in the
    table with the right salt and not in the file was added just now or before a crash, and is written there; others
    append at the same time, so their order is read from the file again."""
    if not boxes.grows(box):
        return Known(Named(), 0, 0, lost=False)
    genuine, forged = _of_table(box, keys)
    there = set(named.persons) if named is not None else set()
    if named is not None and (missed := sorted(genuine - there)):
        append(box.id, keys, missed)
        named = read(box.id, keys)
    if named is None:
        return Known(Named(sorted(genuine)), 0, forged, lost=True)
    return Known(named, len(there - genuine), forged, lost=False)


def _of_table(box: BallotBox, keys: BoxKeys) -> tuple[set[bytes], int]:
    """Persons of the table whose salt is that of K, and the number of others."""
    person, salt = (sa.cast(column, sa.LargeBinary) for column in (RollEntry.person, RollEntry.salt))
    rows = db.session.execute(sa.select(person, salt).where(
        RollEntry.roll_id == box.roll_id, RollEntry.added.is_(True))).all()
    genuine = {known_as for known_as, seen in rows
               if len(known_as) == PERSON_BYTES and seen == keys.salt(box.id, known_as)}
    return genuine, len(rows) - len(genuine)


def delete(box_id: bytes) -> None:
    """Delete it when the box is emptied; doing it again does nothing."""
    keyring.delete_file(path(box_id))


def path(box_id: bytes) -> Path:
    return keyring.beside_keys(box_id, SUFFIX)
