"""Files of the keys directory that are numbered: the first of a kind, and those that came by rotation."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from . import start_checks, storage, writers
from .audit import AuditEntry
from .base import db
from .errors import Unavailable
from .work import use_case

ROTATED = "keys.rotated"
"""Action in the audit log."""
ROTATION = ".rotation"
"""The file at which whoever makes a key takes turns."""
BYTES = 32


@dataclass(frozen=True)
class Series:
    """Keys of one kind: `master.key` is key 1, `master-2.key` the next one. Each is written once and never changed."""

    kind: str

    def name(self, number: int) -> str:
        return f"{self.kind}.key" if number == 1 else f"{self.kind}-{number}.key"

    def is_there(self, directory: str, number: int) -> bool:
        """True if that key is there. Plain text is quicker than Path, and every request asks."""
        return os.path.exists(f"{directory}/{self.name(number)}")

    def last(self, directory: str, *, first: int = 1) -> int:
        """The highest number there, 0 for none. Raises Unavailable where one between `first` and it is missing."""
        form = re.compile(rf"{self.kind}(?:-([2-9]|[1-9][0-9]{{1,8}}))?\.key")
        try:
            there = {int(match[1] or 1) for name in os.listdir(directory) if (match := form.fullmatch(name))}
        except FileNotFoundError:
            return 0
        except OSError as trouble:
            raise unusable(trouble) from trouble
        last = max(there, default=0)
        if missing := [number for number in range(first, last) if number not in there]:
            raise Unavailable(f"{self.name(missing[0])} is missing in the keys directory: put its copy back.")
        return last

    def add(self, make: Callable[[], bytes], *, least: int = 2) -> int:
        """Write the next key; returns its number, `least` at the lowest. Of several at once each makes one of its own.
        Killed, it leaves a whole one or none."""
        directory = Path(current_app.config["KEYS"])
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with writers.turn_at(directory / ROTATION):
                made = max(self.last(str(directory), first=least) + 1, least)
                storage.write_once(directory / self.name(made), make())
                return made
        except OSError as trouble:
            raise unusable(trouble) from trouble


@dataclass(frozen=True)
class KeyKind:
    """Keys as commands list and rotate them."""

    numbers: Callable[[], range]
    """The newest last."""
    since: Callable[[int], datetime | None]
    """None where no file says it."""
    rotate: Callable[[], int]
    """Makes the next key inside the use-case that is open; returns its number. Raises Conflict."""


KINDS: dict[str, KeyKind] = {}
"""By name."""


def rotate(kind: str) -> int:
    """Make a new key of this kind; returns its number. What is refused or cut off before the commit leaves a whole key
    or none, and the audit log tells of what is committed."""
    refuse_lost()
    with use_case(None) as work:
        made = KINDS[kind].rotate()
        work.record(ROTATED, f"{kind}_key:{made}")
        return made


@start_checks.before_serving
def refuse_lost() -> None:
    """Raises Unavailable where the audit log tells of a newer key than the directory has: an older copy of it is back,
    and the next key would be another one of the same number."""
    for subject in db.session.scalars(sa.select(AuditEntry.subject).where(AuditEntry.action == ROTATED)):
        kind, _between, number = subject.partition("_key:")
        series = Series(kind)
        if int(number) > series.last(current_app.config["KEYS"], first=2):
            raise Unavailable(f"{series.name(int(number))} is missing in the keys directory: put its copy back.")


def made_at(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
    except FileNotFoundError:
        return None


def unusable(trouble: OSError) -> Unavailable:
    return Unavailable(f"The keys directory cannot be used: {trouble.strerror}.")
