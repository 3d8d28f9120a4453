"""The order in ties, everywhere: lower cost, then more votes, then the id by code point or the lot."""

from collections.abc import Iterable
from fractions import Fraction

from .election import Election
from .outcome import Criterion


def key(election: Election, place: int) -> tuple[Fraction, Fraction, int | str]:
    """Sorts tied candidates, given by their place in `election.candidates`."""
    return election.candidates[place].cost, -election.votes[place], election.tie_rank[place]


def decided(election: Election, places: Iterable[int]) -> tuple[tuple[str, ...], tuple[Criterion, ...]]:
    """The ids of tied candidates in order, and every criterion that told two neighbours apart."""
    ordered = sorted(places, key=lambda place: key(election, place))
    last = Criterion.ID if election.lot is None else Criterion.LOT
    criteria = (Criterion.COST, Criterion.VOTES, last)
    used = set()
    for one, other in zip(ordered, ordered[1:], strict=False):
        mine, theirs = key(election, one), key(election, other)
        used.add(next(criterion for at, criterion in enumerate(criteria) if mine[at] != theirs[at]))
    return (tuple(election.candidates[place].id for place in ordered),
            tuple(criterion for criterion in criteria if criterion in used))
