"""Where the records of votes lie: `<data>/records/<box>/public.zip` and `observers.zip`, readable by the site only."""

import hashlib
from pathlib import Path

from flask import current_app

from .models import BallotBox

PUBLIC, OBSERVERS = "public.zip", "observers.zip"


def directory() -> Path:
    """Of all records."""
    return Path(current_app.config["DATA"]) / "records"


def public(box: BallotBox) -> Path:
    """The edition for everyone."""
    return directory() / box.id.hex() / PUBLIC


def observers(box: BallotBox) -> Path:
    """The edition for the recount."""
    return directory() / box.id.hex() / OBSERVERS


def are_as_written(box: BallotBox) -> bool:
    """Whether both files are there, byte for byte as the verifier passed them."""
    return _sha256(public(box)) == box.public_sha256 and _sha256(observers(box)) == box.observers_sha256


def _sha256(path: Path) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError:
        return None
