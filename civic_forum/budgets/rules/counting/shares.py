"""The Method of Equal Shares for one share: round by round, the project that gives most for the money.

Source: Peters, Pierczyński and Skowron, NeurIPS 2021. Values only fall from round to round, so a project
whose last known value is below one that is surely paid now need not be looked at.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from . import ties
from .election import Election
from .purses import EPS, Estimate, Price, Purses, Voters
from .settings import Utility


@dataclass(frozen=True)
class Bought:
    """One round: the candidate's place, the price top ÷ bottom in the unit of the budget, and who was tied with it."""

    place: int
    top: int
    bottom: int
    cost: Fraction
    supporters: int
    tied: tuple[int, ...]

    @property
    def price(self) -> Fraction:
        """Price for each supporter who holds as much."""
        return Fraction(self.top, self.bottom)

    @property
    def effective_votes(self) -> Fraction:
        """Cost ÷ price; for what is free, the supporters."""
        return self.cost / self.price if self.top else Fraction(self.supporters)


@dataclass
class Run:
    """Equal shares with one share, round by round."""

    election: Election
    voters: Voters
    places: list[int]
    """Candidates that may be funded."""
    share: Fraction
    utility: Utility
    barred_by: dict[int, frozenset[int]]
    """Place → the places that cannot win beside it."""
    bought: list[Bought] = field(default_factory=list)

    def __post_init__(self) -> None:
        costs = {place: self.election.candidates[place].cost for place in self.places}
        self.purses = Purses(self.voters, self.share, costs)
        self.cost = costs
        self.paying: list[Bought] = []
        """The rounds in which money changed hands."""
        self.open = {place: self._first_bound(place) for place in self.places}
        """Unfunded candidates that may still be paid, and the most that their value can be."""

    def until(self, budget: Fraction | None = None) -> bool:
        """Fund all that can be; False, and stop, when that costs more than the budget."""
        spent = Fraction(0)
        self._fund_what_is_free()
        while (found := self._best()) is not None:
            place, price, tied = found
            spent += self.cost[place]
            if budget is not None and spent > budget:
                return False
            self._buy(place, price, tied)
        return True

    def _first_bound(self, place: int) -> float:
        supporters = self.purses.backing(place)
        if self.utility is Utility.COST:
            return supporters * (1 + 8 * EPS)
        cost = self.purses.near_cost[place]
        return supporters / cost * (1 + 8 * EPS) if cost else inf

    def _fund_what_is_free(self) -> None:
        free = sorted((place for place in self.places if not self.cost[place]),
                      key=lambda place: ties.key(self.election, place))
        for at, place in enumerate(free):
            if place in self.open:
                supporters = self.purses.backing(place)
                tied = tuple(other for other in free[at + 1:]
                             if other in self.open and self.purses.backing(other) == supporters)
                self.bought.append(Bought(place, 0, 1, self.cost[place], supporters, tied))
                self._close(place)

    def _close(self, place: int) -> None:
        self.open.pop(place, None)
        for other in self.barred_by.get(place, ()):
            self.open.pop(other, None)

    def _best(self) -> tuple[int, Price, tuple[int, ...]] | None:
        """The candidate to fund now, its price, and those that were equal to it but for the order in ties."""
        while True:
            near = self._candidates()
            if not near:
                return None
            exact: dict[int, Price] = {}
            for place, estimate in near.items():
                price = self.purses.price(place, estimate)
                if price is None:
                    del self.open[place]
                else:
                    exact[place] = price
            if len(exact) < len(near):
                continue
            best = self._equals(exact)
            first = min(best, key=lambda place: ties.key(self.election, place))
            return first, exact[first], tuple(place for place in best if place != first)

    def _candidates(self) -> dict[int, Estimate]:
        """Every candidate that can be the best, as far as floating point can tell."""
        found: dict[int, tuple[Estimate, float]] = {}
        surely = 0.0
        for place in sorted(self.open, key=self.open.__getitem__, reverse=True):
            if self.open[place] < surely:
                break
            estimate = self.purses.estimate(place)
            if estimate is None:
                del self.open[place]
                continue
            most = self._value(place, estimate.lowest) * (1 + 8 * EPS)
            self.open[place] = min(most, self.open[place])
            surely = max(surely, self._value(place, estimate.highest) * (1 - 8 * EPS))
            found[place] = estimate, most
        return {place: estimate for place, (estimate, most) in found.items() if most >= surely}

    def _value(self, place: int, price: float) -> float:
        if price <= 0:
            return inf
        return (self.purses.near_cost[place] if self.utility is Utility.COST else 1.0) / price

    def _equals(self, exact: dict[int, Price]) -> list[int]:
        """Those of the highest value, compared in whole numbers."""
        best: list[int] = []
        top, bottom = 0, 1
        for place, price in exact.items():
            worth = self.cost[place] if self.utility is Utility.COST else Fraction(1)
            mine = price.bottom * worth.numerator, price.top * worth.denominator
            here, there = mine[0] * bottom, top * mine[1]
            if not best or here > there:
                best, (top, bottom) = [place], mine
            elif here == there:
                best.append(place)
        return best

    def _buy(self, place: int, price: Price, tied: tuple[int, ...]) -> None:
        backing = self.purses.backing(place)
        bought = Bought(place, *self.purses.pay(place, price), self.cost[place], backing, tied)
        self.bought.append(bought)
        self.paying.append(bought)
        self._close(place)
