"""The keys directory: keyed hashes and sealed texts, one derived key for each purpose.

Master keys lie outside the data directory, mode 0600: `master.key`, made at first use, is key 1, `master-2.key` and
those behind it came by rotation. The newest seals and hashes. Earlier ones open what was sealed with them and recognise
what was hashed with them, so none is ever deleted. A process notices a new key at its next use: it asks each time
whether the file behind the last one that it knows is there.
"""

import hmac
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from flask import current_app

from . import storage
from .errors import Unavailable
from .key_files import BYTES, KINDS, KeyKind, Series, made_at, unusable

_LABEL = b"civic-forum/keys/1/"
_NONCE, _TAG = 12, 16
FIRST = 1
SERIES = Series("master")
_known: dict[str, tuple[bytes, ...]] = {}
"""By directory: its master keys in the order of their ids, as this process has read them."""


def keyed_hash(purpose: str, data: bytes, key: int | None = None) -> bytes:
    """HMAC-SHA256 of data under the key of this purpose: 32 bytes. `key`: id of the master key, the newest if none is
    given. Raises Unavailable for one that is lost."""
    return hmac.digest(_derived(purpose, _master(key)), data, sha256)


def hashes(purpose: str, data: bytes) -> list[bytes]:
    """The same under every master key, the newest first: one of them is what was kept some time ago."""
    return [hmac.digest(_derived(purpose, master), data, sha256) for master in reversed(_masters())]


def is_one_of(secret: bytes | str, known: Iterable[bytes | str]) -> bool:
    """True if what somebody brings is one of these; takes as long whichever it is."""
    return bool(sum(hmac.compare_digest(_plain(secret), _plain(candidate)) for candidate in known))


def seal(purpose: str, text: str) -> bytes:
    """ChaCha20-Poly1305 under the newest key, a random nonce of 12 bytes before the box."""
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(_derived(purpose, _master())).encrypt(nonce, text.encode(), purpose.encode())


def unseal(purpose: str, blob: bytes) -> str:
    """The text that was sealed with any of the keys. Raises Unavailable when it was none of these."""
    if len(blob) < _NONCE + _TAG:
        raise Unavailable("What was sealed is damaged.")
    for master in reversed(_masters()):
        box = ChaCha20Poly1305(_derived(purpose, master))
        try:
            return box.decrypt(blob[:_NONCE], blob[_NONCE:], purpose.encode()).decode()
        except InvalidTag:
            continue
    raise Unavailable("The keys directory does not belong to this database.")


def pseudonyms(purpose: str, names: bytes, key: int) -> bytes:
    """Pseudonyms for this purpose of what has 16 bytes each (hashes, cut): as long, each one another name's, and none
    comparable with those for another purpose by anybody without the keys. AES-256, a permutation of single blocks."""
    encryptor = _blocks(purpose, key).encryptor()
    return encryptor.update(names) + encryptor.finalize()


def names_behind(purpose: str, pseudonyms: bytes, key: int) -> bytes:
    """Names of these pseudonyms."""
    decryptor = _blocks(purpose, key).decryptor()
    return decryptor.update(pseudonyms) + decryptor.finalize()


def _blocks(purpose: str, key: int) -> Cipher[ECB]:
    return Cipher(AES256(_derived(purpose, _master(key))), ECB())


def exist() -> bool:
    """True if a key was ever needed here."""
    return SERIES.is_there(current_app.config["KEYS"], FIRST)


def newest() -> int:
    """Id of the key that seals and hashes now."""
    return len(_masters())


def ids() -> range:
    """Ids of all keys, the newest first."""
    return range(newest(), 0, -1)


def refuse_lost(highest: int | None) -> None:
    """Raises Unavailable where something was hashed under a key that is not there any more, or one is damaged."""
    if highest is not None and highest > (newest() if exist() else 0):
        raise Unavailable(f"{SERIES.name(highest)} is missing in the keys directory: put its copy back.")


def add() -> int:
    """Make the next master key; returns its id."""
    newest()  # the first one is made at first use, whoever uses it
    return SERIES.add(lambda: os.urandom(BYTES))


def _plain(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _derived(purpose: str, master: bytes) -> bytes:
    return hmac.digest(master, _LABEL + purpose.encode(), sha256)


def _master(key: int | None = None) -> bytes:
    masters = _masters()
    if key is None:
        return masters[-1]
    if not 0 < key <= len(masters):
        raise Unavailable(f"{SERIES.name(key)} is missing in the keys directory.")
    return masters[key - 1]


def _masters() -> tuple[bytes, ...]:
    directory = current_app.config["KEYS"]
    masters = _known.get(directory, ())
    if not masters or SERIES.is_there(directory, len(masters) + 1):
        masters = _known[directory] = _read(directory, masters)
    return masters


def _read(directory: str, known: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Those of the directory behind those that are known. Raises Unavailable for a damaged one, and for a gap."""
    try:
        Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)
        if not SERIES.last(directory):
            storage.write_once(Path(directory, SERIES.name(FIRST)), os.urandom(BYTES))
        for key in range(len(known) + 1, SERIES.last(directory, first=len(known) + 1) + 1):
            secret = Path(directory, SERIES.name(key)).read_bytes()
            if len(secret) != BYTES:
                raise Unavailable(f"{SERIES.name(key)} in the keys directory is damaged.")
            known += (secret,)
    except OSError as trouble:
        raise unusable(trouble) from trouble
    return known


KINDS["master"] = KeyKind(numbers=lambda: range(1, newest() + 1) if exist() else range(0),
                          since=lambda key: made_at(Path(current_app.config["KEYS"], SERIES.name(key))), rotate=add)
