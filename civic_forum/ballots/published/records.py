"""Records of votes in `<data>/records/<box>/`: `public.zip`, `observers.zip`, `observed.json`; for the site alone.

Those of a result that was set back carry its number: `public-1.zip`.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from civic_forum.platform import work, writers
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _

from ..models import BallotBox, EarlierResult

LOCK = ".lock"


def directory(box_id: bytes) -> Path:
    """Of the records of a box."""
    return Path(current_app.config["DATA"]) / "records" / box_id.hex()


def public(box: BallotBox) -> Path:
    """The edition for everyone."""
    return directory(box.id) / "public.zip"


def observers(box: BallotBox) -> Path:
    """The edition for the recount."""
    return directory(box.id) / "observers.zip"


def observed(box: BallotBox) -> Path:
    """Statements of observers, all of them."""
    return directory(box.id) / "observed.json"


def set_aside(box_id: bytes, earlier: Iterable[EarlierResult]) -> None:
    """Give the record of each result that was set back, and what observers signed of it, a name of its own:
    `public-1.zip`. Before the new record is written, by whoever has the turn. What has its name already stays; the
    public edition comes last, so that repeating it finishes it."""
    folder = directory(box_id)
    for result in earlier:
        moved = {name: folder / f"{name.stem}-{result.number}{name.suffix}" for name in (
            folder / "observed.json", folder / "observers.zip", folder / "public.zip")}
        if result.public_sha256 is None or moved[folder / "public.zip"].exists():
            continue
        if _sha256(folder / "public.zip") == result.public_sha256:
            for name, aside in moved.items():
                if name.exists():
                    name.rename(aside)


@contextmanager
def turn(box_id: bytes) -> Iterator[None]:
    """For counting a box and writing its record: of several who ask for it at once one does it, the others wait.

    Never inside a transaction; what was read before is forgotten. Raises Unavailable where nothing can be written.
    """
    if work.is_open():
        raise RuntimeError("nobody waits for a count inside a transaction")
    path = directory(box_id) / LOCK
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    except OSError as trouble:
        raise Unavailable(_("기록을 쓸 수 없어요: %(trouble)s", trouble=trouble.strerror)) from trouble
    work.let_go()
    with writers.turn_at(path):
        yield


def is_somebody_s_turn(box_id: bytes) -> bool:
    """True while it is being counted, or its record written, right now; it is not when that was killed."""
    return writers.is_taken(directory(box_id) / LOCK)


def are_as_written(box: BallotBox) -> bool:
    """True if both files are there, byte for byte as the verifier passed them."""
    return _sha256(public(box)) == box.public_sha256 and _sha256(observers(box)) == box.observers_sha256


def _sha256(path: Path) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError:
        return None
