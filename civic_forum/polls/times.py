"""Times of a poll: instants that fit together, the days for checking the roll."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

SHORTEST = timedelta(hours=1)
LONGEST_OPEN = timedelta(days=60)


@dataclass(frozen=True)
class Times:
    """Instants and days of a poll; the field names are its columns."""

    opens_at: datetime
    closes_at: datetime
    roll_fixed_on: date
    roll_check_from: datetime | None = None
    roll_check_to: datetime | None = None
    paper_until: datetime | None = None


class BadTimes(StrEnum):
    """Reasons for which the times of a poll do not fit together."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CHECK_BACKWARDS = "check_backwards"
    CHECK_AFTER_OPENING = "check_after_opening"
    PAPER_BEFORE_CLOSE = "paper_before_close"


def why_not_times(times: Times) -> BadTimes | None:
    """The first thing that does not fit, or None."""
    if times.closes_at - times.opens_at < SHORTEST:
        return BadTimes.TOO_SHORT
    if times.closes_at - times.opens_at > LONGEST_OPEN:
        return BadTimes.TOO_LONG
    if times.roll_check_from and times.roll_check_to and times.roll_check_from >= times.roll_check_to:
        return BadTimes.CHECK_BACKWARDS
    if times.roll_check_to and times.roll_check_to > times.opens_at:
        return BadTimes.CHECK_AFTER_OPENING
    if times.paper_until and times.paper_until < times.closes_at:
        return BadTimes.PAPER_BEFORE_CLOSE
    return None


def roll_is_checked(times: Times, now: datetime) -> bool:
    """True if `now` is in the days for checking the roll; a day that is not set is no limit."""
    begun = times.roll_check_from is None or now >= times.roll_check_from
    return begun and (times.roll_check_to is None or now < times.roll_check_to)
