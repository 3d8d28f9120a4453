"""Money is read as people write it; what is no sum is nothing."""

import pytest

from civic_forum.budgets.projects.rules import won_of
from civic_forum.platform.i18n import won


@pytest.mark.parametrize(("text", "expected"), [
    ("30000000", 30_000_000), ("30,000,000원", 30_000_000), ("3000만원", 30_000_000), ("3,000만 원", 30_000_000),
    ("3 000만", 30_000_000), ("1억", 100_000_000), ("1억 2,000만 원", 120_000_000), ("1억 5,000원", 100_005_000),
    ("0", 0), ("0원", 0)])
def test_a_sum_is_read_as_people_write_it(text, expected):
    assert won_of(text) == expected


@pytest.mark.parametrize("text",
                         ["", "원", "삼천만 원쯤", "만", "억", "만 원", "1.5억", "-3", "3만 2억", "1e6", "１만", "3천만", "9" * 15])
def test_a_text_that_is_no_sum_is_nothing(text):
    assert won_of(text) is None


@pytest.mark.parametrize("amount", [1, 9_999, 10_000, 36_400_000, 118_000_000, 500_000_000, 100_000_001])
def test_texts_that_pages_show_can_be_typed(app, amount):
    with app.test_request_context():
        assert won_of(won(amount)) == amount
