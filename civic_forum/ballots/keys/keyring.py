"""The keys directory of the ballot boxes: signing keys, K of every box, its tombstone, the last head.

No key is cached: K is read at every use, so that destroying the file makes every worker forget it. Files are
written whole, fsynced and then renamed; another process sees all of one or none. What is opened after a rotation is
signed with the newest signing key, a box that was opened before it to its end with its own (`heads.seed_of`).
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from flask import current_app

from civic_forum.platform import storage
from civic_forum.platform.errors import Conflict, Unavailable
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.key_files import Series, made_at
from civic_forum.platform.writers import turn_at

from ..box.sealing import BOX_BYTES, BoxKeys, KEY_BYTES
from ..rules import signing
from ..rules.log import stamp

SIGNING, HEADS = Series("signing"), "heads"
_LOST_SIGNING = _l("서명 열쇠를 찾을 수 없어서 지금은 투표를 받을 수 없어요. 구청에 알려 주세요.")
_numbers: dict[str, int] = {}
"""By directory: the id of the newest signing key that this process has seen."""
_BOX_KEY, _TOMBSTONE, _HEAD = "box-{}.key", "box-{}.destroyed.json", HEADS + "/{}.json"


def make(box_id: bytes) -> bytes:
    """Make K of a new box, and the site's signing key where there never was one. Returns SHA-256 of K. A box that has
    its K already keeps it. Raises Conflict when it was destroyed."""
    _refuse_destroyed(box_id)
    signing_seed(make_first=True)
    make_file(_box_key(box_id), token_bytes(KEY_BYTES))
    return key_sha256(box_id)


def box_keys(box_id: bytes, sha256_of_key: bytes | None = None, read: BoxKeys | None = None) -> BoxKeys:
    """Subkeys of K, for the work at hand. Raises Conflict when K was destroyed, Unavailable when it is lost. Given what
    the box says of its K, the key of another one is as good as lost: with it everybody could vote again. `read`: those
    that were read a moment ago."""
    keys = read or BoxKeys(exported(box_id))
    if sha256_of_key is not None and keys.sha256 != sha256_of_key:
        raise Unavailable(_("열쇠가 이 투표함의 것이 아니어서 지금은 투표를 받을 수 없어요. 구청에 알려 주세요."))
    return keys


def key_sha256(box_id: bytes) -> bytes:
    """SHA-256 of K, which the fingerprint of the box covers. Raises as `box_keys`."""
    return sha256(exported(box_id)).digest()


def holds(box_id: bytes, sha256_of_key: bytes) -> bool:
    """True if this very K lies there, whole."""
    try:
        return key_sha256(box_id) == sha256_of_key
    except (Conflict, Unavailable):
        return False


def exported(box_id: bytes) -> bytes:
    """K itself, outside this module for its sealed copy alone. Raises as `box_keys`."""
    _refuse_destroyed(box_id)
    return _read(_name(_BOX_KEY, box_id), _("투표함의 열쇠를 찾을 수 없어서 지금은 투표를 받을 수 없어요. 구청에 알려 주세요."))


def put_back(box_id: bytes, key: bytes) -> None:
    """Put a copy of K where it was lost; the caller compares it with the box. Raises Conflict when destroyed."""
    _refuse_destroyed(box_id)
    BoxKeys(key)
    write_file(_box_key(box_id), key)


def destroy(box_id: bytes, *, by: str, at: datetime) -> dict:
    """Overwrite and delete K and leave a tombstone; repeating it changes nothing. Returns the tombstone. `by` says who
    confirmed it and which copies are gone."""
    tombstone = _tombstone(box_id)
    if not tombstone.exists():
        content = {"format": 1, "box": box_id.hex(), "by": by, "at": stamp(at)}
        write_file(tombstone, json.dumps(content, ensure_ascii=False, sort_keys=True).encode())
    overwrite(remains(box_id))
    return tombstone_of(box_id)


def overwrite(paths: Iterable[Path]) -> None:
    """Overwrite and delete files of keys; those that are gone are gone."""
    for path in paths:
        with suppress(FileNotFoundError):
            with open(path, "r+b", buffering=0) as file:
                file.write(bytes(KEY_BYTES))
                os.fsync(file.fileno())
            path.unlink()
        storage.sync(path.parent)


def tombstone_of(box_id: bytes) -> dict | None:
    """The tombstone of K, with who destroyed it and when, or None."""
    return _json_in(_tombstone(box_id))


def destroyed_boxes() -> Iterator[bytes]:
    """Every box whose K was destroyed: no database may hold its casts again."""
    for path in sorted(_directory().glob(_TOMBSTONE.format("[0-9a-f]" * 2 * BOX_BYTES))):
        yield bytes.fromhex(path.name.removeprefix("box-").partition(".")[0])


def remains(box_id: bytes) -> list[Path]:
    """K, whatever a tombstone says, and what a crash left of writing it."""
    key = _box_key(box_id)
    return sorted([*key.parent.glob(key.name), *key.parent.glob(f".{key.name}.*")])


def is_there(box_id: bytes) -> bool:
    """True if K can be used right now."""
    return _box_key(box_id).exists() and not _tombstone(box_id).exists()


def signing_seed(public_key: bytes | None = None, *, make_first: bool = False) -> bytes:
    """The seed of the site's newest signing key; given a public key, of that one. Raises Unavailable when it is lost.

    Only the making of a box makes the first, and only where nothing was ever signed: a new key in place of a lost one
    would be another signer, which nobody should find out from a receipt.
    """
    if make_first and not signing_numbers() and not any(kept_heads()):
        make_file(_directory() / SIGNING.name(1), token_bytes(KEY_BYTES))
    numbers = signing_numbers() or (1,)
    if public_key is None:
        return _seed(numbers[-1])
    for number in reversed(numbers):
        if signing.public_key(seed := _seed(number)) == public_key:
            return seed
    raise Unavailable(_LOST_SIGNING)


def signing_numbers() -> range:
    """Ids of the signing keys, the newest last. Raises Unavailable where one between them is missing."""
    directory = current_app.config["KEYS"]
    known = _numbers.get(directory, 0)
    if not known or SIGNING.is_there(directory, known + 1) or not SIGNING.is_there(directory, known):
        known = _numbers[directory] = SIGNING.last(directory)
    return range(1, known + 1)


def _seed(number: int) -> bytes:
    return _read(f"{current_app.config['KEYS']}/{SIGNING.name(number)}", _LOST_SIGNING)


def add_signing_key() -> int:
    """Make the next signing key, while no vote is under way; returns its id."""
    return SIGNING.add(lambda: token_bytes(KEY_BYTES))


def signing_key_made(number: int) -> datetime | None:
    return made_at(_directory() / SIGNING.name(number))


def key_fingerprint() -> str:
    """Fingerprint of the newest signing key: published at the opening and printed on every receipt."""
    return signing.key_fingerprint(signing.public_key(signing_seed()))


def keep_head(box_id: bytes, head: dict) -> None:
    """Keep the last head of a box beside the keys: after the commit, before it is shown. Never goes back."""
    path = _head(box_id)
    _make_directory(path.parent)
    with turn_at(path.with_name(".lock")):
        before = last_head(box_id)
        if before is None or before["number"] < head["number"]:
            write_file(path, json.dumps(head, ensure_ascii=False, sort_keys=True).encode())


def last_head(box_id: bytes) -> dict | None:
    """The last head that was kept of a box, or None."""
    return _json_in(_head(box_id))


def kept_heads() -> Iterator[tuple[bytes, dict]]:
    """Every box of which a head was kept, with that head: no database may be behind it."""
    for path in sorted((_directory() / HEADS).glob(f"{'[0-9a-f]' * 2 * BOX_BYTES}.json")):
        yield bytes.fromhex(path.stem), json.loads(path.read_bytes())


def beside_keys(box_id: bytes, suffix: str) -> Path:
    """Path of a file of a box in the keys directory."""
    return Path(name_beside_keys(box_id, suffix))


def name_beside_keys(box_id: bytes, suffix: str) -> str:
    """The same as text, which is quicker: casting waits."""
    return _name("{}" + suffix, box_id)


def make_file(path: Path, content: bytes) -> None:
    """Make a file beside the keys unless it is there; of several at once the first wins. Raises Unavailable."""
    if not path.exists():
        _write(storage.write_once, path, content)


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside the keys, synced, as a whole. Raises Unavailable."""
    _write(storage.write, path, content)


