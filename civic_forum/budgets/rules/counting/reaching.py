"""Reasons why equal shares did not fund a project: what its supporters held after every round, exactly."""

from fractions import Fraction
from typing import Any

import numpy as np

from .election import Election
from .going_down import excluded_by
from .outcome import NotSelected, Reason, Spent
from .shares import Run


def reason(election: Election, run: Run, place: int) -> NotSelected:
    """Reason that kept this candidate, which has votes, from being funded in `run`, whatever came first."""
    candidate = election.candidates[place]
    about: dict[str, Any] = {"project": candidate.id, "cost": candidate.cost, "votes": election.votes[place]}
    held = holdings(run, place)
    about["held_at_start"] = held[0]
    short = next((at for at, money in enumerate(held) if money < candidate.cost), None)
    if short == 0:
        return NotSelected(reason=Reason.NEVER_ENOUGH, **about)
    order = [election.candidates[bought.place].id for bought in run.bought]
    free = len(run.bought) - len(run.paying)
    winner = excluded_by(election, candidate.id, order)
    if winner is not None and (short is None or order.index(winner) < free + short):
        return NotSelected(reason=Reason.EXCLUDED, by=winner, **about)
    if short is None:
        raise ValueError("a project within reach to the end is funded")
    spent = tuple(Spent(order[free + at], before - after)
                  for at, (before, after) in enumerate(zip(held[:short], held[1:short + 1], strict=True))
                  if before > after)
    return NotSelected(reason=Reason.WITHIN_REACH_UNTIL_ROUND, round=free + short, left=held[short],
                       spent_on=spent, **about)


def holdings(run: Run, place: int) -> list[Fraction]:
    """Money that the supporters hold together at the start and after each round in which money changed hands."""
    who = run.voters.of[place]
    rounds = len(run.paying)
    weights = run.voters.weights[who]
    emptied = np.minimum(run.purses.emptied[who], rounds)
    # By the round that emptied them: how many voters, and in which rounds these paid. Whole numbers below
    # 2^53 stay exact in float, whose matrix product is the quick one.
    voters = np.bincount(emptied, weights=weights, minlength=rounds + 1)
    weighted = run.purses.paid[who][:, :rounds] * weights[:, None].astype(float)
    payers = np.zeros((rounds + 1, rounds))
    order = np.argsort(emptied, kind="stable")
    starts = np.searchsorted(emptied[order], np.arange(rounds + 1))
    for at in range(rounds + 1):
        end = starts[at + 1] if at < rounds else len(order)
        payers[at] = weighted[order[starts[at]:end]].sum(axis=0)
    found = [Fraction(run.purses.whole_share * int(weights.sum()), run.purses.unit)]
    for at in range(rounds):
        alive = int(voters[at + 1:].sum())
        paid = payers[at + 1:, :at + 1].sum(axis=0).astype(np.int64).tolist()
        whole = run.purses.whole_share * alive - sum(
            count * price for count, price in zip(paid, run.purses.whole_prices[:at + 1], strict=True))
        found.append(Fraction(whole, run.purses.unit))
    return found
