"""Entries of the log of a ballot box: marks, commitments, tokens, framing; leaves of its roll. Trees: `rules.tree`."""

from collections.abc import Iterable
from enum import StrEnum
from secrets import token_bytes
from typing import NamedTuple

from ..rules.encoding import digest, frame
from ..rules.tree import leaf_hash, root
from .keys import SALT_BYTES, check_lengths


class EntryType(StrEnum):
    """Kinds of log entries."""

    BALLOT = "ballot"
    PAPER = "paper"
    OBJECTION = "objection"


class Leaf(NamedTuple):
    """A ballot's leaf; sorted by hash, as the log has them."""

    hash: bytes
    mark: bytes
    commitment: bytes


def fingerprint(definition: bytes) -> bytes:
    """Fingerprint of a box: hash of the canonical JSON of its definition."""
    return digest("box/2", definition)


def mark(box_fingerprint: bytes, mine: bytes) -> bytes:
    """First half of a ballot entry: known to the voter's browser alone until the count."""
    return digest("mine/2", box_fingerprint, mine)


def token(box_fingerprint: bytes, mine: bytes) -> bytes:
    """Line of `live.txt` that says that this ballot is the one that counts."""
    return digest("live/2", box_fingerprint, mine)


def commitment(n: bytes, choice: bytes) -> bytes:
    """Second half of a ballot entry."""
    return digest("ballot/2", n, choice)


def ballot_entry(box_fingerprint: bytes, ballot_mark: bytes, ballot_commitment: bytes) -> bytes:
    """Entry of a ballot, live, replaced or blind: nothing in it tells which."""
    return _entry(EntryType.BALLOT, box_fingerprint, ballot_mark, ballot_commitment)


def ballot_leaf(box_fingerprint: bytes, ballot_mark: bytes, ballot_commitment: bytes) -> Leaf:
    """Leaf of a ballot entry."""
    entry = ballot_entry(box_fingerprint, ballot_mark, ballot_commitment)
    return Leaf(leaf_hash(entry), ballot_mark, ballot_commitment)


def paper_entry(box_fingerprint: bytes, n: bytes, figures: bytes, n2: bytes, choices: Iterable[bytes]) -> bytes:
    """Entry of a paper batch: figures (canonical JSON) opened to all, choices where whole ballots are."""
    return _entry(EntryType.PAPER, box_fingerprint, text(n, figures), paper_choices(n2, choices))


def objection_entry(box_fingerprint: bytes, n: bytes, objection: bytes) -> bytes:
    """Entry of an objection (canonical JSON); n is random, so that its words can be withheld."""
    return _entry(EntryType.OBJECTION, box_fingerprint, text(n, objection))


def text(n: bytes, canonical: bytes) -> bytes:
    """Commitment to a text."""
    return digest("text/2", n, canonical)


def paper_choices(n2: bytes, choices: Iterable[bytes]) -> bytes:
    """Commitment to the choices of a paper batch, in the order of its sheets."""
    return digest("paper/2", n2, b"".join(choices))


def new_salt() -> bytes:
    """Salt of an entry of a roll, told to its person alone."""
    return token_bytes(SALT_BYTES)


def roll_leaf(box: bytes, salt: bytes, person: bytes) -> bytes:
    """An entry of the roll: it tells nothing to whoever lacks the salt."""
    check_lengths(box=box, salt=salt, person=person)
    return digest("roll/2", box, salt, person)


def roll_root(leaves: Iterable[bytes]) -> bytes:
    """RFC 9162 over the entries of a roll, sorted; each is hashed as an entry of a log is."""
    return root([leaf_hash(leaf) for leaf in sorted(leaves)])


def _entry(kind: EntryType, box_fingerprint: bytes, *parts: bytes) -> bytes:
    return frame("entry/2", kind.encode("ascii"), box_fingerprint, *parts)
