"""A PostgreSQL that can be killed like a machine that loses its power, and started again on the same data."""

import contextlib
import os
import signal
import time
from pathlib import Path

from tests.servers import postgres, processes


class Cluster:
    """A durable server: `url` of an empty database, `kill()`, `start()`."""

    def __init__(self, home, **settings):
        self.home, self.log = Path(home), Path(home) / "log"
        self.port, self.process = processes.free_port(), None
        self.settings = {"listen_addresses": "127.0.0.1", "port": self.port, "timezone": "UTC",
                         "unix_socket_directories": home, "max_connections": 100, **postgres.FOR_VOTES, **settings}
        password = "only-of-the-tests"
        postgres._create_cluster(self.home, password)
        self.address = f"postgresql+psycopg://{postgres.OWNER}:{password}@127.0.0.1:{self.port}/postgres"
        self.start()
        self.url = postgres.fresh_database(self.address)

    def start(self) -> float:
        """Returns after how many seconds it takes connections."""
        began = time.monotonic()
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        self.process = processes.start([postgres.program("postgres"), "-D", self.home / "data", *options],
                                       self.log, postgres.OWNER, "INT", cwd="/")
        processes.wait_until(lambda: postgres._accepts(self.address), self.process, self.log)
        return time.monotonic() - began

    def kill(self) -> None:
        """All of its processes at once; returns when they are gone."""
        doomed = [self.process.pid, *_children(self.process.pid)]
        for pid in doomed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        while any(Path(f"/proc/{pid}").exists() and _state(pid) != "Z" for pid in doomed):
            time.sleep(0.01)

    def stop(self) -> None:
        processes.stop(self.process, signal.SIGINT)


@contextlib.contextmanager
def running(**settings):
    with processes.room(postgres.OWNER) as home:
        cluster = Cluster(home, **settings)
        try:
            yield cluster
        finally:
            cluster.stop()


def _children(parent: int) -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir()
            if folder.name.isdecimal() and _fields(int(folder.name))[1:2] == [str(parent)]]


def _state(pid: int) -> str:
    return "".join(_fields(pid)[:1])


def _fields(pid: int) -> list[str]:
    """State, parent and so on of a process; nothing where it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []
