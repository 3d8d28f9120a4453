"""Counts of surveys: nothing that is hidden follows from what is shown."""

from itertools import product
from random import Random

import pytest

from civic_forum.platform.question_rows import QuestionType
from civic_forum.surveys.rules import LEAST, counted, hidden, hidden_each


@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_part_of_a_whole_follows_from_the_others(seed):
    random = Random(seed)
    counts = {str(place): random.choice((0, 1, 2, 4, 5, 9, 40)) for place in range(random.randint(2, 5))}
    shown = dict(hidden(counts))
    unseen = [name for name, number in shown.items() if number is None]
    rest = sum(counts.values()) - sum(number or 0 for number in shown.values())
    assert rest == sum(counts[name] for name in unseen)
    assert not unseen or len(unseen) == len(counts) or len(unseen) > 1 and rest >= LEAST
    assert all(number is None or number >= LEAST for number in shown.values())
    if 1 < len(unseen) < 4 and 0 < rest <= 60:
        fits = [each for each in product(range(rest + 1), repeat=len(unseen)) if sum(each) == rest]
        assert all(len({each[place] for each in fits}) > 1 for place in range(len(unseen)))


def test_parts_that_overlap_are_hidden_on_both_sides_and_never_alone():
    assert hidden_each({"가": 30, "나": 3, "다": 12}, 40) == [("가", 30), ("나", None), ("다", None)]
    assert hidden_each({"가": 38, "나": 20, "다": 12}, 40) == [("가", None), ("나", 20), ("다", None)]
    assert hidden_each({"가": 20, "나": 15}, 40) == [("가", 20), ("나", 15)]


def test_answers_are_counted_by_option_step_and_band():
    assert counted(QuestionType.CHOICE, ["가", "나"], [0] * 7 + [1] * 6 + [None] * 5, "없음") == [
        ("가", 7), ("나", 6), ("없음", 5)]
    assert counted(QuestionType.SCALE, ["1", "2"], [2] * 8, "없음") == [("1", None), ("2", None), ("없음", None)]
    assert counted(QuestionType.SEVERAL, ["가", "나"], [[0, 1]] * 6 + [None] * 6, "없음") == [("가", 6), ("나", 6)]
    assert [number for _name, number in counted(
        QuestionType.NUMBER, list("abcdef"), [0] * 5 + [9] * 6 + [10] * 7 + [123] * 8 + [5_000] * 9 + [10**9] * 5 +
        [None] * 5, "없음")] == [5, 6, 7, 8, 9, 5, 5]
