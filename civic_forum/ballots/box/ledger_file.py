"""The ledger of a box, `<keys>/<box>.ledger`: appended to after each commit that wrote a voter's row, never changed."""

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from civic_forum.platform import storage
from civic_forum.platform.subprocess_call import with_pauses
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _

from ..keys import keyring
from .sealing import BoxKeys
from . import ledger
from .ledger import Ledger, Written

SUFFIX, RESTORED = ".ledger", ".restored"
SYNCED_WITHIN_S = 10
_unsynced: set[str] = set()
_one = threading.Lock()


def make(box_id: bytes) -> None:
    """An empty one, at the opening of its box; one that is there stays."""
    keyring.make_file(path(box_id), b"")


def append(box_id: bytes, written: Iterable[Written], keys: BoxKeys | None = None) -> None:
    """A line for each, in a write of its own. Raises Unavailable: whoever sends the same again appends again. `keys`:
    of the box, where they were read a moment ago."""
    keys, name = keys or keyring.box_keys(box_id), keyring.name_beside_keys(box_id, SUFFIX)
    try:
        storage.append(name, (ledger.line(keys, record) for record in written))
        _sync_soon(name)
    except OSError as trouble:
        raise Unavailable(_("투표함의 장부에 적지 못했어요. 잠시 뒤에 같은 화면에서 다시 보내 주세요. 두 번 보내도 한 번만 세요.")) from trouble


def read(box_id: bytes, keys: BoxKeys) -> Ledger | None:
    """Everything that it names; None where there is no ledger."""
    try:
        with open(path(box_id), "rb") as file:
            return ledger.read(with_pauses(ledger.parse(keys, file.read())))
    except OSError:
        return None


def mark_restored(box_id: bytes) -> None:
    """The database was put back: from now on a row may be older than what the ledger names of it."""
    keyring.make_file(keyring.beside_keys(box_id, RESTORED), b"")


def least_revision(box_id: bytes, keys: BoxKeys, row_key: bytes) -> int:
    """Newest revision of a row that was lost by a restore, so that whoever votes again is not taken for an older row;
    0 where nothing was put back."""
    if not os.path.exists(keyring.name_beside_keys(box_id, RESTORED)):
        return 0
    named = read(box_id, keys)
    return named.revisions.get(row_key, 0) if named else 0


def delete(box_id: bytes) -> None:
    """Delete it when the box is emptied; doing it again does nothing."""
    for suffix in (SUFFIX, RESTORED):
        keyring.delete_file(keyring.beside_keys(box_id, suffix))


def path(box_id: bytes) -> Path:
    return keyring.beside_keys(box_id, SUFFIX)


def _sync_soon(name: str) -> None:
    """Each process brings to the disk what it appended, however much that is."""
    with _one:
        if not _unsynced:
            later = threading.Timer(SYNCED_WITHIN_S, _sync_all)
            later.daemon = True
            later.start()
        _unsynced.add(name)


def _sync_all() -> None:
    with _one:
        names = sorted(_unsynced)
        _unsynced.clear()
    for name in names:
        with suppress(OSError):  # it was emptied meanwhile
            storage.sync(name)
