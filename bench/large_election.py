"""An election in the likeness of a large city's: many voters, projects that some districts love and others ignore."""

import numpy as np

from civic_forum.budgets.counting.election import BallotGroup, Election

VOTERS, PROJECTS, DISTRICTS = 90_000, 160, 18
BUDGET = 24_500_000
SEED = 20_260_907
MOST_CHOICES = 15


def costs(projects: int = PROJECTS) -> dict[str, int]:
    """Ids with a slash, as real files have them; most projects are small, a few take a tenth of the money."""
    drawn = np.random.default_rng(SEED).lognormal(12.6, 0.9, projects).clip(8_000, BUDGET / 10)
    return {f"BO.{number}/26": int(cost // 10 * 10) for number, cost in enumerate(drawn, 1)}


def ballots(voters: int = VOTERS, projects: int = PROJECTS) -> list[tuple[int, ...]]:
    """One per voter: places of the projects chosen, sorted. The same every time."""
    dice = np.random.default_rng(SEED + 1)
    popular = dice.lognormal(0, 0.8, projects)
    near = np.where(dice.random((DISTRICTS, projects)) < 0.15, 12.0, 1.0) * popular
    homes = dice.integers(0, DISTRICTS, voters)
    sizes = 1 + dice.binomial(MOST_CHOICES - 1, dice.beta(1.6, 1.2, voters))
    # The highest of weights raised by exponential noise are a draw without putting back.
    keys = dice.exponential(size=(voters, projects)) / near[homes]
    order = np.argsort(keys, axis=1)[:, :MOST_CHOICES]
    return [tuple(sorted(row[:size])) for row, size in zip(order.tolist(), sizes.tolist(), strict=True)]


def election() -> Election:
    """All of it, as the count takes it."""
    grouped: dict[tuple[int, ...], int] = {}
    for ballot in ballots():
        grouped[ballot] = grouped.get(ballot, 0) + 1
    return Election.of_groups(BUDGET, costs(), [BallotGroup(choices, many) for choices, many in grouped.items()])
