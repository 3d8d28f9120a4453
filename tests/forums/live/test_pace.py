"""Those of one address come in one after another; slowly, where somebody broke the rules."""

import pytest

from civic_forum.forums.live import connection_throttle


@pytest.fixture
def hours(monkeypatch):
    """The clock, which stands still until it is set."""
    now = [1000.0]
    monkeypatch.setattr(connection_throttle.time, "monotonic", lambda: now[0])
    return now


def waits(paced, address, count):
    return [turn if (turn := paced.turn(address)) is None else round(turn, 3) for _number in range(count)]


def test_a_hall_that_comes_at_once_comes_within_seconds(hours):
    paced = connection_throttle.ConnectionThrottle()
    assert waits(paced, "hall", 3) == [0, 0.01, 0.02] and waits(paced, "home", 1) == [0]
    assert waits(paced, "hall", 500)[-1] is None
    hours[0] += connection_throttle.PATIENCE_S
    assert paced.turn("hall") < 0.1


def test_others_wait_for_their_turn_at_an_address_that_broke_the_rules(hours):
    paced = connection_throttle.ConnectionThrottle()
    paced.broke("hall")
    assert waits(paced, "hall", 3) == [0, 0.1, 0.2] and waits(paced, "home", 2) == [0, 0.01]
    hours[0] += 0.3
    assert round(paced.turn("hall"), 3) == 0
    assert waits(paced, "hall", 60)[-1] is None
    hours[0] += connection_throttle.SLOW_S
    assert waits(paced, "hall", 3) == [0, 0.01, 0.02]


def test_so_many_addresses_are_remembered_and_those_who_wait_among_them(hours):
    paced = connection_throttle.ConnectionThrottle()
    for number in range(connection_throttle.MOST + 1):
        paced.turn(f"home {number}")
        paced.broke(f"home {number}")
        hours[0] += 0.001
    assert len(paced.next_at) <= connection_throttle.MOST and len(paced.slow_until) <= connection_throttle.MOST
    assert paced.turn(f"home {connection_throttle.MOST}") > 0
