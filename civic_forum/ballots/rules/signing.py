"""What the site signs, and with what: Ed25519 (RFC 8032) over framed messages, one label for each kind."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .encoding import frame


_P, _WITHOUT_SIGN = 2**255 - 19, 2**255 - 1
_OF_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _P - 1, _OF_ORDER_8, _P - _OF_ORDER_8})
"""The y of all eight points whose order divides 8 (RFC 8032, 5.1: the cofactor)."""


class HeadKind(StrEnum):
    """Which head of the log: `number` is its place among the heads of its box."""

    OPENING = "opening"
    CLOSING = "closing"
    FINAL = "final"

    @property
    def number(self) -> int:
        return list(HeadKind).index(self)


def head_message(fingerprint: bytes, kind: HeadKind, number: int, size: int, root: bytes, at: datetime) -> bytes:
    """A head of the log; the instant in whole seconds since 1970, numbers as eight bytes, big-endian."""
    return frame(
        "head/1",
        fingerprint,
        HeadKind(kind).encode("ascii"),
        number.to_bytes(8, "big"),
        size.to_bytes(8, "big"),
        root,
        int(at.timestamp()).to_bytes(8, "big"),
    )


def promise_message(fingerprint: bytes, leaf: bytes) -> bytes:
    """The promise on a receipt: this leaf hash is in the log by the closing head."""
    return frame("promise/1", fingerprint, leaf)


def result_message(fingerprint: bytes, json_bytes: bytes) -> bytes:
    """The result as canonical JSON."""
    return frame("result/1", fingerprint, json_bytes)


def manifest_message(fingerprint: bytes, json_bytes: bytes) -> bytes:
    """The list of what is in a record, as canonical JSON."""
    return frame("manifest/1", fingerprint, json_bytes)


def sign(seed: bytes, message: bytes) -> bytes:
    """Ed25519 (RFC 8032); the seed has 32 bytes, the signature 64."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def signed(seed: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Public key and signature, for a message that goes out with both."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.public_key().public_bytes_raw(), key.sign(message)


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


def public_key(seed: bytes) -> bytes:
    """The 32 public bytes that belong to a signing seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_fingerprint(public: bytes) -> str:
    """What is published at the opening and printed on receipts: SHA-256 of the public bytes in hex."""
    return sha256(public).hexdigest()
