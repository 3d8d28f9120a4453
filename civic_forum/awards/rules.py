"""제안 포상: how a jury's scores become places. Pure decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from civic_forum.proposals.rules import State

MOST_POINTS = 10
"""For each criterion; the least is 0."""
LEAST_JURY, MOST_JURY = 3, 20
LEAST_SHEETS = 2
"""Fewer would show what one juror gave."""
MOST_NOMINEES, MOST_WINNERS = 50, 20
NAME_LEAST, NAME_MOST = 2, 60
MOST_CRITERIA, CRITERION_LEAST, CRITERION_MOST = 6, 2, 60
WHY_LEAST, WHY_MOST = 5, 500
YEARS = range(2000, 2100)
GONE = (State.WITHDRAWN,)
"""A nominee in such a state is out."""

Sheet = Sequence[int]
"""The points that one juror gave to one nominee, by criterion."""


class RoundState(StrEnum):
    NOMINATING = "nominating"
    SCORING = "scoring"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Nominee:
    id: int
    stands: bool
    """Not declined, withdrawn or hidden."""
    jurors: int
    """How many of the jury may score it: not those who wrote it."""
    sheets: tuple[Sheet, ...]


def stands(declined: bool, hidden: bool, state: State) -> bool:
    """True if a nominee can be awarded: not declined, and still there for everybody to read."""
    return not declined and not hidden and state not in GONE


def is_own(juror_id: int, juror_person: int | None, author_id: int, author_person: int | None) -> bool:
    """True if somebody would score what they wrote themselves, from whatever account."""
    return juror_id == author_id or juror_person is not None and juror_person == author_person


def mean(sheets: Sequence[Sheet]) -> Fraction | None:
    """Of the sums of the sheets that were handed in. A missing sheet counts neither for nor against."""
    return Fraction(sum(map(sum, sheets)), len(sheets)) if sheets else None


def is_enough(sheets: Sequence[Sheet], jurors: int) -> bool:
    """More than half of those who may score have done so, and so many that no one juror is shown."""
    return len(sheets) >= LEAST_SHEETS and 2 * len(sheets) > jurors


def places(nominees: Iterable[Nominee]) -> dict[int, int]:
    """The place of every nominee that stands and was scored by enough jurors: 1 for the highest mean. Those with the
    same mean share a place, and as many places after it stay empty; nobody is set before another by lot."""
    means = {nominee.id: score for nominee in nominees
             if nominee.stands and is_enough(nominee.sheets, nominee.jurors)
             and (score := mean(nominee.sheets)) is not None}
    return {own: 1 + sum(other > score for other in means.values()) for own, score in means.items()}


def is_awarded(place: int | None, winners: int) -> bool:
    """Whoever shares the last place that is awarded is awarded as well."""
    return place is not None and place <= winners


def may_publish_on(today: date, until: date, waiting: int) -> bool:
    """True once every sheet is in, or the last day for them has passed."""
    return waiting == 0 or today > until


def points_fit(points: Sequence[int | None], criteria: int) -> bool:
    """True if there are points for each criterion, from 0 to MOST_POINTS."""
    return len(points) == criteria and all(number is not None and 0 <= number <= MOST_POINTS for number in points)
