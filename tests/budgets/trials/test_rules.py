"""Limits of trial elections and figures of their pages, without a database."""

from fractions import Fraction
from types import SimpleNamespace

import pytest

from civic_forum.budgets.formats.pabulib.parsing import read
from civic_forum.budgets.trials import rules as trials
from civic_forum.budgets.counting.comparing import SideBySide
from tests.budgets.pabulib.texts import text


def figures(whole):
    return trials.figures(read(whole.encode()), Fraction(1))


@pytest.mark.parametrize(("projects", "ballots", "too_large"), [
    (500, 200_000, False), (501, 0, True), (0, 200_001, True)])
def test_a_trial_takes_so_many_projects_and_ballots(projects, ballots, too_large):
    assert trials.is_too_large(SimpleNamespace(costs=range(projects), ballots=range(ballots))) is too_large


def test_an_id_has_a_hundred_characters_at_most():
    assert [trials.has_long_ids(SimpleNamespace(costs={"1" * many: 1})) for many in (100, 101)] == [False, True]


def test_a_count_while_somebody_waits_is_small():
    election = SimpleNamespace(ballots=range(1_000), candidates=range(100), share=Fraction(20))
    assert [trials.is_small(election, Fraction(step)) for step in ("10", "9.9")] == [True, False]


@pytest.mark.parametrize(("share", "step"), [(100_000, 1), (100_001, 10), (1_000_000, 10), (1_000_001, 100)])
def test_the_usual_step_is_the_first_with_which_counting_ends_in_time(share, step):
    assert trials.usual_step(SimpleNamespace(meta={}), SimpleNamespace(share=Fraction(share), candidates=())) == step


def test_a_name_is_shown_up_to_three_hundred_characters():
    shown = figures(text(projects=("project_id;cost;name", f"1;60;{'a' * 300}", f"2;40;{'b' * 301}", "P/3;50;")))
    assert [one["name"] for one in shown["projects"]] == ["a" * 300, "b" * 300 + "…", "P/3"]


def test_a_place_of_ten_voters_is_named_and_smaller_ones_are_told_together():
    homes = ["독산1동"] * 10 + ["시흥3동"] * 9 + ["시흥4동"]
    shown = figures(text(meta={"num_votes": "20"}, votes=(
        "voter_id;vote;neighborhood", *(f"{number};1;{home}" for number, home in enumerate(homes)))))
    assert [(home["name"], home["voters"]) for home in shown["homes"]] == [("독산1동", 10), ("", 10)]


def test_no_points_for_what_is_funded_leave_a_voter_without_a_funded_choice():
    shown = figures(text(meta={"num_votes": "12", "vote_type": "cumulative"}, votes=(
        "voter_id;vote;points;neighborhood", *(f"{number};1;5;독산1동" for number in range(11)), "last;1;0;독산1동")))
    (home,) = shown["homes"]
    assert (home["voters"], home["satisfied"]["greedy"]) == (12, 11)


def test_rules_differ_in_what_some_fund_and_others_do_not():
    beside = SideBySide(figures(text()))
    assert {line.id: (any(line.chosen), all(line.chosen)) for line in beside.lines} == {
        "1": (True, True), "2": (True, False), "P/3": (False, False)}
    assert [line.id for line in beside.differing] == ["2"]
