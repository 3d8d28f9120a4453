"""The weight by which each body moves the order by the weighted rule, whatever the votes."""

from dataclasses import replace
from fractions import Fraction
from statistics import correlation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.election import CommitteeVotes, Election
from civic_forum.budgets.counting.settings import BODIES, COMMITTEE, CountingRules, RESIDENTS, Rule, Share
from civic_forum.budgets.counting.weighing import spearman, weigh
from tests.running.turns import share

from .small import HALVES, elections

EXAMPLES = settings(max_examples=share(200))
VALUES = st.lists(st.integers(0, 5).map(Fraction), min_size=2, max_size=9)
RULES = CountingRules(Rule.WEIGHTED, weights=HALVES)
MEMBERS = 10


def two_bodies(residents, committee, *, budget=10, ballots=10) -> Election:
    """Projects of 5 each, named a, b, c …"""
    ids = "abcdefgh"[:len(residents)]
    return Election.of_totals(budget, dict.fromkeys(ids, 5), dict(zip(ids, residents, strict=True)), ballots,
                              committee=CommitteeVotes(dict(zip(ids, committee, strict=True)), MEMBERS))


@st.composite
def both(draw):
    election = draw(elections())
    votes = {one.id: draw(st.integers(0, MEMBERS)) for one in election.candidates}
    return replace(election, committee=CommitteeVotes(votes, MEMBERS))


rules = st.builds(lambda by, weight: RULES.with_(share=by, weights={RESIDENTS: weight, COMMITTEE: 1 - weight}),
                  st.sampled_from(Share), st.fractions(0, 1, max_denominator=10))


@EXAMPLES
@given(VALUES, st.data())
def test_the_rank_correlation_is_that_of_mean_ranks_to_two_decimals(first, data):
    second = data.draw(st.permutations(first) | st.lists(st.integers(0, 9).map(Fraction), min_size=len(first),
                                                         max_size=len(first)))
    found = spearman(first, second)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert found is None
        return
    ranks = [[sum(other < one for other in values) + (values.count(one) + 1) / 2 for one in values]
             for values in (first, second)]
    assert abs(float(found) - correlation(*ranks)) < 0.005 + 1e-9
    assert found == spearman(second, first) == -spearman(first, [-one for one in second]) and -1 <= found <= 1


@pytest.mark.parametrize("second, found", [
    ([1, 2, 3, 4], 1), ([40, 30, 20, 10], -1), ([2, 1, 4, 3], Fraction(3, 5)), ([1, 1, 2, 2], Fraction(89, 100)),
    ([5, 5, 5, 5], None)])
def test_rank_correlations_worked_by_hand(second, found):
    assert spearman([1, 2, 3, 4], second) == found


@EXAMPLES
@given(both(), rules)
def test_each_is_counted_as_the_rule_counts_it(election, how):
    weighing = weigh(how, {}, election)
    assert weighing.both == count(election, how)
    for body in BODIES:
        assert weighing.alone[body] == count(election, how.with_(weights={body: Fraction(1)}))
        assert 0 <= weighing.kept(body) <= len(weighing.both.selected)
    ids = list(weighing.chosen)
    assert ids[:len(weighing.both.selected)] == list(weighing.both.selected)
    assert all(any(chosen) for chosen in weighing.chosen.values())
    assert set(ids) == {project_id for one in weighing.counts for project_id in one.selected}


@EXAMPLES
@given(both(), st.sampled_from(BODIES), st.sampled_from(Share))
def test_a_body_that_weighs_nothing_correlates_with_nothing(election, body, by):
    [other] = set(BODIES) - {body}
    weighing = weigh(RULES.with_(share=by, weights={body: Fraction(0), other: Fraction(1)}), {}, election)
    assert weighing.correlations[body] is None and weighing.correlations[other] in (1, None)
    assert weighing.both.selected == weighing.alone[other].selected
    assert weighing.heavier == (other if weighing.correlations[other] else None)


@EXAMPLES
@given(st.lists(st.integers(0, MEMBERS), min_size=2, max_size=8), st.sampled_from(Share))
def test_bodies_that_vote_alike_move_the_order_alike(votes, by):
    weighing = weigh(RULES.with_(share=by), {}, two_bodies(votes, votes))
    assert weighing.heavier is None and weighing.correlations[RESIDENTS] == weighing.correlations[COMMITTEE]
    assert weighing.both.selected == weighing.alone[RESIDENTS].selected == weighing.alone[COMMITTEE].selected


def test_a_committee_with_many_ticks_decides_by_ballots_and_not_by_marks():
    election = two_bodies([3, 2, 1, 0, 0, 4], [1, 3, 8, 10, 9, 5], ballots=100)
    by_ballots, by_marks = (weigh(RULES.with_(share=by), {}, election) for by in (Share.BALLOTS, Share.MARKS))
    assert by_ballots.heavier == COMMITTEE and by_ballots.correlations[COMMITTEE] == 1
    assert by_marks.correlations[RESIDENTS] > by_ballots.correlations[RESIDENTS]


@pytest.mark.parametrize("limits, freer", [
    ({RESIDENTS: 5, COMMITTEE: None}, COMMITTEE), ({RESIDENTS: 5, COMMITTEE: 20}, COMMITTEE),
    ({RESIDENTS: 5, COMMITTEE: 5}, None), ({RESIDENTS: None, COMMITTEE: None}, None),
    ({RESIDENTS: None, COMMITTEE: 5}, RESIDENTS), ({RESIDENTS: 6, COMMITTEE: 5}, RESIDENTS), ({}, None)])
def test_the_body_that_may_choose_more_is_told_with_and_without_votes(limits, freer):
    assert weigh(RULES, limits).freer == freer == weigh(RULES, limits, two_bodies([1, 2], [2, 1])).freer


def test_a_body_clearly_decides_more_from_a_quarter_on(monkeypatch):
    """Residents 4, 3, 2, 1 and a committee that says 2, 1, 4, 3 or the reverse."""
    weighing = weigh(RULES.with_(weights={RESIDENTS: Fraction(9, 10), COMMITTEE: Fraction(1, 10)}), {},
                     two_bodies([8, 6, 4, 2], [2, 1, 4, 3]))
    difference = weighing.correlations[RESIDENTS] - weighing.correlations[COMMITTEE]
    for clearly, heavier in ((difference, RESIDENTS), (difference + Fraction(1, 100), None)):
        monkeypatch.setattr("civic_forum.budgets.counting.weighing.CLEARLY", clearly)
        assert weigh(weighing.both.rules, {}, two_bodies([8, 6, 4, 2], [2, 1, 4, 3])).heavier == heavier
