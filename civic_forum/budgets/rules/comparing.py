"""A trial election: the same ballots by several rules, side by side. Pure."""

from collections.abc import Iterator
from fractions import Fraction

from .counting.counting import count
from .counting.election import Election
from .counting.outcome import Count
from .counting.settings import COMMITTEE, RESIDENTS, Completion, CountingRules, Order, Rule, Share, Utility

HALVES = {RESIDENTS: Fraction(1, 2), COMMITTEE: Fraction(1, 2)}
COMPARED: dict[str, CountingRules] = {
    "greedy": CountingRules(),
    "greedy-per-cost": CountingRules(order=Order.VOTES_PER_COST),
    "shares": CountingRules(Rule.EQUAL_SHARES),
    "shares-add1": CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1),
    "shares-add1-greedy": CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, fill_greedy=True),
    "shares-add1-until-infeasible": CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1_UNTIL_INFEASIBLE),
    "cardinality-add1-greedy": CountingRules(Rule.EQUAL_SHARES, Utility.CARDINALITY, Completion.ADD1, fill_greedy=True),
    "weighted-marks": CountingRules(Rule.WEIGHTED, weights=HALVES),
    "weighted-ballots": CountingRules(Rule.WEIGHTED, weights=HALVES, share=Share.BALLOTS),
}
"""Short name → rules."""


def rules_of(election: Election, step: Fraction) -> Iterator[tuple[str, CountingRules]]:
    """Those that this election can be counted by: from totals alone there are no equal shares, and only with the votes
    of a committee is there the weighted rule."""
    for name, rules in COMPARED.items():
        if rules.rule is not Rule.EQUAL_SHARES:
            if rules.rule is not Rule.WEIGHTED or election.committee is not None:
                yield name, rules
        elif election.ballots is not None:
            yield name, rules.with_(step=step) if rules.completion is not Completion.NONE else rules


def comparison(election: Election, step: Fraction, most_runs: int | None = None) -> dict[str, Count]:
    """`step` is by how much every share grows in add1, in the unit of the budget. Raises TooLong as `count` does."""
    return {name: count(election, rules, most_runs) for name, rules in rules_of(election, step)}
