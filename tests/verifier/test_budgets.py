"""Ballots with groups and money, and what a budget comes to: true records pass, each broken rule is named."""

import copy
import json

import pytest

from tests.verifier import making, primitives
from tests.verifier.budgets import budget_of
from tests.verifier.mutations.writing import signed_anew

COMMITTEE = {"ballots": 9, "votes": [1, 8, 0, 9, 3, 0]}
HALVES = {"committee": "1/2", "residents": "0.5"}
LOT = [f"2027-{at}" for at in (4, 6, 1, 3, 5, 2)]
KINDS = {
    "greedy": {},
    "without skipping": {"skips": 0},
    "by votes per cost": {"order": "votes-per-cost"},
    "with a threshold": {"threshold": 25},
    "with exclusions": {"exclusions": [[1, 2], [3, 5, 6]]},
    "by lot": {"lot": LOT},
    "weighted": {"rule": "weighted", "weights": HALVES, "committee": COMMITTEE},
    "weighted, residents alone": {"rule": "weighted", "weights": {"residents": "1"}},
}


def budget_vote(ballots=60, *, publishes="totals", **parts):
    vote = making.make_vote(ballots, kind="groups", publishes=publishes)
    vote.box["budget"] = budget_of(**parts)
    return vote


def both(vote):
    return making.editions(vote)


def last(desk, data):
    status, lines = desk.verify(data)
    return status, lines[-1]


def changed(vote, edition, change):
    """The record with another result, everything signed by the site's own key."""
    members = making.compile_record(vote, edition, b"public" if edition == "choices" else b"")
    result = json.loads(members["result.json"])
    change(result)
    members["result.json"] = primitives.as_json(result)
    return primitives.zipped(signed_anew(members, vote.seed))


@pytest.mark.parametrize("parts", KINDS.values(), ids=KINDS)
def test_a_true_outcome_is_counted_again_from_the_totals_alone(desk, parts):
    for data in both(budget_vote(**parts)):
        status, lines = desk.verify(data)
        assert status == 0, lines[-1]
        assert any(line.startswith("Counted again from the totals") for line in lines)
        assert any(line.startswith("The budget: ") for line in lines)


def test_equal_shares_are_said_to_be_not_counted_again(desk):
    for data in both(budget_vote(rule="equal-shares")):
        status, lines = desk.verify(data)
        assert status == 0, lines[-1]
        assert any(line.startswith("NOT COUNTED AGAIN HERE: ") for line in lines)
        assert desk.verify(data, language="ko")[0] == 0


def test_the_funded_projects_are_told_by_name(desk):
    vote = budget_vote()
    vote.box["options"][4]["title"] = "이름\u202e있는 사업"
    _status, lines = desk.verify(both(vote)[0])
    assert any(line.startswith("  2027-5. 이름?있는 사업: votes ") for line in lines)


@pytest.mark.parametrize("other", ["with a threshold", "with exclusions", "by votes per cost", "weighted"])
def test_the_outcome_of_other_rules_is_refused(desk, other):
    """As if it had been counted otherwise, with the rules of the box written beside it."""
    said, asked = budget_vote(**KINDS[other]), budget_vote()
    outcome = json.loads(making.compile_record(said)["result.json"])["outcome"]
    outcome["count"]["rules"] = asked.box["budget"]["rules"]
    true = json.loads(making.compile_record(asked)["result.json"])["outcome"]
    assert outcome["count"]["selected"] != true["count"]["selected"]
    status, line = last(desk, changed(asked, "totals", lambda result: result.update(outcome=outcome)))
    assert status == 1 and line.startswith("WRONG: counted again by greedy other projects are funded: 2027-")


def rename(count, name):
    count["rounds"][0]["project"] = name


def move_to_funded(count, cost):
    line = count["not_selected"].pop()
    count["selected"].append(line["project"])
    count["rounds"].append(line)
    count["cost"] = cost


