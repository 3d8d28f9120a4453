"""Redis goes away under a running site, hangs, and comes back."""

import json
import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from redis import Redis

from civic_forum.platform import outbox
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.running.machine import patience
from tests.servers import processes, smtp

from . import towns
from .people import Somebody

LIMIT = 12


class Server:
    """A Redis that can be stopped, held and started again on the same port."""

    def __init__(self, home):
        self.home, self.port, self.process = home, processes.free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        self.process = processes.start(["redis-server", "--bind", "127.0.0.1", "--port", self.port, "--save", "",
                                        "--appendonly", "no", "--dir", self.home], self.home / "log")
        processes.wait_until(lambda: processes.answers(self.port), self.process, self.home / "log")

    def stop(self):
        processes.stop(self.process)

    def hold(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)


@pytest.fixture
def server():
    with processes.room() as home:
        server = Server(home)
        server.start()
        yield server
        server.go_on() if server.process.poll() is None else None
        server.stop()


def readiness(somebody):
    status, _, text = somebody.get("/readyz")
    return status, json.loads(text).get("degraded")


def until_limited(somebody, word):
    """The number of searches before the first that was too many; its headers and text."""
    for count in range(LIMIT * 3):
        began = time.monotonic()
        status, headers, text = somebody.get(f"/search?q={word}{count}")
        assert time.monotonic() - began < patience(10)
        if status == 429:
            return count, headers, text
        assert status == 200
    return None, None, None


@pytest.mark.parametrize("fault", ["stopped", "hangs"])
def test_limits_are_kept_in_memory_while_redis_is_away(server, settle, fault):
    town = settle(people=1)
    with towns.running(town, REDIS_URL=server.url, LIMIT_ADDRESS=LIMIT) as site:
        visitor, writer = Somebody(), Somebody(town.sessions[0])
        visitor.arrive(site.url)
        writer.arrive(site.url)
        assert readiness(visitor) == (200, [])
        count, headers, text = until_limited(visitor, "bench")
        assert count == LIMIT and 1 <= int(headers["Retry-After"]) <= 60 and "hd-outer" in text
        assert Redis.from_url(server.url).dbsize() > 0

        server.stop() if fault == "stopped" else server.hold()
        assert readiness(visitor) == (200, ["redis"])
        for path in ("/", "/proposals", f"/proposals/{town.number}"):
            assert visitor.get(path)[0] == 200
        count, _, _ = until_limited(visitor, "shade")
        assert count is not None and count <= LIMIT
        assert visitor.get("/healthz")[0] == 200

        server.start() if fault == "stopped" else server.go_on()
        assert readiness(visitor) == (200, [])
        assert writer.get("/proposals")[0] == 200
        visitor.leave()
        writer.leave()
        assert len(site.processes()) >= 4


def test_many_at_once_are_answered_while_redis_hangs(server, settle):
    """Each of those who wait for the same silent Redis, not the first alone, is counted in memory."""
    town = settle(people=1)
    with towns.running(town, REDIS_URL=server.url, LIMIT_ADDRESS=1000) as site, ThreadPoolExecutor(24) as pool:
        assert _searched(site.url) == 200
        server.hold()
        began = time.monotonic()
        assert Counter(pool.map(_searched, [site.url] * 72)) == {200: 72}
        assert time.monotonic() - began < patience(20)
        server.go_on()


def _searched(url):
    try:
        with urlopen(f"{url}/search?q=bench", timeout=patience(30)) as answer:
            return answer.status
    except HTTPError as refused:
        return refused.code


@pytest.mark.long
def test_background_work_outlives_redis(server, settle):
    town = settle(people=1)
    with smtp.running() as postbox, towns.running(town, REDIS_URL=server.url, SMTP_URL=postbox.url) as site:
        before = site.processes()
        server.stop()
        time.sleep(3)
        with town.app.app_context(), use_case(None):
            outbox.post(to="reader@example.org", subject="다시", body="돌아왔어요.", kind="notice")
        server.start()
        assert len(postbox.letters_to("reader@example.org", seconds=130)) == 1
        with town.app.app_context():
            assert db.session.scalar(sa.select(outbox.OutgoingMail.tries)) == 1
        assert set(before) & set(site.processes()), "the whole site was started again"
