"""The Merkle tree over the log, as in RFC 9162, section 2.1: roots, proofs and their check.

Checked are the algorithms 2.1.3.2 and 2.1.4.2 of the RFC, which need no tree.
"""

import hashlib
from collections.abc import Sequence
from functools import reduce

NO_LEAVES = hashlib.sha256(b"").digest()
"""The root of the empty tree."""


class Tree:
    """All nodes of one tree, computed once, so that any proof is a few look-ups.

    Level 0 holds the leaf hashes. A node without a sibling moves up a level as it is, which gives the
    same roots as the split at the largest power of two in the RFC.
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
        """The root that the tree had when it was only this large."""
        self._check_size(size)
        if not size:
            return NO_LEAVES
        whole = []
        start = 0
        for height in reversed(range(size.bit_length())):
            if size >> height & 1:
                whole.append(self._levels[height][start >> height])
                start += 1 << height
        return reduce(lambda right, left: _node(left, right), reversed(whole))

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
        """What shows that the first `old` leaves are still the same ones (RFC 9162, 2.1.4.1).

        Empty for an old tree without leaves and for one as large as this.
        """
        self._check_size(old)
        if old in (0, self.size):
            return []
        proof = []
        start, end, known = 0, self.size, True
        while old != end:
            split = start + _split(end - start)
            if old <= split:
                proof.append(self._root_between(split, end))
                end = split
            else:
                proof.append(self._root_between(start, split))
                start, known = split, False
        if not known:
            proof.append(self._root_between(start, end))
        return proof[::-1]

    def _root_between(self, start: int, end: int) -> bytes:
        """The root over leaves that a split left together: they are one node of some level."""
        height = (end - start - 1).bit_length()
        return self._levels[height][start >> height]

    def _check_size(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise IndexError("the tree was never that large")


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1."""
    return Tree(leaf_hashes).root


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """One proof; whoever needs several keeps the `Tree`."""
    return Tree(leaf_hashes).inclusion_proof(index)


def consistency_proof(leaf_hashes: Sequence[bytes], old: int) -> list[bytes]:
    """One proof; whoever needs several keeps the `Tree`."""
    return Tree(leaf_hashes).consistency_proof(old)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether this leaf hash is number `index` of `size` under this root."""
    if not 0 <= index < size:
        return False
    number, last, reached = index, size - 1, leaf
    for node in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            reached = _node(node, reached)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            reached = _node(reached, node)
        number, last = number >> 1, last >> 1
    return last == 0 and reached == expected_root


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162, 2.1.4.2: whether the tree of `new` leaves begins with the one of `old` leaves."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == NO_LEAVES
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            first, second = _node(node, first), _node(node, second)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            second = _node(second, node)
        number, last = number >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _level_above(level: list[bytes]) -> list[bytes]:
    above = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    if len(level) & 1:
        above.append(level[-1])
    return above


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two that is smaller than the size."""
    return 1 << (size - 1).bit_length() - 1
