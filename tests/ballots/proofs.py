"""Checks of all that the site gave out: proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2, which need no tree), receipts.
"""

import hashlib
from collections.abc import Sequence

from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import NO_LEAVES
from civic_forum.ballots.rules.signing import Receipt


def receipt_of(kept: dict) -> Receipt:
    """The receipt in the file that a voter kept."""
    names = ("fingerprint", "leaf", "mine", "public_key", "signature")
    receipt = Receipt(**{name: bytes.fromhex(kept[name]) for name in names})
    assert receipt.to_json().items() <= kept.items()
    return receipt


def holds(receipt: Receipt) -> bool:
    """True if the key that it names signed it."""
    return signing.verify(receipt.public_key, signing.promise(receipt.fingerprint, receipt.leaf), receipt.signature)


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


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
