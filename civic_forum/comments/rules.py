"""What decides about comments. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = 2_000
EDITABLE_FOR = timedelta(minutes=10)


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
