"""Every number that a count tells is the number of the round: an independent function looks it all up again."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.election import CommitteeVotes, Election
from civic_forum.budgets.counting.outcome import Count, Reason, Spent
from civic_forum.budgets.counting.settings import CountingRules, Rule, Share
from civic_forum.budgets.results.rules import Account, account
from tests.running.turns import share

from .checking import check
from .small import COST, HALVES, WITH_FREE, bike_and_gym, elections, rules


@pytest.mark.in_turns(of=5)
@settings(max_examples=share(400))
@given(elections(exclusions=True, costs=WITH_FREE), rules())
def test_the_reasons_of_any_election_hold(election, how):
    found = count(election, how)
    check(election, found)
    assert Count.from_json(found.to_json()) == found


@settings(max_examples=share(100))
@given(elections(exclusions=True), st.data())
def test_the_reasons_of_any_weighted_count_hold(election, data):
    votes = {one.id: data.draw(st.integers(0, 4)) for one in election.candidates}
    election = replace(election, committee=CommitteeVotes(votes, 4))
    found = count(election, CountingRules(Rule.WEIGHTED, weights=HALVES, threshold=data.draw(st.integers(0, 2)),
                                          share=data.draw(st.sampled_from(Share))))
    check(election, found)
    assert Count.from_json(found.to_json()) == found


def test_supporters_with_just_enough_could_have_paid_and_only_what_they_paid_for_is_named():
    """`far` is bought first, by others; then the two hold what each of theirs costs, and pay the first of them."""
    ballots = [["far"]] * 3 + [["near", "next"]] * 2
    found = count(Election.of(50, {"far": 30, "near": 20, "next": 20}, ballots), COST)
    assert [one.project for one in found.rounds] == ["far", "near"]
    (left,) = found.not_selected
    assert (left.reason, left.held_at_start, left.left, left.round) == (Reason.WITHIN_REACH_UNTIL_ROUND, 20, 0, 2)
    assert left.spent_on == (Spent("near", Fraction(20)),)


def test_supporters_who_never_had_enough_spent_nothing_that_is_told():
    found = count(Election.of(40, {"bench": 20, "tower": 30}, [["bench", "tower"], ["bench"], ["tower"], []]), COST)
    (left,) = found.not_selected
    assert left.reason is Reason.NEVER_ENOUGH
    assert account(found, left) == Account(Fraction(10), Fraction(20), (), Fraction(20), Fraction(30))
    assert account(found, found.rounds[0]) is None


def test_supporters_with_too_little_before_an_exclusion_had_too_little():
    ballots = [["bench", "lamp"]] * 2 + [["tree"]] * 2
    found = count(Election.of(40, {"bench": 20, "tree": 20, "lamp": 20}, ballots, exclusions=[["tree", "lamp"]]), COST)
    assert found.selected == ("bench", "tree")
    (left,) = found.not_selected
    assert (left.reason, left.round) == (Reason.WITHIN_REACH_UNTIL_ROUND, 1)


@pytest.mark.parametrize("field, wrong", [("left", 1), ("held_at_start", 1), ("round", 1)])
def test_the_check_finds_a_wrong_number(field, wrong):
    election = bike_and_gym()
    found = count(election, COST)
    assert found.not_selected[0].reason is Reason.WITHIN_REACH_UNTIL_ROUND
    first, *others = found.not_selected
    lying = replace(found, not_selected=(replace(first, **{field: getattr(first, field) + wrong}), *others))
    check(election, found)
    with pytest.raises((AssertionError, IndexError)):
        check(election, lying)
