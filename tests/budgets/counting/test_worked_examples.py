"""The rules on elections small enough to reckon by hand."""

from fractions import Fraction

import pytest

from civic_forum.budgets.counting.counting import compare, count
from civic_forum.budgets.counting.election import BallotGroup, Candidate, CommitteeVotes, Election
from civic_forum.budgets.counting.outcome import Criterion, Ending, Reason, Stage
from civic_forum.budgets.counting.settings import Completion, CountingRules, Order, Rule, Share

from .small import CARDINALITY, COST, HALVES, bike_and_gym, chosen

ADD1 = COST.with_(completion=Completion.ADD1)


def reasons(found):
    return {one.project: one.reason for one in found.not_selected}


def test_equal_shares_by_cost_fund_bike_play_and_lib():
    found = count(bike_and_gym(), COST)
    assert found.selected == ("bike", "play", "lib")
    first, second, third = found.rounds
    assert (first.effective_votes, first.payment_per_supporter) == (7, 100)
    # Voters 6 to 9 hold 100 each: 50 from each for play, and then 6, 8 and 9 have 50 left.
    assert (second.effective_votes, second.payment_per_supporter) == (4, 50)
    assert (third.effective_votes, third.payment_per_supporter) == (3, Fraction(100, 3))
    assert found.share == 100 and found.left == 100


def test_equal_shares_by_cardinality_and_greedy_choose_otherwise():
    assert count(bike_and_gym(), CARDINALITY).selected == ("lib", "play", "gym")
    assert count(bike_and_gym(), CountingRules()).selected == ("bike", "gym")
    turned = bike_and_gym(bike=(0, 1, 2, 3, 4, 5), gym=(0, 1, 2, 3, 4, 5, 10))
    assert count(turned, COST).selected == ("gym", "park", "play")


def test_a_project_that_is_not_funded_says_what_its_supporters_held_and_where_it_went():
    one, other = sorted(count(bike_and_gym(), COST).not_selected, key=lambda one: one.project)
    assert (one.project, one.reason, one.round, one.left) == ("gym", Reason.WITHIN_REACH_UNTIL_ROUND, 1, 0)
    assert [(spent.project, spent.amount) for spent in one.spent_on] == [("bike", 600)]
    assert (other.project, other.held_at_start, other.round, other.left) == ("park", 500, 1, 200)


def test_greedy_skips_what_does_not_fit_or_stops_there():
    election = chosen({"a": 60, "b": 50, "c": 30}, {"a": range(5), "b": range(4), "c": range(3)}, budget=100, voters=5)
    skipped = count(election, CountingRules())
    assert skipped.selected == ("a", "c")
    assert [(one.rank, one.left) for one in skipped.not_selected] == [(2, 40)]
    stopped = count(election, CountingRules(skips=False))
    assert stopped.selected == ("a",)
    assert reasons(stopped) == {"b": Reason.DID_NOT_FIT, "c": Reason.STOPPED}
    assert (stopped.not_selected[1].by, stopped.not_selected[1].by_rank, stopped.not_selected[1].rank) == ("b", 2, 3)


def test_too_few_votes_are_dropped_before_any_rule():
    election = chosen({"a": 10, "b": 10, "c": 10}, {"a": range(5), "b": range(2)}, budget=100, voters=5)
    for rules in (CountingRules(threshold=3), COST.with_(threshold=3), ADD1.with_(threshold=3)):
        found = count(election, rules)
        assert found.selected == ("a",)
        assert reasons(found) == {"b": Reason.BELOW_THRESHOLD, "c": Reason.NO_VOTES}


def test_a_tie_goes_to_the_lower_cost_then_to_the_id_by_code_point():
    election = chosen({"10": 30, "9": 30, "é": 20, "z": 20}, dict.fromkeys(("10", "9", "é", "z"), range(2)),
                      budget=70, voters=2)
    found = count(election, CountingRules())
    assert found.selected == ("z", "é", "10")
    (tie,) = found.ties
    assert tie.projects == ("z", "é", "10", "9")
    assert tie.decided_by == (Criterion.COST, Criterion.ID)
    assert (tie.stage, tie.rank) == (Stage.GREEDY, 1)


