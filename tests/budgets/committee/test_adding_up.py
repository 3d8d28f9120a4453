"""Sums of the marks of the committee."""

from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.committee.rules import LEAST_BALLOTS, added_up, may_be_fixed, most_votes_fit
from tests.running.turns import share

MEMBERS, PROJECTS = st.integers(1, 8), st.integers(1, 6)


def test_every_finished_member_who_recommends_a_project_counts_once_for_it():
    sums = added_up([1, 2, 3], {10, 11}, [(10, 1), (11, 1), (10, 1), (10, 2)])
    assert sums.members == 2 and dict(sums.votes) == {1: 2, 2: 1, 3: 0}


def test_unfinished_marks_and_projects_that_stand_to_choice_no_longer_do_not_count():
    sums = added_up([1], {10}, [(10, 1), (11, 1), (10, 99)])
    assert sums.members == 1 and dict(sums.votes) == {1: 1}


@settings(max_examples=share(100))
@given(st.sets(PROJECTS), st.sets(MEMBERS), st.lists(st.tuples(MEMBERS, PROJECTS)))
def test_sums_are_those_of_the_marks_counted_by_hand(projects, finished, marks):
    sums = added_up(projects, finished, marks)
    assert set(sums.votes) == projects and most_votes_fit(sums.members, sums.votes.values())
    for project in projects:
        assert sums.votes[project] == sum((member, project) in marks for member in finished)


def test_sums_wait_for_everybody_or_for_the_end_and_never_come_from_nobody():
    assert may_be_fixed(3, 3, over=False) and may_be_fixed(5, 3, over=True)
    assert not may_be_fixed(5, 4, over=False)
    assert not may_be_fixed(3, 0, over=True) and not may_be_fixed(0, 0, over=True)


def test_sums_of_fewer_than_three_would_tell_who_recommends_what():
    assert LEAST_BALLOTS == 3
    assert not any(may_be_fixed(members, finished, over=over) for over in (False, True)
                   for members in range(5) for finished in range(min(members, 2) + 1))


def test_no_project_has_more_votes_than_there_are_members():
    assert most_votes_fit(4, [0, 4]) and not most_votes_fit(4, [5]) and not most_votes_fit(4, [-1])
