"""The step at which a series is, the days of a notice, a pasted table of days."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from civic_forum.series.rules import BadRow, PATTERN, StepState, current, days_of, is_notice_short, state

DAY = date(2020, 6, 15)


def steps(shift=0):
    return [SimpleNamespace(number=number, starts_on=DAY + timedelta(days=first + (shift if number == 4 else 0)),
                            until_on=None if last is None else DAY + timedelta(days=last))
            for number, (first, last) in enumerate(PATTERN, 1)]


@pytest.mark.parametrize("today, number", [
    (date(2020, 1, 1), 1), (date(2020, 6, 2), 5), (date(2020, 6, 10), 5), (DAY, 6), (date(2020, 6, 16), 7),
    (date(2021, 3, 1), 8), (date(2022, 1, 1), None)])
def test_the_step_that_goes_on_or_comes_next(today, number):
    step = current(steps(), today)
    assert (step and step.number) == number


def test_a_step_lasts_until_its_last_day():
    assert [state(DAY, DAY + timedelta(days=2), DAY + timedelta(days=days)) for days in (-1, 0, 2, 3)] == [
        StepState.AHEAD, StepState.NOW, StepState.NOW, StepState.DONE]


def test_a_notice_stands_long_enough_before_the_vote():
    assert not is_notice_short(steps(), 7) and is_notice_short(steps(), 8) and is_notice_short(steps(1), 7)
    assert not is_notice_short(steps()[:3], 7)


def test_days_of_a_pasted_table():
    names = {"가산동": 1, "독산1동": 2, "시흥5동": 3}
    assert days_of("가산동\t2021-06-14\n\n 독산1동, 2021. 6. 15.(화)\n시흥5동 2021/6/26", names) == {
        1: date(2021, 6, 14), 2: date(2021, 6, 15), 3: date(2021, 6, 26)}


@pytest.mark.parametrize("row", ["가산동", "없는동 2021-06-14", "가산동 2021-02-30", "2021-06-14", "가산동 6월 14일",
                                 "가산동 9999-12-31", "가산동 2021-06-14\n가산동 2021-06-15"])
def test_a_row_that_cannot_be_read_is_named(row):
    with pytest.raises(BadRow) as refused:
        days_of(row, {"가산동": 1})
    assert refused.value.row in row
