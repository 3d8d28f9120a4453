"""Rules of judging, as properties: exact means, what follows from points, what is shown of scores."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.calls.judging.rules import Candidate, Room, by_rule, equals, milestone_days, shown
from civic_forum.calls.rules import LEAST_OF_FEW, LEAST_SHOWN, ScoresShown, WhyNot

POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=1, max_size=9)
CANDIDATES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=12).map(
    lambda rows: [Candidate(number, Fraction(points), asked) for number, (points, asked) in enumerate(rows)])
ROOMS = st.builds(Room, places=st.none() | st.integers(0, 6), won=st.none() | st.integers(0, 20),
                  reserve=st.integers(0, 3).map(lambda most: range(1, most + 1)))


@given(CANDIDATES, ROOMS, st.none() | st.integers(0, 20))
def test_nobody_is_above_who_has_more_points_and_nothing_is_given_twice(candidates, room, least):
    made = by_rule(candidates, room, least)
    chosen = {number for number, each in made.items() if each.won is not None}
    by_id = {each.id: each for each in candidates}
    assert room.places is None or len(chosen) <= room.places
    assert room.won is None or sum(made[number].won for number in chosen) <= room.won
    reserve = sorted(each.reserve_place for each in made.values() if each.reserve_place)
    assert reserve == list(room.reserve)[:len(reserve)]
    lowest = min((by_id[number].mean for number in chosen), default=None)
    for each in candidates:
        if each.id not in chosen and lowest is not None:
            assert each.mean < lowest, "equal points come to the same, or wait"
        if least is not None:
            is_below = each.id in made and made[each.id].why_not is WhyNot.TOO_FEW_POINTS
            assert is_below is (each.mean < least)
    groups = equals(candidates, lambda these: by_rule(these, room, least))
    assert all(len({by_id[number].mean for number in group}) == 1 < len(group) for group in groups)
    lots = {number: place for group in groups for place, number in enumerate(group, 1)}
    after = by_rule([replace(each, lot=lots.get(each.id, 0)) for each in candidates], room, least)
    assert after.keys() == by_id.keys() and made.items() <= after.items(), "a lot leaves nobody open"


def test_equal_points_at_the_edge_wait_for_a_lot_and_are_not_asked_again():
    tied = [Candidate(1, Fraction(9)), Candidate(2, Fraction(8)), Candidate(3, Fraction(8)), Candidate(4, Fraction(7))]
    room = Room(places=2, won=None, reserve=range(1, 2))
    assert set(by_rule(tied, room, None)) == {1}
    late = [replace(tied[1], lot=1), replace(tied[2], lot=2), replace(tied[3], mean=Fraction(8))]
    assert [by_rule(late, Room(places=1, won=None, reserve=range(0)), None)[number].won for number in (2, 3, 4)] == [
        0, None, None], "whoever is opened again after the lot comes behind it"
    after = by_rule([tied[2], tied[3]], Room(places=0, won=None, reserve=range(1, 2)), None)
    assert (after[3].reserve_place, after[4].why_not) == (1, WhyNot.NO_PLACE)
    left = Room(places=None, won=20, reserve=range(2, 2), passed_over=Fraction(8))
    after = by_rule([Candidate(4, Fraction(9), 10), Candidate(5, Fraction(7), 10)], left, None)
    assert (after[4].won, after[5].why_not) == (10, WhyNot.NO_MONEY), "nobody is chosen below who got nothing"
    unsaid = [Candidate(6, Fraction(9), 5), Candidate(7, Fraction(8), None), Candidate(8, Fraction(7), 5)]
    assert set(by_rule(unsaid, Room(places=None, won=20, reserve=range(1, 1)), None)) == {6}, "unknown is not nothing"
    assert by_rule(unsaid, Room(places=None, won=None, reserve=range(1, 1)), None)[7].won == 0


@given(POINTS, st.sampled_from(ScoresShown))
def test_scores_are_shown_no_finer_than_was_said(points, how):
    found = shown(list(enumerate(points)), how)
    if how is ScoresShown.MEAN or len(points) < (LEAST_OF_FEW if how is ScoresShown.FEW else LEAST_SHOWN):
        assert not found.means and not found.sums
        return
    assert sum(found.means) == Fraction(sum(map(sum, points)), len(points))
    assert sorted(total for _juror, total in found.sums) == sorted(map(sum, points))
    assert {juror is None for juror, _total in found.sums} == {how is not ScoresShown.NAMES}


@given(st.dates(date(2026, 1, 1), date(2090, 1, 1)))
def test_milestones_follow_each_other(decided_on):
    agreement, interim, last = milestone_days(decided_on)
    assert decided_on < agreement < interim < last < decided_on + timedelta(days=430)
