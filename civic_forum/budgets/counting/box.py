"""From what a box froze and what its ballots say to the outcome that is signed with the result. Pure.

`definition` is that of the box: projects with their codes and costs are its options; money, rules, the committee's
votes and exclusions stand under `budget`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .counting import count
from .election import BallotGroup, CommitteeVotes, Election
from .outcome import Count, Reason
from .settings import COMMITTEE, Completion, CountingRules, RESIDENTS, Rule, Share

FEW = 10
"""With fewer supporters than this, what they paid for would tell what single people chose."""
STEP = 100
"""Won by which shares grow where equal shares only stand beside another rule; more where shares are large."""
MOST_STEPS = 100
"""After so many steps a share is twice what it was, where equal shares only stand beside another rule."""


def rules_of(budget: Mapping[str, Any]) -> CountingRules:
    """The rules that a box froze. Raises ValueError or KeyError for what are none."""
    return CountingRules.from_json(budget["rules"])


def rules_beside(rules: CountingRules, amount: int, ballots: int, *, committee: bool) -> dict[str, CountingRules]:
    """Name → the rules whose outcome stands beside that of the box."""
    greedy = CountingRules(Rule.GREEDY, skips=rules.skips, threshold=rules.threshold)
    if rules.rule is Rule.EQUAL_SHARES:
        return {"greedy": greedy}
    step = STEP * max(1, -(-amount // (ballots * STEP * MOST_STEPS))) if ballots else STEP
    others = {"equal-shares": CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, fill_greedy=True,
                                            step=Fraction(step), threshold=rules.threshold)}
    if rules.rule is Rule.WEIGHTED:
        other = Share.BALLOTS if rules.share is Share.MARKS else Share.MARKS
        alone = [RESIDENTS, COMMITTEE] if committee else [RESIDENTS]
        others |= {"greedy": greedy, other.value: rules.with_(share=other)}
        others |= {body: rules.with_(weights={body: Fraction(1)}) for body in alone}
    return others


def election_of_box(definition: Mapping[str, Any], votes: Mapping[int, int], ballots: int,
                    choices: Iterable[Sequence[int]] | None = None, order: Sequence[int] | None = None) -> Election:
    """The election of a box. `votes`: option number → votes; `choices`: the numbers marked on every ballot that counts;
    `order`: option numbers as drawn.

    Without choices it knows totals alone, which is enough for greedy and weighted. Raises ValueError where choices and
    totals are of different votes.
    """
    budget, options = definition["budget"], definition["options"]
    codes = {option["number"]: option["code"] for option in options}
    costs = {option["code"]: option["cost"] for option in options}
    more: dict[str, Any] = {
        "committee": _committee(budget, codes), "lot": None if order is None else [codes[number] for number in order],
        "exclusions": [[codes[number] for number in group] for group in budget.get("exclusions", ())]}
    if choices is None:
        return Election.of_totals(budget["amount"], costs, {codes[number]: cast for number, cast in votes.items()},
                                  ballots, **more)
    places = {number: place for place, number in enumerate(codes)}
    grouped = Counter(tuple(sorted(places[number] for number in numbers)) for numbers in choices)
    groups = [BallotGroup(marked, how_many) for marked, how_many in sorted(grouped.items())]
    election = Election.of_groups(budget["amount"], costs, groups, **more)
    if election.voters != ballots or list(election.votes) != [votes[number] for number in codes]:
        raise ValueError("choices and totals are of different votes")
    return election


def _committee(budget: Mapping[str, Any], codes: Mapping[int, str]) -> CommitteeVotes | None:
    committee = budget.get("committee")
    if committee is None:
        return None
    votes = {codes[number]: votes for number, votes in enumerate(committee["votes"], start=1)}
    return CommitteeVotes(votes, committee["ballots"])


def outcome(definition: Mapping[str, Any], election: Election) -> dict[str, Any]:
    """The outcome in the names of FORMAT.md.

    Where whole ballots are not published, the numbers of equal shares that would tell what a few people chose are
    left out, and `hidden` says of which projects.
    """
    rules, budget = rules_of(definition["budget"]), definition["budget"]
    counted = count(election, rules)
    beside = rules_beside(rules, budget["amount"], election.voters, committee="committee" in budget)
    figures: dict[str, Any] = {"kind": "budget", "count": counted.to_json(),
                               "others": {name: short(count(election, other)) for name, other in beside.items()}}
    hidden = few_supporters(counted) if definition["publishes"] == "totals" and rules.rule is Rule.EQUAL_SHARES else []
    if not hidden:
        return figures
    return figures | {"count": without_single_people(figures["count"], hidden), "hidden": hidden}


def of_box(definition: Mapping[str, Any], votes: Mapping[int, int], ballots: int,
           choices: Iterable[Sequence[int]], order: Sequence[int] | None = None) -> dict[str, Any]:
    """The outcome of these ballots. Raises ValueError where choices and totals are of different votes."""
    return outcome(definition, election_of_box(definition, votes, ballots, choices, order))


def short(count: Count) -> dict[str, Any]:
    """Only sums, so that it tells nothing of single ballots."""
    figures = count.to_json()
    return {name: figures[name] for name in ("rules", "selected", "cost", "voters_with_a_funded_choice")}


def few_supporters(count: Count) -> list[str]:
    """Projects whose numbers in equal shares say how fewer than `FEW` people voted elsewhere, in order of id."""
    funded = (line.project for line in count.rounds if line.effective_votes is not None and line.votes < FEW)
    passed = (line.project for line in count.not_selected
              if line.reason is Reason.WITHIN_REACH_UNTIL_ROUND and line.votes < FEW)
    return sorted({*funded, *passed})


def without_single_people(figures: dict[str, Any], hidden: Iterable[str]) -> dict[str, Any]:
    """The same count without what the supporters of these projects paid, and for what."""
    of_few = frozenset(hidden)
    return figures | {part: [_left_out(line) if line["project"] in of_few else line for line in figures[part]]
                      for part in ("rounds", "not_selected")}


def _left_out(line: Mapping[str, Any]) -> dict[str, Any]:
    told = ("project", "stage", "cost", "votes", "left_before", "left_after", "rank", "reason", "fill_rank",
            "fill_left", "fill_stopped_by")
    return {name: value for name, value in line.items() if name in told or name == "round" and "stage" in line}
