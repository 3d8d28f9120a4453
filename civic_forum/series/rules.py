"""Rules of series: their steps in the year, the days of an assembly, a table of days. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

TITLE_MOST, TEXT_MOST, STEP_MOST, NOTE_MOST = 200, 2_000, 60, 300
MOST_STEPS, MOST_PROMISED = 60, 1_000
YEARS = range(2000, 2101)
YEAR = timedelta(days=364)
"""As many whole weeks as a year has."""


class SeriesKind(StrEnum):
    YEARLY = "yearly"
    """한 해 사업: of a department, which promised so many."""
    ASSEMBLY = "assembly"
    """주민총회: of a neighbourhood."""


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


WEEKEND = 5
"""Number of Saturday."""
NOTICE, VOTE, ASSEMBLY = 4, 5, 6
"""Numbers of these steps of an assembly."""
PATTERN: Sequence[tuple[int, int | None]] = (
    (-133, -52), (-27, None), (-18, None), (-14, None), (-7, -1), (0, None), (46, None), (200, 530))
"""First and last day of each step of an assembly, counted from its day."""
_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D{0,9}$")


def state(starts_on: date, until_on: date | None, today: date) -> StepState:
    if (until_on or starts_on) < today:
        return StepState.DONE
    return StepState.NOW if starts_on <= today else StepState.AHEAD


def current(steps: Sequence[Any], today: date) -> Any | None:
    """The latest step that goes on, else the next one; None where all are over."""
    states = [(state(step.starts_on, step.until_on, today), step) for step in steps]
    going = [step for is_at, step in states if is_at is StepState.NOW]
    return going[-1] if going else next((step for is_at, step in states if is_at is StepState.AHEAD), None)


def is_notice_short(steps: Iterable[Any], days: int) -> bool:
    """True for an assembly whose notice (공고) does not stand for so many days before its vote begins."""
    starts = {step.number: step.starts_on for step in steps}
    return {NOTICE, VOTE} <= starts.keys() and starts[VOTE] - starts[NOTICE] < timedelta(days=days)


@dataclass(frozen=True, kw_only=True)
class Booking:
    """The day of a step; `span` and `slug` of what is held on it, where that is told already."""

    series_id: int
    number: int
    day: date
    place: str
    slug: str = ""
    span: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A day that wants a look: a holiday, or a place that another one has at that time. `to`: the next that is free."""

    booking: Booking
    other: Booking | None
    to: date


def clashes(bookings: Sequence[Booking], today: date, is_closed: Callable[[date], bool]) -> list[Clash]:
    """Days to come that want a look; `is_closed`: the office is closed on a working day of the week."""
    rows = []
    for position, booking in enumerate(bookings):
        other = next((before for before in bookings[:position] if _meet(before, booking)), None)
        if booking.day >= today and (other is not None or is_closed(booking.day)):
            to = booking.day + timedelta(days=1)
            while is_closed(to) or to.weekday() >= WEEKEND or any(
                    _meet(each, replace(booking, day=to, span=None)) for each in bookings):
                to += timedelta(days=1)
            rows.append(Clash(booking=booking, other=other, to=to))
    return rows


def _meet(one: Booking, other: Booking) -> bool:
    """True at one place on one day; where both have hours, only if these overlap."""
    is_there = bool(one.place) and (one.place, one.day) == (other.place, other.day)
    if one.span and other.span:
        return is_there and one.span[0] < other.span[1] and other.span[0] < one.span[1]
    return is_there


class BadRow(ValueError):
    """A row of a table of days that cannot be read; `row` is its text."""

    def __init__(self, row: str) -> None:
        super().__init__(row)
        self.row = row[:60]


def days_of(table: str, names: Mapping[str, int]) -> dict[int, date]:
    """Days by neighbourhood out of a pasted table: a name and a day in each row. Raises BadRow for an unknown name, for
    one that comes twice and for what is no day."""
    days: dict[int, date] = {}
    for row in filter(None, map(str.strip, table.splitlines())):
        match = _DAY.search(row)
        place = names.get(row[:match.start()].strip(" \t,;|")) if match else None
        if match is None or place is None or place in days or int(match[1]) not in YEARS:
            raise BadRow(row)
        try:
            days[place] = date(*map(int, match.groups()))
        except ValueError as wrong:
            raise BadRow(row) from wrong
    return days
