"""Lines of the ledger beside the keys: which rows and promises must be in the database."""

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .sealing import BoxKeys, NAME_BYTES, NUMBER_BYTES, ROW_KEY_BYTES, check_lengths, four_bytes

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
        match = _LINE.match(content, end.start() - DIGITS) if end.start() >= DIGITS else None
        data = bytes.fromhex(match[0].decode("ascii")) if match else b""
        if match and hmac.compare_digest(_check(keys, data[:_NAMED]), data[_NAMED:]):
            yield Written(data[:ROW_KEY_BYTES], int.from_bytes(data[ROW_KEY_BYTES:-_CHECK - NAME_BYTES], "big"),
                          data[_NAMED - NAME_BYTES:_NAMED])


def read(lines: Iterable[Written]) -> Ledger:
    """The sum of all lines."""
    ledger = Ledger()
    for row_key, revision, name in lines:
        ledger.revisions[row_key] = max(revision, ledger.revisions.get(row_key, 0))
        if name != NO_PROMISE:
            ledger.promises.add(name)
    return ledger


def _check(keys: BoxKeys, named: bytes) -> bytes:
    return hmac.digest(keys.subkey("ledger"), named, "sha256")[:_CHECK]
