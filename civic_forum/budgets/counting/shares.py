"""Equal shares among voters: one share, and shares that grow in steady steps."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

import numpy as np

from . import going_down
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
        while (best := self._best()) is not None:
            place, price, tied = best
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
                      key=lambda place: going_down.key(self.election, place))
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
            first = min(best, key=lambda place: going_down.key(self.election, place))
            return first, exact[first], tuple(place for place in best if place != first)

    def _candidates(self) -> dict[int, Estimate]:
        """Every candidate that can be the best, as far as floating point can tell."""
        estimates: dict[int, tuple[Estimate, float]] = {}
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
            estimates[place] = estimate, most
        return {place: estimate for place, (estimate, most) in estimates.items() if most >= surely}

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


CAUTION = 0.999
"""Of what floating point finds, so much is promised; all slopes are sums of what is not negative, so it suffices."""


@dataclass(frozen=True)
class Slope:
    """A price, what it can be off by, and how fast it falls when the share grows."""

    price: float
    error: float
    fall: float


def growth(run: Run) -> float:
    """By how much more than the share of `run` every voter may hold, at the least, with all decisions the same."""
    return CAUTION * max(_Replay(run).growth(), 0.0)


class _Replay:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.weights = run.voters.weights.astype(float)
        self.held = np.full(len(run.voters), run.purses.near_share)
        self.rate = np.ones(len(run.voters))
        """By how much each holding grows with the share."""
        self.limit = np.inf
        self.slack = 4 * (len(run.bought) + 4) * EPS * run.purses.near_share
        """How far a holding can be off."""

    def growth(self) -> float:
        run = self.run
        waiting = {place for place in run.places if run.cost[place]}
        paying = 0
        for bought in run.bought:
            waiting.discard(bought.place)
            if bought.top:
                if not self._round(bought.place, bought.top / bought.bottom, paying, waiting):
                    return 0.0
                paying += 1
            waiting -= run.barred_by.get(bought.place, frozenset())
        for place in list(waiting):
            if not self._out_of_reach(place, paying):
                return 0.0
        return float(self.limit)

    def _alive(self, place: int, paying: int) -> np.ndarray:
        who = self.run.voters.of[place]
        return who[self.run.purses.emptied[who] >= paying]

    def _round(self, place: int, price: float, paying: int, waiting: set[int]) -> bool:
        """Take one round into account; False where nothing can be promised."""
        who = self._alive(place, paying)
        empties = self.run.purses.emptied[who] == paying
        rich, poor = who[~empties], who[empties]
        payers = self.weights[rich].sum()
        lacking = price - self.held[poor]
        if not payers or (len(lacking) and lacking.min() <= self.slack):
            return False
        fall = float((self.weights[poor] * self.rate[poor]).sum() / payers)
        if len(poor):
            self._at_most(float(((lacking - self.slack) / (self.rate[poor] + fall)).min()))
        for other in list(waiting):
            if not self._stays_behind(other, self._alive(other, paying), place, who, Slope(price, 0.0, fall), waiting):
                return False
        self.held[rich] -= price
        self.rate[rich] += fall
        return True

    def _stays_behind(self, other: int, theirs: np.ndarray, place: int, ours: np.ndarray, winner: Slope,
                      waiting: set[int]) -> bool:
        run = self.run
        together, error = self._together(other, theirs)
        if together + error < run.purses.near_cost[other]:
            waiting.discard(other)
            return self._short(other, theirs, together, error)
        if run.cost[other] == run.cost[place] and np.array_equal(theirs, ours):
            return True  # alike in everything: the order in ties decides, whatever the share
        loser = self._slope(other, theirs, error)
        if loser is None:
            return False
        if not winner.fall and not loser.fall:
            return True  # nobody pays all they have, nor will with more: both prices stay as they are, also in a tie
        worth, other_worth = ((run.purses.near_cost[place], run.purses.near_cost[other]) if run.utility is Utility.COST
                              else (1.0, 1.0))
        margin = (loser.price - loser.error) * worth - winner.price * other_worth * (1 + 8 * EPS)
        closing = loser.fall * worth - winner.fall * other_worth
        if margin <= 0:
            return False
        # Rounding can hide how fast they close in on each other; counting more is safe.
        closing += 1e-6 * loser.fall * worth
        if closing > 0:
            self._at_most(margin / closing)
        return True

    def _slope(self, place: int, who: np.ndarray, error: float) -> Slope | None:
        cost, held, weights = self.run.purses.near_cost[place], self.held[who], self.weights[who]
        payers = weights.sum()
        price, rest = cost / payers, cost
        poor = np.zeros(len(who), dtype=bool)
        while True:
            # Those who hold the price to within rounding are taken for poor: the fall comes out steeper.
            more = ~poor & (held < price + error / payers + self.slack)
            if not more.any():
                break
            poor |= more
            payers -= weights[more].sum()
            if payers < 1:
                return None
            rest -= (weights[more] * held[more]).sum()
            price = max(price, rest / payers)
        return Slope(float(price), error / float(payers), float((weights[poor] * self.rate[who][poor]).sum() / payers))

    def _out_of_reach(self, place: int, paying: int) -> bool:
        who = self._alive(place, paying)
        return self._short(place, who, *self._together(place, who))

    def _short(self, place: int, who: np.ndarray, together: float, error: float) -> bool:
        missing = self.run.purses.near_cost[place] - together - error
        if missing <= 0:
            return False
        rate = float((self.weights[who] * self.rate[who]).sum())
        if rate:
            self._at_most(missing / rate)
        return True

    def _together(self, place: int, who: np.ndarray) -> tuple[float, float]:
        """Sum of what these hold, and the largest error of it or of the cost against which it is held."""
        together = float((self.weights[who] * self.held[who]).sum())
        return together, 2 * float(self.weights[who].sum()) * self.slack + 4 * (len(who) + 8) * EPS * max(
            together, self.run.purses.near_cost[place])

    def _at_most(self, growth: float) -> None:
        self.limit = min(self.limit, growth)
