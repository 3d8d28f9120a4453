"""Days, months, quarters and years by which something is promised."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.platform import periods
from civic_forum.platform.i18n import by_when
from civic_forum.platform.periods import Within

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(DAYS, st.sampled_from(Within))
def test_a_period_is_read_as_it_was_chosen(on, within):
    text = periods.period(on, within)
    last = periods.end(on, within)
    assert periods.read(text) == (last, within) and last >= on
    assert periods.period(last, within) == text
    assert within is Within.DAY or periods.period(last + timedelta(days=1), within) != text


@given(DAYS)
def test_a_longer_period_ends_no_earlier(on):
    ends = [periods.end(on, within) for within in Within]
    assert ends == sorted(ends)


@given(st.text(alphabet="0123456789-Q년월 ", max_size=12))
def test_other_words_are_no_period(text):
    known = periods.read(text)
    assert known is None or periods.period(*known) == text


@pytest.mark.parametrize(("text", "said"), [
    ("2027-03-31", "2027. 3. 31.(수)까지"), ("2027-03", "2027년 3월까지"), ("2027-Q1", "2027년 1분기까지"),
    ("2027", "2027년까지"), ("내년 봄쯤", "내년 봄쯤 (적힌 대로)"), ("2027-02-30", "2027-02-30 (적힌 대로)")])
def test_a_period_is_said_in_words(app, text, said):
    with app.test_request_context():
        assert by_when(text) == said
