"""The life of a proposal: states, transitions, numbers, deadlines. No database, no web, no clock."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


TITLE_LEAST, TITLE_MOST = 5, 100
BODY_LEAST, BODY_MOST = 10, 10_000
LONGEST = {"title": TITLE_MOST, "problem": BODY_MOST, "wish": BODY_MOST}
REASON_LEAST, REASON_MOST = 5, 500
EXCERPT = 120
"""Characters of the problem in lists."""
NUMBER = re.compile(r"[0-9]{4}-[0-9]{4,9}")
_TYPED_NUMBER = re.compile(r"(?<![0-9A-Z-])([0-9]{4})-0*([0-9]{1,9})(?![0-9-])")
DRAFT_KEY = re.compile(r"[0-9a-f]{32}")


class State(StrEnum):
    DRAFT = "draft"
    HELD = "held"
    GATHERING = "gathering"
    ANSWER_DUE = "answer_due"
    ANSWERED = "answered"
    IN_AGENDA = "in_agenda"
    DECIDED = "decided"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Mover(StrEnum):
    """Mover of a proposal from one state to another."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    OFFICIAL = "official"
    CLOCK = "clock"
    SUPPORT = "support"


@dataclass(frozen=True)
class Basics:
    """The first step of writing: what it is about, where, and for whom."""

    title: str
    category: str | None = None
    neighbourhood_id: int | None = None
    """None: the whole district."""
    audience_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Body:
    """The second step: what is the matter, and what should be done. Markdown."""

    problem: str
    wish: str


@dataclass(frozen=True)
class Text:
    """Text of a version of a published proposal."""

    title: str
    problem: str
    wish: str


class Channel(StrEnum):
    ONLINE = "online"
    PAPER = "paper"
    DESK = "desk"
    """Said at a desk, and written down there."""
    STREET = "street"
    """Said at a visit."""


class Sort(StrEnum):
    NEWEST = "newest"
    SUPPORTED = "supported"
    DISCUSSED = "discussed"


BEFORE_DECISION = frozenset((State.HELD, State.GATHERING, State.ANSWER_DUE, State.ANSWERED, State.IN_AGENDA,
                             State.LAPSED))
PUBLIC = frozenset(State) - {State.DRAFT, State.HELD}
"""States in which everybody may read a proposal."""

TAKES_SUPPORT = frozenset((State.GATHERING, State.ANSWER_DUE, State.IN_AGENDA))
"""States in which support still says something to those who decide."""
TAKES_FURTHER = TAKES_SUPPORT | {State.ANSWERED}
"""States in which support still carries a proposal to its next step."""
COUNTED_STILL = BEFORE_DECISION - {State.HELD} | {State.MERGED}
"""States in which support counts towards something that is open, or may be again: an agenda takes up what has lapsed or
was answered."""
TAKES_COMMENTS = PUBLIC - {State.WITHDRAWN, State.MERGED}

TAKES_MERGED = PUBLIC & BEFORE_DECISION
"""States in which a proposal may carry on another one that says the same, or be carried on by it."""

TRANSITIONS: frozenset[tuple[State, Mover, State]] = frozenset({
    (State.DRAFT, Mover.AUTHOR, State.HELD), (State.DRAFT, Mover.AUTHOR, State.GATHERING),
    (State.HELD, Mover.MODERATOR, State.GATHERING), (State.HELD, Mover.MODERATOR, State.DRAFT),
    (State.GATHERING, Mover.SUPPORT, State.ANSWER_DUE), (State.GATHERING, Mover.AUTHOR, State.ANSWER_DUE),
    (State.GATHERING, Mover.CLOCK, State.LAPSED), (State.GATHERING, Mover.OFFICIAL, State.ANSWERED),
    (State.GATHERING, Mover.MODERATOR, State.IN_AGENDA), (State.ANSWER_DUE, Mover.OFFICIAL, State.ANSWERED),
    (State.ANSWER_DUE, Mover.MODERATOR, State.IN_AGENDA), (State.ANSWERED, Mover.MODERATOR, State.IN_AGENDA),
    (State.ANSWERED, Mover.OFFICIAL, State.DECIDED), (State.IN_AGENDA, Mover.OFFICIAL, State.DECIDED),
    (State.DECIDED, Mover.OFFICIAL, State.IN_PROGRESS), (State.IN_PROGRESS, Mover.OFFICIAL, State.DONE),
    (State.LAPSED, Mover.OFFICIAL, State.ANSWERED), (State.LAPSED, Mover.MODERATOR, State.IN_AGENDA),
} | {(state, Mover.AUTHOR, State.WITHDRAWN) for state in BEFORE_DECISION}
  | {(state, Mover.MODERATOR, State.MERGED) for state in BEFORE_DECISION})
"""Every step but the two that lead back to the state before: out of an agenda, and a merge undone."""


def allowed(before: State, mover: Mover, after: State) -> bool:
    return (before, mover, after) in TRANSITIONS


def may_return(before: State, after: State) -> bool:
    """True if the state before may come back: out of an agenda, or when a merge is undone."""
    return before in (State.IN_AGENDA, State.MERGED) and (after, Mover.MODERATOR, before) in TRANSITIONS


def number(year: int, serial: int) -> str:
    """The public number (접수번호): `2026-0412`, with more digits when needed."""
    return f"{year}-{serial:04d}"


def numbers_in(text: str) -> list[str]:
    """Numbers that stand in a text, with or without their zeros."""
    return [number(int(year), int(serial)) for year, serial in _TYPED_NUMBER.findall(text)]


