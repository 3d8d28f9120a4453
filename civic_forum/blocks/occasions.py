"""Days that things have in public, for the calendar of the district.

A kind with the capability `Occasions` (made by `Public.occasions`) reads those within a span by one statement, under
the condition by which everybody may read it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civic_forum.platform.i18n import end, end_time, last_day, local, moment

from .kinds import Capability, having
from .sharing import Day

MOST = 1_000
"""Records of a kind that are read for one span, the earliest."""


@dataclass(frozen=True)
class Occasion:
    """One day of a thing."""

    kind: str
    label: str
    id: int
    url: str
    day: Day
    version: int
    since: datetime
    places: tuple[int, ...]
    """Neighbourhoods that it concerns; none: the whole district."""

    @property
    def first(self) -> date:
        return self.day.dates[0]

    @property
    def time(self) -> str:
        """`14:00–16:00`, with days where it ends on another; empty for a whole day."""
        day, (first, last) = self.day, self.day.dates
        if not isinstance(day.at, datetime):
            return ""
        if day.ends is None:
            return f"{local(day.at):%H:%M}" if day.begins else end_time(day.at)
        if first == last:
            return f"{local(day.at):%H:%M}–{end_time(day.ends)}"
        return f"{moment(day.at, year=False)}–{end(day.ends, year=False)}"

    def dates(self, since: date, until: date) -> Iterable[date]:
        """The dates on which it is, within these."""
        first, last = self.day.dates
        first = max(first, since)
        return (first + timedelta(days=more) for more in range((min(last, until) - first).days + 1))


@dataclass(frozen=True, kw_only=True)
class Occasions(Capability):
    """It has days in public."""

    read: Callable[[datetime, datetime, Collection[int], Collection[int]], Sequence[Occasion]]
    """As `within`."""


def within(since: datetime, until: datetime, places: Collection[int] = (),
           departments: Collection[int] = ()) -> list[Occasion]:
    """Occasions of all kinds in their order, a deadline at midnight as the last of its day; of these neighbourhoods and
    departments alone, where any are given."""
    first, last = local(since).date(), last_day(until)
    occasions = [occasion for _kind, kept in having(Occasions)
                 for occasion in kept.read(since, until, places, departments) if any(occasion.dates(first, last))]
    return sorted(occasions, key=lambda occasion: (occasion.first, occasion.day.moment, occasion.kind, occasion.id))
