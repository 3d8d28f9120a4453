"""Several processes write into one SQLite file while another reads pages from it."""

import time
from collections import Counter

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.comments import services
from civic_forum.comments.models import Comment, Thread
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from tests.running.machine import patience
from tests.servers.forks import PROCESSES

from . import towns

WRITERS, MANY_WRITERS = 4, 8
PATIENCE_S = patience(90)


def write(data, start, said, thread, user, seconds):
    """Comment without a pause; says how often, and how long the longest turn took."""
    app = towns.application(data)
    start.wait()
    written, longest, over = 0, 0, time.monotonic() + seconds
    while time.monotonic() < over:
        with app.app_context():
            began = time.monotonic()
            writer = db.session.get(User, user)
            services.write(thread, stance=Stance.NOTE, text=f"{user} {written}", form_key=None, by=writer)
            written, longest = written + 1, max(longest, time.monotonic() - began)
    said.put((written, longest))


def read(data, start, said, number, seconds):
    """Ask for pages without a pause; says how many had which status."""
    client = towns.application(data).test_client()
    start.wait()
    statuses, over = Counter(), time.monotonic() + seconds
    while time.monotonic() < over:
        statuses.update(client.get(path).status_code for path in ("/", "/proposals", f"/proposals/{number}"))
    said.put(statuses)


def write_together(town, seconds):
    """Texts and longest turn of each of the writers, and the readings of the reader."""
    writers, reader = PROCESSES.Queue(), PROCESSES.Queue()
    start = PROCESSES.Barrier(len(town.users) + 1, timeout=PATIENCE_S)
    processes = [PROCESSES.Process(target=write, args=(town.data, start, writers, town.thread, user, seconds))
                 for user in town.users]
    processes.append(PROCESSES.Process(target=read, args=(town.data, start, reader, town.number, seconds)))
    [process.start() for process in processes]
    try:
        [process.join(seconds + PATIENCE_S) for process in processes]
        assert [process.exitcode for process in processes] == [0] * len(processes)
    finally:
        [process.kill() for process in processes]
    return [writers.get(timeout=1) for _user in town.users], reader.get(timeout=1)


def nobody_waits_in_vain(town, seconds):
    began = time.monotonic()
    writers, statuses = write_together(town, seconds)
    written = sum(count for count, _ in writers)
    with town.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == written
        assert db.session.get(Thread, town.thread).comment_count == written
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    towns.leave(town.app)
    assert set(statuses) == {200}
    assert all(count for count, _ in writers)
    print(f"{written} comments by {len(writers)} processes and {statuses.total()} pages in "
          f"{time.monotonic() - began:.0f} s, longest turn {max(longest for _, longest in writers):.1f} s")


def test_four_processes_write_five_seconds_and_lose_nothing(settle):
    nobody_waits_in_vain(settle(people=WRITERS), 5)


@pytest.mark.long
def test_eight_processes_write_thirty_seconds_and_lose_nothing(settle):
    nobody_waits_in_vain(settle(people=MANY_WRITERS), 30)
