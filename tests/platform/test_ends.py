"""Ends in words: what is over at 00:00 ends the evening before, wherever it is told."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.platform import i18n
from civic_forum.platform.countdown import days_left
from civic_forum.platform.fields import MomentField
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import Language, speaking
from tests.architecture.test_source import ROOT

MIDNIGHT = datetime(2027, 1, 1, tzinfo=i18n.SEOUL)
ENDS = r"(?:closes_at|ends_at|corrections_until|paper_until|registration_to|roll_check_to|check_to|last_return)"


def test_an_end_at_midnight_is_the_evening_before():
    assert i18n.end(MIDNIGHT) == "2026. 12. 31.(목) 밤 12시"
    assert i18n.end(MIDNIGHT, year=False) == "12. 31.(목) 밤 12시"
    assert (i18n.end_day(MIDNIGHT), i18n.end_time(MIDNIGHT)) == ("2026. 12. 31.(목)", "24:00")
    assert i18n.end_day(date(2026, 12, 31)) == "2026. 12. 31.(목)"


def test_an_end_at_midnight_is_24_hours_in_english(app):
    with app.test_request_context(), speaking(Language.EN):
        assert i18n.end(MIDNIGHT) == "Thu 31 Dec 2026 24:00"


@given(st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1)) | st.dates(date(2001, 1, 1), date(2090, 1, 1)).map(
    lambda day: datetime.combine(day, time())))
def test_something_can_still_be_done_on_the_day_of_an_end(moment):
    end = moment.replace(tzinfo=i18n.SEOUL)
    assert i18n.end(end).startswith(i18n.day(end - timedelta(microseconds=1)))
    assert i18n.end(end) == i18n.moment(end) or i18n.local(end).time() == time()


def test_the_last_evening_has_no_day_left(app):
    with app.test_request_context():
        assert days_left(MIDNIGHT, MIDNIGHT - timedelta(hours=5)) == "오늘 24:00까지"
        assert days_left(MIDNIGHT, MIDNIGHT - timedelta(hours=25)) == "1일 남음"


@pytest.mark.parametrize(("typed", "warned"), [
    (MIDNIGHT, True), (MIDNIGHT - timedelta(minutes=1), False), (None, False),
    (datetime(2026, 5, 1, tzinfo=UTC), False)])
def test_the_desk_is_warned_of_an_end_at_midnight(app, typed, warned):
    class Times(Form):
        opens_at, closes_at = MomentField(), MomentField(ends=True)

    with app.test_request_context():
        form = Times(formdata=None, data={"opens_at": typed, "closes_at": typed})
        assert bool(form.closes_at.warning) is warned and not form.opens_at.warning


def test_no_page_tells_an_end_as_another_moment():
    in_templates = re.compile(ENDS + r"\)?\|(moment|day|clock_time)\b")
    in_code = re.compile(r"(?<!_)\b(moment|day)\((?:\w+\.)*" + ENDS)
    assert [f"{path}:{number}" for folder, pattern in (("templates", in_templates), ("civic_forum", in_code))
            for path in sorted((ROOT / folder).rglob("*.*")) if path.suffix in (".html", ".py")
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if pattern.search(line)] == []
