"""A step far smaller than the share: what is proven to change nothing is not run, and the outcome is the same."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.counting import equal_shares
from civic_forum.budgets.counting import shares as steady
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.election import Election
from civic_forum.budgets.counting.outcome import Ending, Reason
from civic_forum.budgets.counting.purses import Voters
from civic_forum.budgets.counting.settings import Completion, Utility
from civic_forum.budgets.counting.shares import Run
from tests.running.turns import share

from .checking import check
from .small import COST, chosen, elections

STEPS = [Fraction(1, 8), Fraction(1, 5), Fraction(3, 100)]


@settings(max_examples=share(150))
@given(election=elections(most_projects=5, most_voters=7, exclusions=True), step=st.sampled_from(STEPS),
       utility=st.sampled_from(list(Utility)),
       completion=st.sampled_from([Completion.ADD1, Completion.ADD1_UNTIL_INFEASIBLE]))
def test_leaping_over_steps_changes_nothing(every_step, election, step, utility, completion):
    rules = COST.with_(utility=utility, completion=completion, step=step)
    found = count(election, rules)
    assert found == every_step(election, rules)
    check(election, found)


@pytest.fixture(scope="module")
def every_step():
    """Leaps wherever one can here; what it gives runs every step."""
    class Eager(equal_shares._Pace):
        def alike(self, run):
            self.wait = 0
            return super().alike(run)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(equal_shares, "_Pace", Eager)
        yield _every_step


def _every_step(*given):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(equal_shares._Pace, "alike", lambda pace, run: 0)
        return count(*given)


@pytest.mark.in_turns(of=5)
@settings(max_examples=share(300))
@given(election=elections(most_voters=12, costs=(7, 11, 23, 40, 61, 97)), utility=st.sampled_from(list(Utility)),
       extra=st.fractions(1, 60, max_denominator=12), part=st.fractions(0, 1, max_denominator=50))
def test_until_the_promised_growth_every_round_is_the_same(election, utility, extra, part):
    places = [place for place, votes in enumerate(election.votes) if votes]
    voters = Voters(election, places)

    def run(share):
        found = Run(election, voters, places, share, utility, {})
        found.until()
        return found

    before = run(election.share + extra)
    promised = min(steady.growth(before), 10**6)
    after = run(election.share + extra + part * Fraction(promised))
    assert [one.place for one in after.bought] == [one.place for one in before.bought]


def ran(election):
    """Equal shares by cost for all projects of this election, without any growth."""
    places = list(range(len(election.candidates)))
    run = Run(election, Voters(election, places), places, election.share, Utility.COST, {})
    run.until()
    return run


def test_a_promise_is_made_at_all():
    run = ran(Election.of(100, {"a": 60, "b": 50}, [["a"], ["a"], ["b"]]))
    # b, of one supporter, is paid when the share of 33 1/3 has grown by 16 2/3.
    assert 16.6 < steady.growth(run) < Fraction(50, 3)


def test_a_voter_who_paid_all_they_had_pays_more_of_it_as_the_share_grows():
    """b, of one supporter who paid all for a, is bought once a takes less: at 5/6 of growth, not at 4 1/6."""
    run = ran(Election.of(20, {"a": 10, "b": 5, "c": 5}, [["c"], ["a", "b"], ["a", "c"]]))
    assert 0.83 < steady.growth(run) < Fraction(5, 6)


def test_a_price_that_falls_bounds_the_growth_beside_one_that_does_not():
    """Two of three supporters of b pay all that a left them: b goes before c once that is 3 each, at 1 of growth."""
    election = chosen({"a": 32, "c": 10, "b": 12}, {"a": range(4), "b": (0, 1, 4), "c": (5, 6)}, budget=70, voters=7)
    run = ran(election)
    assert [election.candidates[one.place].id for one in run.bought] == ["a", "c", "b"]
    assert 0.99 < steady.growth(run) < 1


def test_prices_that_never_meet_bound_nothing():
    """b costs one in a million more than c and stays behind it by as much, until all can pay in full."""
    election = chosen({"a": 2_998_500, "b": 1_000_001, "c": 1_000_000}, {"a": range(3), "b": (0, 3), "c": (1, 4)},
                      budget=5_000_000, voters=5)
    run = ran(election)
    assert [election.candidates[one.place].id for one in run.bought] == ["a", "c", "b"]
    assert steady.growth(run) > 1


def test_a_voter_who_pays_the_last_of_it_holds_nothing_from_then_on():
    run = ran(Election.of(20, {"a": 20}, [["a"], ["a"]]))
    assert run.purses.held.tolist() == [0] and run.purses.emptied.tolist() == [0]


@pytest.mark.parametrize(("growth", "steps"), [(0.0, 0), (3.5, 3), (4.0, 3), (float("inf"), 0)])
def test_the_step_that_reaches_the_promised_growth_is_run(monkeypatch, growth, steps):
    monkeypatch.setattr(steady, "growth", lambda run: growth)
    pace = equal_shares._Pace(Fraction(1), 0)
    pace.wait = 0
    assert pace.alike(None) == steps
    assert (pace.wait == 0) == (steps >= pace.WORTH)


def test_no_more_runs_are_made_than_there_is_time_for(monkeypatch):
    monkeypatch.setattr(equal_shares._Pace, "alike", lambda pace, run: 0)
    election = Election.of(100, {"a": 60, "b": 40}, [["a"], ["a"], ["b"]])
    rules = COST.with_(completion=Completion.ADD1, step=Fraction(1))
    assert equal_shares.share_equally(election, rules, [0, 1], most_runs=8).steps == 7  # from 33 1/3 to 40 1/3
    with pytest.raises(equal_shares.TooLong):
        equal_shares.share_equally(election, rules, [0, 1], most_runs=7)


def test_a_withdrawn_project_of_a_fantastic_cost_holds_up_no_count():
    election = Election.of(10**9, {"a": 60, "b": 50, "withdrawn": 10**12 - 1}, [["a"], ["a", "withdrawn"], ["b"]])
    found = count(election, COST.with_(completion=Completion.ADD1_UNTIL_INFEASIBLE, step=Fraction(1, 1000)))
    assert found.selected == ("a", "b") and found.ending is Ending.INFEASIBLE
    (withdrawn,) = found.not_selected
    assert withdrawn.reason is Reason.WITHIN_REACH_UNTIL_ROUND and withdrawn.left < withdrawn.cost
    assert found.share < 10**12 + 29 <= found.share + Fraction(1, 1000)


def test_two_projects_that_are_always_equal_hold_up_no_count_either():
    """They are tied at every share, so that no float tells which of them is first: both prices stay as they are."""
    election = Election.of(1_000, {"a": 10, "b": 10, "c": 20, "withdrawn": 10**9 - 1},
                           [["a"], ["a"], ["b"], ["b"], ["c"], ["c"], ["withdrawn"]])
    for utility in Utility:
        found = count(election, COST.with_(utility=utility, completion=Completion.ADD1_UNTIL_INFEASIBLE))
        assert set(found.selected) == {"a", "b", "c"} and found.ending is Ending.INFEASIBLE
        assert found.steps > 10**8
