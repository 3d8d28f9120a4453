"""The public log without a database: values as bytes (framed fields, canonical JSON, instants), and the Merkle tree
over its entries (RFC 9162, section 2.1).

Nothing of the box is hashed or signed in any other shape, so that nobody can argue afterwards which bytes were meant.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

Canonical: TypeAlias = "str | int | list[Canonical] | dict[str, Canonical]"
FORMAT = 3
"""Version of definitions that are written now, and of counts, result and record of their box. A box that was defined
before keeps its own."""
KEPT_FORMAT = 2
"""Version of what people keep by itself: heads, receipts, statements of observers."""
LARGEST = 2**53 - 1
"""The largest whole number: beyond it not every program that reads JSON is exact."""
DEEPEST = 32
"""Number of values inside one another, the innermost text or number counted too."""


def frame(label: str, *fields: bytes) -> bytes:
    """The ASCII label, then each field behind its length as four bytes, big-endian."""
    parts = [label.encode("ascii")]
    for field in fields:
        parts += (len(field).to_bytes(4, "big"), field)
    return b"".join(parts)


def digest(label: str, *fields: bytes) -> bytes:
    """SHA-256 over the frame: H(label, fields…) of the written format."""
    return hashlib.sha256(frame(label, *fields)).digest()


def canonical_json(value: Canonical) -> bytes:
    """UTF-8, keys sorted by code point, no spaces; text, whole numbers, lists and objects only.

    Only quotation mark, backslash and control characters are escaped, the latter by \\b \\f \\n \\r \\t where
    JSON has such a name and else by \\u00xx in lower case. Whole numbers are from 0 to 2^53 − 1. Raises
    ValueError for anything else, true and null included.
    """
    _check(value, DEEPEST)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def parse_canonical(data: bytes) -> Any:
    """The value that these bytes are the canonical JSON of; ValueError when they are not, byte for byte."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_no_name_twice)
        written_again = canonical_json(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if written_again != data:
        raise ValueError("not canonical JSON")
    return value


def stamp(at: datetime) -> str:
    """An instant as `2026-01-01T00:00:00Z`; parts of a second are cut off, naive instants refused."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def instant(text: str) -> datetime:
    """The instant that `stamp` wrote; ValueError for any other spelling of it."""
    at = datetime.fromisoformat(text)
    if stamp(at) != text:
        raise ValueError("not an instant as this format writes it")
    return at


def _no_name_twice(pairs: list[tuple[str, Canonical]]) -> dict[str, Canonical]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _check(value: object, depth: int) -> None:
    """ValueError unless it has a canonical form; `depth` is how many levels may still follow."""
    if not depth:
        raise ValueError("nested too deeply")
    if isinstance(value, (dict, list)):
        if isinstance(value, dict) and not all(isinstance(name, str) for name in value):
            raise ValueError("names are text")
        for inner in value.values() if isinstance(value, dict) else value:
            _check(inner, depth - 1)
    elif isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(f"canonical JSON has no {type(value).__name__}")
    elif isinstance(value, int) and not 0 <= value <= LARGEST:
        raise ValueError("not a whole number of this format")


NO_LEAVES = hashlib.sha256(b"").digest()
"""The root of the empty tree."""


class Tree:
    """All nodes of one tree, computed once, so that any proof is a few look-ups.

    Level 0 holds the leaf hashes. A node without a sibling moves up a level as it is, which gives the same roots as
    the split at the largest power of two in the RFC.
    """

    __slots__ = ("_levels",)

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        self._levels = [list(leaf_hashes)]
        while len(self._levels[-1]) > 1:
            self._levels.append(_level_above(self._levels[-1]))

    @property
    def size(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        return self._levels[-1][0] if self.size else NO_LEAVES

    def root_of(self, size: int) -> bytes:
        """The root over the first so many leaves: its whole trees, joined from the right."""
        if not 0 <= size <= self.size:
            raise IndexError("the tree was never that large")
        root = None
        while size:
            height = (size & -size).bit_length() - 1
            size -= 1 << height
            node = self._levels[height][size >> height]
            root = node if root is None else _node(node, root)
        return NO_LEAVES if root is None else root

    def inclusion_proof(self, index: int) -> list[bytes]:
        """From the leaf upwards, every node that is needed to reach the root (RFC 9162, 2.1.3.1)."""
        if not 0 <= index < self.size:
            raise IndexError("no such leaf")
        proof = []
        for level in self._levels[:-1]:
            if index ^ 1 < len(level):
                proof.append(level[index ^ 1])
            index >>= 1
        return proof

    def consistency_proof(self, old: int) -> list[bytes]:
        """Nodes that show that the first `old` leaves are still the same ones (RFC 9162, 2.1.4.1). Empty for an old
        tree without leaves and for one as large as this."""
        if not 0 <= old <= self.size:
            raise IndexError("the tree was never that large")
        return self._subproof(old, 0, self.size, known=True) if old else []

    def _subproof(self, old: int, start: int, end: int, *, known: bool) -> list[bytes]:
        """Over these leaves alone; `known`: whoever has the old root needs none for them."""
        if old == end:
            return [] if known else [self._root_between(start, end)]
        split = start + (1 << (end - start - 1).bit_length() - 1)
        if old <= split:
            return [*self._subproof(old, start, split, known=known), self._root_between(split, end)]
        return [*self._subproof(old, split, end, known=False), self._root_between(start, split)]

    def _root_between(self, start: int, end: int) -> bytes:
        """The root over leaves that a split left together: they are one node of some level."""
        height = (end - start - 1).bit_length()
        return self._levels[height][start >> height]


def leaf_hash(entry: bytes) -> bytes:
    """RFC 9162, 2.1.1: SHA-256 of a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1."""
    return Tree(leaf_hashes).root


def _level_above(level: list[bytes]) -> list[bytes]:
    above = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    if len(level) & 1:
        above.append(level[-1])
    return above


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
