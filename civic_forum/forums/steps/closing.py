"""Closing of a forum: each subject says here how its own comes to an end, inside the one use-case of closing.

A subject registers its step beside what it starts:

    @closing.ends
    def end_turn(work, forum): …

The steps are called in the order in which they were registered, before the event that the forum is over, while the
caller holds the forum's lock. Each writes its own events (`happenings.add`).
"""

from collections.abc import Callable

from civic_forum.kernel.work import Work

from ..models import Forum

_steps: list[Callable[[Work, Forum], object]] = []


def ends(step: Callable[[Work, Forum], object]):
    """Register a function(work, forum) that ends what still runs of its subject; there may be nothing."""
    if step not in _steps:
        _steps.append(step)
    return step


def end_everything(work: Work, forum: Forum) -> None:
    """End whatever still runs."""
    for step in _steps:
        step(work, forum)