def test_more_votes_go_first_where_values_tie():
    # Each costs as much per vote, so cardinality finds their prices equal; of equal cost the more votes win.
    election = Election.of(12, {"a": 6, "b": 6}, [["a"], ["a", "b"], ["b"], ["b"]])
    per_cost = Election.of_totals(12, {"a": 0, "b": 0}, {"a": 1, "b": 2}, 4)
    found = count(per_cost, CountingRules(order=Order.VOTES_PER_COST))
    assert found.selected == ("b", "a") and found.ties[0].decided_by == (Criterion.VOTES,)
    assert count(election, COST).selected[0] == "b"


def test_a_lot_takes_the_place_of_the_id():
    facts = {"costs": {"a": 30, "b": 30}, "supporters": {"a": range(2), "b": range(2)}}
    drawn = chosen(**facts, budget=30, voters=2, lot=("b", "a"))
    for rules in (CountingRules(), COST):
        found = count(drawn, rules)
        assert found.selected == ("b",)
        assert found.ties[0].decided_by == (Criterion.LOT,)


def test_of_projects_that_exclude_each_other_one_wins():
    facts = {"costs": {"a": 40, "b": 40, "c": 20}, "supporters": {"a": range(6), "b": range(5), "c": range(3)}}
    election = chosen(**facts, budget=100, voters=6, exclusions=[("a", "b")])
    for rules in (CountingRules(), COST, CARDINALITY, COST.with_(fill_greedy=True), ADD1):
        found = count(election, rules)
        assert set(found.selected) == {"a", "c"}
        (one,) = found.not_selected
        assert (one.reason, one.by) == (Reason.EXCLUDED, "a")
    weighted = CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(1)})
    assert count(election, weighted).selected == ("a", "c")


def test_an_excluded_project_stops_no_count():
    election = chosen({"a": 40, "b": 90, "c": 20}, {"a": range(6), "b": range(5), "c": range(3)}, budget=100, voters=6,
                      exclusions=[("a", "b")])
    assert count(election, CountingRules(skips=False)).selected == ("a", "c")


def test_weighted_adds_exact_parts_of_both_bodies():
    election = Election.of_totals(100, {"a": 60, "b": 60, "c": 40}, {"a": 30, "b": 10, "c": 0}, 90,
                                  committee=CommitteeVotes({"a": 1, "b": 3, "c": 3}, 7))
    found = count(election, CountingRules(Rule.WEIGHTED, weights=HALVES, share=Share.BALLOTS))
    assert found.selected == ("b", "c")
    assert found.parts["a"] == {"residents": Fraction(1, 3), "committee": Fraction(1, 7)}
    assert [one.score for one in found.rounds] == [Fraction(1, 18) + Fraction(3, 14), Fraction(3, 14)]
    assert found.satisfied is None
    by_marks = count(election, CountingRules(Rule.WEIGHTED, weights=HALVES))
    assert by_marks.selected == ("a", "c")
    assert by_marks.parts["a"] == {"residents": Fraction(3, 4), "committee": Fraction(1, 7)}


def test_by_marks_a_body_that_ticks_more_does_not_weigh_more():
    """Three residents with one tick each want a; ten members with two ticks each want b and c."""
    election = Election.of_totals(100, {"a": 60, "b": 60, "c": 40}, {"a": 3}, 3,
                                  committee=CommitteeVotes({"b": 10, "c": 10}, 10))
    by_ballots = count(election, CountingRules(Rule.WEIGHTED, weights=HALVES, share=Share.BALLOTS))
    by_marks = count(election, CountingRules(Rule.WEIGHTED, weights=HALVES))
    assert [one.score for one in by_ballots.rounds] == [Fraction(1, 2)] * 2
    assert by_marks.rounds[0].project == "a"
    assert {one.score for one in (*by_marks.rounds, *by_marks.not_selected)} == {Fraction(1, 2), Fraction(1, 4)}


