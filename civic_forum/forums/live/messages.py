"""Batches of events and rendered fragments, the same for a socket and for a poll."""

import contextlib
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask

from civic_forum.platform import clock, cookies
from civic_forum.platform.i18n import Language, speaking

from ..models import ForumEvent
from . import queries
from ..fragments import Patch, puts
from .subscribers import View

log = logging.getLogger(__name__)
MOST = 500
"""Events that are told in one message; who missed more draws the page anew."""
KEPT, KEPT_S = 64, 1.0
"""So many, and so many seconds: what was hidden or erased since stands in none that is told later."""


@dataclass(frozen=True)
class Batch:
    """A stretch of the list, with the pieces that it changed as they are now, in one language."""

    events: tuple[dict, ...]
    puts: tuple[Patch, ...]
    last: int
    spoken: dict[tuple, str] = field(default_factory=dict, compare=False)
    """What sockets are told but the hour, written once for all who hear the same."""

    @property
    def tables(self) -> frozenset[int]:
        """Those of which not everybody hears."""
        return frozenset(event["table"] for event in self.events if event["table"]) | {
            put.table_id for put in self.puts if put.table_id}

    def told(self, view: View) -> dict:
        """The message to those of this view."""
        return self._told(view) | {"now": clock.now().isoformat()}

    def heard(self, view: View) -> tuple:
        """The same for all who are told the same."""
        return view.runs, view.tables & self.tables

    def said(self, view: View) -> str:
        """The same message as a packet of Socket.IO, as text."""
        heard = self.heard(view)
        if (text := self.spoken.get(heard)) is None:
            text = self.spoken[heard] = packet("news", self._told(view))
        return f'{text[:-2]},"now":"{clock.now().isoformat()}"}}]'

    def _told(self, view: View) -> dict:
        return {
            "events": [event if view.hears(event["table"]) else {"number": event["number"], "kind": event["kind"]}
                       for event in self.events],
            "puts": [as_sent(put) for put in self.puts if view.hears(put.table_id)],
            "last": self.last}


def packet(event: str, message: dict) -> str:
    """An event of Socket.IO in its only namespace here, as text: made once for all who hear it."""
    return "2" + json.dumps([event, message], separators=(",", ":"))


def as_sent(put: Patch) -> dict:
    return {"id": put.id, "html": put.html, "into": put.into, "where": put.where}


def as_told(event: ForumEvent) -> dict:
    return {"number": event.number, "at": event.at.isoformat(), "kind": event.kind.value, "about": event.kind.about,
            "subject": event.subject_id, "table": event.table_id, "details": event.details}


class Batches:
    """Makes them, and keeps the last ones: after a cut many ask for the same."""

    def __init__(self, app: Flask):
        self.app = app
        self.kept: OrderedDict[tuple, tuple[float, Batch]] = OrderedDict()

    def between(self, forum_id: int, after: int, upto: int, language: Language) -> Batch:
        """Events after one number, up to another. What is drawn is as of now, so the second is the last one."""
        key = (forum_id, after, upto, language)
        if (batch := self._kept(key)) is None:
            began = time.monotonic()
            batch = self._made(*key) if after < upto else Batch((), (), upto)
            self._keep(key, began, batch)
        return batch

    def since(self, forum_id: int, after: int, last: int, language: Language) -> list[Batch]:
        """The same in one or two stretches: a first one that somebody was told a moment ago, and what came after it."""
        key = (forum_id, after, language)
        if (batch := self._kept(key)) is None or batch.last > last:
            began = time.monotonic()
            batch = self.between(forum_id, after, last, language)
            self._keep(key, began, batch)
        return [batch] if batch.last == last else [batch, self.between(forum_id, batch.last, last, language)]

    def _kept(self, key: tuple) -> Batch | None:
        made_at, batch = self.kept.get(key, (0.0, None))  # requests and the broadcaster's thread use this at once
        return batch if time.monotonic() - made_at <= KEPT_S else None

    def _keep(self, key: tuple, began: float, batch: Batch) -> None:
        self.kept[key] = began, batch
        while len(self.kept) > KEPT:
            with contextlib.suppress(KeyError):
                self.kept.popitem(last=False)

    def _made(self, forum_id: int, after: int, upto: int, language: Language) -> Batch:
        with drawing(self.app, language):
            events = queries.between(forum_id, after, upto)
            return Batch(tuple(map(as_told, events)), tuple(self._drawn(forum_id, events)), upto)

    def _drawn(self, forum_id: int, events: list[ForumEvent]) -> Iterator[Patch]:
        """The pieces; one subject that cannot be drawn never holds up the news of the others."""
        forum = queries.forum(forum_id)
        for about in dict.fromkeys(event.kind.about for event in events):
            try:
                yield from puts(forum, [event for event in events if event.kind.about == about])
            except Exception:
                log.exception("forums: pieces about %s were not drawn", about)

    def piece(self, put, language: Language) -> dict:
        """One piece alone, drawn by a function without arguments."""
        with drawing(self.app, language):
            return as_sent(put())


class drawing:
    """As for a visitor's page in this language: pieces are the same for everybody, whoever asks."""

    def __init__(self, app: Flask, language: Language):
        self.context = app.test_request_context("/forums", headers={
            "Cookie": f"{cookies.name('language', app.config)}={language}"})
        self.words = speaking(language)

    def __enter__(self):
        self.context.__enter__()
        self.words.__enter__()

    def __exit__(self, *error):
        self.words.__exit__(*error)
        self.context.__exit__(*error)
