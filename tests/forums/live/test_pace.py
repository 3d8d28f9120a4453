"""Those of one address come in one after another; a moment later, where somebody broke the rules."""

import heapq

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


def test_broken_rules_cost_their_address_a_moment(hours):
    paced = connection_throttle.ConnectionThrottle()
    paced.broke("hall")
    assert waits(paced, "hall", 3) == [0.1, 0.11, 0.12] and waits(paced, "home", 2) == [0, 0.01]
    for _number in range(1000):
        paced.broke("hall")
    assert waits(paced, "hall", 1) == [connection_throttle.PATIENCE_S]
    hours[0] += connection_throttle.PATIENCE_S + 1
    assert waits(paced, "hall", 3) == [0, 0.01, 0.02]


@pytest.mark.parametrize("breakers", [0, 1, 5])
def test_a_thousand_of_one_address_are_back_in_time_with_breakers_among_them(hours, breakers):
    """Everybody tries again a second after being sent away; breakers come back, break the rules and are cut at once."""
    paced, arrived = connection_throttle.ConnectionThrottle(), 0
    due = [(hours[0] + number / 1000, "honest") for number in range(1000)]
    due += [(hours[0], "breaker")] * breakers
    heapq.heapify(due)
    began = hours[0]
    while arrived < 1000:
        hours[0], who = heapq.heappop(due)
        if who == "breaks":
            paced.broke("hall")
            heapq.heappush(due, (hours[0] + 0.02, "breaker"))
        elif (turn := paced.turn("hall")) is None:
            heapq.heappush(due, (hours[0] + 1, who))
        elif who == "honest":
            arrived += 1
        else:
            heapq.heappush(due, (hours[0] + turn + 0.01, "breaks"))
    assert hours[0] + turn - began < 15


def test_so_many_addresses_are_remembered_and_those_who_wait_among_them(hours):
    paced = connection_throttle.ConnectionThrottle()
    for number in range(connection_throttle.MOST + 1):
        paced.turn(f"home {number}")
        paced.broke(f"home {number}")
        hours[0] += 0.001
    assert len(paced.next_at) <= connection_throttle.MOST
    assert paced.turn(f"home {connection_throttle.MOST}") > 0
