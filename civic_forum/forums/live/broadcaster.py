"""Tells the sockets of this process what stands in the list. One thread does all of it, so order needs no lock.

It wakes when something happened here or at another worker, and looks once a second by itself while somebody listens.
Whoever comes gets what came after the number it knows, up to what the others were told, and is told with them from
then on: each number once.
"""

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from flask import Flask

from civic_forum.platform.base import db

from . import queries
from . import presence
from .subscribers import Subscriber, Subscribers
from .messages import MOST, Batches, packet

if TYPE_CHECKING:
    from .redis_wakeup import RedisWakeup

log = logging.getLogger(__name__)
TICK_S = 1.0
PAUSE_S, PAUSE_EACH_S = 0.05, 0.00015
"""Between two turns at least: with 1,000 sockets five turns a second, each with all that happened meanwhile."""
MOST_BEHIND = 100
"""Messages that wait for one socket. Who is further behind is dropped, comes back and catches up."""
ANSWER_S = 0.03
"""Of CPU, in which a turn answers who asked, and one of them in any case; the others wait for the next one. News come
first."""
AGAIN_S = 1.0
"""Who has just been answered waits so long for the next answer."""
PRESENT_S = 3.0
UNSEATED_S = 10.0
"""A socket that has not said by then which forum it wants is dropped."""


