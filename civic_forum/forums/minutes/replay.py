"""A forum played again, in words: what stood where at a moment, and every moment at which something changed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from ..floor.models import SpeakingRequest, Turn
from ..floor.queries import voices
from ..models import Forum, ForumEvent
from ..rules import ForumEventKind
from .rules.drafting import Record
from .rules.replay import Facts, FloorRequest, Given, ON_FLOOR, State, after, at

SHOWN = ON_FLOOR | frozenset((
    ForumEventKind.ITEM_STARTED, ForumEventKind.ITEM_ENDED, ForumEventKind.TURN_ENDED, ForumEventKind.FLOOR_OPENED,
    ForumEventKind.FLOOR_CLOSED, ForumEventKind.FORUM_CLOSED, ForumEventKind.PULSE_OPENED,
    ForumEventKind.PULSE_ANSWERED, ForumEventKind.PULSE_CLOSED, ForumEventKind.CAPTION_WRITTEN,
    ForumEventKind.TABLES_OPENED, ForumEventKind.TABLES_CLOSED, ForumEventKind.TABLE_PROJECTED))
"""Kinds that change what is played; of the others only the number goes on."""


@dataclass(frozen=True)
class Recording:
    """Everything that is played, read in two statements."""

    events: list[sa.Row]
    facts: Facts
    called: dict[int, tuple[int | None, str | None]]
    """Requests to (id of the user, name without an account): who waits."""


def recording(forum: Forum) -> Recording:
    events = db.session.execute(
        sa.select(ForumEvent.number, ForumEvent.at, ForumEvent.kind, ForumEvent.subject_id, ForumEvent.details)
        .where(ForumEvent.forum_id == forum.id, ForumEvent.kind.in_(SHOWN)).order_by(ForumEvent.number)).all()
    asked = sa.select(
        sa.literal("request").label("what"), SpeakingRequest.id.label("id"), SpeakingRequest.asked_at.label("at"),
        SpeakingRequest.number.label("number"), SpeakingRequest.user_id.label("user_id"),
        SpeakingRequest.name.label("name"), SpeakingRequest.for_group.label("for_group"), sa.null().label("request_id"),
        sa.null().label("why"), User.nickname.label("nickname")).outerjoin(User,
                                                                           User.id == SpeakingRequest.user_id).where(
            SpeakingRequest.forum_id == forum.id)
    spoken = sa.select(
        sa.literal("turn"), Turn.id, Turn.started_at, sa.null(), Turn.user_id, Turn.name, Turn.for_group,
        Turn.request_id,
        Turn.why, User.nickname).outerjoin(User, User.id == Turn.user_id).where(Turn.forum_id == forum.id)
    requests, turns, called = {}, {}, {}
    for row in db.session.execute(sa.union_all(asked, spoken)):
        heard = voices(row.user_id, row.nickname or row.name, row.for_group)
        if row.what == "request":
            requests[row.id] = FloorRequest(row.at, row.number, heard)
            called[row.id] = (row.user_id, row.name)
        else:
            turns[row.id] = Given(heard, row.request_id, row.why)
    return Recording(events, Facts(requests, turns), called)


@dataclass(frozen=True)
class ReplayedState:
    """A state as the page shows it: texts, as they may be read now."""

    item: str = ""
    speaker: str = ""
    caption: str = ""
    queue: tuple[str, ...] = ()
    pulse: str = ""
    counts: tuple[tuple[str, int], ...] = ()


class Player:
    """Puts the states of one forum into words."""

    def __init__(self, record: Record, recording: Recording, names: dict[int, str]):
        self.recording, self.names = recording, names
        self.items = {item.id: f"{item.number}. {item.title}" for item in record.items}
        self.speakers = {turn.id: self._name(turn.who.user_id, turn.who.name) for turn in record.turns}
        self.captions = {caption.id: caption.text for caption in record.captions}
        self.pulses = {pulse.id: pulse.text for pulse in record.pulses}

    def _name(self, user_id: int | None, name: str | None) -> str:
        return self.names.get(user_id, "") if user_id else name or ""

    def shown(self, state: State) -> ReplayedState:
        queue = tuple(self._name(*self.recording.called[request_id]) for request_id in state.queue
                      if request_id in self.recording.called)
        return ReplayedState(self.items.get(state.item_id, ""), self.speakers.get(state.turn_id, ""),
                     self.captions.get(state.caption_id, ""), queue, self.pulses.get(state.pulse_id, ""), state.counts)

    def at(self, moment: datetime) -> ReplayedState:
        return self.shown(at(moment, self.recording.events, self.recording.facts))

    def frames(self, began: datetime) -> list[dict[str, object]]:
        """Every second at which something changed: {"s": since the beginning, …}, and of each only what changed."""
        frames: dict[int, dict[str, object]] = {}
        for event, state in after(self.recording.events, self.recording.facts):
            frames[max(0, (event.at - began) // timedelta(seconds=1))] = asdict(self.shown(state))
        return list(_changes(sorted(frames.items())))


def _changes(frames: Iterable[tuple[int, dict[str, object]]]):
    before: dict[str, object] = {}
    for second, shown in frames:
        changed = {name: value for name, value in shown.items() if before.get(name) != value}
        before = shown
        if changed:
            yield {"s": second} | changed
