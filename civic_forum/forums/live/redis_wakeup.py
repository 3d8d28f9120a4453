"""Redis as the alarm clock between workers: it says that there is news, and how many listen. Nothing waits for it.

What is lost while it is away is found by looking once a second. Nothing that comes from it is believed further than
its numbers.
"""

import json
import logging
import queue
import threading
import time

import redis

from civic_forum.platform.health import quick_redis

log = logging.getLogger(__name__)
CHANNEL = "civic-forum:forums"
PAUSE_S = 1.0
PATIENCE_S = 15
"""What another worker said of its listeners counts for so long."""


class RedisWakeup:
    """The line of this process to Redis."""

    def __init__(self, url: str, worker: str, wake):
        self.url, self.worker, self.wake = url, worker, wake
        self.outgoing: queue.SimpleQueue[dict] = queue.SimpleQueue()
        self.others: dict[str, tuple[float, dict[int, int]]] = {}
        """worker → when it said so, and how many listen to which forum there"""
        self.speaks = self.hears = False
        self.without: set[str] = set()
        """The parts that Redis does not do now."""

    def say(self, **news) -> None:
        """Tell the other workers, from a thread of our own."""
        if not self.speaks:
            self.speaks = True
            threading.Thread(target=self._speak, daemon=True).start()
        self.outgoing.put(news)

    def listen(self) -> None:
        """Hear the other workers from now on."""
        if not self.hears:
            self.hears = True
            threading.Thread(target=self._listen, daemon=True).start()

    def elsewhere(self, forum_id: int | None = None) -> int:
        """Number of listeners to it at the other workers; to any, without one."""
        now = time.monotonic()
        heard = [counts for at, counts in self.others.values() if now - at < PATIENCE_S]
        return sum(sum(counts.values()) if forum_id is None else counts.get(forum_id, 0) for counts in heard)

    def _speak(self) -> None:
        client = redis.Redis.from_url(self.url, **quick_redis())
        while True:
            news = self.outgoing.get()
            try:
                client.publish(CHANNEL, json.dumps({"from": self.worker} | news))
                self._note("waking", None)
            except redis.RedisError as away:
                self._note("waking", away)
                time.sleep(PAUSE_S)

    def _listen(self) -> None:
        while True:
            try:
                with redis.Redis.from_url(self.url, **quick_redis()) as client, client.pubsub() as heard:
                    heard.subscribe(CHANNEL)
                    self._note("hearing", None)
                    self.wake()
                    while True:
                        if message := heard.get_message(ignore_subscribe_messages=True, timeout=PATIENCE_S):
                            self._take(message["data"])
            except redis.RedisError as away:
                self._note("hearing", away)
                time.sleep(PAUSE_S)

    def _note(self, what: str, away: redis.RedisError | None) -> None:
        """A line in the log when Redis goes and when it is back."""
        if (away is None) != (what in self.without):
            return
        if away is None:
            self.without.remove(what)
            log.warning("forums: %s the other workers again", what)
        else:
            self.without.add(what)
            log.warning("forums: not %s the other workers: %s", what, type(away).__name__)

    def _take(self, data: bytes) -> None:
        try:
            news = json.loads(data)
            worker, present = str(news["from"]), news.get("present")
            counts = {int(forum): int(count) for forum, count in present.items()} if present is not None else None
        except (ValueError, OverflowError, RecursionError, KeyError, TypeError, AttributeError):
            return
        if worker == self.worker:
            return
        if counts is None:
            self.wake()
        else:
            self.others[worker] = (time.monotonic(), counts)
            if len(self.others) > 100:
                self.others.pop(next(iter(self.others)))
