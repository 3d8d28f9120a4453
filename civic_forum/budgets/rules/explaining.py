"""Numbers of a count as sentences tell them, and their rounding. Pure decisions; the words are elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..counting.outcome import Count, Funding, NotSelected, Spent
from ..counting.settings import CountingRules

MOST_NAMED = 3
"""So many of the projects that took the supporters' money are named, the largest."""


@dataclass(frozen=True)
class ShownAmount:
    """An amount as it is told: cut off, never rounded up, so that nobody is told of money that was not there."""

    value: Fraction
    is_exact: bool


@dataclass(frozen=True)
class Shortfall:
    """Money there, cost, and money missing; as shown, the first and the last make the second."""

    had: ShownAmount
    cost: Fraction
    missing: Fraction


def shown(amount: Fraction, places: int = 0) -> ShownAmount:
    """The amount cut off after so many decimals; won have none."""
    unit = 10**places
    value = Fraction(amount * unit // 1, unit)
    return ShownAmount(value, value == amount)


def shortfall(had: Fraction, cost: Fraction, places: int = 0) -> Shortfall:
    """Money that was missing; ValueError where it would have been enough."""
    if had >= cost:
        raise ValueError("nothing was missing")
    told = shown(had, places)
    return Shortfall(told, cost, cost - told.value)


def main_spending(spent: Sequence[Spent]) -> tuple[tuple[str, ...], int]:
    """The projects that took most of the supporters' money, in the order of funding, and how many more there are."""
    largest = sorted(range(len(spent)), key=lambda at: (-spent[at].amount, at))[:MOST_NAMED]
    return tuple(spent[at].project for at in sorted(largest)), len(spent) - len(largest)


def points(value: Fraction, rules: CountingRules) -> Fraction:
    """A score, or a part of one, of at most 100, to two decimals, half a hundredth upwards."""
    whole = value * 10000 / sum(rules.weights.values())
    return Fraction((whole + Fraction(1, 2)) // 1, 100)


def part_points(count: Count, project: str) -> dict[str, Fraction]:
    """Body → what it adds to the score of the project, of at most 100."""
    return {body: points(count.rules.weights.get(body, Fraction(0)) * part, count.rules)
            for body, part in count.parts.get(project, {}).items()}


def verdict(count: Count, project: str) -> Funding | NotSelected:
    """Verdict of the count on this project; KeyError for one that it does not know."""
    rows: list[Funding | NotSelected] = [*count.rounds, *count.not_selected]
    for one in rows:
        if one.project == project:
            return one
    raise KeyError(project)