def delete_file(path: Path) -> None:
    """Delete a file beside the keys; doing it again does nothing."""
    with suppress(FileNotFoundError):
        path.unlink()
        storage.sync(path.parent)


def _directory() -> Path:
    return Path(current_app.config["KEYS"])


def _name(form: str, box_id: bytes) -> str:
    """Plain text is quicker than Path, and casting waits."""
    if len(box_id) != BOX_BYTES:
        raise ValueError("not the id of a box")
    return f"{current_app.config['KEYS']}/{form.format(box_id.hex())}"


def _path(form: str, box_id: bytes) -> Path:
    return Path(_name(form, box_id))


_box_key, _tombstone, _head = (partial(_path, form) for form in (_BOX_KEY, _TOMBSTONE, _HEAD))


def _json_in(path: Path) -> dict | None:
    """Raises Unavailable for what cannot be read."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as trouble:
        raise Unavailable(_("열쇠 보관함의 %(name)s 파일을 읽을 수 없어요. 복사본을 되돌려 놓으세요.",
                            name=path.name)) from trouble


def _refuse_destroyed(box_id: bytes) -> None:
    if os.path.exists(_name(_TOMBSTONE, box_id)):
        raise Conflict(_("이 투표의 열쇠는 이미 없앴어요. 이제 아무도 투표지를 열어 볼 수 없어요."))


def _read(path: str, lost) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            key = file.read()
    except OSError as trouble:
        raise Unavailable(lost) from trouble
    if len(key) != KEY_BYTES:
        raise Unavailable(_("열쇠 파일이 망가져서 지금은 투표를 받을 수 없어요. 구청에 알려 주세요."))
    return key


def _write(write: Callable[[Path, bytes], None], path: Path, content: bytes) -> None:
    try:
        _make_directory(path.parent)
        write(path, content)
    except OSError as trouble:
        raise Unavailable(f"The keys directory cannot be written: {trouble.strerror}.") from trouble


def _make_directory(directory: Path) -> None:
    """Make it and its parents, each 0700, whatever the umask says."""
    for missing in reversed([folder for folder in (directory, *directory.parents) if not folder.exists()]):
        with suppress(FileExistsError):
            missing.mkdir(mode=0o700)
        storage.sync(missing.parent)
