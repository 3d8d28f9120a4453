"""Waiting at a start for what gets on."""

from civic_forum.process_group import Patience


def seconds_until_over(patience, used_at, answers_at):
    """Second at which nobody waits any more, or None within a thousand."""
    return next((now for now in range(1000) if patience.is_over(now, used_at(now), answers_at(now))), None)


def never(_now):
    return False


def test_an_idle_process_is_waited_for_as_long_as_the_limit_says():
    assert seconds_until_over(Patience(60), lambda now: 0, never) == 61


def test_a_busy_process_is_waited_for_until_it_is_idle():
    assert seconds_until_over(Patience(60), lambda now: 0.1 * now, never) is None
    assert seconds_until_over(Patience(60), lambda now: 0.1 * min(now, 200), never) == 244
    assert seconds_until_over(Patience(60), lambda now: 0.01 * now, never) == 61


def test_a_process_that_answers_and_is_not_ready_has_the_limit_once():
    assert seconds_until_over(Patience(60), lambda now: now, lambda now: now >= 200) == 261
