"""Sameness of words, counts, and their display, for whatever people send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.forums.pulses import rules
from civic_forum.forums.pulses import labels as pulse_labels
from civic_forum.forums.rules import PulseKind

counts = st.dictionaries(st.sampled_from(rules.CHOICES), st.integers(0, 5000))


@given(st.text(max_size=40))
def test_a_word_is_short_says_something_and_is_itself_when_folded_again(typed):
    word = pulse_labels.folded(typed)
    if word is not None:
        assert 0 < len(word) <= pulse_labels.FOLDED_MOST
        assert any(one.isalnum() for one in word) and not any(one.isspace() for one in word)


@pytest.mark.parametrize("typed", ["안전", " 안전 ", "안 전", "안전", "안​전"])
def test_equal_words_are_one(typed):
    assert pulse_labels.folded(typed) == "안전"


@pytest.mark.parametrize("typed", ["", "  ", "!!!", "가" * 13, "ﷺ" * 3])
def test_texts_that_are_no_word(typed):
    assert pulse_labels.folded(typed) is None


@pytest.mark.in_turns(of=5)
@given(st.text(max_size=10))
def test_a_choice_is_one_of_three(typed):
    assert pulse_labels.answer_of(PulseKind.YES_NO_UNSURE, typed) == (typed if typed in rules.CHOICES else None)


@given(counts, st.lists(counts, max_size=5))
def test_answers_and_hands_add_up(responses, hands):
    together = rules.together(responses, hands)
    assert sum(together.values()) == sum(responses.values()) + sum(sum(one.values()) for one in hands)
    assert all(together.values())


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers(1, 50)), st.data())
def test_a_word_that_was_taken_out_counts_nowhere(responses, data):
    out = data.draw(st.lists(st.sampled_from(sorted(responses)))) if responses else []
    assert rules.together(responses, [], out) == {one: n for one, n in responses.items() if one not in out}


@given(st.lists(st.integers(0, 10_000), max_size=12))
def test_per_cents_make_a_hundred_and_are_each_within_one_of_the_share(counted):
    shares = rules.percents(counted)
    assert sum(shares) == (100 if sum(counted) else 0)
    for share, count in zip(shares, counted, strict=True):
        assert not sum(counted) or abs(share - 100 * count / sum(counted)) < 1


@given(counts)
def test_choices_are_always_shown_in_the_order_in_which_they_are_asked(counted):
    assert [value for value, _count in rules.in_order(PulseKind.YES_NO_UNSURE, counted)] == list(rules.CHOICES)


def test_words_are_shown_by_how_many_said_them():
    assert rules.in_order(PulseKind.WORD, {"밝게": 2, "가로등": 2, "안전": 5}) == [("안전", 5), ("가로등", 2), ("밝게", 2)]
