"""bin/cluster, started as people start it: nginx, two web workers, background work, PostgreSQL and Redis.

As a `site` it has `.url` (nginx), `.password` (of the sample accounts), `.start()`, `.stop()` and `.kill()`, and beside
these

- `.workers`: the two web workers as they run now. Each has `.pid` (of the process that serves; look again after a
  kill), `.get(path)`, which asks it past nginx, `.connections()`, how many nginx has open to it, and `.kill()`, which
  is -9. nginx gives a new connection to the worker with fewest, so clients that connect to `.url` spread over both.
- `.redis.stop()` keeps Redis away (whoever connects is cut off, and the supervisor tries in vain) until
  `.redis.start()`, which returns when it answers; `.redis.url`.
- `.postgres.restart()`, which returns when it answers again; `.postgres.url`, the site's database.
"""

import contextlib
import os
import signal
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from civic_forum.cluster.web import Connection

from tests.running.machine import patience
from . import redis as redis_server
from .site import Site

COMING_BACK_S = 30


class Cluster(Site):
    module = "civic_forum.cluster"

    @property
    def settings_of_commands(self):
        """The settings that bin/civic-forum reads through CIVIC_FORUM_SETTINGS."""
        return dict(line.split("=", 1) for line in (self.data / "settings").read_text().splitlines())

    @property
    def workers(self):
        return [Worker(self, number) for number in (1, 2)]

    @property
    def redis(self):
        return Redis(self)

    @property
    def postgres(self):
        return Postgres(self)

    def children(self, running):
        """The processes that the supervisor itself has started and that run this."""
        return [pid for pid in self.processes(running) if parent_of(pid) == self.process.pid]


class Worker:
    def __init__(self, cluster, number):
        self.cluster, self.name = cluster, f"web-{number}"
        self.socket = cluster.data / "nginx" / f"{self.name}.sock"
        wait_until(lambda: self._pids() and self.answers())
        [self.pid] = self._pids()

    def _pids(self):
        masters = self.cluster.children(f"--name {self.name} ")
        return [pid for pid in self.cluster.processes(f"--name {self.name} ") if parent_of(pid) in masters]

    def answers(self):
        with contextlib.suppress(OSError):
            return self.get("/healthz")[0] == 200
        return False

    def get(self, path, **headers):
        """Status, headers and body as this worker gives them."""
        asked = Connection(self.socket)
        try:
            asked.request("GET", path, headers=headers)
            answer = asked.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            asked.close()

    def connections(self):
        """The number of its connections to nginx: sockets of the process that are connected (03) under this name."""
        mine = set()
        for path in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                mine.add(os.readlink(path))
        sockets = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()
                   if line.endswith(f"/{self.name}.sock")]
        return sum(fields[5] == "03" and f"socket:[{fields[6]}]" in mine for fields in sockets)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)


def hang_up(chair):
    """On everybody, until the socket is closed."""
    with contextlib.suppress(OSError):
        while True:
            chair.accept()[0].close()


class Redis:
    chair = None

    def __init__(self, cluster):
        self.cluster = cluster
        self.url = cluster.settings_of_commands["REDIS_URL"]
        self.port = urlsplit(self.url).port

    def stop(self):
        """Kill it and take its port, so that it cannot come back; whoever connects is cut off at once."""
        chair = socket.socket()
        chair.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            for pid in self.cluster.children("redis-server"):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                chair.bind(("127.0.0.1", self.port))
                chair.listen()
                break
        Redis.chair = chair
        threading.Thread(target=hang_up, args=[chair], daemon=True).start()

    def start(self):
        """Give the port back, and return when Redis answers there."""
        if Redis.chair:
            Redis.chair.shutdown(socket.SHUT_RDWR)
            Redis.chair.close()
            Redis.chair = None
        wait_until(self.answers)

    def answers(self):
        return redis_server.accepts(self.url)


class Postgres:
    def __init__(self, cluster):
        self.cluster = cluster
        self.url = cluster.settings_of_commands["DATABASE_URL"]

    def restart(self, with_signal=signal.SIGINT):
        """A fast shutdown, or a kill; the supervisor starts it again."""
        before = self.pids()
        for pid in before:
            os.kill(pid, with_signal)
        wait_until(lambda: self.pids() not in ([], before) and self.answers())

    def pids(self):
        return self.cluster.children("/postgres -D")

    def answers(self):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.url, connect_timeout=2).close()
            return True
        return False


def parent_of(pid):
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return None


def wait_until(fine, seconds=COMING_BACK_S):
    deadline = time.monotonic() + patience(seconds)
    while not fine():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


@contextlib.contextmanager
def running(data, *options, **settings):
    """A ready Cluster on `data`; `options` are those of bin/cluster, `settings` its environment."""
    cluster = Cluster(data, *options, **settings)
    try:
        yield cluster.start()
    finally:
        if cluster.process:
            cluster.stop()
