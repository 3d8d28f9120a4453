"""Standing of commitments for residents. Pure."""

from datetime import date
from enum import StrEnum
from typing import Any

from . import days
from .rules import STOPPED, Status

ELSEWHERE = ("plan", "election_pledge")
"""Origins of commitments that were promised in no thing of this site: they have a term."""


class Standing(StrEnum):
    """Standing of a commitment for residents, on a given day."""

    KEPT = "kept"
    """Done, as a milestone with evidence or an approved report of its completion shows."""
    GOING = "going"
    LATE = "late"
    """A day has passed on which it was promised here."""
    SILENT = "silent"
    """Nothing was told for four quarters."""
    WRITTEN = "written"
    """Written down as done; nothing shows it."""
    OVER = "over"
    """The term of a pledge or of a plan has ended (`Ending`)."""
    STOPPED = "stopped"


class Ending(StrEnum):
    """End of a commitment whose term is over before all of it was shown."""

    PARTLY = "partly"
    NOT_SHOWN = "not_shown"
    NEVER_TOLD = "never_told"


def standing(commitment: Any, today: date) -> Standing:
    """Standing by the columns of a `Commitment`. A status alone says neither that it was kept nor that it is late; who
    told after the day that it is not done is late for as long as they are silent since."""
    whole = bool(commitment.steps) and commitment.reached == commitment.steps
    if commitment.status is Status.DONE:
        return Standing.KEPT if commitment.reached or commitment.reported else Standing.WRITTEN
    if commitment.status in STOPPED:
        return Standing.STOPPED
    if commitment.term_ends_on is not None and commitment.term_ends_on < today:
        return Standing.KEPT if whole else Standing.OVER
    is_silent, due_on = is_long_ago(commitment.heard_on, today), commitment.next_due_on
    if due_on is not None and due_on < today and not (is_silent and commitment.heard_on <= due_on):
        return Standing.LATE
    return Standing.SILENT if is_silent else Standing.GOING


def is_long_ago(heard_on: date, today: date) -> bool:
    return heard_on < days.four_quarters_before(today)


def ending(commitment: Any) -> Ending:
    """Of one whose term has ended."""
    if commitment.reached:
        return Ending.PARTLY
    is_told = commitment.told_on is not None and commitment.told_on > commitment.term_ends_on
    return Ending.NOT_SHOWN if is_told else Ending.NEVER_TOLD
