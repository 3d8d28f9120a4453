"""Web workers of the cluster: each a gunicorn of one process on a Unix socket that only nginx reaches."""

import os
import socket
from http.client import HTTPConnection
from pathlib import Path

from civic_forum import serve
from civic_forum.process_group import Child

from .rooms import ServiceDirectory, as_account


class WebWorker(Child):
    """A worker whose socket is its own: while it is away connections are refused, and nginx asks the other."""

    def __init__(self, room: ServiceDirectory, number: int):
        self.room, self.label = room, f"web-{number}"
        self.file = f"{self.label}.sock"
        super().__init__(f"web worker {number}", [])

    def start(self) -> None:
        with self.listening() as listener:
            self.files = (listener.fileno(), self.room.file)
            self.command = as_account(None, serve.web_server(listener, self.label))
            super().start()

    def listening(self) -> socket.socket:
        """A socket in nginx's room, which is closed to others, handed to its account."""
        (self.room.path / self.file).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        self.room.hand_over(Path(self.path))
        listener.listen(2048)
        return listener

    @property
    def path(self) -> str:
        return f"{self.room.inside}/{self.file}"

    def is_ready(self) -> bool | None:
        return serve.says_ready(Connection(self.path, timeout=1))


class Connection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str | os.PathLike, timeout: float = 10):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)
