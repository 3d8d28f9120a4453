"""From what a box froze and what its ballots say to the outcome that is signed with the result. Pure.

`budget` is what the definition of a box says under that name: the money, the rules, the committee's votes, the
exclusions, the lot and the projects with their numbers on the ballot.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .counting.counting import count
from .counting.election import BallotGroup, CommitteeVotes, Election
from .counting.outcome import Count, Reason
from .counting.settings import Completion, CountingRules, Rule

FORMAT = 1
FEW = 10
"""With fewer supporters than this, what they paid for would tell what single people chose."""
STEP = Fraction(100)
"""Won by which shares grow where equal shares only stand beside another rule; more where shares are large."""
MOST_STEPS = 1_000
"""So often they grow at most until they are twice what they were: it is one figure, and people wait for the count."""


def rules_of(budget: Mapping[str, Any]) -> CountingRules:
    """The rules that a box froze. Raises ValueError or KeyError for what are none."""
    return CountingRules.from_json(budget["rules"])


def election_of(budget: Mapping[str, Any], votes: Mapping[int, int], ballots: int,
                choices: Iterable[Sequence[int]] | None = None) -> Election:
    """The election of a box. `votes`: option number → votes. `choices`: the numbers marked on every live ballot.

    Without choices it knows totals alone, which is enough for greedy and weighted. Raises ValueError where choices and
    totals are of different votes.
    """
    projects = sorted(budget["projects"], key=lambda one: one["number"])
    ids = {one["number"]: one["id"] for one in projects}
    costs = {one["id"]: Fraction(one["cost"]) for one in projects}
    more = {"committee": _committee(budget, ids), "lot": budget.get("lot"),
            "exclusions": [[ids[number] for number in group] for group in budget.get("exclusions", ())]}
    amount = Fraction(budget["amount"])
    if choices is None:
        return Election.of_totals(amount, costs, {ids[number]: cast for number, cast in votes.items()}, ballots, **more)
    places = {one["number"]: place for place, one in enumerate(projects)}
    grouped = Counter(tuple(sorted(places[number] for number in numbers)) for numbers in choices)
    groups = [BallotGroup(marked, how_many) for marked, how_many in sorted(grouped.items())]
    election = Election.of_groups(amount, costs, groups, **more)
    if election.voters != ballots or list(election.votes) != [votes[one["number"]] for one in projects]:
        raise ValueError("choices and totals are of different votes")
    return election


def _committee(budget: Mapping[str, Any], ids: Mapping[int, str]) -> CommitteeVotes | None:
    committee = budget.get("committee")
    if committee is None:
        return None
    votes = {ids[number]: votes for number, votes in enumerate(committee["votes"], start=1)}
    return CommitteeVotes(votes, committee["ballots"])


def beside(rules: CountingRules, share: Fraction = Fraction(0)) -> CountingRules:
    """The other rule, whose figure stands beside: equal shares beside greedy and weighted, greedy beside equal shares."""
    if rules.rule is Rule.EQUAL_SHARES:
        return CountingRules(Rule.GREEDY, threshold=rules.threshold)
    return CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, fill_greedy=True,
                         step=max(rules.step, STEP, STEP * -(-share // (STEP * MOST_STEPS))), threshold=rules.threshold)


def outcome(budget: Mapping[str, Any], votes: Mapping[int, int], ballots: int,
            choices: Iterable[Sequence[int]], *, secret: bool) -> dict[str, Any]:
    """What is signed: the count by the box's rule and, beside it, what the other rule would have come to.

    `secret`: whole ballots are not published, so the numbers that would tell what a few people chose are left out.
    """
    election, rules = election_of(budget, votes, ballots, choices), rules_of(budget)
    counted, other = count(election, rules), count(election, beside(rules, election.share))
    found = counted.to_json()
    hidden = few_supporters(counted) if secret and rules.rule is Rule.EQUAL_SHARES else []
    said = {"format": FORMAT, "count": without_single_people(found, hidden), "other": short(other)}
    return said | ({"hidden": hidden} if hidden else {})


def short(count: Count) -> dict[str, Any]:
    """Only sums, so that it tells nothing of single ballots."""
    said = count.to_json()
    return {name: said[name] for name in ("rules", "selected", "cost", "voters_with_a_funded_choice")}


def few_supporters(count: Count) -> list[str]:
    """Projects whose numbers in equal shares say how fewer than `FEW` people voted elsewhere, in order of id."""
    funded = (one.project for one in count.rounds if one.effective_votes is not None and one.votes < FEW)
    passed = (one.project for one in count.not_selected
              if one.reason is Reason.WITHIN_REACH_UNTIL_ROUND and one.votes < FEW)
    return sorted({*funded, *passed})


def without_single_people(said: dict[str, Any], hidden: Iterable[str]) -> dict[str, Any]:
    """The same count without what the supporters of these projects paid, and for what."""
    of_few = frozenset(hidden)
    return said | {part: [_left_out(line) if line["project"] in of_few else line for line in said[part]]
                   for part in ("rounds", "not_selected")}


def _left_out(line: Mapping[str, Any]) -> dict[str, Any]:
    told = ("project", "stage", "cost", "votes", "left_before", "left_after", "rank", "reason", "fill_rank",
            "fill_left", "fill_stopped_by")
    return {name: value for name, value in line.items() if name in told or name == "round" and "stage" in line}
