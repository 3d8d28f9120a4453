"""The ledger of a box, `<keys>/<box>.ledger`: which rows and promises must be in the database. Appended to after each
commit that wrote a voter's row, never changed."""

import hmac
import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from civic_forum.kernel import storage
from civic_forum.kernel.subprocess_call import with_pauses
from civic_forum.kernel.errors import Unavailable
from civic_forum.kernel.i18n import _

from .. import keyring
from .keys import NAME_BYTES, NUMBER_BYTES, ROW_KEY_BYTES, BoxKeys, check_lengths, four_bytes

SUFFIX, RESTORED = ".ledger", ".restored"
SYNCED_WITHIN_S = 10
_unsynced: set[str] = set()
_one = threading.Lock()
NO_PROMISE = bytes(NAME_BYTES)
_NAMED = ROW_KEY_BYTES + NUMBER_BYTES + NAME_BYTES
_CHECK = 8
DIGITS = 2 * (_NAMED + _CHECK)
"""Characters of a line before its end."""
_LINE = re.compile(rb"[0-9a-f]{%d}(?=\n)" % DIGITS)


class Written(NamedTuple):
    """A commit that wrote a voter's row."""

    row_key: bytes
    revision: int
    name: bytes = NO_PROMISE
    """Name of the promise of that commit, zeros for none."""


@dataclass
class Ledger:
    """Newest revision of each row key, and every promise, that a ledger names."""

    revisions: dict[bytes, int] = field(default_factory=dict)
    promises: set[bytes] = field(default_factory=set)


def line(keys: BoxKeys, written: Written) -> bytes:
    """A line with its end, to be appended in one write."""
    check_lengths(row_key=written.row_key, name=written.name)
    named = written.row_key + four_bytes(written.revision) + written.name
    return (named + _check(keys, named)).hex().encode("ascii") + b"\n"


def parse(keys: BoxKeys, content: bytes) -> Iterator[Written]:
    """Lines that verify: of the text before each line end the last 120 digits, so a short write spoils only its own."""
    for end in re.finditer(rb"\n", content):
        found = _LINE.match(content, end.start() - DIGITS) if end.start() >= DIGITS else None
        data = bytes.fromhex(found[0].decode("ascii")) if found else b""
        if found and hmac.compare_digest(_check(keys, data[:_NAMED]), data[_NAMED:]):
            yield Written(data[:ROW_KEY_BYTES], int.from_bytes(data[ROW_KEY_BYTES:-_CHECK - NAME_BYTES], "big"),
                          data[_NAMED - NAME_BYTES:_NAMED])


def total(lines: Iterable[Written]) -> Ledger:
    """The sum of all lines."""
    ledger = Ledger()
    for row_key, revision, name in lines:
        ledger.revisions[row_key] = max(revision, ledger.revisions.get(row_key, 0))
        if name != NO_PROMISE:
            ledger.promises.add(name)
    return ledger


def _check(keys: BoxKeys, named: bytes) -> bytes:
    return hmac.digest(keys.subkey("ledger"), named, "sha256")[:_CHECK]


def make(box_id: bytes) -> None:
    """An empty one, at the opening of its box; one that is there stays."""
    keyring.make_file(path(box_id), b"")


def append(box_id: bytes, written: Iterable[Written], keys: BoxKeys | None = None) -> None:
    """A line for each, in a write of its own. Raises Unavailable: whoever sends the same again appends again. `keys`:
    of the box, where they were read a moment ago."""
    keys, name = keys or keyring.box_keys(box_id), keyring.name_beside_keys(box_id, SUFFIX)
    try:
        opened = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        try:
            for one in written:
                text = line(keys, one)
                if os.write(opened, text) != len(text):
                    raise OSError("a short write")
        finally:
            os.close(opened)
        _sync_soon(name)
    except OSError as trouble:
        raise Unavailable(_("투표함의 장부에 적지 못했어요. 잠시 뒤에 같은 화면에서 다시 보내 주세요. 두 번 보내도 한 번만 세요.")) from trouble


def read(box_id: bytes, keys: BoxKeys) -> Ledger | None:
    """Everything that it names; None where there is no ledger."""
    try:
        with open(path(box_id), "rb") as file:
            return total(with_pauses(parse(keys, file.read())))
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
