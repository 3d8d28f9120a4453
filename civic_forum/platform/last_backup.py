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
    _write(LAST, {"name": str(directory.absolute()), "at": begun.isoformat()})


def last() -> Made | None:
    return _read(LAST, lambda note: Made(str(note["name"]), datetime.fromisoformat(note["at"])))


def ask() -> None:
    """Have the worker make one within a minute or two."""
    _write(ASKED, {"at": clock.now().isoformat()})


def asked() -> Asked | None:
    """The one that was asked for and not made yet, or could not be made."""
    return _read(ASKED, lambda note: Asked(datetime.fromisoformat(note["at"]), note.get("failed")))


def done(asked_for: Asked, failed: str | None = None) -> None:
    """Forget what was asked for, or say why it was not made."""
    if failed is None:
        _path(ASKED).unlink(missing_ok=True)
    else:
        _write(ASKED, {"at": asked_for.at.isoformat(), "failed": failed})


def _path(name: str) -> Path:
    return Path(current_app.config["DATA"]) / name


def _read(name: str, made: Callable[[dict], Any]) -> Any:
    """None also for what cannot be read: then there is none to rely on."""
    try:
        return made(json.loads(_path(name).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(name: str, note: dict) -> None:
    storage.write(_path(name), json.dumps(note, ensure_ascii=False).encode())
