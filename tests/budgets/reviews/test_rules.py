"""Parts that a review must have, and the times of reviews and second looks."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from civic_forum.budgets.reviews import labels
from civic_forum.budgets.reviews import rules as reviews
from civic_forum.budgets.reviews.rules import Lack, Opinion
from civic_forum.budgets.rules import Finding, ORDER, Phase, ProjectState, Verdict, may_move
from civic_forum.platform.i18n import SEOUL, local
from tests.factories import MAY
from tests.running.turns import share

from .opinions import eligible, eligible_if, not_eligible

TEXTS = st.sampled_from(["", "  ", "짧음", "열 글자가 넘는 의견이에요."])
CHANGES = st.fixed_dictionaries({}, optional={
    "legal": st.none() | st.sampled_from(Finding), "technical": st.none() | st.sampled_from(Finding), "text": TEXTS,
    "cost_parts": st.lists(st.tuples(st.just("의자"), st.integers(0, 5)), max_size=3).map(tuple),
    "verdict": st.none() | st.sampled_from(Verdict), "condition": TEXTS, "reason": TEXTS,
    "reason_id": st.none() | st.integers(1, 3)})
OPINIONS = st.builds(lambda whole, changes: replace(whole, **changes),
                     st.sampled_from((eligible(), eligible_if(), not_eligible())), CHANGES)
"""Whole ones of which something may be changed: what is drawn freely lacks something nearly always."""


@settings(max_examples=share(300))
@given(OPINIONS, st.booleans())
def test_a_review_that_lacks_nothing_says_why(opinion, has_reasons):
    assume(not reviews.lacks(opinion, has_reasons=has_reasons))
    assert opinion.legal and opinion.technical and opinion.verdict and len(opinion.text) >= 10
    if opinion.verdict is Verdict.NOT_ELIGIBLE:
        assert len(opinion.reason) >= 10 and (opinion.reason_id or not has_reasons)
    else:
        assert opinion.cost > 0 and Finding.NOT_POSSIBLE not in (opinion.legal, opinion.technical)
    if opinion.verdict is Verdict.ELIGIBLE_IF:
        assert len(opinion.condition) >= 10


def test_a_whole_review_lacks_nothing():
    for opinion in (eligible(), eligible_if(), not_eligible(), not_eligible(cost_parts=())):
        assert reviews.lacks(opinion, has_reasons=False) == []
    assert reviews.lacks(not_eligible(), has_reasons=True) == [("reason_id", Lack.WHICH_REASON)]


@pytest.mark.parametrize(("opinion", "field", "lack"), [
    (eligible, "text", Lack.OPINION), (eligible_if, "condition", Lack.CONDITION),
    (not_eligible, "reason", Lack.REASON)])
def test_ten_characters_are_the_least_and_blanks_around_them_do_not_count(opinion, field, lack):
    assert reviews.lacks(opinion(**{field: "가" * 10}), has_reasons=False) == []
    assert reviews.lacks(opinion(**{field: f" {'가' * 9} "}), has_reasons=False) == [(field, lack)]


def test_only_a_verdict_that_asks_for_something_is_looked_at_again():
    assert reviews.LOOKED_AT_AGAIN == {ProjectState.NOT_ELIGIBLE, ProjectState.ELIGIBLE_IF}


def test_every_lack_has_its_sentence():
    assert set(labels.LACK) == set(Lack)


@given(st.lists(st.integers(0, 10**13), max_size=20))
def test_the_cost_is_the_sum_of_its_parts(sums):
    assert Opinion(cost_parts=tuple(("", one) for one in sums)).cost == (sum(sums) if sums else None)


def test_a_verdict_is_a_way_out_of_the_review():
    assert all(may_move(ProjectState.IN_REVIEW, state) and may_move(state, ProjectState.IN_REVIEW)
               for state in reviews.STATE_OF.values())
    assert set(reviews.STATE_OF) == set(Verdict)


def spans(*phases):
    return [SimpleNamespace(phase=phase, starts_at=MAY + timedelta(days=place), ends_at=None)
            for place, phase in enumerate(phases)]


def test_reviews_begin_when_collecting_is_over_whatever_the_round_leaves_out():
    tick = timedelta(microseconds=1)
    for left_out in (set(), {Phase.REVIEW}, {Phase.REVIEW, Phase.ADJUSTING, Phase.COMMITTEE}):
        budget_round = spans(*(phase for phase in ORDER if phase not in left_out))
        assert not reviews.takes_reviews(budget_round, MAY - tick) and not reviews.takes_reviews(budget_round, MAY)
        assert not reviews.takes_reviews(budget_round, MAY + timedelta(days=1) - tick)
        assert reviews.takes_reviews(budget_round, MAY + timedelta(days=1))
    assert not reviews.takes_reviews([], MAY) and reviews.takes_reviews(spans(Phase.REVIEW), MAY)


def between(*stretches):
    return [SimpleNamespace(phase=phase, starts_at=MAY + timedelta(days=first), ends_at=last
                            and MAY + timedelta(days=last))
            for phase, first, last in stretches]


@pytest.mark.parametrize(("after", "due"), [
    (0, 20), (10, 25), (24, 25),  # the phase ends on day 25
    (25, 40), (26, 40), (39, 40),  # at that end, in the pause behind it and in the next phase: the end of that one
    (45, 65), (60, 80),  # nothing more ends before the vote
    (-5, 15)])
def test_a_review_is_due_by_the_days_or_by_the_end_of_its_phase(after, due):
    budget_round = between((Phase.COLLECTING, -20, 0), (Phase.REVIEW, 0, 25), (Phase.ADJUSTING, 30, 40),
                           (Phase.VOTING, 90, 100))
    due_at = reviews.due(MAY + timedelta(days=after), 20, budget_round)
    assert due_at in (MAY + timedelta(days=due), MAY + timedelta(days=due) - timedelta(microseconds=1))
    assert reviews.is_cut_short(MAY + timedelta(days=after), due_at, 20) is (due != after + 20)


def test_a_phase_without_an_end_lasts_until_the_next_and_midnight_is_no_new_day():
    midnight = datetime(2030, 5, 20, tzinfo=SEOUL)
    budget_round = between((Phase.REVIEW, 0, None)) + [SimpleNamespace(phase=Phase.VOTING, starts_at=midnight,
                                                                       ends_at=None)]
    due_at = reviews.due(midnight - timedelta(days=3), 20, budget_round)
    assert due_at < midnight and local(due_at).date() == midnight.date() - timedelta(days=1)
    assert reviews.due(MAY, 20, []) == MAY + timedelta(days=20)
