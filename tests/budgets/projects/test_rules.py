"""Codes, caps and who may change what when: for every round there can be."""

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.projects import labels
from civic_forum.budgets.projects import rules as projects
from civic_forum.budgets.projects.rules import Hand
from civic_forum.budgets.rules import EDITABLE, FIT_FOR_BALLOT, MOVES, ORDER, Phase, ProjectState, WON
from civic_forum.journeys.labels import STEPS
from tests.running.turns import share


@pytest.mark.parametrize(("position", "letters"), [(1, "A"), (2, "B"), (26, "Z"), (27, "AA"), (28, "AB"), (52, "AZ"),
                                                   (53, "BA"), (702, "ZZ"), (703, "AAA")])
def test_envelopes_are_named_as_columns_of_a_table(position, letters):
    assert projects.letters(position) == letters


def test_no_envelope_is_the_nought_th():
    with pytest.raises(ValueError):
        projects.letters(0)


@settings(max_examples=share(200))
@given(st.lists(st.integers(1, 60), min_size=1, max_size=60))
def test_codes_are_given_once_whatever_the_order(positions):
    taken = []
    for position in positions:
        code = projects.next_code(position, taken)
        assert code not in taken and re.fullmatch(r"[A-Z]{1,2}[0-9]{2,}", code)
        taken.append(code)
    for position in set(positions):
        own = [code for code in taken if re.fullmatch(f"{projects.letters(position)}[0-9]+", code)]
        assert [int(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for code in own] == list(range(1, len(own) + 1))


def test_a_withdrawn_project_keeps_its_code():
    assert projects.next_code(1, ["A01", "A03"]) == "A04"
    assert projects.next_code(1, ["AA07", "B02", "A-9", "Axy", "imported-1"]) == "A01"
    assert projects.next_code(1, [f"A{number:02d}" for number in range(1, 100)]) == "A100"


@given(st.lists(st.none() | st.integers(0, 10**13), max_size=4))
def test_the_lowest_cap_holds(limits):
    there = [one for one in limits if one is not None]
    assert projects.cap(*limits) == (min(there) if there else None)


@given(st.sets(st.sampled_from(list(Hand))), st.sets(st.sampled_from(list(Phase))))
def test_nobody_changes_a_project_once_the_committee_has_it(hands, phases):
    late = {phase for phase in phases if ORDER.index(phase) >= ORDER.index(Phase.COMMITTEE)}
    assert projects.may_change(sorted(hands), late) is None
    hand = projects.may_change(sorted(hands), phases)
    assert hand is None or hand in hands and projects.CHANGES[hand] & phases


WAYS = {
    "handed_in": "in_review withdrawn merged",
    "in_review": "eligible eligible_if not_eligible withdrawn merged",
    "eligible": "in_review on_ballot withdrawn merged",
    "eligible_if": "in_review eligible on_ballot withdrawn merged",
    "not_eligible": "in_review",
    "merged": "",
    "withdrawn": "",
    "on_ballot": "chosen not_chosen",
    "chosen": "in_budget dropped",
    "not_chosen": "",
    "in_budget": "in_progress dropped",
    "dropped": "in_budget",
    "in_progress": "done",
    "done": "",
}


def test_a_project_goes_these_ways_and_no_other():
    assert MOVES == {state: set(after.split()) for state, after in WAYS.items()}
    assert EDITABLE == {"handed_in", "in_review", "eligible", "eligible_if"}
    assert FIT_FOR_BALLOT == {"eligible", "eligible_if"}
    assert WON == {"chosen", "in_budget", "dropped", "in_progress", "done"}


def test_each_hand_has_its_phases_for_changes():
    assert projects.CHANGES == {"proposer": {"collecting", "adjusting"}, "official": {"review", "adjusting"},
                                "moderator": {"review", "adjusting"}}


def test_every_state_says_what_comes_next_and_has_its_step():
    assert set(labels.NEXT) == set(ProjectState)
    reached = {after for moves in MOVES.values() for after in moves} - {ProjectState.ON_BALLOT}
    early = {ProjectState.IN_REVIEW, ProjectState.WITHDRAWN, ProjectState.MERGED, *FIT_FOR_BALLOT,
             ProjectState.NOT_ELIGIBLE}
    assert early < reached and {f"project_{one.value}" for one in early} < set(STEPS)


def test_states_do_not_belong_to_two_ends():
    for one, other in combinations((EDITABLE, WON, frozenset((ProjectState.WITHDRAWN, ProjectState.MERGED))), 2):
        assert not one & other
