"""gunicorn with one gevent worker, as the site runs it, and what its requests cost in CPU."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from config import PREFIX

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
ROUNDS = 5


@dataclass
class Server:
    """A running server: what one request costs, as the median of several rounds."""

    pid: int
    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def cpu_s(self) -> float:
        """Seconds of CPU that the worker processes have used."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        used = 0
        for pid in children:
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            used += int(stat[11]) + int(stat[12])
        return used / TICK

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=120)

    def get(self, path: str, connection: HTTPConnection | None = None, **headers: str):
        """Status, headers and body of one page."""
        connection = connection or self.connect()
        connection.request("GET", path, headers=self.headers | headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def cost_ms(self, *paths: str, requests: int = 1000, status: int = 200, **headers: str) -> float:
        """Milliseconds of CPU for one request to these paths in turn: median of ROUNDS rounds."""
        connection, costs = self.connect(), []
        for path in paths:
            got = self.get(path, connection, **headers)[0]
            assert got == status, (path, got)
        for _round in range(ROUNDS):
            began = self.cpu_s()
            for number in range(requests):
                self.get(paths[number % len(paths)], connection, **headers)
            costs.append((self.cpu_s() - began) / requests * 1000)
        connection.close()
        return median(costs)

    def post(self, path: str, fields: dict[str, str], connection: HTTPConnection | None = None, **headers: str):
        connection = connection or self.connect()
        connection.request("POST", path, urlencode(fields),
                           {"Content-Type": "application/x-www-form-urlencoded"} | self.headers | headers)
        answer = connection.getresponse()
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
