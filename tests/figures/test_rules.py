"""Rules of the figures: what is hidden cannot be worked out, and who is missing is said of nobody who is hidden."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.figures.rules import (LEAST, Waiting, answered, broken_down, hidden, months)
from tests.running.turns import share

MANY = settings(max_examples=share(300))
COUNTS = st.dictionaries(st.text("가나다라마바사", min_size=1, max_size=3), st.integers(0, 3 * LEAST), min_size=1)


@MANY
@given(COUNTS)
def test_no_small_cell_is_shown(counts):
    shown = hidden(counts)
    assert list(shown) == list(counts)
    for key, people in shown.items():
        assert people is None or (people == counts[key] and people >= LEAST)


@MANY
@given(COUNTS)
def test_nothing_that_is_hidden_follows_from_the_whole(counts):
    shown = hidden(counts)
    behind = [counts[key] for key, people in shown.items() if people is None]
    if behind and len(behind) < len(counts):
        rest = sum(counts.values()) - sum(people for people in shown.values() if people is not None)
        assert len(behind) > 1 and rest == sum(behind) >= LEAST


@MANY
@given(COUNTS)
def test_no_more_is_hidden_than_that_needs(counts):
    shown = hidden(counts)
    large = sorted(counts[key] for key, people in shown.items() if people is None and counts[key] >= LEAST)
    small = [people for people in counts.values() if people < LEAST]
    if not small:
        assert not large
    if large:
        others = sum(small) + sum(large[:-1])
        assert others < LEAST or len(small) + len(large) == 2


@MANY
@given(COUNTS, st.integers(0, 100))
def test_the_groups_that_are_missing_are_below_their_share_and_never_hidden(counts, unsaid):
    found = broken_down(counts, unsaid, dict.fromkeys(counts, 1_000))
    for group in found.missing():
        assert group.people is not None
        assert found.share(group) < found.residents_share(group) * Fraction(4, 5)
    assert found.said == sum(counts.values()) and found.unsaid == unsaid


def test_the_fewest_come_first_and_nobody_is_missing_without_the_residents():
    counts, residents = {"가": 10, "나": 80, "다": 20, "라": 5}, {"가": 100, "나": 100, "다": 100, "라": 100}
    assert [group.key for group in broken_down(counts, 3, residents).missing()] == ["라", "가"]
    assert broken_down(counts, 3, {}).missing() == []
    partly = broken_down(counts, 3, {"가": 100})
    assert partly.missing() == [] and not partly.compared
    assert [group.rate for group in partly.groups] == [1_000, None, None, None]
    assert (partly.most().key, broken_down(counts, 3, residents | {"나": 1_000}).most().key) == ("나", "다")
    assert broken_down({"가": 1, "나": 0}, 0, {}).most() is None


def test_months_end_with_that_of_yesterday():
    found = months(date(2030, 5, 2))
    assert (found[0], found[-1], len(found)) == (date(2029, 6, 1), date(2030, 5, 1), 12)
    assert months(date(2030, 5, 1))[-1] == date(2030, 4, 1)
    assert months(date(2030, 1, 2), 2) == [date(2029, 12, 1), date(2030, 1, 1)]


def test_answers_fall_into_classes_of_days():
    found = answered([Waiting(days, days > 30) for days in (0, 7, 8, 14, 30, 31, 61)], open_late=2)
    assert found.classes == (2, 2, 1, 1, 1)
    assert (found.total, found.in_time, found.late, found.median, found.open_late) == (7, 5, 2, 14, 2)
    assert (answered([]).total, answered([]).median) == (0, None)
