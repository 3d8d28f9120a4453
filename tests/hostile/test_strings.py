from collections import Counter

import pytest

from .strings import RUNNING, STRINGS, SURROGATES


def test_there_are_at_least_three_hundred():
    assert len(STRINGS) >= 300
    assert len(RUNNING) >= 200


@pytest.mark.parametrize("part", ["name", "text"])
def test_each_is_there_once(part):
    twice = [value[:60] for value, count in Counter(getattr(case, part) for case in STRINGS + SURROGATES).items()
             if count > 1]
    assert twice == []


def test_every_script_reports_a_number_of_its_own():
    numbers = [case.runs for case in RUNNING]
    assert all(numbers) and len(set(numbers)) == len(numbers)
    assert not any(case.runs for case in STRINGS[len(RUNNING):])


def test_all_can_be_sent_and_the_surrogates_cannot():
    for case in STRINGS:
        case.text.encode()
    for case in SURROGATES:
        with pytest.raises(UnicodeEncodeError):
            case.text.encode()
