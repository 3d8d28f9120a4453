"""Numbers that explain a result, what happened to a project step by step, and decisions of the council. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ..counting.outcome import Count, Funding, NotSelected, Reason, Spent
from ..counting.settings import CountingRules, Rule
from ..rules import CouncilDecision, ProjectState

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


def points(score: Fraction, rules: CountingRules) -> Fraction:
    """A score, or a part of one, of at most 100, to two decimals, half a hundredth upwards."""
    whole = score * 10000 / sum(rules.weights.values())
    return Fraction((whole + Fraction(1, 2)) // 1, 100)


def part_points(count: Count, project: str) -> dict[str, Fraction]:
    """Body → what it adds to the score of the project, of at most 100."""
    return {body: points(count.rules.weights.get(body, Fraction(0)) * part, count.rules)
            for body, part in count.parts.get(project, {}).items()}


def verdict(count: Count, project: str) -> Funding | NotSelected:
    """Verdict of the count on this project; KeyError for one that it does not know."""
    verdicts: list[Funding | NotSelected] = [*count.rounds, *count.not_selected]
    for verdict in verdicts:
        if verdict.project == project:
            return verdict
    raise KeyError(project)


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
    funded = [Turn(funding.rank, funding.project, funding.votes, funding.score, funding.cost, funding.left_before, None)
              for funding in count.rounds if funding.rank is not None]
    passed = [Turn(line.rank, line.project, line.votes, line.score, line.cost, line.left, line.reason)
              for line in count.not_selected if line.rank is not None]
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


def account(count: Count, verdict: Funding | NotSelected) -> Account | None:
    """None where the rule knows no shares, for a project that was funded, and where numbers stay hidden."""
    if count.share is None or isinstance(verdict, Funding):
        return None
    if verdict.reason is Reason.NEVER_ENOUGH and verdict.held_at_start is not None:
        return Account(count.share, verdict.held_at_start, (), verdict.held_at_start, verdict.cost)
    if verdict.reason is Reason.WITHIN_REACH_UNTIL_ROUND and verdict.left is not None:
        start = verdict.left + sum((spent.amount for spent in verdict.spent_on), Fraction(0))
        return Account(count.share, start, verdict.spent_on, verdict.left, verdict.cost)
    return None


MOST_REASON = 2_000
LEAST_REASON = 5
MOST_NOTE = 300

AFTER = {CouncilDecision.CONFIRMED: ProjectState.IN_BUDGET, CouncilDecision.CUT: ProjectState.IN_BUDGET,
         CouncilDecision.DROPPED: ProjectState.DROPPED}


@dataclass(frozen=True)
class Decided:
    """Decision of the council on one project. `amount`: won, needed where it was cut alone."""

    code: str
    decision: CouncilDecision
    amount: int | None = None
    reason: str = ""


class Wrong(StrEnum):
    """Parts of a decision that do not go together."""

    AMOUNT = "amount"
    """Cut, but not to something between nothing and what it costs."""
    REASON = "reason"
    """Something was taken away and nobody said why."""
    TOO_LONG = "too_long"


def why_not(decided: Decided, cost: int) -> Wrong | None:
    """`cost`: won, as it was voted on."""
    if decided.decision is CouncilDecision.CUT and not 0 < (decided.amount or 0) < cost:
        return Wrong.AMOUNT
    if decided.decision is not CouncilDecision.CONFIRMED and len(decided.reason) < LEAST_REASON:
        return Wrong.REASON
    return Wrong.TOO_LONG if len(decided.reason) > MOST_REASON else None


def amount_of(decided: Decided, cost: int) -> int:
    """Won that are in the budget by it."""
    if decided.decision is CouncilDecision.CONFIRMED:
        return cost
    return decided.amount or 0 if decided.decision is CouncilDecision.CUT else 0


def day_fits(on: date, *, published: date | None, today: date) -> bool:
    """The council decides after the result and has decided when it is entered."""
    return on <= today and (published is None or published <= on)