OUTCOMES = {
    "another order": (lambda count: (count["selected"].reverse(), count["rounds"].reverse()),
                      "counted again by greedy"),
    "one of the funded left out": (lambda count: count["selected"].pop() and None, "do not cost what it says"),
    "one named twice": (lambda count: count["selected"].append(count["selected"][0]), "each once"),
    "one that is none": (lambda count: count["selected"].append("2027-9"), "does not name projects of the box"),
    "another cost": (lambda count: count.update(cost="99.5"), "do not cost what it says"),
    "a cost that is no number": (lambda count: count.update(cost="1e2"), "is not an exact number"),
    "a cost by nothing": (lambda count: count.update(cost="1/0"), "is not an exact number"),
    "another sum of money": (lambda count: count.update(budget="200"), "of another sum of money"),
    "other rules": (lambda count: count["rules"].update(skips=0), "counted by other rules"),
    "another number of voters": (lambda count: count.update(voters=61), "of another number of ballots"),
    "more voters who have a funded project": (
        lambda count: count.update(voters_with_a_funded_choice=count["voters_with_a_funded_choice"] + 1),
        "voters have a funded project"),
    "other votes on a line": (lambda count: count["rounds"][0].update(votes="1"), "has other votes or another cost"),
    "another cost on a line": (lambda count: count["not_selected"][0].update(cost="1"), "has other votes"),
    "votes that are a number of JSON": (lambda count: count["rounds"][0].update(votes=3), "is not an exact number"),
    "a line too few": (lambda count: count["not_selected"].pop() and None, "not every project stands there once"),
    "a line twice": (lambda count: count["not_selected"].append(count["not_selected"][0]), "not every project"),
    "a line of no project": (lambda count: rename(count, "2027-9"), "is of no project"),
    "a line of another project": (lambda count: rename(count, count["selected"][1]),
                                  "not the funded ones in their order"),
    "no lines": (lambda count: count.pop("rounds") and None, "lacks rounds"),
}


@pytest.mark.parametrize(("change", "sentence"), OUTCOMES.values(), ids=OUTCOMES)
def test_an_outcome_that_does_not_hold_is_refused(desk, change, sentence):
    data = changed(budget_vote(), "choices", lambda result: change(result["outcome"]["count"]))
    status, line = last(desk, data)
    assert status == 1 and sentence in line


def test_more_is_funded_than_there_is_money(desk):
    def change(result):
        count = result["outcome"]["count"]
        while count["not_selected"]:
            move_to_funded(count, "200.5")

    status, line = last(desk, changed(budget_vote(rule="equal-shares"), "totals", change))
    assert status == 1 and "cost more than there is" in line


def test_two_are_funded_of_which_only_one_can_be(desk):
    vote = budget_vote()
    result = making.compile_record(vote)["result.json"]
    first, second = json.loads(result)["outcome"]["count"]["selected"][:2]
    vote.box["budget"]["exclusions"] = [[int(first[-1]), int(second[-1])]]

    def change(found):
        found["outcome"] = json.loads(result)["outcome"]

    status, line = last(desk, changed(vote, "totals", change))
    assert status == 1 and "two projects are funded of which only one can be" in line


def test_one_is_funded_below_the_threshold(desk):
    vote = budget_vote(rule="equal-shares")
    outcome = json.loads(making.compile_record(vote)["result.json"])["outcome"]
    vote.box["budget"]["rules"]["threshold"] = outcome["count"]["rules"]["threshold"] = 59
    status, line = last(desk, changed(vote, "totals", lambda result: result.update(outcome=outcome)))
    assert status == 1 and "which has too few votes" in line


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda result: result.pop("outcome") and None, "an outcome stands in the result of a vote on a budget"),
    (lambda result: result["outcome"].update(format=2), "another format version"),
    (lambda result: result["outcome"].update(more=1), "names that the format does not know"),
    (lambda result: result["outcome"].pop("other") and None, "lacks other"),
    (lambda result: result["outcome"].update(count=[]), "is not an object"),
    (lambda result: result["outcome"]["other"].update(cost="1"), "outcome beside it: the funded projects do not cost"),
    (lambda result: result["outcome"]["other"]["selected"].append("x"), "does not name projects of the box"),
])
def test_what_stands_around_the_outcome(desk, change, sentence):
    status, line = last(desk, changed(budget_vote(), "totals", change))
    assert status == 1 and sentence in line


