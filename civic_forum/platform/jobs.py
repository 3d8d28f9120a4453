"""Background work. Nothing that must happen at an exact time depends on it.

Features register functions with `every`; a worker process runs them through huey. Its queue is in its own memory and
holds names alone: a job finds what there is to do in the database, so nothing of a queue has to outlive a worker, and
nobody who writes files or Redis can put a job there.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from . import clock, last_backup
from .spared import spared

with spared("redis", "psycopg"):
    from huey import MemoryHuey, crontab
    from huey.registry import Message

log = logging.getLogger(__name__)
HANDS = 2
"""Of a worker: while one waits for a mail server that says nothing, the other goes on."""


@dataclass(frozen=True)
class Job:
    name: str
    minutes: int
    run: Callable[[], object]
    at_start: bool = False
    turn: threading.Lock = field(default_factory=threading.Lock)
    """In one worker a job never runs beside itself."""


class Noted(NamedTuple):
    """Note of a worker on its jobs."""

    at: datetime
    oldest: datetime
    """End of the job that ended longest ago."""
    failed: list[str]
    """Jobs whose last run failed."""


@dataclass(frozen=True)
class Retention:
    """Removal of rows after a number of days: `run(days)` returns how many rows went."""

    name: str
    setting: str
    run: Callable[[int], int]


periodic: dict[str, Job] = {}
queued: dict[str, Callable[[], object]] = {}
"""In a worker: what puts a job at the end of its queue."""
retention: dict[str, Retention] = {}
NOTE = "worker.json"
"""In the data directory."""
_ends: dict[str, tuple[str, bool]] = {}
"""In a worker: job → its last end, and whether it failed."""


def every(minutes: int, name: str, *, at_start: bool = False):
    """Run the decorated function about every so many minutes (at most 60), in an application context.

    `at_start`: and as soon as a worker begins, which may be after one was killed.
    """

    def register(function):
        periodic[name] = Job(name, minutes, function, at_start)
        return function

    return register


@every(1, "note of the worker", at_start=True)
def note() -> None:
    at = clock.now().isoformat()
    last_backup.write_note(NOTE, {
        "at": at, "oldest": min((end for end, _failed in _ends.values()), default=at),
        "failed": [name for name, (_end, failed) in _ends.items() if failed]})


def noted() -> Noted | None:
    """The last note; None where there is none that can be read."""
    made: Noted | None = last_backup.read_note(NOTE, lambda kept: Noted(
        *(datetime.fromisoformat(kept[name]) for name in ("at", "oldest")), list(kept["failed"])))
    return made


def keep_for(setting: str, name: str):
    """Call the decorated function(days) once a day with the value of a `RETAIN_…_DAYS` setting."""

    def register(function):
        retention[name] = Retention(name, setting, function)
        return function

    return register


def enforce_retention(app) -> dict[str, int]:
    """Throw away what is older than its setting says; returns how many of each.

    A rule that fails keeps no other from its work; the first failure is raised at the end.
    """
    gone, failures = {}, []
    for rule in retention.values():
        with app.app_context():
            try:
                gone[rule.name] = rule.run(app.config[rule.setting])
            except Exception as failure:
                log.exception("retention of %s failed", rule.name)
                failures.append(failure)
    if failures:
        raise failures[0]
    return gone


class Names:
    """A job by its name, without arguments: more never waits."""

    def serialize(self, message: Message) -> str:
        return message.name

    def deserialize(self, name: str) -> Message:
        return Message(name=name, args=(), kwargs={})


def make_huey(app):
    """The queue of this worker with every periodic job on it."""
    huey = MemoryHuey("civic-forum", results=False, serializer=Names())
    for job in periodic.values():
        task = huey.periodic_task(crontab(minute=f"*/{job.minutes}"), name=job.name)
        queued[job.name] = task(_in_context(app, job))
    huey.periodic_task(crontab(minute="15", hour="18"), name="retention")(lambda: enforce_retention(app))
    return huey


def soon(name: str) -> None:
    """Do not wait for the minute at which this job runs next; nothing outside a worker, where it runs anyway."""
    if name in queued:
        queued[name]()


def consumer_of(app):
    """Consumer that runs the jobs of this application until it is told to stop."""
    huey = make_huey(app)
    _forget_old_queue(Path(app.config["DATA"]))

    @huey.on_startup()
    def begin() -> None:
        for job in periodic.values():
            if job.at_start:
                soon(job.name)

    return huey.create_consumer(workers=HANDS, check_worker_health=True)


def _forget_old_queue(data: Path) -> None:
    """Delete, unread, the file in which jobs waited as code (until 2026): what it names is found in the database."""
    for ending in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            (data / f"jobs.db{ending}").unlink()


def _in_context(app, job: Job):
    def run():
        if not job.turn.acquire(blocking=False):
            return None
        failed = True
        try:
            with app.app_context():
                answer = job.run()
                failed = False
                return answer
        finally:
            _ends[job.name] = clock.now().isoformat(), failed
            job.turn.release()

    return run
