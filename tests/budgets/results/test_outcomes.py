"""The signed outcome of an envelope, from what its box froze and its ballots."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.ballots.rules.log import canonical_json
from civic_forum.budgets.counting import box as outcomes
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.outcome import Count, Reason
from civic_forum.budgets.counting.settings import CountingRules, Rule, Share
from tests.running.turns import share

EQUAL = CountingRules(Rule.EQUAL_SHARES)
HALVES = CountingRules(Rule.WEIGHTED, share=Share.BALLOTS,
                       weights={"residents": Fraction(1, 2), "committee": Fraction(1, 2)})


def frozen(costs, *, amount=1_000, rules=None, **more) -> dict:
    """The words of a box's definition about the money; projects are A, B, C … by their numbers."""
    options = [{"number": number, "code": chr(64 + number), "cost": cost} for number, cost in enumerate(costs, 1)]
    return {"options": options, "draw": "dice", "budget": {
        "amount": amount, "currency": "KRW", "rules": (rules or CountingRules()).to_json()} | more}


def said(box, ballots, *, secret=False, order=None) -> dict:
    votes = Counter(number for ballot in ballots for number in ballot)
    return outcomes.of_box(box | {"publishes": "totals" if secret else "ballots"},
                           {one["number"]: votes[one["number"]] for one in box["options"]}, len(ballots), ballots,
                           order)


def test_the_outcome_is_the_count_by_the_rule_that_was_frozen_with_the_figure_of_the_other_one_beside():
    ballots = [(1,)] * 6 + [(2, 3)] * 5 + [()]
    found = said(frozen([1_000, 400, 450]), ballots)
    assert found["count"]["selected"] == ["A"] and found["count"]["voters"] == 12
    assert found["count"]["voters_with_a_funded_choice"] == 6
    assert set(found["others"]) == {"equal-shares"} and "hidden" not in found and found["kind"] == "budget"
    other = found["others"]["equal-shares"]
    assert other["rules"]["rule"] == "equal-shares"
    assert other["selected"] == ["B", "C"] and other["voters_with_a_funded_choice"] == 5
    assert set(other) == {"rules", "selected", "cost", "voters_with_a_funded_choice"}


def test_beside_equal_shares_stands_greedy_with_the_same_least_votes():
    others = outcomes.rules_beside(EQUAL.with_(threshold=30), 1_000, 5, committee=False)
    assert others == {"greedy": CountingRules(threshold=30)}


def test_beside_both_bodies_stands_each_alone_the_other_share_and_both_plain_rules():
    ballots = [(1,)] * 6 + [(2,)] * 5 + [(3,)] * 4
    box = frozen([600, 600, 600], rules=HALVES.with_(threshold=2), committee={"ballots": 3, "votes": [0, 0, 3]})
    others = said(box, ballots)["others"]
    assert list(others) == ["equal-shares", "greedy", "marks", "residents", "committee"]
    assert {name: one["selected"] for name, one in others.items()} == {
        "equal-shares": ["A"], "greedy": ["A"], "marks": ["C"], "residents": ["A"], "committee": ["C"]}
    assert others["residents"]["rules"]["weights"] == {"residents": "1"}
    assert others["greedy"]["rules"] == CountingRules(threshold=2).to_json()
    assert "committee" not in outcomes.rules_beside(HALVES, 1_000, 15, committee=False)


def test_committee_exclusions_and_draw_are_those_that_were_given():
    box = frozen([300, 300, 900], rules=HALVES, committee={"ballots": 10, "votes": [0, 10, 4]}, exclusions=[[2, 3]])
    found = said(box, [(1,)] * 4 + [(2,)] * 4 + [(3,)] * 2)
    assert found["count"]["selected"] == ["B", "A"]
    assert found["count"]["parts"]["B"] == {"residents": "0.4", "committee": "1"}
    [left] = found["count"]["not_selected"]
    assert (left["project"], left["reason"], left["by"]) == ("C", "excluded", "B")
    tied = said(frozen([600, 600]), [(1, 2)], order=[2, 1])
    assert tied["count"]["selected"] == ["B"] and tied["count"]["ties"][0]["decided_by"] == ["lot"]