def gathering_ends(published: datetime, days: int) -> datetime:
    return published + timedelta(days=days)


def takes_support(state: State, ends: datetime | None, step: "SupportStep | None", now: datetime) -> bool:
    """True while support says something: after an answer until the end of the gathering, where a step lies ahead."""
    goes_on = state is State.ANSWERED and step is not None and ends is not None and now < ends
    return state in TAKES_SUPPORT or goes_on


def is_over(state: State, ends: datetime | None, now: datetime) -> bool:
    """True if a gathering proposal has run out of time."""
    return state is State.GATHERING and ends is not None and now >= ends


def state_now(state: State, ends: datetime | None, now: datetime) -> State:
    """The state as readers see it: a deadline counts at its moment, not when the site gets to writing it down."""
    return State.LAPSED if is_over(state, ends, now) else state


@dataclass(frozen=True, slots=True)
class Supporters:
    """Number of people who support a proposal or what was merged into it, each once."""

    people: int
    residents: int
    """Those who were residents when they gave one of these supports."""
    own: int
    """Those who support the very proposal."""


def reached(supports: int, threshold: int) -> bool:
    return supports >= threshold


def reached_with_paper(supports: int, names: int, threshold: int) -> bool:
    """True if names on paper, which nobody compares with supports, carry a proposal over its threshold."""
    return names > 0 and reached(supports + names, threshold)


class Owing(StrEnum):
    """Office or person from whom something is owed once a step is reached."""

    DEPARTMENT = "department"
    FORUM = "forum"
    """Moderators prepare one."""
    MAYOR = "mayor"


@dataclass(frozen=True, slots=True)
class SupportStep:
    """Number of supports above the threshold, and what is owed within so many days after it."""

    supports: int
    owing: Owing
    days: int


KeptSteps = Iterable[Sequence[Any]]
"""[supports, word of `Owing`, days] in ascending order, as a setting and a proposal keep them."""


def steps_above(kept: KeptSteps, threshold: int) -> list[SupportStep]:
    """Those that say more than the threshold."""
    return [SupportStep(supports, Owing(owing), days) for supports, owing, days in kept if supports > threshold]


def steps_reached(kept: KeptSteps, before: int, supports: int) -> list[SupportStep]:
    """Steps above the last one that was reached (`before`, 0 for none) for which there are enough supports now."""
    return [step for step in steps_above(kept, before) if reached(supports, step.supports)]


def stairs(kept: KeptSteps, before: int, *, is_open: bool) -> list[tuple[SupportStep, str]]:
    """Every step with `reached`, `next` or `later`; those that lie ahead only while support is open."""
    ahead = next_step(kept, before)
    return [(step, "reached" if step.supports <= before else "next" if step == ahead else "later")
            for step in steps_above(kept, 0) if is_open or step.supports <= before]


def next_step(kept: KeptSteps, before: int) -> SupportStep | None:
    return next(iter(steps_above(kept, before)), None)


def title_is_locked(supports: int, lock_at: int) -> bool:
    return supports >= lock_at


class Stage(StrEnum):
    """The five stages that a reader sees of the way from 접수 to 실행."""

    REGISTERED = "registered"
    SUPPORTED = "supported"
    ANSWERED = "answered"
    DECIDED = "decided"
    DONE = "done"


_REACHED = {State.GATHERING: 1, State.LAPSED: 2, State.ANSWER_DUE: 2, State.ANSWERED: 3, State.IN_AGENDA: 3,
            State.DECIDED: 4, State.IN_PROGRESS: 4, State.DONE: 5}
"""How many stages lie behind a proposal in this state."""
_RESTING = frozenset((State.LAPSED, State.ANSWERED, State.DECIDED))
"""States in which nothing runs: no stage is the present one."""


@dataclass(frozen=True)
class Reached:
    """Progress of a decision by which a proposal is decided, whether it moved the proposal itself or not."""

    state: State
    """One of `DECIDED_WAY`."""
    decided_on: date
    reported_on: date | None


DECIDED_WAY = (State.DECIDED, State.IN_PROGRESS, State.DONE)
"""What a proposal goes through once it is decided; it never goes back."""
DECIDABLE = (State.ANSWERED, State.DECIDED, State.IN_PROGRESS, State.DONE)
"""States in which a proposal can have an outcome of its own; one in an agenda is decided with it."""


def farther(state: State, reached: State | None) -> State:
    """Progress that a reader is told of: the farther of a proposal and of what it is decided by."""
    if reached is None or state in DECIDED_WAY and DECIDED_WAY.index(state) >= DECIDED_WAY.index(reached):
        return state
    return reached


def progress(state: State, reached: State | None = None) -> list[tuple[Stage, str]]:
    """Every stage with `done`, `now` or `todo`, at most one of them `now`; empty for a proposal that is off the way.

    `reached`: how far a decision has come that did not move the proposal (a grouped one is decided with its agenda).
    What is being carried out is then the present stage, though supports or an answer are still to come.
    """
    if state not in _REACHED:
        return []
    of_stage = dict.fromkeys(Stage, state) | dict.fromkeys((Stage.DECIDED, Stage.DONE), farther(state, reached))
    statuses = [_status(place, of_stage[stage]) for place, stage in enumerate(Stage)]
    for place in [place for place, status in enumerate(statuses) if status == "now"][:-1]:
        statuses[place] = "todo"
    return list(zip(Stage, statuses, strict=True))


def _status(place: int, state: State) -> str:
    behind = _REACHED[state]
    return "done" if place < behind else "now" if place == behind and state not in _RESTING else "todo"
