"""Several rules counted over one election, and their outcomes side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from .counting import count
from .election import CommitteeVotes, Election
from .outcome import Count
from .settings import COMMITTEE, Completion, CountingRules, Order, RESIDENTS, Rule, Share, Utility

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


@dataclass(frozen=True)
class Compared:
    """One rule and what it makes of the ballots."""

    name: str
    count: Count
    first: bool
    """The usual rule, to which the others are compared."""

    @cached_property
    def selected(self) -> frozenset[str]:
        return frozenset(self.count.selected)


@dataclass(frozen=True)
class ComparedProject:
    """A project, and by which rules it is chosen."""

    id: str
    name: str
    cost: Fraction
    votes: str
    place: str
    chosen: tuple[bool, ...]
    """In the order of the rules."""


@dataclass(frozen=True)
class PlaceByRule:
    """Money that goes to a place, by each rule."""

    name: str
    """Empty: projects that name no place."""
    projects: int
    amounts: tuple[Fraction, ...]


@dataclass(frozen=True)
class Home:
    """Number of voters from somewhere who have a funded choice, by each rule."""

    name: str
    """Empty: places with few voters, together."""
    voters: int
    satisfied: tuple[int, ...]


class SideBySide:
    """`result` is what `rules.trials.figures` made."""

    def __init__(self, figures: Mapping[str, Any]) -> None:
        self.currency: str = figures["currency"]
        self.voters: int = figures["voters"]
        self.rules = [Compared(name, Count.from_json(count), at == 0)
                      for at, (name, count) in enumerate(sorted(figures["counts"].items(), key=_order))]
        self.budget = self.rules[0].count.budget
        self.lines = [ComparedProject(line["id"], line["name"], Fraction(line["cost"]), line["votes"], line["place"],
                                      tuple(line["id"] in rule.selected for rule in self.rules))
                      for line in figures["projects"]]
        self.lines.sort(key=lambda line: -Fraction(line.votes))
        self.homes = [Home(home["name"], home["voters"], tuple(home["satisfied"][rule.name] for rule in self.rules))
                      for home in figures["homes"]]
        self.committee = CommitteeVotes(**figures["committee"]) if "committee" in figures else None
        self.remarks: list[dict[str, Any]] = figures["remarks"]
        self.has_points = any(remark["what"] == "points" for remark in self.remarks)
        """Greedy rules add up points that voters gave; `votes` are those."""

    @cached_property
    def names(self) -> dict[str, str]:
        """Project id → its name."""
        return {line.id: line.name for line in self.lines}

    @cached_property
    def election(self) -> Election:
        """Its totals."""
        return Election.of_totals(self.budget, {line.id: line.cost for line in self.lines},
                                  {line.id: Fraction(line.votes) for line in self.lines}, self.voters,
                                  committee=self.committee)

    @cached_property
    def differing(self) -> list[ComparedProject]:
        """Projects that one rule funds and another does not."""
        return [line for line in self.lines if any(line.chosen) and not all(line.chosen)]

    @cached_property
    def places(self) -> list[PlaceByRule]:
        """Empty where no project says a place."""
        names = sorted({line.place for line in self.lines}, key=lambda name: (not name, name))
        if names in ([], [""]):
            return []
        of = {name: [line for line in self.lines if line.place == name] for name in names}
        return [PlaceByRule(name, len(lines), tuple(sum((line.cost for line in lines if line.chosen[at]), Fraction(0))
                                              for at in range(len(self.rules)))) for name, lines in of.items()]

    def rule(self, name: str) -> Compared | None:
        return next((rule for rule in self.rules if rule.name == name), None)


def _order(pair: tuple[str, Any]) -> int:
    return list(COMPARED).index(pair[0])
