"""The verifier, which shares no code with the site, goes down the list as the site does, and refuses anything else."""

from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from civic_forum.budgets.rules import outcomes
from civic_forum.budgets.rules.counting.counting import count
from civic_forum.budgets.rules.counting.settings import CountingRules, Order, Rule
from tests.running.examples import share
from tests.verifier.running import verify

MONEY = st.sampled_from(["0", "1", "2", "2.5", "7/3", "4"])
"""Few sums, so that there are many ties."""


@st.composite
def budgets(draw):
    """What a box says of its money, the votes of each option, and how many ballots there are."""
    size, ballots = draw(st.integers(1, 7)), draw(st.integers(0, 6))
    rule = draw(st.sampled_from([Rule.GREEDY, Rule.WEIGHTED]))
    order = Order.VOTES if rule is Rule.WEIGHTED else draw(st.sampled_from(list(Order)))
    weights = draw(st.sampled_from([{"residents": 1}, {"committee": 2}, {"residents": 1, "committee": 3}]))
    rules = CountingRules(rule, skips=draw(st.booleans()), threshold=draw(st.integers(0, 3)), order=order,
                          weights=weights if rule is Rule.WEIGHTED else {})
    ids = draw(st.permutations([f"사업/{number}" for number in range(size)]))
    few = st.lists(st.integers(0, ballots), min_size=size, max_size=size)
    amount = draw(st.sampled_from(["0", "1", "5", "7.5", "100"]))
    budget = {"amount": amount, "currency": "KRW", "rules": rules.to_json(),
              "projects": [{"number": at, "id": id, "cost": draw(MONEY)} for at, id in enumerate(ids, start=1)]}
    if rule is Rule.WEIGHTED:
        members = draw(st.integers(0, 4))
        budget["committee"] = {"ballots": members, "votes": draw(st.lists(st.integers(0, members), min_size=size,
                                                                          max_size=size))}
    if draw(st.booleans()):
        budget["exclusions"] = draw(st.lists(st.lists(st.integers(1, size), min_size=1, max_size=3, unique=True),
                                             max_size=3))
    if draw(st.booleans()):
        budget["lot"] = draw(st.permutations(ids))
    return budget, draw(few), ballots


def record_of(budget, votes, ballots, outcome):
    """As far as the outcome is concerned, without choices."""
    box = {"budget": budget, "options": [{"title": one["id"]} for one in budget["projects"]]}
    result = {"ballots": ballots, "outcome": outcome,
              "totals": [{"option": at, "votes": cast} for at, cast in enumerate(votes, start=1)]}
    rule = {"kind": "approval", "options": len(votes)}
    record = SimpleNamespace(box=box, result=result, rule=rule, with_choices=False)
    verify.check_budget(record, budget)
    return record


def said(budget, votes, ballots, **changes):
    election = outcomes.election_of(budget, dict(enumerate(votes, start=1)), ballots)
    counted = count(election, outcomes.rules_of(budget)).to_json() | changes
    other = count(election, CountingRules()).to_json()
    return {"count": counted, "format": 1, "other": {name: other[name] for name in ("rules", "selected", "cost")}}


@given(budgets())
@settings(max_examples=share(400))
def test_what_the_site_counts_the_verifier_counts_too(made):
    report = verify.Report("en")
    verify.check_outcome(record_of(*made, said(*made)), report)
    assert report.lines[-1].startswith("Counted again from the totals")


@given(budgets())
@settings(max_examples=share(100))
def test_the_last_project_left_out_is_noticed(made):
    outcome = said(*made)
    counted = outcome["count"]
    assume(counted["selected"])
    counted["selected"].pop()
    line = counted["rounds"].pop()
    counted["not_selected"].append(line)
    counted["cost"] = str(sum(verify.is_exact(one["cost"], "") for one in counted["rounds"]))
    with pytest.raises(verify.Wrong, match="counted again by"):
        verify.check_outcome(record_of(*made, outcome), verify.Report("en"))
