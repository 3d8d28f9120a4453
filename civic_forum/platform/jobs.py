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
from pathlib import Path

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


def every(minutes: int, name: str, *, at_start: bool = False):
    """Run the decorated function about every so many minutes (at most 60), in an application context.

    `at_start`: and as soon as a worker begins, which may be after one was killed.
    """

    def register(function):
        periodic[name] = Job(name, minutes, function, at_start)
        return function

    return register


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
        try:
            with app.app_context():
                return job.run()
        finally:
            job.turn.release()

    return run
