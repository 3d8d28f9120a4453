"""Blobs by the hash of their content, below `<data>/uploads`; names of people never reach the disk."""

import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from flask import current_app


def _path(digest: str) -> Path:
    return Path(current_app.config["DATA"]) / "uploads" / digest[:2] / digest


def keep(data: bytes) -> str:
    """Write the blob durably and return its SHA-256 in hex. Raises OSError when the disk is full."""
    digest = sha256(data).hexdigest()
    path = _path(digest)
    if path.exists():
        os.utime(path)  # in use again: `untouched_since` does not give it any more
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{uuid4().hex}")
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        _sync(path.parent)
    finally:
        fresh.unlink(missing_ok=True)
    return digest


def _sync(folder: Path) -> None:
    """Let the name of a new file outlive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def path_of(digest: str) -> Path:
    return _path(digest)


def untouched_since(moment: datetime) -> Iterator[str]:
    """Digests of the blobs that were last kept before this moment."""
    for path in (Path(current_app.config["DATA"]) / "uploads").glob("??/*"):
        if not path.name.startswith(".") and path.stat().st_mtime < moment.timestamp():
            yield path.name


def forget_unfinished(moment: datetime) -> None:
    """Delete what a power cut left half written before this moment."""
    for path in (Path(current_app.config["DATA"]) / "uploads").glob("??/.*"):
        if path.stat().st_mtime < moment.timestamp():
            path.unlink(missing_ok=True)


def forget(digest: str) -> None:
    _path(digest).unlink(missing_ok=True)
