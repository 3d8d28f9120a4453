"""Questions of commitments to features above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from civic_forum.blocks.extensions import Extension

from .models import Commitment
from .rules import Entry, Ledger

ENTRY: "Extension[[Commitment, Ledger, Entry], str]" = Extension("why an entry may not follow a ledger")
"""Asked under the lock, when it is written and when it is approved."""
PAGE: "Extension[[Commitment], Any]" = Extension("more about a commitment")
"""Sections of its page, written (`sections.written`): it is the same for everybody."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Gatherings of a year that were held, for a yearly target of a commitment."""

    target: str
    """Its label."""
    year: str
    held: int
    is_known: bool
    """Somebody wrote down at least one that was to be held."""
    url: str


COUNTED: "Extension[[int], Sequence[Counted]]" = Extension("what was held for yearly targets of a commitment")
"""(id of a commitment)"""
