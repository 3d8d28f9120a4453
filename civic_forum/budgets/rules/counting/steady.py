"""Steps of the share before any decision of equal shares can change: those between need no run.

While no decision changes, every holding and every price is linear in the growth t of the share: holdings
grow (by b ≥ 1 per unit), prices fall (by Σ of the b of those who pay all they have, ÷ the others). The price
of a project that loses is convex in t, so it stays above its tangent. The first t at which any comparison of
the run can turn over is therefore known. It is computed in floating point, always too low by far more than
the rounding; where two sides lie too close to tell, nothing is skipped.
"""

from dataclasses import dataclass

import numpy as np

from .purses import EPS
from .settings import Utility
from .shares import Run

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
        return Slope(float(price), error / float(payers),
                     float((weights[poor] * self.rate[who][poor]).sum() / payers))

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
