"""What the site signs, and with what: Ed25519 (RFC 8032) over framed messages, one label for each kind."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .encoding import frame


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
    return frame("result/1", fingerprint, json_bytes)


def manifest_message(fingerprint: bytes, json_bytes: bytes) -> bytes:
    return frame("manifest/1", fingerprint, json_bytes)


def sign(seed: bytes, message: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Never raises: a key or signature of another length verifies nothing."""
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