class Broadcaster:
    """`sockets` sends; this decides what, to whom and when."""

    def __init__(self, app: Flask, sockets, wakeup: "RedisWakeup | None"):
        self.app, self.sockets, self.wakeup = app, sockets, wakeup
        self.subscribers: Subscribers = sockets.subscribers
        self.batches = Batches(app)
        self.told: dict[int, int] = {}
        self.asking: deque[Subscriber] = deque()
        """Who wants to know what came after a number: each once."""
        self.noting = threading.Lock()
        self.shown: dict[int, int] = {}
        """How many were said to be there."""
        self.woken, self.thread = threading.Event(), None
        self.looked_at = self.counted_at = self.turned_at = 0.0

    def wake(self) -> None:
        self.woken.set()

    def hear(self, subscriber: Subscriber, after: int) -> None:
        """Somebody has come, or has noticed a gap."""
        with self.noting:
            if subscriber.asks is None:
                subscriber.asks = after
                self.asking.append(subscriber)
                self.wake()
            else:
                subscriber.asks = min(subscriber.asks, after)

    def begin(self) -> None:
        """Somebody has opened a connection, and may never say which forum it is for."""
        if self.thread is None:
            self.thread = threading.Thread(target=self._run, daemon=True)
            self.thread.start()
            if self.wakeup:
                self.wakeup.listen()
        self.wake()

    def _run(self) -> None:
        while True:
            self.woken.wait(TICK_S if self.subscribers.by_sid or self.sockets.connections else None)
            rest = self.turned_at + self._pause() - time.monotonic()
            if rest > 0:
                time.sleep(rest)
            self.woken.clear()
            try:
                self.turn()
            except Exception:
                log.exception("forums: telling failed")
                time.sleep(TICK_S)
            self.turned_at = time.monotonic()

    def _pause(self) -> float:
        """Longer, the more listen anywhere: a proxy and the network carry what all workers send."""
        everybody = len(self.subscribers.by_sid) + (self.wakeup.elsewhere() if self.wakeup else 0)
        return PAUSE_S + everybody * PAUSE_EACH_S

    def turn(self) -> None:
        """Look, tell what is new, then those who asked; once a second who is still there."""
        with self.app.app_context():
            asked = len(self.asking)
            try:
                self._tell_new()
                self._answer_all(asked)
                if time.monotonic() - self.looked_at >= TICK_S:
                    self.looked_at = time.monotonic()
                    self._look()
            finally:
                db.session.remove()

    def _tell_new(self) -> None:
        here = sorted(self.subscribers.by_forum)
        self.told = {forum_id: number for forum_id, number in self.told.items()
                     if forum_id in self.subscribers.by_forum}
        if not here:
            return
        newest = queries.latest(here)
        db.session.rollback()  # what is drawn is read afterwards, and never from before these numbers
        for forum_id, last in newest.items():
            after = self.told.setdefault(forum_id, last)
            while after < last:
                upto = min(last, after + MOST)
                self._tell(forum_id, after, upto)
                after = self.told[forum_id] = upto

    def _tell(self, forum_id: int, after: int, upto: int) -> None:
        for subscriber in list(self.subscribers.by_forum[forum_id]):
            if not subscriber.is_behind(MOST_BEHIND):
                continue
            self.sockets.drop(subscriber, "slow")
        alike: dict[tuple, list[Subscriber]] = {}
        for view, subscribers in self.subscribers.views(forum_id).items():
            batch = self.batches.between(forum_id, after, upto, view.language)
            alike.setdefault((view.language, *batch.heard(view)), []).extend(subscribers)
        for (language, *_heard), subscribers in alike.items():
            batch = self.batches.between(forum_id, after, upto, language)
            self.sockets.send(batch.said(subscribers[0].view), subscribers)

    def _answer_all(self, asked: int) -> None:
        began = time.thread_time()
        for _each in range(asked):
            self._answer(self.asking.popleft())
            if time.thread_time() - began > ANSWER_S:
                self.wake()
                return

    def _answer(self, subscriber: Subscriber) -> None:
        """Tell what came after that number: all that the others were told. Who asked before this turn knows no more."""
        if subscriber.sid not in self.subscribers.by_sid:
            return
        is_connected = self.sockets.is_connected(subscriber)  # or the answer to its handshake is still on its way
        if not is_connected or time.monotonic() - subscriber.answered_at < AGAIN_S:
            self.asking.append(subscriber)
            if not is_connected:
                self.wake()
            return
        with self.noting:
            after, subscriber.asks = subscriber.asks, None
        subscriber.answered_at = time.monotonic()
        last = self.told[subscriber.forum_id]
        if 0 <= last - after <= MOST:
            for batch in self.batches.since(subscriber.forum_id, after, last, subscriber.view.language):
                self.sockets.send(batch.said(subscriber.view), [subscriber])
            subscriber.is_told = True
        else:
            self.sockets.send(packet("old", {"last": last}), [subscriber])

    def _look(self) -> None:
        """Look again at the rights of everybody who listens."""
        over, moved = presence.changed(self.subscribers)
        for subscriber in over:
            self.sockets.drop(subscriber, "over")
        for subscriber, view in moved:
            subscriber.view = view
        now = time.monotonic()
        for connection in list(self.sockets.connections):
            if now - connection.began > UNSEATED_S and not connection.seated:
                connection.broke = True
                connection.cut()
        if now - self.counted_at >= PRESENT_S:
            self.counted_at = now
            self._count()

    def _count(self) -> None:
        counts = self.subscribers.counts()
        if self.wakeup:
            self.wakeup.say(present=counts)
        self.shown = {forum_id: count for forum_id, count in self.shown.items() if forum_id in counts}
        for forum_id in counts:
            count = self.present(forum_id)
            if self.shown.get(forum_id) == count:
                continue
            self.shown[forum_id] = count
            views = self.subscribers.views(forum_id)
            for language in {view.language for view in views}:
                subscribers = [subscriber for view, alike in views.items() if view.language is language
                               for subscriber in alike]
                piece = self.batches.piece(lambda number=count: presence.drawn(number), language)
                self.sockets.send(packet("present", piece), subscribers)

    def present(self, forum_id: int) -> int:
        """Number of listeners, here and at the other workers."""
        here = len(self.subscribers.by_forum.get(forum_id, ()))
        return here + (self.wakeup.elsewhere(forum_id) if self.wakeup else 0)
