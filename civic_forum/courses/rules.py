"""Rules of courses: presence, hours, certificates. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from civic_forum.forums.rules import Form, Stage

MOST_SESSIONS, NUMBER_SIGNS, NAME_MOST = 40, 20, 60
"""Signs of the number of a certificate have five bits each."""
REASON_LEAST, REASON_MOST = 5, 200
EARLY = timedelta(hours=1)
"""So long before a session its door is open."""


class Gathering(Protocol):
    """A `Forum`, as far as its days are read."""

    form: Form
    listed_as: Stage
    starts_at: datetime
    ends_at: datetime


class Fault(StrEnum):
    """Reason against a session in a course, or against a note of presence."""

    FORM = "form"
    CANCELLED = "cancelled"
    OVERLAPS = "overlaps"
    TOO_EARLY = "too_early"


def minutes(gatherings: Iterable[Gathering]) -> int:
    """As they were planned; nobody learns at what was cancelled."""
    lengths = (each.ends_at - each.starts_at for each in gatherings if each.listed_as is not Stage.CANCELLED)
    return int(sum(lengths, timedelta()).total_seconds() // 60)


def why_not_session(gathering: Gathering, others: Iterable[Gathering]) -> Fault | None:
    """Reason against teaching there, beside the other sessions of the course."""
    if gathering.form is not Form.SESSION:
        return Fault.FORM
    if gathering.listed_as is Stage.CANCELLED:
        return Fault.CANCELLED
    overlaps = any(gathering.starts_at < other.ends_at and other.starts_at < gathering.ends_at
                   and other.listed_as is not Stage.CANCELLED for other in others)
    return Fault.OVERLAPS if overlaps else None


def why_not_note(gathering: Gathering, now: datetime) -> Fault | None:
    """Reason against noting who came."""
    if gathering.listed_as is Stage.CANCELLED:
        return Fault.CANCELLED
    return Fault.TOO_EARLY if now < gathering.starts_at - EARLY else None


def needs_reason(day: date, today: date, *, is_changed: bool) -> bool:
    """True for a note after the day of the session, and for one that changes another."""
    return is_changed or today > day
