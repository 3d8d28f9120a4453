"""Lanes of dear work: so few jobs at a time that everybody else is served, and nobody pays for what others send.

Of an account, a browser without one, and an address a lane does one job at a time; next comes whoever had least of the
lane since it was empty. So a stranger's work, however long, keeps somebody else waiting for the rest of one job. Where
too many wait, the last who came of the address that has most is told to come back.
"""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from flask import has_request_context

from .errors import Busy, TooMany
from .web import address

AGAIN_S = 10
"""Seconds after which whoever is told to come back may."""


@dataclass(eq=False)
class _Job:
    sources: tuple[str, ...]
    first: bool
    called: threading.Event = field(default_factory=threading.Event)


class Lane:
    """`places` jobs are done at a time, `most` wait, of one source `most_of_one` are there, nobody waits for longer
    than `patience_s`. `crowded` and `enough` are the sentences of a lane that is full, and of a source that has as
    many there as it may."""

    def __init__(self, *, places: int, most: int, most_of_one: int, patience_s: float, crowded: Callable[[], str],
                 enough: Callable[[], str]):
        self._places, self._most, self._most_of_one, self._patience_s = places, most, most_of_one, patience_s
        self._crowded, self._enough = crowded, enough
        self._waiting: list[_Job] = []
        self._at_work: list[_Job] = []
        self._had: defaultdict[str, float] = defaultdict(float)

    @cached_property
    def _lock(self) -> threading.Lock:
        """Made at first use, when gevent has long decided what a lock is."""
        return threading.Lock()

    @contextmanager
    def turn(self, *who: str, first: bool = False) -> Iterator[None]:
        """The lane for one job of the address that asks and of `who`, before all that are not `first`. Raises TooMany
        or Busy, with when to try again."""
        job, began = _job(who, first), time.monotonic()
        with self._lock:
            self._admit(job)
            self._call_next()
        try:
            job.called.wait(self._patience_s)
            if job not in self._at_work:
                raise self._busy()
            began = time.monotonic()
            yield
        finally:
            with self._lock:
                self._leave(job, time.monotonic() - began)
                self._call_next()

    def ask_for_room(self, *who: str, first: bool = False) -> None:
        """Raise what `turn` would raise at once, before anything is counted or read."""
        with self._lock:
            self._last_of(_job(who, first))

    def _admit(self, job: _Job) -> None:
        last = self._last_of(job)
        self._waiting.append(job)
        if last is not None:
            self._waiting.remove(last)
            last.called.set()

    def _last_of(self, job: _Job) -> _Job | None:
        """Whoever has to go for this job where the lane is full."""
        there = Counter(source for other in (*self._waiting, *self._at_work, job) for source in other.sources)
        if job.sources and there[job.sources[-1]] > self._most_of_one:
            raise TooMany(self._enough(), retry_after=AGAIN_S)
        if len(self._waiting) < self._most:
            return None
        last = max((job, *reversed(self._waiting)), key=lambda other: (
            not other.first, [there[source] for source in other.sources], self._had_by(other)))
        if last is job:
            raise self._busy()
        return last

    def _call_next(self) -> None:
        while len(self._at_work) < self._places:
            at_work = {source for job in self._at_work for source in job.sources}
            free = [job for job in self._waiting if at_work.isdisjoint(job.sources)]
            if not free:
                break
            job = min(free, key=lambda job: (not job.first, self._had_by(job)))
            self._waiting.remove(job)
            self._at_work.append(job)
            job.called.set()

    def _had_by(self, job: _Job) -> float:
        return sum(self._had[source] for source in job.sources)

    def _leave(self, job: _Job, seconds: float) -> None:
        if job in self._at_work:
            self._at_work.remove(job)
            for source in job.sources:
                self._had[source] += seconds
        elif job in self._waiting:
            self._waiting.remove(job)
        if not self._waiting and not self._at_work:
            self._had.clear()

    def _busy(self) -> Busy:
        return Busy(self._crowded(), retry_after=AGAIN_S)


def _job(who: tuple[str, ...], first: bool) -> _Job:
    """A command has no address, and waits for nobody's sake."""
    return _Job((f"address:{address()}", *who) if has_request_context() else who, first)
