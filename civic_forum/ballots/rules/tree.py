"""The Merkle tree over the log, as in RFC 9162, section 2.1: hashes of entries, roots and proofs."""

import hashlib
from collections.abc import Sequence

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
