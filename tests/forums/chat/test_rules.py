"""The wait of somebody in a slow chat."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.forums.chat import rules
from tests.factories import MAY


@given(st.integers(0, 60), st.floats(0, 300))
def test_nobody_waits_longer_than_the_slow_mode_says_and_afterwards_not_at_all(slow_s, ago):
    left = rules.wait_s(MAY - timedelta(seconds=ago), slow_s, MAY)
    assert 0 <= left <= slow_s
    assert rules.wait_s(MAY - timedelta(seconds=ago), slow_s, MAY + timedelta(seconds=left)) == 0
    assert (left == 0) == (ago >= slow_s) or abs(ago - slow_s) < 1e-5


def test_the_first_message_waits_for_nothing():
    assert rules.wait_s(None, 60, MAY) == 0