def test_totals_alone_give_the_same_count_by_greedy_as_the_ballots():
    box, ballots = frozen([500, 400, 300]), [(1, 2), (3,), (1,), (2,), ()]
    by_totals = count(outcomes.election_of_box(box, {1: 2, 2: 2, 3: 1}, 5), outcomes.rules_of(box["budget"])).to_json()
    counted = dict(said(box, ballots)["count"])
    assert counted.pop("voters_with_a_funded_choice") == 3
    assert by_totals == counted


@pytest.mark.parametrize("votes, ballots", [({1: 1, 2: 0}, 1), ({1: 2, 2: 0}, 2), ({1: 1, 2: 1}, 2)])
def test_choices_that_are_not_those_of_the_totals_are_not_counted(votes, ballots):
    with pytest.raises(ValueError, match="different votes"):
        outcomes.of_box(frozen([1, 1]) | {"publishes": "ballots"}, votes, ballots, [(1,), ()])


def test_an_envelope_in_which_nobody_voted_has_an_outcome_too():
    for rules in (CountingRules(), EQUAL):
        found = said(frozen([100, 200], rules=rules), [])
        assert found["count"]["selected"] == [] and found["count"]["voters"] == 0
        assert {one["reason"] for one in found["count"]["not_selected"]} == {"no_votes"}


# What a few people chose is nobody's business


def alone(*, secret) -> dict:
    """One voter for C, whose money went to A: their explanation would tell their whole ballot."""
    return said(frozen([700, 200, 90], rules=EQUAL), [(1,)] * 9 + [(1, 3)] + [(2,)], secret=secret)


def test_secret_ballots_leave_the_numbers_of_a_few_supporters_out():
    found = alone(secret=True)
    [line] = [one for one in found["count"]["not_selected"] if one["project"] == "C"]
    assert found["hidden"] == ["C"]
    assert line == {"project": "C", "reason": "within_reach_until_round", "cost": "90", "votes": "1"}
    assert Count.from_json(found["count"]).selected == ("A",)


@pytest.mark.parametrize(("supporters", "hidden"), [(9, ["C"]), (10, None)])
def test_ten_supporters_are_enough_for_their_numbers_to_be_told(supporters, hidden):
    ballots = [(1,)] * (19 - supporters) + [(1, 3)] * supporters + [(2,)]
    assert said(frozen([900, 200, 90], rules=EQUAL), ballots, secret=True).get("hidden") == hidden


def test_published_ballots_tell_every_number():
    found = alone(secret=False)
    [line] = [one for one in found["count"]["not_selected"] if one["project"] == "C"]
    assert "hidden" not in found and line["spent_on"] == [{"project": "A", "amount": "70"}]


def test_greedy_hides_nothing_because_it_knows_totals_only():
    assert "hidden" not in said(frozen([700, 200, 90]), [(1,)] * 9 + [(1, 3)], secret=True)


@settings(max_examples=share(150))
@given(st.lists(st.lists(st.integers(1, 5), unique=True, max_size=4), max_size=30),
       st.lists(st.integers(0, 900), min_size=5, max_size=5), st.sampled_from((CountingRules(), EQUAL)))
def test_the_outcome_is_whole_numbers_and_texts_within_the_money_and_never_tells_of_few(ballots, costs, rules):
    found = said(frozen(costs, rules=rules), ballots, secret=True)
    canonical_json(found)
    counted = Count.from_json(found["count"])
    assert counted.cost <= 1_000 and len(counted.selected) == len(set(counted.selected))
    assert {*counted.selected, *(one.project for one in counted.not_selected)} == set("ABCDE")
    if rules is EQUAL:
        for one in counted.not_selected:
            few = one.reason is Reason.WITHIN_REACH_UNTIL_ROUND and one.votes < outcomes.FEW
            assert few == (one.project in found.get("hidden", ()))
            assert not few or (one.spent_on, one.left, one.round) == ((), None, None)


def test_equal_shares_beside_another_rule_take_no_more_than_a_hundred_steps_to_double_the_shares():
    for amount in (1, 100 * 9_999, 100 * 10_000, 100 * 10_000 + 1, 10**12):
        step = outcomes.rules_beside(CountingRules(), amount, 100, committee=False)["equal-shares"].step
        assert step % outcomes.STEP == 0 and step * outcomes.MOST_STEPS * 100 >= amount
        assert step == outcomes.STEP or (step - outcomes.STEP) * outcomes.MOST_STEPS * 100 < amount
    assert outcomes.rules_beside(CountingRules(), 1_000, 0, committee=False)["equal-shares"].step == outcomes.STEP
