"""The trial election and the weighted round of the sample come out as their file says they were computed elsewhere."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from civic_forum import sample_data
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.election import CommitteeVotes, Election
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule, Share

from .checking import check
from .small import COST, HALVES

BUDGETS = json.loads((Path(sample_data.__file__).parent / "data" / "budgets.json").read_text("utf-8"))
TRIAL, ROUND = BUDGETS["trial"], BUDGETS["rounds"][0]
RULES = {"greedy": CountingRules(), "equal_shares_cost_none": COST,
         "equal_shares_cost_add1_step_100_won": COST.with_(completion=Completion.ADD1, step=Fraction(1, 10))}


@pytest.fixture(scope="module")
def trial():
    ballots = [one["choices"] for one in TRIAL["profiles"] for _ in range(one["ballots"])]
    return Election.of(TRIAL["budget"], {one["id"]: one["cost"] for one in TRIAL["projects"]}, ballots)


def envelope(name) -> Election:
    costs = {one["id"]: one["cost"] for one in ROUND["projects"] if one["envelope"] == name}
    amount = next(one["amount"] for one in ROUND["envelopes"] if one["id"] == name)
    expected = ROUND["expected"][name]
    chosen = {project_id: votes for project_id, votes in ROUND["committee_votes"].items() if project_id in costs}
    groups = [one["projects"] for one in ROUND["rules"]["exclusions"] if set(one["projects"]) <= set(costs)]
    return Election.of_totals(amount, costs, expected["votes"], expected["ballots"], exclusions=groups,
                              committee=CommitteeVotes(chosen, ROUND["rules"]["committee_members"]))


@pytest.mark.parametrize("name", RULES)
def test_the_trial_comes_out_as_written(trial, name):
    expected, found = TRIAL["expected"][name], count(trial, RULES[name])
    check(trial, found)
    assert list(found.selected) == expected["selected"] and found.cost == expected["cost"]
    assert found.satisfied == expected["voters_with_a_funded_choice"]
    if "steps" in expected:
        assert (found.steps, found.to_json()["share"]) == (expected["steps"], expected["share"])


def test_the_trial_says_why_not_as_written(trial):
    found = {one.project: one for one in count(trial, COST).not_selected}
    expected = TRIAL["expected"]["equal_shares_cost_none"]["why_not"]
    assert set(found) == set(expected)
    for project_id, why in expected.items():
        one = found[project_id]
        assert (one.reason, one.cost, one.held_at_start, one.round) == (
            why["reason"], why["cost"], why["held_at_start"], why.get("round"))
        assert "left" not in why or round(one.left, 2) == Fraction(str(why["left"]))


@pytest.mark.parametrize("name", ["resident", "cooperation"])
def test_the_round_comes_out_as_written(name):
    election, expected = envelope(name), ROUND["expected"][name]["weighted"]
    rules = CountingRules(Rule.WEIGHTED, weights=HALVES, share=Share.BALLOTS,
                          threshold=ROUND["rules"]["minimum_votes"][name])
    found = count(election, rules)
    check(election, found)
    assert list(found.selected) == expected["selected"] and found.cost == expected["cost"]
    passed = {one.project: one for one in found.not_selected}
    assert set(passed) == {one["project"] for one in expected["not_selected"]}
    for why in expected["not_selected"]:
        one = passed[why["project"]]
        assert (one.reason, one.by) == (why["reason"], why.get("because_of"))
        assert one.left in (None, why["left_at_its_turn"])
    greedy = count(election, CountingRules(threshold=rules.threshold))
    assert list(greedy.selected) == ROUND["expected"][name]["greedy_by_votes"]["selected"]
