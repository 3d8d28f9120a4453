"""Entries of the public log: two hidden halves, who and what, each opened on its own."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from .encoding import digest, frame
from .sealing import revision_bytes


class EntryType(StrEnum):
    """What an entry of the log is about."""

    BALLOT = "ballot"
    WITHDRAWAL = "withdrawal"
    PAPER = "paper"
    OBJECTION = "objection"


def ballot_entry(fingerprint: bytes, n1: bytes, tag: bytes, revision: int, n2: bytes, choice: bytes) -> bytes:
    """A ballot; a later revision of the same tag replaces it."""
    return _entry(EntryType.BALLOT, fingerprint, who(n1, tag, revision), what(n2, choice))


def withdrawal_entry(fingerprint: bytes, n1: bytes, tag: bytes, revision: int, n2: bytes) -> bytes:
    """A ballot taken back because the voter took paper; its what-half hides an empty choice."""
    return _entry(EntryType.WITHDRAWAL, fingerprint, who(n1, tag, revision), what(n2, b""))


def paper_entry(fingerprint: bytes, n: bytes, figures_json: bytes, n2: bytes, choices: Iterable[bytes]) -> bytes:
    """A batch of paper: its figures are open to all, its choices where whole ballots are."""
    return _entry(EntryType.PAPER, fingerprint, text(n, figures_json), what(n2, b"".join(choices)))


def objection_entry(fingerprint: bytes, n: bytes, objection_json: bytes) -> bytes:
    """An objection; n is random, so that its text can be withheld and the entry still stand."""
    return _entry(EntryType.OBJECTION, fingerprint, text(n, objection_json))


def leaf_hash(entry: bytes) -> bytes:
    """RFC 9162, 2.1.1: SHA-256 of a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def who(n1: bytes, tag: bytes, revision: int) -> bytes:
    """The half of an entry that says whose it is, hidden behind n1."""
    return digest("who/1", n1, tag, revision_bytes(revision))


def what(n2: bytes, choices: bytes) -> bytes:
    """The half of an entry that says what was chosen, hidden behind n2."""
    return digest("what/1", n2, choices)


def text(n: bytes, canonical: bytes) -> bytes:
    """A text of the log, hidden behind n."""
    return digest("text/1", n, canonical)


def _entry(entry_type: EntryType, fingerprint: bytes, *halves: bytes) -> bytes:
    return frame("entry/1", entry_type.encode("ascii"), fingerprint, *halves)
