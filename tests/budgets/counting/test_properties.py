"""Properties of every count."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.outcome import Stage
from civic_forum.budgets.counting.settings import Completion, Rule
from tests.running.turns import share

from .small import COST, elections, rules

EXAMPLES = settings(max_examples=share(200))


@EXAMPLES
@given(elections(exclusions=True), rules())
def test_the_budget_is_never_exceeded_and_nothing_without_votes_is_funded(election, how):
    found = count(election, how)
    assert sum(one.cost for one in found.rounds) == found.cost <= election.budget
    assert all(one.votes for one in found.rounds)


@EXAMPLES
@given(elections(), rules())
def test_after_a_fill_nothing_more_fits(election, how):
    if how.rule is Rule.EQUAL_SHARES:
        how = how.with_(fill_greedy=True, skips=True, threshold=0)
    else:
        how = how.with_(skips=True, threshold=0)
    found = count(election, how)
    assert all(one.cost > found.left for one in found.not_selected if one.votes)


@EXAMPLES
@given(elections(exclusions=True), rules(), st.randoms())
def test_the_order_of_ballots_and_how_they_are_grouped_change_nothing(election, how, random):
    groups = [replace(group, how_many=1) for group in election.ballots for _ in range(group.how_many)]
    random.shuffle(groups)
    assert count(replace(election, ballots=tuple(groups)), how) == count(election, how)


@EXAMPLES
@given(elections(), rules())
def test_ballots_told_twice_win_the_same(election, how):
    doubled = replace(election,
                      ballots=tuple(replace(group, how_many=2 * group.how_many) for group in election.ballots),
                      votes=tuple(2 * votes for votes in election.votes), voters=2 * election.voters)
    how = how.with_(threshold=0, **({"completion": Completion.NONE} if how.rule is Rule.EQUAL_SHARES else {}))
    assert count(doubled, how).selected == count(election, how).selected


@EXAMPLES
@given(elections())
def test_supporters_who_could_pay_alone_get_what_they_agree_on(election):
    """Voters who leave equal shares with their whole share could not pay any project that all of them choose."""
    found = count(election, COST)
    funded = {election.place[project_id] for project_id in found.selected}
    untouched = [group for group in election.ballots if funded.isdisjoint(group.choices)]
    for place, one in enumerate(election.candidates):
        together = sum(group.how_many for group in untouched if place in group.choices) * found.share
        assert place in funded or not together or together < one.cost


@EXAMPLES
@given(elections())
def test_without_fill_every_round_of_equal_shares_is_one_of_equal_shares(election):
    assert {one.stage for one in count(election, COST).rounds} <= {Stage.EQUAL_SHARES}