def test_no_other_vote_has_an_outcome(desk):
    true = json.loads(making.compile_record(budget_vote())["result.json"])["outcome"]
    vote = making.make_vote(60, kind="groups")
    status, line = last(desk, changed(vote, "totals", lambda result: result.update(outcome=true)))
    assert status == 1 and "and in no other" in line


BUDGETS = {
    "amount of a float": (lambda budget: budget.update(amount="1e3"), "amount is not an exact number"),
    "amount of a number": (lambda budget: budget.update(amount=100), "amount is not an exact number"),
    "no currency": (lambda budget: budget.update(currency=""), "currency is not a text"),
    "a project too few": (lambda budget: budget["projects"].pop() and None, "not one project for every option"),
    "projects in another order": (lambda budget: budget["projects"].reverse(), "project 1 is not numbered 1"),
    "an id twice": (lambda budget: budget["projects"][1].update(id="2027-1"), "stands twice"),
    "a cost below nothing": (lambda budget: budget["projects"][1].update(cost="-1"), "cost of project 2"),
    "an unknown rule": (lambda budget: budget["rules"].update(rule="best"), "unknown rule"),
    "an unknown order": (lambda budget: budget["rules"].update(order="cost"), "unknown rule or order"),
    "a threshold of text": (lambda budget: budget["rules"].update(threshold="3"), "threshold"),
    "skips twice": (lambda budget: budget["rules"].update(skips=2), "skips"),
    "weights with greedy": (lambda budget: budget["rules"].update(weights={"residents": "1"}), "weights stand with"),
    "weighted without weights": (lambda budget: budget["rules"].update(rule="weighted"), "weights stand with"),
    "weights of a stranger": (lambda budget: budget["rules"].update(rule="weighted", weights={"mayor": "1"}),
                              "names that the format does not know"),
    "a committee without votes": (lambda budget: budget["rules"].update(rule="weighted", weights={"committee": "1"}),
                                  "votes of the committee are missing"),
    "a committee of few lines": (lambda budget: budget.update(committee={"ballots": 3, "votes": [1]}), "too short"),
    "more votes than members": (lambda budget: budget.update(committee={"ballots": 3, "votes": [4, 0, 0, 0, 0, 0]}),
                                "committee is not a whole number from 0 to 3"),
    "an exclusion of no project": (lambda budget: budget.update(exclusions=[[1, 7]]), "exclusions"),
    "a lot without one": (lambda budget: budget.update(lot=LOT[:-1]), "the lot does not name every project once"),
    "a lot with one twice": (lambda budget: budget.update(lot=[*LOT[:-1], LOT[0]]), "the lot does not name"),
    "no money": (lambda budget: budget.pop("amount") and None, "lacks amount"),
}


@pytest.mark.parametrize(("change", "sentence"), BUDGETS.values(), ids=BUDGETS)
def test_a_budget_that_the_format_does_not_know_is_refused(desk, change, sentence):
    vote = budget_vote()
    outcome = json.loads(making.compile_record(vote)["result.json"])["outcome"]
    whole = copy.deepcopy(vote)
    whole.box.pop("budget")
    members = making.compile_record(whole, "totals")
    change(vote.box["budget"])
    members["box.json"] = primitives.as_json(vote.box)
    result = json.loads(members["result.json"]) | {"outcome": outcome}
    members["result.json"] = primitives.as_json(result)
    status, line = last(desk, primitives.zipped(signed_anew(members, vote.seed)))
    assert status == 1 and sentence in line


def test_a_budget_of_points_is_refused(desk):
    vote = making.make_vote(10, kind="points")
    data = making.compile_record(vote, "totals")
    data["box.json"] = primitives.as_json(vote.box | {"budget": budget_of()})
    status, line = last(desk, primitives.zipped(signed_anew(data, vote.seed)))
    assert status == 1 and "the ballots of a budget mark projects" in line
