"""The course of one project through a count, step by step. Pure: the numbers of the count in the order in which they
came."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..counting.outcome import Count, Funding, NotSelected, Reason, Spent
from ..counting.settings import Rule


@dataclass(frozen=True)
class Turn:
    """Turn of a project in the list. Money in the unit of the budget."""

    rank: int
    project: str
    votes: Fraction
    score: Fraction | None
    cost: Fraction
    left: Fraction | None
    """Before it; None where its turn did not come."""
    reason: Reason | None
    """None: it was funded."""


def turns(count: Count) -> list[Turn]:
    """Down the list of greedy and weighted, first to last; a project that was out before has no turn."""
    if count.rules.rule is Rule.EQUAL_SHARES:
        return []
    funded = [Turn(one.rank, one.project, one.votes, one.score, one.cost, one.left_before, None)
              for one in count.rounds if one.rank is not None]
    passed = [Turn(one.rank, one.project, one.votes, one.score, one.cost, one.left, one.reason)
              for one in count.not_selected if one.rank is not None]
    return sorted([*funded, *passed], key=lambda turn: turn.rank)


@dataclass(frozen=True)
class Account:
    """Account of a project's supporters in equal shares: what they had, and where it went."""

    share: Fraction
    """Of each of them at the start."""
    start: Fraction
    """Of all of them."""
    spent: Sequence[Spent]
    """In the order of funding."""
    left: Fraction
    cost: Fraction

    @property
    def missing(self) -> Fraction:
        return self.cost - self.left


def account(count: Count, said: Funding | NotSelected) -> Account | None:
    """None where the rule knows no shares, for a project that was funded, and where numbers stay hidden."""
    if count.share is None or isinstance(said, Funding):
        return None
    if said.reason is Reason.NEVER_ENOUGH and said.held_at_start is not None:
        return Account(count.share, said.held_at_start, (), said.held_at_start, said.cost)
    if said.reason is Reason.WITHIN_REACH_UNTIL_ROUND and said.left is not None:
        start = said.left + sum((one.amount for one in said.spent_on), Fraction(0))
        return Account(count.share, start, said.spent_on, said.left, said.cost)
    return None
