"""Every number that a count tells is the number of the round: an independent function looks it all up again."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.rules.counting.counting import count
from civic_forum.budgets.rules.counting.election import CommitteeVotes
from civic_forum.budgets.rules.counting.outcome import Count, Reason
from civic_forum.budgets.rules.counting.settings import CountingRules, Rule
from tests.running.examples import share

from .checking import check
from .small import COST, HALVES, WITH_FREE, bike_and_gym, elections, rules


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
    found = count(election, CountingRules(Rule.WEIGHTED, weights=HALVES, threshold=data.draw(st.integers(0, 2))))
    check(election, found)
    assert Count.from_json(found.to_json()) == found


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
