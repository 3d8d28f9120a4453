"""Messages that the site or an observer signs (Ed25519, RFC 8032), one label for each kind, and receipts."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..box.sealing import four_bytes
from .log import KEPT_FORMAT, Canonical, canonical_json, frame

ZEROS = bytes(32)
LONGEST_REMARK = 1_000
"""Characters that an observer may write beside a signature."""
_P, _WITHOUT_SIGN = 2**255 - 19, 2**255 - 1
_D = -121665 * pow(121666, -1, _P) % _P
_OF_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _P - 1, _OF_ORDER_8, _P - _OF_ORDER_8})
"""The y of all eight points whose order divides 8 (RFC 8032, 5.1: the cofactor)."""


class HeadKind(StrEnum):
    """Kinds of heads of the log: `number` is its place among the heads of its box."""

    OPENING = "opening"
    CLOSING = "closing"
    FINAL = "final"

    @property
    def number(self) -> int:
        return list(HeadKind).index(self)


def sign(seed: bytes, message: bytes) -> bytes:
    """Ed25519 (RFC 8032); the seed has 32 bytes, the signature 64."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def signed(seed: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Public key and signature, for a message that goes out with both."""
    key, public = _pair(seed)
    return public, key.sign(message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Never raises: a key or signature of another length verifies nothing.

    As strict as the published verifier: also a key of small order, under which any message would pass, and
    one that is not written in the one canonical way verify nothing. OpenSSL lets both pass.
    """
    y = int.from_bytes(public_key, "little") & _WITHOUT_SIGN
    if y >= _P or y in _SMALL_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_public_key(key: bytes) -> bool:
    """True for the canonical bytes of a point that can verify anything (RFC 8032, 5.1.3)."""
    y = int.from_bytes(key, "little") & _WITHOUT_SIGN
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P  # of x; the point is on the curve if it is one
    return len(key) == 32 and y < _P and y not in _SMALL_ORDER and pow(square, (_P - 1) // 2, _P) == 1


def public_key(seed: bytes) -> bytes:
    """The 32 public bytes that belong to a signing seed."""
    return _pair(seed)[1]


@lru_cache(maxsize=4)
def _pair(seed: bytes) -> tuple[Ed25519PrivateKey, bytes]:
    """Reckoned once: it takes as long as a signature, and casting waits."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key, key.public_key().public_bytes_raw()


def key_fingerprint(public: bytes) -> str:
    """Fingerprint, published at the opening and printed on receipts: SHA-256 of the public bytes in hex."""
    return sha256(public).hexdigest()


def head(fingerprint: bytes, kind: HeadKind, size: int, root: bytes, at: datetime, *, live: bytes = ZEROS,
         additions: bytes = ZEROS) -> bytes:
    """A head of the log. `live`: SHA-256 of live.txt; `additions`: root of the additions to the roll."""
    numbers = (_eight(kind.number), _eight(size))
    return frame("head/2", fingerprint, kind.encode("ascii"), *numbers, root, live, additions, _instant(at))


def promise(fingerprint: bytes, leaf: bytes) -> bytes:
    """The promise on a receipt: this leaf is in the log by the closing head."""
    return frame("promise/2", fingerprint, leaf)


def count(fingerprint: bytes, number: int, at: datetime, voters: int, *, additions: int = 0,
          root: bytes = ZEROS, acts: Any = None) -> bytes:
    """A count of voters; with a roll that grows, also of those added to it, with the root over these. `acts` of staff
    so far, as canonical JSON takes them; None in a box of format 2."""
    fields = (fingerprint, four_bytes(number), _instant(at), four_bytes(voters), four_bytes(additions), root)
    return frame("count/2", *fields) if acts is None else frame("count/3", *fields, canonical_json(acts))


def additions(fingerprint: bytes, number: int, at: datetime, size: int, root: bytes) -> bytes:
    """Number of those added to a roll that grows, as of the count of this number, and the root over them."""
    return frame("additions/2", fingerprint, four_bytes(number), _instant(at), four_bytes(size), root)


def result(fingerprint: bytes, json_bytes: bytes) -> bytes:
    """The result of a vote as canonical JSON."""
    return frame("result/2", fingerprint, json_bytes)


def manifest(fingerprint: bytes, json_bytes: bytes) -> bytes:
    """The list of members of a record as canonical JSON."""
    return frame("manifest/2", fingerprint, json_bytes)


def officer(fingerprint: bytes, number: int, change: bytes) -> bytes:
    """A replaced officer: canonical JSON of who leaves, who comes and the instant."""
    return frame("officer/2", fingerprint, four_bytes(number), change)


def confirmation(fingerprint: bytes, number: int, confirmed: Mapping[str, Canonical]) -> bytes:
    """An act that two officials confirmed."""
    return frame("confirmation/3", fingerprint, four_bytes(number), canonical_json(dict(confirmed)))


def observed(fingerprint: bytes, result_sha256: bytes, edition_sha256: bytes, *, agrees: bool, text: str = "") -> bytes:
    """An observer's statement on the result and the edition that they recounted; ValueError for too long a text."""
    if len(text) > LONGEST_REMARK:
        raise ValueError(f"at most {LONGEST_REMARK} characters")
    return frame("observed/2", fingerprint, result_sha256, edition_sha256, bytes([agrees]), text.encode("utf-8"))


def _eight(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _instant(at: datetime) -> bytes:
    return _eight(int(at.timestamp()))


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
        public_key, signature = signed(seed, promise(fingerprint, leaf))
        return cls(fingerprint, leaf, mine, public_key, signature)

    @property
    def tracker(self) -> str:
        return tracker(self.leaf)

    def to_json(self) -> dict[str, str | int]:
        """Of the same length for every receipt."""
        written = {name: value.hex() for name, value in vars(self).items()}
        return {"format": KEPT_FORMAT, "tracker": self.tracker, **written}


def _grouped(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
