"""Contributions of features to backups: what goes along, in which order rows lie, what may be put back.

Filled while the application is put together, read-only afterwards.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class Copied(Protocol):
    """The database of a backup, before it is put back."""

    def rows(self, table: str, *columns: str) -> list[dict[str, object]]:
        """Rows of a table: bytes, whole numbers and texts as they are; empty where the copy has no such table."""


folders: list[str] = []
"""In the data directory, beside the uploads: files that are written once and never changed."""
in_order: dict[str, str] = {}
"""Table → index in whose order its rows are to lie in a copy, because the order of writing is nobody's business."""
_before: list[Callable[[Copied], None]] = []
_after: list[Callable[[], list[str]]] = []
_begun: list[Callable[[Path], None]] = []


def before_restore(check: Callable[[Copied], None]) -> Callable:
    """Call the decorated function with the copy before anything is changed; a Refusal keeps it from being put back."""
    if check not in _before:
        _before.append(check)
    return check


def after_restore(tell: Callable[[], list[str]]) -> Callable:
    """Call the decorated function once the copy is in place; it returns what else the operator has to know."""
    if tell not in _after:
        _after.append(tell)
    return tell


def before_backup(note: Callable[[Path], None]) -> Callable:
    """Call the decorated function with the directory of each backup before anything is written into it."""
    if note not in _begun:
        _begun.append(note)
    return note


def begun(directory: Path) -> None:
    for note in _begun:
        note(directory)


def check(copied: Copied) -> None:
    """Raises the first Refusal."""
    for guard in _before:
        guard(copied)


def notes() -> list[str]:
    return [note for tell in _after for note in tell()]
