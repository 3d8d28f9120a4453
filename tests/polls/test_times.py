"""Limits of the times of a poll on both sides."""

from datetime import UTC, date, datetime, timedelta

import pytest

from civic_forum.polls.parts import Times
from civic_forum.polls.rules import BadTimes, LONGEST_OPEN, SHORTEST, roll_is_checked, why_not_times

OPENS, DAY, SECOND = datetime(2030, 5, 1, 9, tzinfo=UTC), timedelta(days=1), timedelta(seconds=1)
CLOSES = OPENS + 7 * DAY


def times(**facts):
    return Times(**{"opens_at": OPENS, "closes_at": CLOSES, "roll_fixed_on": date(2030, 4, 24)} | facts)


@pytest.mark.parametrize(("facts", "wrong"), [
    ({"closes_at": OPENS + SHORTEST}, None), ({"closes_at": OPENS + SHORTEST - SECOND}, BadTimes.TOO_SHORT),
    ({"closes_at": OPENS + LONGEST_OPEN}, None), ({"closes_at": OPENS + LONGEST_OPEN + SECOND}, BadTimes.TOO_LONG),
    ({"roll_check_from": OPENS - DAY, "roll_check_to": OPENS - DAY + SECOND}, None),
    ({"roll_check_from": OPENS - DAY, "roll_check_to": OPENS - DAY}, BadTimes.CHECK_BACKWARDS),
    ({"roll_check_from": OPENS}, None), ({"roll_check_to": OPENS}, None),
    ({"roll_check_to": OPENS + SECOND}, BadTimes.CHECK_AFTER_OPENING),
    ({"paper_until": CLOSES}, None), ({"paper_until": CLOSES - SECOND}, BadTimes.PAPER_BEFORE_CLOSE),
])
def test_times_fit_together_or_do_not(facts, wrong):
    assert why_not_times(times(**facts)) is wrong


def test_a_roll_is_checked_from_its_first_moment_until_its_last():
    first, last = OPENS - 2 * DAY, OPENS - DAY
    moments = (first - SECOND, first, last - SECOND, last)
    for facts, on in (({"roll_check_from": first, "roll_check_to": last}, [False, True, True, False]),
                      ({"roll_check_from": first}, [False, True, True, True]),
                      ({"roll_check_to": last}, [True, True, True, False]), ({}, [True] * 4)):
        assert [roll_is_checked(times(**facts), at) for at in moments] == on
