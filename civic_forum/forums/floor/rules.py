"""Rules of the queue of the floor, of the programme against the clock, and of the ledger of speaking time.

Order of the floor: first-time speakers first, then by time of asking, and nobody is overtaken without end.
The whole rule: first-time speakers of this forum come first, in the order of asking; but once `AT_MOST` of them who
asked later have gone ahead of the one who waits longest among the others, that one comes next. After that the count
begins anew. So between somebody and the floor lie at most three turns for each of those who had asked before, plus two
(`bound`), however many ask later: nobody starves. First-time speakers are overtaken by nobody.

A group (somebody who asks for others) is first-time only if neither the group, by its name, nor the one who asks has
spoken: otherwise one person could come first again and again for ever new groups, or a group by sending its members one
after the other. That the group spoke takes nothing from members who later ask for themselves.

What the host does openly (`moved_to`, calling out of order) stands above the rule, says why, and counts for nothing in
it: who was called out of order neither uses up nor renews the count.

Speaking time (발언 시간 기록) is by role, item, neighbourhood and age group. Turns are public, what somebody gave for
this ledger is not. So for neighbourhood and age group
- a line stands for at least `LEAST_PEOPLE` people; smaller ones, and those who did not say, are one line together;
- if that line would stand for fewer, the smallest other one joins it, so that it cannot be reckoned back from the
  total;
- times are in whole minutes, so that they do not spell out which of the public turns make them up.
They are shown when the forum is over: while it runs, what a line grows by would tell who has just spoken.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    moved = sorted((request for request in waiting if request.moved_to),
                   key=lambda request: (request.moved_to, request.when))
    line = list(_by_rule([request for request in waiting if not request.moved_to], frozenset(spoken), heard))
    for request in moved:
        line.insert(min((request.moved_to or 1) - 1, len(line)), (request, Why.MOVED))
    return [Placed(request, place, why) for place, (request, why) in enumerate(line, start=1)]


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
    for request in waiting:
        (first if is_first_time(request.voices, voices) else others).append(request)
        voices |= request.voices
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
    return {spot.request.number: spot.request.moved_to - 1 for spot in line
            if spot.why is Why.MOVED and spot.place > left and spot.request.moved_to and spot.request.moved_to > 1}


def expected_wait_s(place: int, turn_s: int, left_s: int) -> int:
    """Seconds until that place has the floor if everybody ahead uses their time; `left_s` of the turn that runs."""
    return max(left_s, 0) + CHANGE_S + (place - 1) * (turn_s + CHANGE_S)


def minutes_of(seconds: int) -> int:
    """As people say it: in whole minutes, rounded up."""
    return -(-seconds // 60)


EXTEND_MOST = 60
"""Minutes that an item gets at once."""
EXTRA_MOST = 240


class ItemState(StrEnum):
    """State of an item."""

    DONE = "done"
    ON = "on"
    COMING = "coming"
    SKIPPED = "skipped"
    """A later one was started without it."""


@dataclass(frozen=True)
class PlannedItem:
    """An item as it was planned, and when it really was."""

    number: int
    minutes: int
    extra_minutes: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes + self.extra_minutes)


@dataclass(frozen=True)
class Timed:
    """An item and its times: the real ones as far as they are known, then those to be expected."""

    number: int
    state: ItemState
    planned_at: datetime
    starts_at: datetime
    ends_at: datetime

    def left_s(self, now: datetime) -> int:
        """Seconds until it should end; below zero it is over its time."""
        return int((self.ends_at - now).total_seconds())


def timed(items: Iterable[PlannedItem], begins_at: datetime, now: datetime) -> list[Timed]:
    """The programme in its order. An item that comes starts as planned, or as soon as what runs before it ends: a delay
    goes on to the next ones, time that was saved does not bring anybody earlier than announced."""
    items = sorted(items, key=lambda item: item.number)
    last_begun = max((item.number for item in items if item.started_at), default=0)
    planned_at, free_at = begins_at, max(begins_at, now)
    line = []
    for item in items:
        state = _state(item, last_begun)
        starts_at = item.started_at or max(planned_at, free_at)
        ends_at = starts_at if state is ItemState.SKIPPED else item.ended_at or starts_at + item.length
        line.append(Timed(item.number, state, planned_at, starts_at, ends_at))
        if state is not ItemState.SKIPPED:
            free_at = max(ends_at, now)
        planned_at += timedelta(minutes=item.minutes)
    return line


def _state(item: PlannedItem, last_begun: int) -> ItemState:
    if item.ended_at is not None:
        return ItemState.DONE
    if item.started_at is not None:
        return ItemState.ON
    return ItemState.SKIPPED if item.number < last_begun else ItemState.COMING


def behind_s(line: Iterable[Timed]) -> int:
    """Seconds by which the forum is later than planned, as its next or running item shows; below zero: earlier."""
    for item in line:
        if item.state in (ItemState.ON, ItemState.COMING):
            return int((item.starts_at - item.planned_at).total_seconds())
    return 0


LEAST_PEOPLE = 3


@dataclass(frozen=True)
class CountedTurn:
    """A turn, as the ledger counts it."""

    voice: str
    """Whose: the same for all turns of one person."""
    seconds: int
    role: str
    item: int | None
    neighbourhood: str | None
    age_group: str | None
    first_time: bool


@dataclass(frozen=True)
class TimeLine:
    """One line of a table. `key` None: all that have none, and those put together."""

    key: Hashable
    seconds: int
    turns: int
    people: int


def by(turns: Iterable[CountedTurn], key: Callable[[CountedTurn], Hashable]) -> list[TimeLine]:
    """The turns by this key, most time first; those without one last."""
    groups: dict[Hashable, list[CountedTurn]] = {}
    for turn in turns:
        groups.setdefault(key(turn), []).append(turn)
    lines = [_line(name, of_it) for name, of_it in groups.items()]
    return sorted(lines, key=lambda line: (line.key is None, -line.seconds, str(line.key)))


def by_personal(turns: Iterable[CountedTurn], key: Callable[[CountedTurn], Hashable]) -> list[TimeLine]:
    """The same where a line must not point at anybody."""
    turns = list(turns)
    shown = [line for line in by(turns, key) if line.key is not None]
    together = {line.key for line in shown if line.people < LEAST_PEOPLE}
    rest = [turn for turn in turns if key(turn) is None or key(turn) in together]
    while rest and _people(rest) < LEAST_PEOPLE and len(together) < len(shown):
        smallest = min((line for line in shown if line.key not in together),
                       key=lambda line: (line.people, str(line.key)))
        together.add(smallest.key)
        rest = [turn for turn in turns if key(turn) is None or key(turn) in together]
    return by(turns, lambda turn: None if key(turn) in together else key(turn))


def minutes(lines: Sequence[TimeLine]) -> list[int]:
    """The lines in whole minutes that add up to the whole, itself rounded (largest remainders; Hamilton 1792)."""
    total = (sum(line.seconds for line in lines) + 30) // 60
    whole = [line.seconds // 60 for line in lines]
    by_remainder = sorted(range(len(lines)), key=lambda n: (-(lines[n].seconds % 60), n))
    for n in by_remainder[:total - sum(whole)]:
        whole[n] += 1
    return whole


def _people(turns: Iterable[CountedTurn]) -> int:
    return len({turn.voice for turn in turns})


def _line(key: Hashable, turns: Sequence[CountedTurn]) -> TimeLine:
    return TimeLine(key, sum(turn.seconds for turn in turns), len(turns), _people(turns))