def test_a_body_that_gave_no_vote_adds_nothing():
    election = Election.of_totals(100, {"a": 60, "b": 60}, {}, 5, committee=CommitteeVotes({"b": 1}, 2))
    assert count(election, CountingRules(Rule.WEIGHTED, weights=HALVES)).selected == ("b",)
    with pytest.raises(ValueError, match="committee"):
        count(Election.of_totals(1, {"a": 1}, {"a": 1}, 1), CountingRules(Rule.WEIGHTED, weights=HALVES))


def test_a_free_project_with_a_vote_is_funded():
    election = Election.of(10, {"free": 0, "unwanted": 0, "paid": 10}, [["free"], ["paid"]])
    assert count(election, CountingRules()).selected == ("free", "paid")
    found = count(election, COST)
    assert found.selected == ("free",)
    assert (found.rounds[0].payment_per_supporter, found.rounds[0].effective_votes) == (0, 1)
    assert reasons(found) == {"paid": Reason.NEVER_ENOUGH, "unwanted": Reason.NO_VOTES}


def test_free_projects_with_as_many_supporters_are_tied():
    found = count(Election.of(10, {"a": 0, "b": 0, "c": 0, "d": 5}, [["a", "b"], ["a", "c"], ["d"]]), COST)
    assert [tie.projects for tie in found.ties] == [("b", "c")]


def test_points_order_a_greedy_list_and_are_approval_in_equal_shares():
    election = Election.of(10, {"a": 10, "b": 10}, [{"a": 9, "b": 0}, {"b": 2}, {"b": "2.5"}])
    assert count(election, CountingRules()).selected == ("a",)
    assert count(election, CountingRules()).not_selected[0].votes == Fraction("4.5")
    found = count(election, ADD1)
    assert found.selected == ("b",) and found.rounds[0].votes == 2
    assert found.satisfied == 2


def test_blank_ballots_count_among_the_voters():
    election = Election.of(100, {"a": 60}, [["a"], ["a"], [], []])
    found = count(election, COST)
    assert (found.voters, found.share, found.selected) == (4, 25, ())
    assert found.not_selected[0].held_at_start == 50


def test_a_project_twice_on_a_ballot_counts_once():
    assert Election.of(9, {"a": 5}, [["a", "a"]]).votes == (1,)


def test_add1_raises_the_share_until_nothing_can_be_added():
    election = Election.of(100, {"a": 60, "b": 40}, [["a"], ["a"], ["b"]])
    plain = count(election, COST)
    assert plain.selected == ("a",) and plain.steps is None
    found = count(election, ADD1)
    assert found.selected == ("a", "b")
    # 40 is first reached at 33 1/3 + 7.
    assert (found.steps, found.share, found.ending) == (7, Fraction(121, 3), Ending.ALL_FUNDED)
    assert count(election, ADD1.with_(step=Fraction(1, 3))).share == 40


def test_add1_keeps_the_outcome_before_the_budget_is_broken():
    election = Election.of(100, {"a": 60, "b": 50}, [["a"], ["a"], ["b"]])
    found = count(election, ADD1)
    assert found.selected == ("a",) and found.ending is Ending.EXHAUSTED and found.steps == 0
    longer = count(election, ADD1.with_(completion=Completion.ADD1_UNTIL_INFEASIBLE))
    assert longer.selected == ("a",) and longer.ending is Ending.INFEASIBLE
    assert longer.share < 50 <= longer.share + 1


def test_the_fill_spends_what_equal_shares_leave():
    election = Election.of(100, {"a": 60, "b": 40, "c": 39}, [["a"], ["a"], ["b"], ["c"], ["c"]])
    found = count(election, COST.with_(fill_greedy=True))
    assert [(one.project, one.stage) for one in found.rounds] == [("c", Stage.EQUAL_SHARES), ("a", Stage.FILL)]
    (missing,) = found.not_selected
    assert (missing.reason, missing.fill_rank, missing.fill_left) == (Reason.NEVER_ENOUGH, 2, 1)


