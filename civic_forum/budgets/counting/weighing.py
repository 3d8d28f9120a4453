"""Influence of each body on the order by the weighted rule: a trial count of each alone and of both. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt

from .counting import count
from .election import Election
from .going_down import scores
from .outcome import Count
from .settings import BODIES, CountingRules, Share

CLEARLY = Fraction(1, 4)
"""By so much the correlations differ where one body clearly decides more."""


@dataclass(frozen=True)
class Weighing:
    """Outcomes of each body by itself, beside both together."""

    share: Share
    freer: str | None
    """The body whose members may choose more projects."""
    heavier: str | None = None
    """The body that clearly decides more."""
    both: Count | None = None
    """None where there is nothing to try the rule on."""
    alone: Mapping[str, Count] | None = None
    """Body → what its votes alone would come to."""
    correlations: Mapping[str, Fraction | None] | None = None
    """Body → rank correlation of its scores with those of both; None where it orders nothing."""

    @cached_property
    def counts(self) -> list[Count]:
        """Each body alone in the order of `BODIES`, then both."""
        return [*(self.alone[body] for body in BODIES), self.both] if self.both and self.alone else []

    @cached_property
    def chosen(self) -> dict[str, tuple[bool, ...]]:
        """Project → by which of `counts` it is chosen, what both choose first; no project that none chooses."""
        ids = dict.fromkeys(project_id for count in reversed(self.counts) for project_id in count.selected)
        return {project_id: tuple(project_id in count.selected for count in self.counts) for project_id in ids}

    def kept(self, body: str) -> int:
        """Number of the projects of both that the body alone would choose."""
        if self.both is None or self.alone is None:
            return 0
        return len(set(self.both.selected) & set(self.alone[body].selected))


def weigh(rules: CountingRules, limits: Mapping[str, int | None], election: Election | None = None) -> Weighing:
    """`limits`: body → how many projects one of it may choose at most, None where it is not limited. Without an
    election only the limits are compared. Raises ValueError where the votes of a body that weighs are missing."""
    freer = _most({body: Fraction(-1, limit) if limit else Fraction(0) for body, limit in limits.items()}, Fraction(0))
    if election is None:
        return Weighing(rules.share, freer)
    by_itself = {body: rules.with_(weights={body: Fraction(1)}) for body in BODIES}
    order = scores(election, rules)
    correlations = {body: spearman(scores(election, own), order) if rules.weights.get(body) else None
                    for body, own in by_itself.items()}
    heavier = _most({body: correlation or Fraction(0) for body, correlation in correlations.items()}, CLEARLY)
    alone = {body: count(election, own) for body, own in by_itself.items()}
    return Weighing(rules.share, freer, heavier, count(election, rules), alone, correlations)


def spearman(first: Sequence[Fraction], second: Sequence[Fraction]) -> Fraction | None:
    """Rank correlation to two decimals, half a hundredth away from nothing, with mean ranks for equals (Spearman,
    1904). None where one of the two makes no difference between its values."""
    ranks, others = _ranks(first), _ranks(second)
    together = sum(rank * other for rank, other in zip(ranks, others, strict=True))
    spread = sum(rank * rank for rank in ranks) * sum(rank * rank for rank in others)
    if not spread:
        return None
    hundredths = (isqrt(40_000 * together**2 // spread) + 1) // 2
    return Fraction(hundredths if together > 0 else -hundredths, 100)


def _ranks(values: Sequence[Fraction]) -> list[int]:
    """Twice the mean rank of each value, counted from the middle of all."""
    ordered = sorted(values)
    below = {value: place for place, value in reversed(list(enumerate(ordered)))}
    through = {value: place for place, value in enumerate(ordered)}
    return [below[value] + through[value] + 1 - len(values) for value in values]


def _most(values: Mapping[str, Fraction], by: Fraction) -> str | None:
    """The body with the larger value, where it is so much larger (by anything, for nothing)."""
    if len(values) < 2:
        return None
    least, most = sorted(values, key=values.__getitem__)
    difference = values[most] - values[least]
    return most if difference and difference >= by else None
