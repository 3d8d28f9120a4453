"""Rules by which scored applications are proposed for the decision, and days of what follows. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ..rules import LEAST_OF_FEW, LEAST_SHOWN, ScoresShown, WhyNot, ranked

AGREEMENT_DAYS, YEAR_ENDS_SOON = 14, 10
"""From this month on what was chosen goes on until the end of the next year."""


@dataclass(frozen=True)
class Candidate:
    """A scored application."""

    id: int
    mean: Fraction
    asked: int | None = 0
    """None: nobody said."""
    lot: int = 0
    """Place among equals that a lot gave it; 0 where none was drawn."""

    @property
    def rank(self) -> tuple[Fraction, bool, int]:
        """Of equals those for whom a lot was drawn come first: nobody steps in front of them afterwards."""
        return self.mean, self.lot > 0, -self.lot


@dataclass(frozen=True, kw_only=True)
class Room:
    """Places, won and reserve that are still to be had; None: any number."""

    places: int | None
    won: int | None
    reserve: range
    """Places of the reserve that nobody has."""
    passed_over: Fraction | None = None
    """Highest mean of those for whom there was no place or money before: nobody below it comes in."""

    def why_full(self, asked: Sequence[int]) -> WhyNot | None:
        """Reason why not all of these come in."""
        if self.places is not None and self.places < len(asked):
            return WhyNot.NO_PLACE
        return WhyNot.NO_MONEY if self.won is not None and self.won < sum(asked) else None

    def less(self, asked: Sequence[int]) -> "Room":
        return replace(self, places=None if self.places is None else self.places - len(asked),
                       won=None if self.won is None else self.won - sum(asked))


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """Result that an application is to have: chosen with `won` or a prize, in the reserve, or not, for a reason."""

    won: int | None = None
    prize: str | None = None
    reserve_place: int | None = None
    why_not: WhyNot | None = None


def by_rule(candidates: Sequence[Candidate], room: Room, least: int | None) -> dict[int, Proposed]:
    """The highest first, as long as places and money last, then the reserve. Applications with equal means of which
    some would get more than others wait for a lot, those that ask for no sum for one that is typed, and so do all
    behind them: they are not in the answer."""
    made = {each.id: Proposed(why_not=WhyNot.TOO_FEW_POINTS) for each in candidates
            if least is not None and each.mean < least}
    by_id, asked = {each.id: each for each in candidates}, {each.id: each.asked or 0 for each in candidates}
    full: WhyNot | None = None
    for group in ranked({each.id: each.rank for each in candidates if each.id not in made}):
        sums = [asked[number] for number in group]
        if full is None and room.passed_over is not None and by_id[group[0]].mean < room.passed_over:
            full = WhyNot.NO_PLACE if room.places == 0 else WhyNot.NO_MONEY
            room = replace(room, places=0, won=0)
        if full is None and room.won is not None and any(by_id[number].asked is None for number in group):
            break
        if full is None and (full := room.why_full(sums)) is None:
            made |= {number: Proposed(won=asked[number] if room.won is not None else 0) for number in group}
            room = room.less(sums)
            continue
        some_would = len(group) > 1 and full is not None and any(room.why_full([each]) is None for each in sums)
        if len(group) > 1 and (some_would or room.reserve):
            break
        made |= {number: Proposed(reserve_place=room.reserve[0]) if room.reserve else Proposed(why_not=full)
                 for number in group}
        room = Room(places=0, won=0, reserve=room.reserve[1:])
    return made


def by_prizes(candidates: Sequence[Candidate], prizes: Sequence[Mapping[str, Any]], room: Room,
              least: int | None) -> dict[int, Proposed]:
    """The highest first, prize by prize. Equal means of which some would get a higher prize wait for a lot, and so do
    all behind them."""
    made: dict[int, Proposed] = {}
    rest = list(candidates)
    for prize in prizes:
        taken = by_rule(rest, replace(room, places=prize["count"], won=None, reserve=range(0)), least)
        made |= {number: replace(each, won=prize["won"], prize=prize["name"]) if each.why_not is None else each
                 for number, each in taken.items()}
        if len(taken) < len(rest):
            return {number: each for number, each in made.items() if each.why_not in (None, WhyNot.TOO_FEW_POINTS)}
        rest = [each for each in rest if made[each.id].why_not not in (None, WhyNot.TOO_FEW_POINTS)]
    return made


def equals(candidates: Sequence[Candidate],
           rule: Callable[[Sequence[Candidate]], Collection[int]]) -> list[list[int]]:
    """Groups of equals that the rule leaves for a lot, the highest first; whoever the lot puts first in one, the next
    follow for as many places."""
    groups: list[list[int]] = []
    while left := {each.id for each in candidates}.difference(rule(candidates)):
        group = ranked({each.id: each.rank for each in candidates if each.id in left})[0]
        if any(each.asked is None for each in candidates if each.id in group):
            break  # a sum has to be typed first
        groups.append(group)
        places = {number: place for place, number in enumerate(group, 1)}
        candidates = [replace(each, lot=places.get(each.id, each.lot)) for each in candidates]
    return groups


def prizes_left(prizes: Sequence[Mapping[str, Any]], awarded: Mapping[str | None, int]) -> list[dict[str, Any]]:
    """The same prizes, as many of each as nobody has; fewer than none where too many were awarded."""
    return [dict(prize) | {"count": prize["count"] - awarded.get(prize["name"], 0)} for prize in prizes]


def prizes_moved(prizes: Sequence[str], vacated: str, held: Sequence[tuple[Candidate, str]], following: int | None,
                 ) -> dict[int, str]:
    """Application → prize that it gets where one is vacated: of each lower prize the best moves up, and who follows by
    points gets the last; nobody from where two are equally good on. `prizes`: names, the highest first."""
    made, free = dict[int, str](), vacated
    for prize in prizes[prizes.index(vacated) + 1:]:
        if own := ranked({each.id: each.rank for each, name in held if name == prize}):
            if len(own[0]) > 1:
                return made
            made, free = made | {own[0][0]: free}, prize
    return made if following is None else made | {following: free}


@dataclass(frozen=True)
class Shown:
    """Scores of an application as everybody reads them beside their mean."""

    means: Sequence[Fraction] = ()
    """By criterion."""
    sums: Sequence[tuple[int | None, int]] = ()
    """Juror, where they are named, and points: the highest first."""


def shown(sheets: Sequence[tuple[int, Sequence[int]]], how: ScoresShown) -> Shown:
    """No finer than the call said before, and of fewer than five jurors nothing beside the mean, unless it said so.
    `sheets`: juror and points by criterion."""
    if how is ScoresShown.MEAN or len(sheets) < (LEAST_OF_FEW if how is ScoresShown.FEW else LEAST_SHOWN):
        return Shown()
    sums = sorted(((juror if how is ScoresShown.NAMES else None, sum(points)) for juror, points in sheets),
                  key=lambda each: (-each[1], each[0] or 0))
    columns = zip(*(points for _juror, points in sheets), strict=True)
    return Shown([Fraction(sum(points), len(sheets)) for points in columns], sums)


def milestone_days(decided_on: date) -> tuple[date, date, date]:
    """Days of agreement, interim sharing and result."""
    last = date(decided_on.year + (decided_on.month >= YEAR_ENDS_SOON), 11, 30)
    agreement = decided_on + timedelta(days=AGREEMENT_DAYS)
    return agreement, agreement + (last - agreement) // 2, last
