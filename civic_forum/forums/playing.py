"""A forum played again, in words: what stood where at a moment, and every moment at which something changed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from .queries.replay import Recording
from .rules.record import Record
from .rules.replay import State, after, at


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
        self.items = {one.id: f"{one.number}. {one.title}" for one in record.items}
        self.speakers = {one.id: self._name(one.who.user_id, one.who.name) for one in record.turns}
        self.captions = {one.id: one.text for one in record.captions}
        self.pulses = {one.id: one.text for one in record.pulses}

    def _name(self, user_id: int | None, name: str | None) -> str:
        return self.names.get(user_id, "") if user_id else name or ""

    def shown(self, state: State) -> ReplayedState:
        queue = tuple(self._name(*self.recording.called[one]) for one in state.queue if one in self.recording.called)
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
