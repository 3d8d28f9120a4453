"""The keys directory: keyed hashes and sealed texts, one derived key for each purpose.

The master key lies outside the data directory, mode 0600, made at first use.
"""

import hmac
import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from flask import current_app

from . import storage
from .errors import Unavailable

_LABEL = b"civic-forum/keys/1/"
_NONCE = 12
NAME = "master.key"


def keyed_hash(purpose: str, data: bytes) -> bytes:
    """HMAC-SHA256 of data under the key of this purpose: 32 bytes."""
    return hmac.digest(_derived(purpose), data, sha256)


def seal(purpose: str, text: str) -> bytes:
    """ChaCha20-Poly1305, a random nonce of 12 bytes before the box."""
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(_derived(purpose)).encrypt(nonce, text.encode(), purpose.encode())


def unseal(purpose: str, blob: bytes) -> str:
    """The text that was sealed. Raises Unavailable when the key is not the one it was sealed with."""
    if len(blob) < _NONCE:
        raise Unavailable("What was sealed is damaged.")
    try:
        return ChaCha20Poly1305(_derived(purpose)).decrypt(blob[:_NONCE], blob[_NONCE:], purpose.encode()).decode()
    except InvalidTag as wrong:
        raise Unavailable("The keys directory does not belong to this database.") from wrong


def exist() -> bool:
    """True if a key was ever needed here."""
    return (Path(current_app.config["KEYS"]) / NAME).exists()


def _derived(purpose: str) -> bytes:
    return hmac.digest(_master(current_app.config["KEYS"]), _LABEL + purpose.encode(), sha256)


@lru_cache(maxsize=8)
def _master(directory: str) -> bytes:
    path = Path(directory) / NAME
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            storage.write_once(path, os.urandom(32))
        secret = path.read_bytes()
    except OSError as trouble:
        raise Unavailable(f"The keys directory cannot be used: {trouble.strerror}.") from trouble
    if len(secret) != 32:
        raise Unavailable(f"{path.name} in the keys directory is damaged.")
    return secret
