"""Months of the calendar, and whose days they show."""

from calendar import Calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from civic_forum.blocks import occasions
from civic_forum.blocks.occasions import Occasion
from civic_forum.district import queries as district
from civic_forum.forums.preparing import listing as forums
from civic_forum.platform import clock, periods
from civic_forum.platform.filters import number_of, unknown
from civic_forum.platform.i18n import SEOUL, end_of, local
from civic_forum.platform.periods import Within

PAST, AHEAD = timedelta(days=30), timedelta(days=400)
"""Of the file, around today."""


@dataclass(frozen=True)
class Wanted:
    """Choice of a neighbourhood, of a department, or of neither."""

    neighbourhood: int | None
    department: int | None
    departments: Collection[int]
    """It, and those whose place it took."""

    def visits(self) -> list[forums.Linked]:
        """Visits to the neighbourhood, the latest first; nothing is asked without one."""
        return forums.visits(district.places_within((self.neighbourhood,))) if self.neighbourhood else []

    def between(self, since: date, until: date) -> list[Occasion]:
        """Occasions from a day to another, that one included."""
        places = district.places_within((self.neighbourhood,)) if self.neighbourhood else ()
        return occasions.within(datetime.combine(since, time(), SEOUL), end_of(until), places, self.departments)


def wanted(neighbourhood: str | None, department: str | None) -> Wanted:
    """As an address says it. Raises Invalid."""
    every = {known.id: known.successor_id for known in district.departments(closed=True)} if department else {}
    place = number_of(district.neighbourhood_names(), neighbourhood)
    office = number_of(every, department)
    return Wanted(district.place_at(place), office, [key for key, now in every.items() if office in (key, now)])


@dataclass(frozen=True)
class Month:
    """A month with its occasions."""

    first: date
    last: date
    today: date
    by_day: dict[date, list[Occasion]]
    total: int
    next: Occasion | None
    """The next from now on; of a month to come its first one."""
    next_places: dict[int, Occasion]
    """The next of each neighbourhood in this month."""

    @property
    def weeks(self) -> list[list[date]]:
        return Calendar().monthdatescalendar(self.first.year, self.first.month)

    @property
    def cells(self) -> list[tuple[tuple[date, tuple[Occasion, ...]], ...]]:
        """Weeks of dates with their occasions, for fragments."""
        return [tuple((on, tuple(self.by_day.get(on, ()))) for on in week) for week in self.weeks]

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> str | None:
        return f"{self.first - timedelta(days=1):%Y-%m}" if self.first > date(2000, 1, 1) else None

    @property
    def after(self) -> str | None:
        return f"{self.last + timedelta(days=1):%Y-%m}" if self.last < date(2099, 12, 31) else None


def month(text: str | None, of: Wanted) -> Month:
    """`text`: `2026-11`; none: the one in which today lies. Raises Invalid."""
    now = clock.now()
    today = local(now).date()
    last, within = periods.read(text or f"{today:%Y-%m}") or (today, None)
    if within is not Within.MONTH:
        raise unknown()
    first, is_now = last.replace(day=1), (last.year, last.month) == (today.year, today.month)
    read = of.between(first, periods.end(last + timedelta(days=1), Within.MONTH) if is_now else last)
    by_day: dict[date, list[Occasion]] = {}
    for occasion in read:
        for on in occasion.dates(first, last):
            by_day.setdefault(on, []).append(occasion)
    ahead = [occasion for occasion in read if occasion.day.moment > now] if last >= today else []
    nearest = {place: occasion for occasion in reversed(ahead) if occasion.first <= last for place in occasion.places}
    return Month(first, last, today, by_day, sum(occasion.first <= last for occasion in read), next(iter(ahead), None),
                 nearest)


def around_today(of: Wanted) -> list[Occasion]:
    """Those of the file."""
    today = local(clock.now()).date()
    return of.between(today - PAST, today + AHEAD)
