"""Order of the floor: first-time speakers first, then by time of asking, and nobody is overtaken without end.

The whole rule: first-time speakers of this forum come first, in the order of asking; but once `AT_MOST` of them who
asked later have gone ahead of the one who waits longest among the others, that one comes next. After that the count
begins anew. So between somebody and the floor lie at most three turns for each of those who had asked before, plus two
(`bound`), however many ask later: nobody starves. First-time speakers are overtaken by nobody.

A group (somebody who asks for others) is first-time only if neither the group, by its name, nor the one who asks has
spoken: otherwise one person could come first again and again for ever new groups, or a group by sending its members one
after the other. That the group spoke takes nothing from members who later ask for themselves.

What the host does openly (`moved_to`, calling out of order) stands above the rule, says why, and counts for nothing in
it: who was called out of order neither uses up nor renews the count.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

AT_MOST = 2
"""So many first-time speakers go ahead of somebody who asked before them and has spoken already."""
CHANGE_S = 20
"""Between two turns, for what is expected: somebody comes to the microphone."""
TURN_LEAST_S, TURN_MOST_S = 30, 20 * 60
EXTEND_MOST_S = 10 * 60
NAME_LEAST, NAME_MOST = 1, 60
TOPIC_MOST = 200
WHY_LEAST, WHY_MOST = 2, 200
GROUP_LEAST, GROUP_MOST = 2, 1000


class Why(StrEnum):
    """The rule that gave a place; shown with it, and kept with the turn that it became."""

    FIRST_TIME = "first_time"
    AFTER_TWO = "after_two"
    """Two first-time speakers who asked later went just before: now it is the turn of who waited longest."""
    AFTER_FIRST = "after_first"
    """By time of asking; somebody who asked later goes before because it is their first time."""
    ASKED = "asked"
    """By time of asking; nobody who asked later goes before."""
    MOVED = "moved"
    """The host put it at this place, and said why."""
    CALLED = "called"
    """The host called out of order, and said why."""


OPENLY = frozenset((Why.MOVED, Why.CALLED))
"""Not by the rule, but by the host."""


@dataclass(frozen=True)
class Asking:
    """A request that waits."""

    asked_at: datetime
    number: int
    """Of its event: decides between equal times."""
    voices: frozenset[str]
    """Whose voice it is: of the one who asks, and of the group. Compared with those that have been heard."""
    moved_to: int | None = None

    @property
    def when(self) -> tuple[datetime, int]:
        return self.asked_at, self.number


@dataclass(frozen=True)
class Heard:
    """A turn that came out of the queue, as the rule remembers it."""

    when: tuple[datetime, int]
    """Of its request: when it was asked, and its number."""
    why: Why


@dataclass(frozen=True)
class Placed:
    request: Asking
    place: int
    why: Why


def is_first_time(voices: frozenset[str], spoken: Iterable[str]) -> bool:
    return voices.isdisjoint(spoken)


def order(requests: Iterable[Asking], spoken: Iterable[str], heard: Sequence[Heard] = ()) -> list[Placed]:
    """The queue as it stands. `spoken` are the voices heard in this forum so far, whoever gave them the floor; `heard`
    the turns that came out of the queue, in their order."""
    waiting = sorted(requests, key=lambda request: request.when)
    moved = sorted((one for one in waiting if one.moved_to), key=lambda one: (one.moved_to, one.when))
    line = list(_by_rule([one for one in waiting if not one.moved_to], frozenset(spoken), heard))
    for one in moved:
        line.insert(min((one.moved_to or 1) - 1, len(line)), (one, Why.MOVED))
    return [Placed(one, place, why) for place, (one, why) in enumerate(line, start=1)]


def _by_rule(waiting: list[Asking], spoken: frozenset[str], heard: Sequence[Heard]) -> Iterator[tuple[Asking, Why]]:
    """The rule step by step, as if nobody else came. `waiting` by time of asking."""
    first, others = _parted(waiting, spoken)
    ahead, overtook = _ahead(heard), [turn.when for turn in heard if turn.why is Why.FIRST_TIME]
    while first or others:
        if others and sum(when > others[0].when for when in ahead) >= AT_MOST:
            ahead = []
            yield others.pop(0), Why.AFTER_TWO
        elif first:
            ahead.append(first[0].when)
            overtook.append(first[0].when)
            yield first.pop(0), Why.FIRST_TIME
        else:
            ahead = []
            head = others.pop(0)
            yield head, Why.AFTER_FIRST if any(when > head.when for when in overtook) else Why.ASKED


def _parted(waiting: list[Asking], spoken: frozenset[str]) -> tuple[list[Asking], list[Asking]]:
    """First-time speakers and the others. Of several who ask for one group the first to ask is first-time."""
    first: list[Asking] = []
    others: list[Asking] = []
    voices = set(spoken)
    for one in waiting:
        (first if is_first_time(one.voices, voices) else others).append(one)
        voices |= one.voices
    return first, others


def _ahead(heard: Sequence[Heard]) -> list[tuple[datetime, int]]:
    """Moments of asking of those who went first because it was their first time, since the rule last gave the floor to
    one of the others."""
    ahead: list[tuple[datetime, int]] = []
    for turn in heard:
        if turn.why not in OPENLY:
            ahead = [*ahead, turn.when] if turn.why is Why.FIRST_TIME else []
    return ahead


def bound(asked_before: int) -> int:
    """At most so many turns by the rule come before somebody, of whom so many waited already when they asked."""
    return asked_before + AT_MOST * (asked_before + 1)


def moved_up(line: Iterable[Placed], left: int) -> dict[int, int]:
    """The places that moved requests (by their numbers) get once the one at place `left` has gone: those behind it
    move up with everybody else."""
    return {one.request.number: one.request.moved_to - 1 for one in line
            if one.why is Why.MOVED and one.place > left and one.request.moved_to and one.request.moved_to > 1}


def expected_wait_s(place: int, turn_s: int, left_s: int) -> int:
    """Seconds until that place has the floor if everybody ahead uses their time; `left_s` of the turn that runs."""
    return max(left_s, 0) + CHANGE_S + (place - 1) * (turn_s + CHANGE_S)


def minutes_of(seconds: int) -> int:
    """As people say it: in whole minutes, rounded up."""
    return -(-seconds // 60)
