"""Blobs by the hash of their content, below `<data>/uploads`; names of people never reach the disk.

Whoever can write the data directory could put a link there that leads to a key: what is handed out is `opened` here.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from flask import current_app


DIGEST = re.compile("[0-9a-f]{64}")


def _path(digest: str) -> Path:
    """Of a blob; of one that is nowhere for a name that is no digest."""
    name = digest if DIGEST.fullmatch(digest) else "none"
    return Path(current_app.config["DATA"]) / "uploads" / name[:2] / name


def opened(path: Path) -> BinaryIO:
    """A file of the data directory, to read. Raises FileNotFoundError, also where a link within one of its folders
    leads elsewhere; these folders themselves may be links to another disk."""
    data, file = Path(current_app.config["DATA"]), open(path, "rb")
    folder, *names = path.relative_to(data).parts
    if os.path.realpath(f"/proc/self/fd/{file.fileno()}") != str((data / folder).resolve().joinpath(*names)):
        file.close()
        raise FileNotFoundError(path)
    return file


def keep(data: bytes) -> str:
    """Write the blob durably and return its SHA-256 in hex. Raises OSError when the disk is full."""
    digest = sha256(data).hexdigest()
    path = _path(digest)
    if path.exists():
        os.utime(path)  # in use again: `untouched_since` does not give it any more
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, data)
    return digest


def write(path: Path, data: bytes) -> None:
    """A file that is there whole, on the disk and for this user alone, or as it was before. Raises OSError."""
    with _fresh(path, os.replace) as file:
        file.write(data)


def write_once(path: Path, data: bytes) -> None:
    """The same unless it is there; of several at once the first wins."""
    write_pieces_once(path, (data,))


def write_pieces_once(path: Path, pieces: Iterable[bytes]) -> None:
    """The same of what is too large to be kept in memory."""
    with _fresh(path, _link) as file:
        file.writelines(pieces)


def written_alone(path: Path) -> AbstractContextManager[BinaryIO]:
    """A file to write into, too large to be kept in memory, where nobody else writes it meanwhile. What a power cut
    left of it is replaced by whoever writes it again."""
    return _fresh(path, os.replace, f"{path.name}.part")


@contextmanager
def _fresh(path: Path, place: Callable[[Path, Path], None], name: str | None = None) -> Iterator[BinaryIO]:
    """Beside its place, synced, then put there: another process sees all of it or none."""
    fresh = path.with_name(name or f".{path.name}.{uuid4().hex}")
    try:
        flags = os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_NOFOLLOW
        with os.fdopen(os.open(fresh, flags, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        place(fresh, path)
        sync(path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _link(fresh: Path, path: Path) -> None:
    with suppress(FileExistsError):
        os.link(fresh, path)


def append(path: Path | str, lines: Iterable[bytes]) -> None:
    """Append each of these, in a write of its own, to a file that is there. Raises OSError, also for a write that was
    cut short."""
    opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    try:
        for line in lines:
            if os.write(opened, line) != len(line):
                raise OSError("a short write")
    finally:
        os.close(opened)


def sync(path: Path | str) -> None:
    """Let the content of a file, or the names in a folder, outlive a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def path_of(digest: str) -> Path:
    return _path(digest)


def untouched_since(moment: datetime) -> Iterator[str]:
    """Digests of the blobs that were last kept before this moment."""
    for path in (Path(current_app.config["DATA"]) / "uploads").glob("??/*"):
        if DIGEST.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
            yield path.name


def forget_unfinished(moment: datetime) -> None:
    """Delete what a power cut left half written before this moment."""
    for path in (Path(current_app.config["DATA"]) / "uploads").glob("??/.*.*"):
        if DIGEST.fullmatch(path.name.split(".")[1]) and path.stat().st_mtime < moment.timestamp():
            path.unlink(missing_ok=True)


def forget(digest: str) -> None:
    _path(digest).unlink(missing_ok=True)
