"""Months, hidden cells, shares and days to answer. Pure.

Acts are public one by one, or in the result of a vote, so numbers of acts are shown as they are. Of people that is not
so: a number of them by neighbourhood or by age is hidden if fewer than `LEAST` stand behind it, and so are as many
others as keep it from being worked out from the whole (`hidden`). Every count ends with the day before today, so that
nobody watches a cell grow by the one who has just taken part.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Generic, TypeVar

from civic_forum.ballots.counting.rules import Cell, suppress

LEAST = 5
MONTHS = 12
FEWER = Fraction(4, 5)
"""A group whose share of those who take part is below this part of its share of the residents is under-represented."""
MOST_NAMED = 2
DAYS = (7, 14, 30, 60)
"""Last days of the classes of days to answer; behind them lies one more without an end."""
Key = TypeVar("Key", bound=Hashable)


class Act(StrEnum):
    """Act by which somebody takes part."""

    PROPOSAL = "proposal"
    SUPPORT = "support"
    COMMENT = "comment"
    REGISTRATION = "registration"
    VOTE = "vote"


class Means(StrEnum):
    """Means by which somebody takes part."""

    ONLINE = "online"
    ASSISTED = "assisted"
    """At a desk or at its kiosk."""
    PAPER = "paper"
    ON_SITE = "on_site"


class Step(StrEnum):
    """Step on the way of proposals."""

    PROPOSED = "proposed"
    SUPPORTED = "supported"
    ANSWERED = "answered"
    PROMISED = "promised"
    DONE = "done"


def months(today: date, count: int = MONTHS) -> list[date]:
    """First days of the last months, the oldest first; the last one is the month of yesterday."""
    last = date.fromordinal(today.toordinal() - 1)
    numbers = range(last.year * 12 + last.month - count, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def hidden(counts: Mapping[Key, int], least: int = LEAST) -> dict[Key, int | None]:
    """These numbers of people, None where one is hidden.

    The whole is public: so what is hidden is nothing, everything, or two cells at least with `least` people together.
    """
    cells = suppress([Cell("", 0, count) for count in counts.values()], least)
    return {key: cell.voted for key, cell in zip(counts, cells, strict=True)}


@dataclass(frozen=True)
class Group(Generic[Key]):
    """Those of a neighbourhood or of an age."""

    key: Key
    people: int | None
    """Those who took part; None: hidden."""
    residents: int | None = None
    """None: nobody said."""

    @property
    def rate(self) -> int | None:
        """Those who took part for every ten thousand residents."""
        if self.people is None or not self.residents:
            return None
        return round(self.people * 10_000 / self.residents)


@dataclass(frozen=True)
class Breakdown(Generic[Key]):
    """Those who took part, by neighbourhood or by age."""

    groups: tuple[Group[Key], ...]
    said: int
    """Those of whom it is known, hidden ones too."""
    unsaid: int
    """The others."""

    @property
    def compared(self) -> bool:
        """True if the residents of every group are known."""
        return bool(self.groups) and all(group.residents for group in self.groups)

    @property
    def hidden(self) -> int:
        return sum(group.people is None for group in self.groups)

    def share(self, group: Group[Key]) -> Fraction | None:
        """Of those who took part and said where they belong."""
        return None if group.people is None or not self.said else Fraction(group.people, self.said)

    def residents_share(self, group: Group[Key]) -> Fraction | None:
        if not self.compared or group.residents is None:
            return None
        return Fraction(group.residents, sum(other.residents or 0 for other in self.groups))

    def most(self) -> Group[Key] | None:
        """The group that takes part most, for its residents where they are known."""
        shown = [group for group in self.groups if group.people]
        return max(shown, key=lambda group: (group.rate if self.compared else group.people) or 0, default=None)

    def missing(self, most: int = MOST_NAMED) -> list[Group[Key]]:
        """Groups that take part least, measured by those who live here; never a hidden one."""
        ratios = [(share / there, group) for group in self.groups
                  if (share := self.share(group)) is not None and (there := self.residents_share(group))]
        return [group for ratio, group in sorted(ratios, key=lambda pair: pair[0]) if ratio < FEWER][:most]


def broken_down(counts: Mapping[Key, int], unsaid: int, residents: Mapping[Key, int]) -> Breakdown[Key]:
    """Of numbers of people by group, all groups there are, and of those who did not say."""
    return Breakdown(tuple(Group(key, people, residents.get(key)) for key, people in hidden(counts).items()),
                     sum(counts.values()), unsaid)


@dataclass(frozen=True)
class Waiting:
    """Time that a proposal waited for its answer."""

    days: int
    late: bool


@dataclass(frozen=True)
class Answered:
    """Answers of a time, by the days that they took."""

    classes: tuple[int, ...] = ()
    """Numbers of answers by class of days (`DAYS`)."""
    in_time: int = 0
    total: int = 0
    median: int | None = None
    """In days."""
    open_late: int = 0
    """Proposals that still wait, and whose day has passed."""

    @property
    def late(self) -> int:
        return self.total - self.in_time


def answered(waits: Sequence[Waiting], open_late: int = 0) -> Answered:
    classes = [0] * (len(DAYS) + 1)
    for wait in waits:
        classes[sum(wait.days > last for last in DAYS)] += 1
    return Answered(tuple(classes), sum(not wait.late for wait in waits), len(waits),
                    round(median(wait.days for wait in waits)) if waits else None, open_late)
