"""Time left in words, by the calendar of the district."""

from datetime import UTC, datetime, timedelta

import pytest

from civic_forum.platform.countdown import days_left, left

END = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("hours, said", [(0, ""), (1, "오늘 18:00까지"), (17, "오늘 18:00까지"), (19, "1일 남음"),
                                         (43, "2일 남음")])
def test_days_are_those_of_the_district_and_the_last_one_has_its_hour(app, hours, said):
    with app.test_request_context():
        assert days_left(END, END - timedelta(hours=hours)) == said


@pytest.mark.parametrize("minutes, said", [(0, None), (1, "1분 남음"), (61, "1시간 1분 남음"), (1500, "1일 1시간 남음")])
def test_the_time_left_says_its_two_largest_units(app, minutes, said):
    with app.test_request_context():
        assert left(END, END - timedelta(minutes=minutes)) == said
