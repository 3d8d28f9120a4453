"""A sealed copy of K, opened by two pass phrases together. docs/key-copies.md describes the file.

The first phrase gives an X25519 key pair whose public half waits beside the proposal, the second one a secret at the
confirmation: nobody but the two can open the file, and nothing in the database helps.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..box.sealing import BOX_BYTES, KEY_BYTES

FORMAT = "civic-forum/key-copy/1"
NONCE_BYTES, SALT_BYTES, SHA256_BYTES = 12, 16, 32
MOST_KEYS = 200


@dataclass(frozen=True)
class Lock:
    """The half of the first phrase that anybody may see."""

    public_key: bytes
    salt: bytes

    def to_json(self) -> dict[str, str]:
        return {"public_key": self.public_key.hex(), "salt": self.salt.hex()}

    @staticmethod
    def from_json(written: dict[str, str]) -> "Lock":
        return Lock(bytes.fromhex(written["public_key"]), bytes.fromhex(written["salt"]))


@dataclass(frozen=True)
class SealedKey:
    """K of one box as it stands in the file."""

    box_id: bytes
    title: str
    key_sha256: bytes
    sealed: bytes = b""

    @property
    def _bound(self) -> bytes:
        return self.box_id + self.key_sha256


@dataclass(frozen=True)
class KeyCopy:
    """The file."""

    at: str
    salts: tuple[bytes, bytes]
    """Of the phrase of who proposed it, and of who confirmed it."""
    public_key: bytes
    """Made for this file alone."""
    keys: tuple[SealedKey, ...]

    def written(self) -> bytes:
        keys = [{"box": key.box_id.hex(), "key_sha256": key.key_sha256.hex(), "sealed": key.sealed.hex(),
                 "title": key.title} for key in self.keys]
        return json.dumps({"format": FORMAT, "at": self.at, "salts": [salt.hex() for salt in self.salts],
                           "public_key": self.public_key.hex(), "keys": keys}, ensure_ascii=False, indent=1).encode()


def lock(first_secret: bytes, salt: bytes) -> Lock:
    """The secret is what Argon2 makes of phrase and salt."""
    return Lock(X25519PrivateKey.from_private_bytes(first_secret).public_key().public_bytes_raw(), salt)


def seal(keys: Iterable[tuple[SealedKey, bytes]], lock: Lock, second_secret: bytes, second_salt: bytes, *,
         at: str) -> KeyCopy:
    """Seal each K for these two together."""
    once = X25519PrivateKey.generate()
    public_key = once.public_key().public_bytes_raw()
    cipher = _cipher(once, lock.public_key, second_secret, public_key + lock.public_key)
    sealed = []
    for sealed_key, key in keys:
        nonce = token_bytes(NONCE_BYTES)
        sealed.append(replace(sealed_key, sealed=nonce + cipher.encrypt(nonce, key, sealed_key._bound)))
    return KeyCopy(at, (lock.salt, second_salt), public_key, tuple(sealed))


def unseal(copy: KeyCopy, first_secret: bytes, second_secret: bytes) -> dict[bytes, bytes]:
    """K of each box in the file. Raises ValueError for a wrong phrase or a spoiled file: nobody can tell which."""
    first = X25519PrivateKey.from_private_bytes(first_secret)
    bound = copy.public_key + first.public_key().public_bytes_raw()
    cipher = _cipher(first, copy.public_key, second_secret, bound)
    try:
        return {key.box_id: cipher.decrypt(key.sealed[:NONCE_BYTES], key.sealed[NONCE_BYTES:], key._bound)
                for key in copy.keys}
    except InvalidTag as wrong:
        raise ValueError("a wrong phrase, or a spoiled file") from wrong


def parsed(data: bytes) -> KeyCopy:
    """The file as somebody brings it. Raises ValueError for what is none."""
    try:
        told = json.loads(data.decode("utf-8"))
        if told["format"] != FORMAT or not 1 <= len(told["keys"]) <= MOST_KEYS:
            raise ValueError("another format")
        first, second = (_bytes(salt, SALT_BYTES) for salt in told["salts"])
        keys = tuple(SealedKey(_bytes(key["box"], BOX_BYTES), str(key["title"]),
                               _bytes(key["key_sha256"], SHA256_BYTES),
                               _bytes(key["sealed"], NONCE_BYTES + KEY_BYTES + 16)) for key in told["keys"])
        return KeyCopy(str(told["at"]), (first, second), _bytes(told["public_key"], 32), keys)
    except (KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise ValueError("no copy of a key") from wrong


def _cipher(own: X25519PrivateKey, other: bytes, second_secret: bytes, bound: bytes) -> ChaCha20Poly1305:
    """Raises ValueError for a public key with which anybody could compute the secret."""
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    key = HKDF(SHA256(), 32, salt=None, info=FORMAT.encode() + bound).derive(shared + second_secret)
    return ChaCha20Poly1305(key)


def _bytes(text: str, length: int) -> bytes:
    data = bytes.fromhex(text)
    if len(data) != length:
        raise ValueError("of another length")
    return data
