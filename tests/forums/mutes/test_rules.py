"""For how long somebody is silenced."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.forums.chat import rules
from tests.factories import MAY


@given(st.sampled_from(rules.MINUTES), st.integers(0, 7200))
def test_it_holds_for_exactly_so_many_minutes(minutes, later_s):
    assert rules.holds(rules.until(MAY, minutes), None, MAY + timedelta(seconds=later_s)) == (later_s < minutes * 60)


def test_at_its_end_it_holds_no_more():
    end = rules.until(MAY, rules.MINUTES[0])
    assert rules.holds(end, None, end - timedelta(seconds=1)) and not rules.holds(end, None, end)


@given(st.integers(0, 10**6))
def test_without_an_end_it_holds_until_somebody_ends_it(later_s):
    now = MAY + timedelta(seconds=later_s)
    assert rules.holds(rules.until(MAY, None), None, now) and not rules.holds(None, now, now)
