"""Several processes write into one SQLite file while another reads pages from it."""

import json
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from civic_forum.app import ROOT
from civic_forum.comments.models import Comment, Thread
from civic_forum.kernel.base import db

from . import towns

WRITERS, MANY_WRITERS = 4, 8
WRITE = """
import json, sys, time
from tests.faults import towns
from civic_forum.accounts.models import User
from civic_forum.comments import services
from civic_forum.comments.rules import Stance
from civic_forum.kernel.base import db
from pathlib import Path
data, thread, user, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
app = towns.application(data)
print("ready", flush=True)
sys.stdin.readline()
written, longest, over = 0, 0, time.monotonic() + seconds
while time.monotonic() < over:
    with app.app_context():
        began = time.monotonic()
        writer = db.session.get(User, user)
        services.write(thread, stance=Stance.NOTE, text=f"{user} {written}", form_key=None, by=writer)
        written, longest = written + 1, max(longest, time.monotonic() - began)
print(json.dumps([written, longest]))
"""
READ = """
import json, sys, time
from tests.faults import towns
from pathlib import Path
data, number, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
client = towns.application(data).test_client()
print("ready", flush=True)
sys.stdin.readline()
read, statuses, over = 0, set(), time.monotonic() + seconds
while time.monotonic() < over:
    for path in ("/", "/proposals", f"/proposals/{number}"):
        statuses.add(client.get(path).status_code)
        read += 1
print(json.dumps([read, sorted(statuses)]))
"""


def start(script, *arguments):
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def write_together(town, seconds):
    """What each of the writers wrote and how long its longest turn took, and what the reader read."""
    processes = [start(WRITE, town.data, town.thread, user, seconds) for user in town.users]
    processes.append(start(READ, town.data, town.number, seconds))
    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n", process.stderr.read()
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=seconds + 90) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    for process, (_, errors) in zip(processes, said, strict=True):
        assert process.returncode == 0 and "locked" not in errors, errors[-2000:]
    return [json.loads(words) for words, _ in said[:-1]], json.loads(said[-1][0])


def nobody_waits_in_vain(town, seconds):
    began = time.monotonic()
    writers, (read, statuses) = write_together(town, seconds)
    written = sum(count for count, _ in writers)
    with town.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == written
        assert db.session.get(Thread, town.thread).comment_count == written
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    towns.leave(town.app)
    assert read and statuses == [200]
    assert all(count for count, _ in writers)
    print(f"{written} comments by {len(writers)} processes and {read} pages in {time.monotonic() - began:.0f} s, "
          f"longest turn {max(longest for _, longest in writers):.1f} s")


def test_four_processes_write_five_seconds_and_lose_nothing(settle):
    nobody_waits_in_vain(settle(people=WRITERS), 5)


@pytest.mark.long
def test_eight_processes_write_thirty_seconds_and_lose_nothing(settle):
    nobody_waits_in_vain(settle(people=MANY_WRITERS), 30)
