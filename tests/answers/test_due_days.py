"""The day an answer is due: holidays, year's end, months of different length, pauses."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.answers.rules import AnswerOutcome, due_on, is_late, may_ask_review, month_later
from civic_forum.district import calendar

DAY = timedelta(days=1)


@pytest.fixture
def due(sqlite_app):
    """Asks with the real calendar of Korea."""
    with sqlite_app.app_context():
        yield lambda start, days=30, working=False, pauses=(): due_on(start, days, working, pauses, calendar.is_working)


@pytest.mark.parametrize("start, answer", [
    (date(2026, 10, 21), date(2026, 11, 20)),  # a Friday
    (date(2026, 10, 22), date(2026, 11, 23)),  # Saturday, so Monday
    (date(2026, 10, 23), date(2026, 11, 23)),  # Sunday, so Monday
    (date(2026, 11, 25), date(2026, 12, 28)),  # Christmas, a Friday, then a week-end
    (date(2026, 12, 2), date(2027, 1, 4)),  # New Year's Day, a Friday, then a week-end
    (date(2027, 1, 7), date(2027, 2, 10)),  # Seollal from Saturday to Monday, its substitute on Tuesday
    (date(2026, 9, 3), date(2026, 10, 6)),  # a Saturday that is 개천절, Sunday, the substitute holiday
    (date(2026, 5, 4), date(2026, 6, 4)),  # local elections on a Wednesday
    (date(2028, 3, 13), date(2028, 4, 13)),  # an election of the National Assembly
    (date(2024, 12, 28), date(2025, 1, 31)),  # a day declared between a week-end and Seollal
    (date(2027, 12, 28), date(2028, 1, 31)),  # Seollal from Wednesday to Friday, over the end of a year
    (date(2026, 4, 25), date(2026, 5, 26)),  # the substitute of Buddha's Birthday on a Monday
])
def test_thirty_days_end_on_a_working_day(due, start, answer):
    assert due(start) == answer


@pytest.mark.parametrize("start, answer", [
    (date(2026, 1, 31), date(2026, 3, 3)),  # 28 February is a Saturday; 1 March a Sunday and holiday, 2 its substitute
    (date(2027, 12, 31), date(2028, 1, 31)),
    (date(2028, 1, 31), date(2028, 2, 29)),
    (date(2026, 3, 31), date(2026, 4, 30)),
    (date(2026, 11, 20), date(2026, 12, 21)),  # a Sunday
    (date(2026, 4, 1), date(2026, 5, 4)),  # Labour Day, a public holiday since 2026, then a week-end
    (date(2026, 6, 17), date(2026, 7, 20)),  # Constitution Day, one again since 2026, on a Friday
    (date(2026, 7, 17), date(2026, 8, 18)),  # the substitute of 광복절
    (date(2026, 9, 5), date(2026, 10, 6)),  # the substitute of 개천절
    (date(2026, 9, 9), date(2026, 10, 12)),  # 한글날, a Friday
    (date(2027, 4, 1), date(2027, 5, 4)),  # Labour Day on a Saturday, its substitute on Monday
    (date(2025, 5, 1), date(2025, 6, 2)),  # a Sunday; before 2026 the offices were open on Labour Day
    (date(2025, 4, 1), date(2025, 5, 1)),
])
def test_a_calendar_month_ends_on_a_working_day(due, start, answer):
    assert due(start, None) == answer


@pytest.mark.parametrize("start, days, answer", [
    (date(2028, 1, 24), 5, date(2028, 2, 3)),  # Seollal between
    (date(2026, 5, 29), 3, date(2026, 6, 4)),  # elections between
    (date(2026, 11, 20), 1, date(2026, 11, 23)),
    (date(2026, 9, 22), 3, date(2026, 9, 29)),  # Chuseok from Thursday to Saturday
    (date(2026, 12, 30), 2, date(2027, 1, 4)),
    (date(2026, 11, 20), 30, date(2027, 1, 5)),
])
def test_working_days(due, start, days, answer):
    assert due(start, days, working=True) == answer


def test_a_pause_stops_the_clock(due):
    start = date(2026, 10, 21)
    assert due(start, pauses=[(date(2026, 11, 2), None)]) is None
    assert due(start, pauses=[(date(2026, 11, 2), date(2026, 11, 2))]) == date(2026, 11, 20)
    assert due(start, pauses=[(date(2026, 11, 2), date(2026, 11, 5))]) == date(2026, 11, 23)
    assert due(start, pauses=[(date(2026, 11, 20), date(2026, 12, 15))]) == date(2026, 12, 15)


def test_a_pause_in_the_days_to_which_the_end_had_moved(due):
    assert due(date(2026, 10, 22), pauses=[(date(2026, 11, 22), date(2026, 11, 27))]) == date(2026, 11, 27)


def test_a_pause_after_the_last_day_helps_nobody(due):
    assert due(date(2026, 10, 21), pauses=[(date(2026, 11, 21), None)]) == date(2026, 11, 20)


def test_days_declared_at_short_notice(sqlite_app, due, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "HOLIDAYS", (date(2026, 11, 20),))
    assert due(date(2026, 10, 21)) == date(2026, 11, 23)


def test_late_is_the_day_after_and_not_while_the_clock_stands_still():
    last = date(2026, 11, 20)
    assert not is_late(last, None, last)
    assert is_late(last, None, last + DAY)
    assert not is_late(last, last, last + DAY)


def test_a_second_review_can_be_asked_for_until_the_fifteenth_day():
    told = date(2026, 11, 20)
    assert may_ask_review(AnswerOutcome.DECLINED, told, told + 15 * DAY)
    assert not may_ask_review(AnswerOutcome.DECLINED, told, told + 16 * DAY)
    assert not may_ask_review(AnswerOutcome.ACCEPTED, told, told)


days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
closed = st.frozensets(st.integers(0, 400), max_size=60)
stops = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 40)), max_size=3)


def _calendar(start, off):
    return lambda day: day.weekday() < 5 and (day - start).days not in off


def _pauses(start, given):
    return [(start + at * DAY, start + (at + long) * DAY) for at, long in given]


def _counts(day, pauses):
    return not any(since <= day < until for since, until in pauses)


@given(days, st.one_of(st.none(), st.integers(1, 60)), st.booleans(), closed, stops)
def test_exactly_the_days_that_count_are_waited_for(start, number, working, off, given_stops):
    is_open, pauses = _calendar(start, off), _pauses(start, given_stops)
    end = due_on(start, number, working, pauses, is_open)
    needed = number or (month_later(start) - start).days
    assert is_open(end) and _counts(end, pauses)
    between = [start + n * DAY for n in range(1, (end - start).days + 1)]
    counted = [day for day in between if _counts(day, pauses) and (not working or is_open(day))]
    assert len(counted) >= needed
    rest = counted[needed:]  # only what had to be moved over
    assert not any(is_open(day) for day in counted[needed - 1:-1]), rest


@given(days, st.integers(1, 60), st.booleans(), closed, stops)
def test_no_pause_makes_it_earlier_and_no_later_start_either(start, number, working, off, given_stops):
    is_open = _calendar(start, off)
    plain = due_on(start, number, working, [], is_open)
    assert due_on(start, number, working, _pauses(start, given_stops), is_open) >= plain
    assert due_on(start + DAY, number, working, [], is_open) >= plain


@given(days)
def test_a_month_is_as_long_as_its_month(day):
    later = month_later(day)
    assert 28 <= (later - day).days <= 31
    assert later.day == day.day or (later + DAY).day == 1