def test_amounts_are_read_exactly():
    election = Election.of("0.3", {"a": "0.1", "b": "0.2"}, [["a", "b"]])
    found = count(election, CountingRules())
    assert found.selected == ("a", "b") and found.to_json()["cost"] == "0.3"
    with pytest.raises(ValueError, match="floating"):
        Election.of(0.3, {"a": 1}, [])


HAIR = Fraction(1, 2**52)
"""Of a share of 1, so little that floating point can just tell it."""


def test_a_hairs_breadth_decides_who_can_pay_in_full():
    """All of what is held, where that is a hair less than half of b after paying for a, and the rest from the other."""
    half = Fraction(1, 2)
    for more in (hairs * HAIR for hairs in range(-20, 21)):
        election = chosen({"a": 3 * (half + more), "b": 1}, {"a": (0, 1, 2), "b": (2, 3)}, budget=4, voters=4)
        prices = {one.project: one.payment_per_supporter for one in count(election, COST).rounds}
        assert prices == {"a": half + more, "b": half + max(0, more)}


def test_a_project_that_costs_next_to_nothing_is_paid():
    for cost in (hairs * HAIR for hairs in range(1, 41)):
        (found,) = count(Election.of(1, {"a": cost}, [["a"]]), COST).rounds
        assert found.payment_per_supporter == cost


def test_nobody_voted():
    for rules in (CountingRules(), COST, ADD1, COST.with_(fill_greedy=True)):
        found = count(Election.of(100, {"a": 60}, []), rules)
        assert found.selected == () and reasons(found) == {"a": Reason.NO_VOTES}


def test_rules_are_compared_on_the_same_ballots():
    found = compare(bike_and_gym(), [CountingRules(), COST])
    assert [one.selected for one in found] == [("bike", "gym"), ("bike", "play", "lib")]
    assert [one.satisfied for one in found] == [7, 11]


def test_more_money_can_fund_less():
    # The outcome is not monotone in the share: with more money each, c is paid first and a is lost.
    election = Election.of(100, {"a": 30, "b": 36, "c": 60}, [["a", "c"], ["a", "c"], ["b", "c"], ["b"], []])
    shares = [count(Election.of(budget, {"a": 30, "b": 36, "c": 60}, [
        ["a", "c"], ["a", "c"], ["b", "c"], ["b"], []]), COST).selected for budget in (75, 100)]
    assert shares == [("a",), ("c",)]
    assert count(election, COST).selected == ("c",)


@pytest.mark.parametrize("wrong", [
    lambda: Election.of(1, {"a": 1}, [["b"]]),
    lambda: Election.of(-1, {"a": 1}, []),
    lambda: Election.of(1, {"a": -1}, []),
    lambda: Election.of(1, {"a": 1, "b": 1}, [], lot=("a",)),
    lambda: Election.of(1, {"a": 1}, [], exclusions=[("a", "b")]),
    lambda: Election.of_groups(1, {"a": 1, "b": 1}, [BallotGroup((1, 0), 1)]),
    lambda: Election.of_groups(1, {"a": 1}, [BallotGroup((0,), 0)]),
    lambda: Election.of_totals(1, {"a": 1}, {"b": 1}, 1),
    lambda: Election.of_totals(1, {"a": 1}, {"a": -1}, 1),
    lambda: Election(Fraction(1), (Candidate("a", Fraction(1)),) * 2, 0, (Fraction(0),) * 2),
    lambda: Election.of_totals(1, {"a": 1}, {}, 1, committee=CommitteeVotes({"b": 1}, 1)),
    lambda: count(Election.of_totals(1, {"a": 1}, {"a": 1}, 1), COST),
])
def test_values_that_make_no_election_are_refused(wrong):
    with pytest.raises(ValueError):
        wrong()
