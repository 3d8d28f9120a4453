"""Number of groups that does not flicker between runs. Pure."""

from dataclasses import dataclass

UPDATES = 4
"""In a row that another number has to win before it is adopted."""


@dataclass(frozen=True)
class Steady:
    """`k` is in force; `candidate` has won the last `wins` updates."""

    k: int
    candidate: int
    wins: int


def settle(before: Steady | None, winner: int, needed: int = UPDATES) -> Steady:
    """State after an update in which `winner` was the best number."""
    if before is None or winner == before.k:
        return Steady(winner, winner, 0)
    wins = before.wins + 1 if winner == before.candidate else 1
    return Steady(winner, winner, 0) if wins >= needed else Steady(before.k, winner, wins)
