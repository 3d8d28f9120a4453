"""The keys directory: keyed hashes and sealed texts, one derived key for each purpose.

Master keys lie outside the data directory, mode 0600: `master.key`, made at first use, is key 1, `master-2.key` and
those behind it came by rotation. The newest seals and hashes. Earlier ones open what was sealed with them and recognise
what was hashed with them, so none is ever deleted. A process notices a new key at its next use: it asks each time
whether the file behind the last one that it knows is there.
"""

import hmac
import os
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from flask import current_app

from . import storage, writers
from .errors import Unavailable

_LABEL = b"civic-forum/keys/1/"
_NONCE = 12
NAME = "master.key"
FIRST = 1
ROTATION = ".rotation"
"""The file at which whoever makes a key takes turns."""
_known: dict[str, tuple[bytes, ...]] = {}
"""By directory: its master keys in the order of their ids, as this process has read them."""


def keyed_hash(purpose: str, data: bytes, key: int | None = None) -> bytes:
    """HMAC-SHA256 of data under the key of this purpose: 32 bytes. `key`: id of the master key, the newest if none is
    given. Raises Unavailable for one that is lost."""
    return hmac.digest(_derived(purpose, _master(key)), data, sha256)


def hashes(purpose: str, data: bytes) -> list[bytes]:
    """The same under every master key, the newest first: one of them is what was kept some time ago."""
    return [hmac.digest(_derived(purpose, master), data, sha256) for master in reversed(_masters())]


def is_one_of(given: bytes | str, known: Iterable[bytes | str]) -> bool:
    """True if what somebody brings is one of these; takes as long whichever it is."""
    return bool(sum(hmac.compare_digest(_plain(given), _plain(one)) for one in known))


def seal(purpose: str, text: str) -> bytes:
    """ChaCha20-Poly1305 under the newest key, a random nonce of 12 bytes before the box."""
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(_derived(purpose, _master())).encrypt(nonce, text.encode(), purpose.encode())


def unseal(purpose: str, blob: bytes) -> str:
    """The text that was sealed with any of the keys. Raises Unavailable when it was none of these."""
    if len(blob) < _NONCE:
        raise Unavailable("What was sealed is damaged.")
    for master in reversed(_masters()):
        box = ChaCha20Poly1305(_derived(purpose, master))
        try:
            return box.decrypt(blob[:_NONCE], blob[_NONCE:], purpose.encode()).decode()
        except InvalidTag:
            continue
    raise Unavailable("The keys directory does not belong to this database.")


def exist() -> bool:
    """True if a key was ever needed here."""
    return path_of(FIRST).exists()


def newest() -> int:
    """Id of the key that seals and hashes now."""
    return len(_masters())


def ids() -> range:
    """Ids of all keys, the newest first."""
    return range(newest(), 0, -1)


def path_of(key: int) -> Path:
    return Path(_name(current_app.config["KEYS"], key))


def add() -> int:
    """Make the next master key; returns its id. Of several at once each makes one of its own."""
    directory = Path(current_app.config["KEYS"])
    newest()  # the first one is made at first use, whoever uses it
    with writers.turn_at(directory / ROTATION):
        made = newest() + 1
        try:
            storage.write_once(path_of(made), os.urandom(32))
        except OSError as trouble:
            raise Unavailable(f"The keys directory cannot be written: {trouble.strerror}.") from trouble
        return made


def _plain(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("utf-8", "surrogatepass")


def _derived(purpose: str, master: bytes) -> bytes:
    return hmac.digest(master, _LABEL + purpose.encode(), sha256)


def _master(key: int | None = None) -> bytes:
    found = _masters()
    if key is None:
        return found[-1]
    if not 0 < key <= len(found):
        raise Unavailable(f"{Path(_name('', key)).name} is missing in the keys directory.")
    return found[key - 1]


def _masters() -> tuple[bytes, ...]:
    directory = current_app.config["KEYS"]
    found = _known.get(directory, ())
    if not found or os.path.exists(_name(directory, len(found) + 1)):
        found = _known[directory] = _read(Path(directory), found)
    return found


def _read(directory: Path, known: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Those of the directory behind those that are known. Raises Unavailable for a damaged one, and for a gap."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = _ids_in(directory)
        if not there:
            storage.write_once(directory / NAME, os.urandom(32))
            there = _ids_in(directory)
        for missing in range(1, max(there)):
            if missing > len(known) and missing not in there:
                raise Unavailable(f"{Path(_name('', missing)).name} is missing in the keys directory: "
                                  "put its copy back.")
        fresh = tuple(Path(_name(str(directory), key)).read_bytes() for key in range(len(known) + 1, max(there) + 1))
    except OSError as trouble:
        raise Unavailable(f"The keys directory cannot be used: {trouble.strerror}.") from trouble
    for key, secret in enumerate(fresh, len(known) + 1):
        if len(secret) != 32:
            raise Unavailable(f"{Path(_name('', key)).name} in the keys directory is damaged.")
    return known + fresh


def _ids_in(directory: Path) -> set[int]:
    found = (re.fullmatch(r"master(?:-([2-9]|[1-9][0-9]{1,8}))?\.key", path.name) for path in directory.iterdir())
    return {int(one[1] or FIRST) for one in found if one}


def _name(directory: str, key: int) -> str:
    """Plain text is quicker than Path, and casting waits."""
    return f"{directory}/{NAME}" if key == FIRST else f"{directory}/master-{key}.key"
