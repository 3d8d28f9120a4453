"""Questions of consultations to features above."""

from collections.abc import Sequence
from typing import NamedTuple

from civic_forum.blocks.extensions import Extension


class Note(NamedTuple):
    """A note of a table at a forum."""

    id: int
    text: str
    table: int
    """Number of the table."""


NOTE: Extension[[int], str] = Extension("text of a note that everybody may read")
NOTES: Extension[[str], Sequence[Note]] = Extension("notes of a forum that everybody may read")
ANSWERED: Extension[[int], None] = Extension("halls that hear of answers")
COMPUTED: Extension[[int], None] = Extension("halls that hear of results")
"""Told the id of the consultation, after the commit."""
