"""Decisions about comments. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = 2_000
"""Characters of a comment's Markdown."""
EDITABLE_FOR = timedelta(minutes=10)
ON_A_PAGE = 200
"""Comments and replies together; the replies of the last comment are never torn apart."""
REPLIES_SHOWN = 20
"""Replies below one comment; the rest have a page of their own."""


UNFOLDED = 6
"""Comments of the first level that stand open on the page; more of them are folded, the strongest on top."""


class Stance(StrEnum):
    FOR = "for"
    AGAINST = "against"
    NOTE = "note"


class Order(StrEnum):
    OLDEST = "oldest"
    NEWEST = "newest"
    SUPPORTED = "supported"


def still_editable(written: datetime, now: datetime) -> bool:
    return now - written < EDITABLE_FOR
