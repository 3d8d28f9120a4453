"""What a voter takes home: a signed promise that says nothing of the choice, and a short form to look it up."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from . import signing

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_TRACKER = re.compile(f"[{ALPHABET}]{{12}}")
_LENGTHS = {"fingerprint": 32, "leaf": 32, "public_key": 32, "signature": 64}


def tracker(leaf: bytes) -> str:
    """The first 60 bits of a leaf hash as `XXXX-XXXX-XXXX`."""
    bits = int.from_bytes(leaf[:8], "big") >> 4
    return _grouped("".join(ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5)))


def typed(text: str) -> str | None:
    """The tracker that somebody typed, in its written form; None when it is none.

    Small letters, spaces and dashes anywhere, letters of full width, O for 0 and I or L for 1 are all understood.
    """
    letters = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_READ_AS)
    return _grouped(letters) if _TRACKER.fullmatch(letters) else None


@dataclass(frozen=True)
class Receipt:
    """A leaf hash with the site's promise that it is in the log by the closing head."""

    fingerprint: bytes
    leaf: bytes
    public_key: bytes
    signature: bytes

    @classmethod
    def issue(cls, seed: bytes, fingerprint: bytes, leaf: bytes) -> Self:
        """Ed25519 is deterministic: the same leaf always gives the same receipt, byte for byte."""
        public_key, signature = signing.signed(seed, signing.promise_message(fingerprint, leaf))
        return cls(fingerprint, leaf, public_key, signature)

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Reads the file that a voter kept; what was added after the close is left to the caller.

        Raises ValueError when it is not a receipt. Says nothing yet of the signature: ask `holds`.
        """
        if not isinstance(value, dict) or value.get("format") != 1:
            raise ValueError("not a receipt")
        receipt = cls(**{name: _bytes(value.get(name), length) for name, length in _LENGTHS.items()})
        if value.get("tracker") != receipt.tracker:
            raise ValueError("the short form does not belong to this receipt")
        return receipt

    @property
    def tracker(self) -> str:
        return tracker(self.leaf)

    def holds(self) -> bool:
        """Whether the key that it names signed it; whose key that is must be compared apart."""
        message = signing.promise_message(self.fingerprint, self.leaf)
        return signing.verify(self.public_key, message, self.signature)

    def to_json(self) -> dict[str, str | int]:
        """Of the same length for every receipt."""
        fields: dict[str, str | int] = {name: getattr(self, name).hex() for name in _LENGTHS}
        return {"format": 1, "tracker": self.tracker} | fields


def _bytes(text: object, length: int) -> bytes:
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", text):
        raise ValueError("not a receipt")
    return bytes.fromhex(text)


def _grouped(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
