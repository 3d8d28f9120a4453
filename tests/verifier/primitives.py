"""Framing, trees, signatures and zips from verifier/FORMAT.md alone: shares nothing with verify.py or the site."""

import hashlib
import io
import json
import zipfile
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEED = bytes(range(32))
OTHER_SEED = bytes(range(1, 33))


def framed(label: str, *fields: bytes) -> bytes:
    out = bytearray(label.encode())
    for item in fields:
        out += len(item).to_bytes(4, "big") + item
    return bytes(out)


def hashed(label: str, *fields: bytes) -> bytes:
    return hashlib.sha256(framed(label, *fields)).digest()


def as_json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seconds(stamp: str) -> bytes:
    return int(datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()).to_bytes(8, "big")


def leaf_of(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word by word: split at the largest power of two below the size."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = split(len(leaves))
    return hashlib.sha256(b"\1" + root_of(leaves[:half]) + root_of(leaves[half:])).digest()


def split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def inclusion_of(leaves: list[bytes], index: int) -> list[bytes]:
    """RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    half = split(len(leaves))
    if index < half:
        return [*inclusion_of(leaves[:half], index), root_of(leaves[half:])]
    return [*inclusion_of(leaves[half:], index - half), root_of(leaves[:half])]


def consistency_of(leaves: list[bytes], old: int, complete: bool = True) -> list[bytes]:
    """RFC 9162, 2.1.4.1."""
    if old in (0, len(leaves)):
        return [] if complete or old == 0 else [root_of(leaves)]
    half = split(len(leaves))
    if old <= half:
        return [*consistency_of(leaves[:half], old, complete), root_of(leaves[half:])]
    return [*consistency_of(leaves[half:], old - half, False), root_of(leaves[:half])]


def public_key_of(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_fingerprint(seed: bytes) -> str:
    return hashlib.sha256(public_key_of(seed)).hexdigest()


def sign(seed: bytes, message: bytes) -> str:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message).hex()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.create_version, info.extract_version = 0, 20, 20
            archive.writestr(info, data)
            info.external_attr = 0  # writestr puts 0600 there; the directory is written on closing
    return out.getvalue()


def tracker_of(leaf: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in leaf)[:60]
    letters = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[int(bits[at : at + 5], 2)] for at in range(0, 60, 5))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
