"""gunicorn with one gevent worker, as the site runs it, and what its requests cost in CPU."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from config import PREFIX

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5


def cpu_s(processes: Iterable[int]) -> float:
    """Seconds of CPU that the threads of these have used."""
    threads = [thread for pid in processes for thread in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


@dataclass
class Server:
    """A running server: what one request costs, as the median of several rounds."""

    pid: int
    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def cpu_s(self) -> float:
        """Seconds of CPU that the worker processes have used."""
        return cpu_s(map(int, Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()))

    def statements(self, path: str) -> int:
        """Number of statements that a page takes which was asked for before (`bench.standing`)."""
        return int(self.get(path)[1]["Statements"])

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=120)

    def get(self, path: str, connection: HTTPConnection | None = None, **headers: str):
        """Status, headers and body of one page."""
        return self._answer(connection, "GET", path, None, headers)

    def cost_ms(self, *paths: str, requests: int = 200, status: int = 200, fields: dict[str, str] | None = None,
                **headers: str) -> float:
        """Milliseconds of CPU for one request to these paths in turn, or for one post of `fields`: median of ROUNDS
        rounds."""
        ask = self.get if fields is None else lambda path, *others, **more: self.post(path, fields, *others, **more)
        connection, costs = self.connect(), []
        for path in paths:
            got = ask(path, connection, **headers)[0]
            assert got == status, (path, got)
        for _round in range(ROUNDS):
            began = self.cpu_s()
            for number in range(requests):
                ask(paths[number % len(paths)], connection, **headers)
            costs.append((self.cpu_s() - began) / requests * 1000)
        connection.close()
        return median(costs)

    def post(self, path: str, fields: dict[str, str], connection: HTTPConnection | None = None, **headers: str):
        return self._answer(connection, "POST", path, urlencode(fields),
                            {"Content-Type": "application/x-www-form-urlencoded"} | headers)

    def _answer(self, connection: HTTPConnection | None, method: str, path: str, body: str | None,
                headers: dict[str, str]):
        with nullcontext(connection) if connection else closing(self.connect()) as line:
            line.request(method, path, body, self.headers | headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()


@contextmanager
def serving(app: str, data: Path, port: int, **settings: str):
    """A server of `bench.<app>:app` on this data directory, with these settings of the site besides."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gevent",
               "--workers", "1", "--log-level", "warning", "--no-control-socket", "--graceful-timeout", "1",
               "--keep-alive", "60", f"bench.{app}:app"]
    with _running(command, data, settings) as process:
        wait(port, process)
        yield Server(process.pid, port)


@contextmanager
def working(data: Path, **settings: str):
    """The background work of the site on this data directory."""
    with _running([sys.executable, "-m", "civic_forum.worker"], data, settings):
        yield


@contextmanager
def _running(command: list[str], data: Path, settings: dict[str, str]):
    environment = os.environ | {"CIVIC_FORUM_DATA": str(data), "PYTHONPATH": str(ROOT),
                                f"{PREFIX}LIMIT_PAGES_ADDRESS": str(10**9)}
    environment |= {f"{PREFIX}{name}": value for name, value in settings.items()}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        server = Server(process.pid, port)
        with closing(server.connect()) as connection:
            try:
                server.get("/", connection)
                return
            except OSError:
                if process.poll() is not None:
                    break
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
