"""Money that every voter still holds in one run of equal shares, and what the supporters of a project would pay.

A voter who still holds money has paid every price in full for which they were asked, so what they hold is
share − Σ prices of the rounds in which they paid: sums over voters are exact from whole-number counts of who
paid in which round. Floating point only says which projects and voters lie so close together that the exact
comparison is needed: each estimate carries a bound of its error, and whatever overlaps is compared in whole
numbers.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, inf, lcm
from typing import NamedTuple

import numpy as np

from .election import Election

EPS = float(np.finfo(float).eps)


class Price(NamedTuple):
    """Price for each supporter, `top` ÷ `bottom`, in the whole numbers of a run."""

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
        """Number of ballots in these groups."""
        return len(who) if self.single else int(self.weights[who].sum())


class Purses:
    """All voters hold the share at first; `pay` takes from them what a project costs."""

    def __init__(self, voters: Voters, share: Fraction, costs: Mapping[int, Fraction]) -> None:
        self.voters = voters
        self.cost = costs
        self.near_cost = {place: float(cost) for place, cost in costs.items()}
        self.near_share = float(share)
        self.unit = lcm(share.denominator, *(cost.denominator for cost in costs.values()))
        """Whole numbers are this many to the unit of the budget; it grows with the prices."""
        self.whole_share = int(share * self.unit)
        self.whole_prices: list[int] = []
        self.held = np.full(len(voters), self.near_share)
        self.paid = np.zeros((len(voters), 16), dtype=np.uint8)
        self.emptied = np.full(len(voters), len(costs) + 1, dtype=np.int32)
        """The paying round, from 0, after which a voter holds nothing."""
        self.supporters = {place: voters.of[place] for place in costs}
        """Those who hold something, as far as it was looked at."""

    def backing(self, place: int) -> int:
        """Number of ballots that support this candidate and hold something, at the last look."""
        return self.voters.total(self.supporters[place])

    def slack(self) -> float:
        """Largest error of a holding: one rounding per price that was taken from it."""
        return (len(self.whole_prices) + 4) * EPS * self.near_share

    def estimate(self, place: int) -> Estimate | None:
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
        error = 2 * payers * self.slack() + 2 * (len(who) + 8) * EPS * max(cost, together)
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
        if len(held) and held.min() <= highest + self.slack():
            highest = inf
        return Estimate(price, lowest, highest)

    def price(self, place: int, estimate: Estimate) -> Price | None:
        """The exact price; None when the supporters do not hold the cost together."""
        who = self.supporters[place]
        held = self.held[who]
        slack = self.slack()
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
        """Sum of the money of these voters, none of whom is exhausted, exactly."""
        if not len(who):
            return 0
        rounds = len(self.whole_prices)
        paid = self.paid[:, :rounds][who] if rounds else np.zeros((len(who), 0), dtype=np.uint8)
        if self.voters.single:
            counts = paid.sum(axis=0, dtype=np.int64).tolist()
        else:
            counts = (self.voters.weights[who] @ paid.astype(np.int64)).tolist()
        paid_out = sum(count * price for count, price in zip(counts, self.whole_prices, strict=True) if count)
        return self.voters.total(who) * self.whole_share - int(paid_out)

    def _compare(self, who: np.ndarray, top: int, bottom: int) -> np.ndarray:
        """-1, 0 or 1 as each voter holds less than, exactly or more than top ÷ bottom; equal histories once."""
        comparisons = np.zeros(len(who), dtype=np.int8)
        if not len(who):
            return comparisons
        rounds = len(self.whole_prices)
        if rounds:
            histories, place = np.unique(np.packbits(self.paid[:, :rounds][who], axis=1), axis=0, return_inverse=True)
            rows = np.unpackbits(histories, axis=1, count=rounds).tolist()
        else:
            rows, place = [[]], np.zeros(len(who), dtype=np.int64)
        signs = []
        for bits in rows:
            holds = self.whole_share - sum(price for bit, price in zip(bits, self.whole_prices, strict=True) if bit)
            difference = holds * bottom - top
            signs.append((difference > 0) - (difference < 0))
        comparisons[:] = np.array(signs, dtype=np.int8)[place.reshape(-1)]
        return comparisons

    def pay(self, place: int, price: Price) -> tuple[int, int]:
        """Take the cost of this candidate from its supporters; the price as whole numbers, top ÷ bottom."""
        common = gcd(price.top, price.bottom)
        top, bottom = price.top // common, price.bottom // common
        whole = bottom * self.unit
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
        return top, whole
