"""Places out of scores."""

from datetime import date
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from civic_forum.awards import rules
from civic_forum.awards.rules import Nominee, is_awarded, is_enough, is_own, mean, places
from civic_forum.proposals.rules import State

points = st.integers(0, rules.MOST_POINTS)
sheet = st.tuples(points, points)


@st.composite
def rounds(draw):
    count = draw(st.integers(0, 6))
    return [Nominee(number, draw(st.booleans()), draw(st.integers(1, 5)),
                    tuple(draw(st.lists(sheet, max_size=5)))) for number in range(1, count + 1)]


def one(number, *sheets, jurors=3, stands=True):
    return Nominee(number, stands, jurors, sheets)


def test_the_highest_mean_comes_first():
    assert places([one(1, (5, 5), (6, 6)), one(2, (9, 9), (8, 8)), one(3, (1, 1), (1, 1))]) == {2: 1, 1: 2, 3: 3}


def test_the_same_mean_shares_a_place_and_the_next_one_stays_empty():
    assert places([one(1, (5, 5), (5, 5)), one(2, (4, 6), (6, 4)), one(3, (1, 1), (1, 1))]) == {1: 1, 2: 1, 3: 3}
    assert is_awarded(1, 1) and not is_awarded(3, 2) and not is_awarded(None, 9)


def test_a_missing_sheet_counts_neither_for_nor_against():
    assert mean([(9, 9), (8, 8)]) == 17 and mean([]) is None
    assert places([one(1, (9, 9), (9, 9)), one(2, (9, 9), (9, 9), (9, 9))]) == {1: 1, 2: 1}


def test_too_few_sheets_give_no_place():
    assert not is_enough([(9, 9)], 1) and not is_enough([(9, 9)] * 2, 4) and is_enough([(9, 9)] * 3, 5)
    assert places([one(1, (9, 9)), one(2, (1, 1), (1, 1))]) == {2: 1}


def test_a_nominee_that_is_gone_has_no_place():
    assert places([one(1, (9, 9), (9, 9), stands=False), one(2, (1, 1), (1, 1))]) == {2: 1}
    assert not rules.stands(True, False, State.DECIDED) and not rules.stands(False, True, State.DECIDED)
    assert not rules.stands(False, False, State.WITHDRAWN) and rules.stands(False, False, State.MERGED)


def test_nobody_scores_what_is_their_own():
    assert is_own(1, None, 1, None) and is_own(1, 7, 2, 7)
    assert not is_own(1, None, 2, None) and not is_own(1, 7, 2, 8)


def test_a_result_waits_for_every_sheet_or_for_the_day_after_the_last():
    day = date(2026, 5, 2)
    assert rules.may_publish_on(day, day, 0) and not rules.may_publish_on(day, day, 1)
    assert rules.may_publish_on(date(2026, 5, 3), day, 1)


def test_points_are_whole_and_in_range_for_every_criterion():
    assert rules.points_fit([0, 10], 2)
    assert not rules.points_fit([0], 2) and not rules.points_fit([0, 11], 2) and not rules.points_fit([None, 1], 2)


@given(rounds(), st.randoms())
def test_places_do_not_depend_on_the_order_of_nominees_or_sheets(nominees, random):
    mixed = [Nominee(each.id, each.stands, each.jurors, tuple(random.sample(each.sheets, len(each.sheets))))
             for each in random.sample(nominees, len(nominees))]
    assert places(mixed) == places(nominees)


@given(rounds())
def test_a_place_is_one_more_than_how_many_are_better(nominees):
    found = places(nominees)
    means = {each.id: mean(each.sheets) for each in nominees}
    for own, place in found.items():
        assert place == 1 + sum(means[other] > means[own] for other in found)
    assert not found or min(found.values()) == 1
    for each in nominees:
        assert (each.id in found) == (each.stands and is_enough(each.sheets, each.jurors))


@given(rounds(), st.integers(1, 12))
def test_a_nominee_that_leaves_changes_nothing_between_the_others(nominees, gone):
    before = places(nominees)
    after = places([Nominee(each.id, each.stands and each.id != gone, each.jurors, each.sheets) for each in nominees])
    assert sorted(after, key=lambda own: (before[own], own)) == sorted(after, key=lambda own: (after[own], own))
    assert all(after[own] <= before[own] for own in after)


@given(rounds(), st.data())
def test_more_points_never_lower_a_place(nominees, data):
    found = places(nominees)
    assume(found)
    own = data.draw(st.sampled_from(sorted(found)))
    raised = [Nominee(each.id, each.stands, each.jurors, tuple(
        tuple(min(rules.MOST_POINTS, given + 1) for given in one_sheet) for one_sheet in each.sheets)
        if each.id == own else each.sheets) for each in nominees]
    assert places(raised)[own] <= found[own]


@given(st.lists(sheet, min_size=1, max_size=9))
def test_the_mean_is_exact(sheets):
    assert mean(sheets) * len(sheets) == Fraction(sum(map(sum, sheets)))
