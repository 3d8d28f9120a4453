"""Counts of surveys: nothing that is hidden follows from what is shown."""

from collections import defaultdict
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


@pytest.mark.parametrize("people", [5, 9, 12])
@pytest.mark.parametrize("parts", [2, 3])
def test_no_small_number_is_reckoned_from_the_rule_and_every_total(people, parts):
    """All surveys of so many people that look the same from outside leave at least two numbers for each hidden one:
    parts of a whole, and parts that overlap where all chose something, or nobody more than one."""
    every = list(product(range(people + 1), repeat=parts))
    whole = [counts for counts in every if sum(counts) == people]
    for worlds, publish in ((whole, hidden), *((some, lambda counts: hidden_each(counts, people)) for some in (
            every, [counts for counts in every if sum(counts) >= people],
            [counts for counts in every if sum(counts) <= people], whole))):
        alike = defaultdict(list)
        for counts in worlds:
            alike[tuple(number for _name, number in publish(dict(enumerate(counts))))].append(counts)
        for shown, same in alike.items():
            for place, number in enumerate(shown):
                possible = {counts[place] for counts in same}
                assert number in possible and number >= LEAST if number is not None else (
                    len(possible) > 1 or min(possible) >= LEAST), (shown, same)


def test_answers_are_counted_by_option_step_and_band():
    assert counted(QuestionType.CHOICE, ["가", "나"], [0] * 7 + [1] * 6 + [None] * 5, needed=False) == [
        ("가", 7), ("나", 6), (None, 5)]
    assert counted(QuestionType.SCALE, ["1", "2"], [2] * 8, needed=False) == [
        ("1", None), ("2", None), (None, None)]
    assert counted(QuestionType.SEVERAL, ["가", "나"], [[0, 1]] * 6 + [None] * 6, needed=False) == [("가", 6), ("나", 6)]
    assert [number for _name, number in counted(
        QuestionType.NUMBER, list("abcdef"), [0] * 5 + [9] * 6 + [10] * 7 + [123] * 8 + [5_000] * 9 + [10**9] * 5 +
        [None] * 5, needed=False)] == [5, 6, 7, 8, 9, 5, 5]
