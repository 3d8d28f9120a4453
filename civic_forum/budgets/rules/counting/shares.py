"""The Method of Equal Shares for one share: exact, and quick where it can prove that it need not be slow.

Source: Peters, Pierczyński and Skowron, NeurIPS 2021. A voter who still holds money has paid every price
in full for which they were asked, so what they hold is share − Σ prices of the rounds in which they paid:
sums over voters are exact from whole-number counts of who paid in which round. Floating point only says
which projects and voters lie so close together that the exact comparison is needed: each estimate carries
a bound of its error, and whatever overlaps is compared in whole numbers.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, inf, lcm
from typing import NamedTuple

import numpy as np

from . import ties
from .election import Election
from .settings import Utility

EPS = float(np.finfo(float).eps)


class Price(NamedTuple):
    """What each supporter pays, `top` ÷ `bottom`, in the whole numbers of a run."""

    top: int
    bottom: int
    poor: np.ndarray
    """Places of the supporters who cannot pay it and pay all they have."""
    exhausted: np.ndarray
    """The same and those who hold exactly the price."""


class Estimate(NamedTuple):
    """A price in floating point and how far off it can be."""

    price: float
    lowest: float
    highest: float


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
        """What each supporter pays who holds as much."""
        return Fraction(self.top, self.bottom)

    @property
    def effective_votes(self) -> Fraction:
        """Cost ÷ price; for what is free, the supporters."""
        return self.cost / self.price if self.top else Fraction(self.supporters)


class Voters:
    """The ballots of an election as arrays, made once for all shares that are tried."""

    def __init__(self, election: Election, places: list[int]) -> None:
        groups = election.ballots or ()
        self.weights = np.array([group.how_many for group in groups], dtype=np.int64)
        self.single = bool((self.weights == 1).all())
        wanted = np.zeros(len(election.candidates), dtype=bool)
        wanted[places] = True
        lengths = np.fromiter((len(group.choices) for group in groups), dtype=np.int64, count=len(groups))
        chosen = np.fromiter((place for group in groups for place in group.choices), dtype=np.int64,
                             count=int(lengths.sum()))
        who = np.repeat(np.arange(len(groups)), lengths)
        order = np.argsort(chosen, kind="stable")
        bounds = np.searchsorted(chosen[order], np.arange(len(election.candidates) + 1))
        self.of = {place: who[order[bounds[place]:bounds[place + 1]]] for place in places}
        """Candidate's place → places of its supporters in the groups of ballots."""

    def __len__(self) -> int:
        return len(self.weights)

    def total(self, who: np.ndarray) -> int:
        """How many ballots these groups are."""
        return len(who) if self.single else int(self.weights[who].sum())


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
        unit = lcm(self.share.denominator, *(cost.denominator for cost in costs.values()))
        self.unit = unit
        """Whole numbers are this many to the unit of the budget; it grows with the prices."""
        self.whole_share = int(self.share * unit)
        self.whole_prices: list[int] = []
        self.paying: list[Bought] = []
        """The rounds in which money changed hands."""
        self.cost = costs
        self.near_cost = {place: float(cost) for place, cost in costs.items()}
        self.near_share = float(self.share)
        self.held = np.full(len(self.voters), self.near_share)
        self.paid = np.zeros((len(self.voters), 16), dtype=np.uint8)
        self.emptied = np.full(len(self.voters), len(self.places) + 1, dtype=np.int32)
        """The paying round, from 0, after which a voter holds nothing."""
        self.supporters = {place: self.voters.of[place] for place in self.places}
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
        supporters = self.voters.total(self.supporters[place])
        if self.utility is Utility.COST:
            return supporters * (1 + 8 * EPS)
        cost = self.near_cost[place]
        return supporters / cost * (1 + 8 * EPS) if cost else inf

    def _fund_what_is_free(self) -> None:
        free = sorted((place for place in self.places if not self.cost[place]),
                      key=lambda place: ties.key(self.election, place))
        for at, place in enumerate(free):
            if place in self.open:
                supporters = self.voters.total(self.supporters[place])
                tied = tuple(other for other in free[at + 1:]
                             if other in self.open and self.voters.total(self.supporters[other]) == supporters)
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
                price = self._price(place, estimate)
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
            estimate = self._estimate(place)
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
        return (self.near_cost[place] if self.utility is Utility.COST else 1.0) / price

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

    def _slack(self) -> float:
        """How far a holding can be off: one rounding per price that was taken from it."""
        return (len(self.whole_prices) + 4) * EPS * self.near_share

    def _estimate(self, place: int) -> Estimate | None:
        """The price in floating point; None when the supporters surely do not hold the cost any more."""
        who = self.supporters[place]
        held = self.held[who]
        alive = held > 0
        if not alive.all():
            who = self.supporters[place] = who[alive]
            held = held[alive]
        weights = None if self.voters.single else self.voters.weights[who].astype(float)
        cost = self.near_cost[place]
        payers = float(len(who)) if weights is None else float(weights.sum())
        together = float(held.sum()) if weights is None else float(held @ weights)
        error = 2 * payers * self._slack() + 2 * (len(who) + 8) * EPS * max(cost, together)
        if together < cost - error:
            return None
        price, rest = cost / payers, cost
        lowest = price - error / payers
        while True:
            poor = held < price
            if not poor.any():
                break
            if weights is None:
                rest -= float(held[poor].sum())
                payers -= int(poor.sum())
            else:
                rest -= float(held[poor] @ weights[poor])
                payers -= float(weights[poor].sum())
                weights = weights[~poor]
            held = held[~poor]
            if payers < 1 or rest <= 0:
                return Estimate(price, lowest, inf)
            if rest / payers <= price:
                break
            price = rest / payers
            lowest = max(lowest, price - error / payers)
        highest = price + error / payers
        if len(held) and held.min() <= highest + self._slack():
            highest = inf
        return Estimate(price, lowest, highest)

    def _price(self, place: int, estimate: Estimate) -> Price | None:
        """The exact price; None when the supporters do not hold the cost together."""
        who = self.supporters[place]
        held = self.held[who]
        slack = self._slack()
        cost = int(self.cost[place] * self.unit)
        all_payers = self.voters.total(who)
        is_poor = held < estimate.lowest - slack
        newly = is_poor.nonzero()[0]
        paid, payers = 0, all_payers
        while True:
            paid += self._together(who[newly])
            payers -= self.voters.total(who[newly])
            if payers <= 0:
                return None
            top = cost - paid
            near = top / (payers * self.unit)
            margin = slack + 4 * EPS * near
            more = ~is_poor & (held < near - margin)
            close = (~is_poor & (np.abs(held - near) <= margin)).nonzero()[0]
            versus = self._compare(who[close], top, payers)
            more[close[versus < 0]] = True
            newly = more.nonzero()[0]
            if not len(newly):
                exhausted = is_poor.copy()
                exhausted[close[versus == 0]] = True
                return Price(top, payers, who[is_poor], who[exhausted])
            is_poor |= more

    def _together(self, who: np.ndarray) -> int:
        """What these voters, none of whom is exhausted, hold together, exactly."""
        if not len(who):
            return 0
        rounds = len(self.whole_prices)
        paid = self.paid[:, :rounds][who] if rounds else np.zeros((len(who), 0), dtype=np.uint8)
        if self.voters.single:
            counts = paid.sum(axis=0, dtype=np.int64).tolist()
        else:
            counts = (self.voters.weights[who] @ paid.astype(np.int64)).tolist()
        return self.voters.total(who) * self.whole_share - sum(
            count * price for count, price in zip(counts, self.whole_prices, strict=True) if count)

    def _compare(self, who: np.ndarray, top: int, bottom: int) -> np.ndarray:
        """-1, 0 or 1 as each voter holds less than, exactly or more than top ÷ bottom; equal histories once."""
        found = np.zeros(len(who), dtype=np.int8)
        if not len(who):
            return found
        rounds = len(self.whole_prices)
        if rounds:
            histories, place = np.unique(np.packbits(self.paid[:, :rounds][who], axis=1), axis=0,
                                         return_inverse=True)
            rows = np.unpackbits(histories, axis=1, count=rounds).tolist()
        else:
            rows, place = [[]], np.zeros(len(who), dtype=np.int64)
        signs = []
        for row in rows:
            holds = self.whole_share - sum(price for bit, price in zip(row, self.whole_prices, strict=True) if bit)
            difference = holds * bottom - top
            signs.append((difference > 0) - (difference < 0))
        found[:] = np.array(signs, dtype=np.int8)[place.reshape(-1)]
        return found

    def _buy(self, place: int, price: Price, tied: tuple[int, ...]) -> None:
        common = gcd(price.top, price.bottom)
        top, bottom = price.top // common, price.bottom // common
        whole = bottom * self.unit
        bought = Bought(place, top, whole, self.cost[place], self.voters.total(self.supporters[place]), tied)
        self.bought.append(bought)
        self.paying.append(bought)
        if bottom > 1:
            self.unit *= bottom
            self.whole_share *= bottom
            self.whole_prices = [each * bottom for each in self.whole_prices]
        this = len(self.whole_prices)
        self.whole_prices.append(top)
        if this == self.paid.shape[1]:
            self.paid = np.concatenate([self.paid, np.zeros_like(self.paid)], axis=1)
        who = self.supporters[place]
        self.paid[who, this] = 1
        # Whoever is not exhausted holds something, however small the difference of two floats comes out.
        self.held[who] = np.maximum(self.held[who] - top / whole, EPS * self.near_share)
        self.held[price.exhausted] = 0.0
        self.emptied[price.exhausted] = this
        self._close(place)
