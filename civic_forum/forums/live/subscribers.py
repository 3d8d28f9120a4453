"""Subscribers of this process: to which forum, in which language, and what they may hear of its tables."""

import math
from collections import Counter
from dataclasses import dataclass, field

from civic_forum.platform.i18n import Language

from .websocket import WebSocketConnection, waiting


@dataclass(frozen=True)
class View:
    """Parts of a forum that one is told of: everybody of the same view gets the same message."""

    language: Language = Language.KO
    runs: bool = False
    """Hears all tables."""
    tables: frozenset[int] = frozenset()
    """Those where they sit, or that they host."""

    def hears(self, table_id: int | None) -> bool:
        return table_id is None or self.runs or table_id in self.tables


@dataclass(eq=False, slots=True)
class Subscriber:
    """One socket that listens."""

    sid: str
    socket: object
    """The socket of Engine.IO, with the queue of what is still to be sent."""
    connection: WebSocketConnection
    forum_id: int
    view: View
    user_id: int | None = None
    session_id: int | None = None
    is_told: bool = False
    """It gets what is new."""
    asks: int | None = None
    """It wants to know what came after that number."""
    answered_at: float = -math.inf

    def is_behind(self, most: int) -> bool:
        return waiting(self.socket) > most


@dataclass
class Subscribers:
    """All of them, by their sid and by forum."""

    by_sid: dict[str, Subscriber] = field(default_factory=dict)
    by_forum: dict[int, set[Subscriber]] = field(default_factory=dict)
    of_user: Counter = field(default_factory=Counter)

    def add(self, subscriber: Subscriber) -> None:
        self.by_sid[subscriber.sid] = subscriber
        self.by_forum.setdefault(subscriber.forum_id, set()).add(subscriber)
        if subscriber.user_id:
            self.of_user[subscriber.user_id] += 1

    def remove(self, sid: str) -> Subscriber | None:
        subscriber = self.by_sid.pop(sid, None)
        if subscriber is None:
            return None
        here = self.by_forum[subscriber.forum_id]
        here.discard(subscriber)
        if not here:
            del self.by_forum[subscriber.forum_id]
        if subscriber.user_id:
            count_off(self.of_user, subscriber.user_id)
        return subscriber

    def views(self, forum_id: int) -> dict[View, list[Subscriber]]:
        """Those who are told what is new, by what they hear."""
        alike: dict[View, list[Subscriber]] = {}
        for subscriber in list(self.by_forum.get(forum_id, ())):
            if subscriber.is_told:
                alike.setdefault(subscriber.view, []).append(subscriber)
        return alike

    def counts(self) -> dict[int, int]:
        return {forum_id: len(here) for forum_id, here in self.by_forum.items()}


def count_off(counter: Counter, key) -> None:
    """One less; nothing stays of the last."""
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
