"""The last backup that was made, whoever made it, and those that a page asks the worker for."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from . import clock, storage

LAST, ASKED = "last-backup.json", "backup-asked.json"
PATIENCE = timedelta(minutes=15)
"""Time after which nobody may be making what was asked for."""


@dataclass(frozen=True)
class Made:
    """A backup that was made."""

    name: str
    """The directory."""
    at: datetime
    """Instant at which it was begun: what came later may be missing in it."""


@dataclass(frozen=True)
class Asked:
    """A backup that somebody asked for."""

    at: datetime
    failed: str | None = None
    """The sentence that says why it was not made."""

    @property
    def is_late(self) -> bool:
        return clock.now() - self.at > PATIENCE


def note(directory: Path, begun: datetime) -> None:
    write_note(LAST, {"name": str(directory.absolute()), "at": begun.isoformat()})


def last() -> Made | None:
    return read_note(LAST, lambda note: Made(str(note["name"]), datetime.fromisoformat(note["at"])))


def ask() -> None:
    """Have the worker make one within a minute or two."""
    write_note(ASKED, {"at": clock.now().isoformat()})


def asked() -> Asked | None:
    """The one that was asked for and not made yet, or could not be made."""
    return read_note(ASKED, lambda note: Asked(datetime.fromisoformat(note["at"]), note.get("failed")))


def done(asked_for: Asked, failed: str | None = None) -> None:
    """Forget what was asked for, or say why it was not made."""
    if failed is None:
        _path(ASKED).unlink(missing_ok=True)
    else:
        write_note(ASKED, {"at": asked_for.at.isoformat(), "failed": failed})


def _path(name: str) -> Path:
    return Path(current_app.config["DATA"]) / name


def read_note(name: str, made: Callable[[dict], Any]) -> Any:
    """Note in a small file of JSON in the data directory, as `made` of it; None also for one that cannot be read: then
    there is none to rely on."""
    try:
        return made(json.loads(_path(name).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_note(name: str, note: dict) -> None:
    storage.write(_path(name), json.dumps(note, ensure_ascii=False).encode())
