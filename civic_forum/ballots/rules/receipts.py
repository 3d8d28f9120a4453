"""Receipts that voters take home: a signed promise that says nothing of the choice, and a short form to look it up."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from . import signing
from .encoding import FORMAT

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_TRACKER = re.compile(f"[{ALPHABET}]{{12}}")


def tracker(leaf: bytes) -> str:
    """The first 60 bits of a leaf hash as `XXXX-XXXX-XXXX`."""
    bits = int.from_bytes(leaf[:8], "big") >> 4
    return _grouped("".join([_PAIRS[bits >> shift & 1023] for shift in range(50, -1, -10)]))


def typed(text: str) -> str | None:
    """The tracker that somebody typed, in its written form; None when it is none. Small letters, spaces and dashes
    anywhere, letters of full width, O for 0 and I or L for 1 are all understood."""
    letters = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_READ_AS)
    return _grouped(letters) if _TRACKER.fullmatch(letters) else None


@dataclass(frozen=True)
class Receipt:
    """A leaf hash with the site's promise that it is in the log by the closing head."""

    fingerprint: bytes
    leaf: bytes
    mine: bytes
    """Known to the voter's browser alone until the count."""
    public_key: bytes
    signature: bytes

    @classmethod
    def issue(cls, seed: bytes, fingerprint: bytes, leaf: bytes, mine: bytes) -> Self:
        """Ed25519 is deterministic: the same leaf always gives the same receipt, byte for byte."""
        public_key, signature = signing.signed(seed, signing.promise(fingerprint, leaf))
        return cls(fingerprint, leaf, mine, public_key, signature)

    @property
    def tracker(self) -> str:
        return tracker(self.leaf)

    def to_json(self) -> dict[str, str | int]:
        """Of the same length for every receipt."""
        written = {name: value.hex() for name, value in vars(self).items()}
        return {"format": FORMAT, "tracker": self.tracker, **written}


def _grouped(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
