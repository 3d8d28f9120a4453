"""Playing a forum again: what stood where after each of its numbered events.

`after` goes through the events as they were written; what they point at comes as `Facts`. The queue is put in order by
the rule that did it live (`floor.rules`), so what is shown is what was shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from ...floor.rules import Asking, Heard, Placed, Why, moved_up, order
from ...rules import ForumEventKind

CHOICES = ("yes", "no", "unsure")
ON_FLOOR = frozenset((ForumEventKind.FLOOR_ASKED, ForumEventKind.FLOOR_WITHDRAWN, ForumEventKind.FLOOR_PASSED,
                      ForumEventKind.FLOOR_MOVED, ForumEventKind.TURN_STARTED))
"""After which the queue is another one."""


class Event(Protocol):
    """A `ForumEvent`, as far as it is read."""

    number: int
    at: datetime
    kind: ForumEventKind
    subject_id: int | None
    details: Mapping[str, Any]


@dataclass(frozen=True)
class FloorRequest:
    """A request for the floor, as it was asked."""

    asked_at: datetime
    number: int
    voices: frozenset[str]


@dataclass(frozen=True)
class Given:
    """A turn, and the request that it came from."""

    voices: frozenset[str]
    request_id: int | None = None
    why: str | None = None


@dataclass(frozen=True)
class Facts:
    """Records that events point at: requests and turns by their ids."""

    requests: Mapping[int, FloorRequest] = field(default_factory=dict)
    turns: Mapping[int, Given] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """Speaker, item, question and queue at one moment."""

    number: int = 0
    """Of the last event."""
    item_id: int | None = None
    turn_id: int | None = None
    floor_open: bool = False
    queue: tuple[int, ...] = ()
    """Ids of requests in their order."""
    pulse_id: int | None = None
    counts: tuple[tuple[str, int], ...] = ()
    """Of the pulse that is open, if it is one of choices, as an event told them last: not after each answer, so that no
    single one can be made out."""
    caption_id: int | None = None
    """The line that was written last."""
    tables_open: bool = False
    table_id: int | None = None
    """Whose result stands on the projector."""


def after(events: Iterable[Event], facts: Facts) -> Iterator[tuple[Event, State]]:
    """Each event with what stood where after it, in the order of their numbers."""
    queue, state = _Queue(facts), State()
    for event in events:
        state = replace(state, number=event.number, **_changes(event))
        if event.kind in ON_FLOOR:
            queue.take(event)
            state = replace(state, queue=tuple(queue.ids()))
        yield event, state


def at(moment: datetime, events: Iterable[Event], facts: Facts) -> State:
    """State at that moment."""
    state = State()
    for event, after_it in after(events, facts):
        if event.at > moment:
            break
        state = after_it
    return state


def _changes(event: Event) -> dict[str, Any]:
    """Changes of the state that an event names by itself."""
    subject = event.subject_id
    match event.kind:
        case ForumEventKind.ITEM_STARTED:
            return {"item_id": subject}
        case ForumEventKind.ITEM_ENDED:
            return {"item_id": None}
        case ForumEventKind.TURN_STARTED:
            return {"turn_id": subject}
        case ForumEventKind.TURN_ENDED:
            return {"turn_id": None}
        case ForumEventKind.FLOOR_OPENED:
            return {"floor_open": True}
        case ForumEventKind.FLOOR_CLOSED | ForumEventKind.FORUM_CLOSED:
            return {"floor_open": False}
        case ForumEventKind.PULSE_OPENED:
            return {"pulse_id": subject, "counts": ()}
        case ForumEventKind.PULSE_ANSWERED:
            told = tuple((choice, event.details[choice]) for choice in CHOICES if event.details.get(choice))
            return {"counts": told} if told else {}
        case ForumEventKind.PULSE_CLOSED:
            return {"pulse_id": None, "counts": ()}
        case ForumEventKind.CAPTION_WRITTEN:
            return {"caption_id": subject}
        case ForumEventKind.TABLES_OPENED:
            return {"tables_open": True}
        case ForumEventKind.TABLES_CLOSED:
            return {"tables_open": False}
        case ForumEventKind.TABLE_PROJECTED:
            return {"table_id": subject}
    return {}


class _Queue:
    """The queue as the rule needs it."""

    def __init__(self, facts: Facts):
        self.facts = facts
        self.waiting: dict[int, FloorRequest] = {}
        self.moved: dict[int, int] = {}
        """Ids of requests to the place that the host gave them."""
        self.spoken: set[str] = set()
        self.heard: list[Heard] = []

    def take(self, event: Event) -> None:
        """Apply an event to the queue."""
        subject = event.subject_id
        if subject is None:
            return
        if event.kind is ForumEventKind.FLOOR_ASKED and subject in self.facts.requests:
            self.waiting[subject] = self.facts.requests[subject]
        elif event.kind is ForumEventKind.FLOOR_MOVED and subject in self.waiting:
            self.moved[subject] = int(event.details["place"])
        elif event.kind in (ForumEventKind.FLOOR_WITHDRAWN, ForumEventKind.FLOOR_PASSED):
            self.leave(subject)
        elif event.kind is ForumEventKind.TURN_STARTED and subject in self.facts.turns:
            self.begin(self.facts.turns[subject])

    def begin(self, turn: Given) -> None:
        request = None if turn.request_id is None else self.waiting.get(turn.request_id)
        self.leave(turn.request_id)
        self.spoken |= turn.voices
        if request is not None and turn.why:
            self.heard.append(Heard((request.asked_at, request.number), Why(turn.why)))

    def leave(self, request_id: int | None) -> None:
        """One goes; those whom the host had placed behind it move up with everybody else."""
        if request_id not in self.waiting:
            return
        line, known = self.line(), self.by_number()
        place = next(spot.place for spot in line if known[spot.request.number] == request_id)
        places = moved_up(line, place)
        self.moved |= {known[number]: to for number, to in places.items()}
        del self.waiting[request_id]
        self.moved.pop(request_id, None)

    def by_number(self) -> dict[int, int]:
        return {asked.number: request_id for request_id, asked in self.waiting.items()}

    def line(self) -> list[Placed]:
        return order([Asking(request.asked_at, request.number, request.voices, self.moved.get(request_id))
                      for request_id, request in self.waiting.items()], self.spoken, self.heard)

    def ids(self) -> list[int]:
        known = self.by_number()
        return [known[spot.request.number] for spot in self.line()]
