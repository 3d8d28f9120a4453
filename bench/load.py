"""Many kept-alive connections from one thread: as fast as the server answers, or so many requests a second."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

PATIENCE_S = 60


@dataclass
class Outcome:
    """What came back: how often each status, and how long each answer took from when it was due, in ms."""

    seconds: float = 0
    statuses: Counter = field(default_factory=Counter)
    waits_ms: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.statuses[200] / self.seconds

    @property
    def errors(self) -> int:
        return self.statuses.total() - self.statuses[200]


class Line:
    """One kept-alive connection, with at most one request under way."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due, self.heard = 0.0, b""

    def send(self, request: bytes, due: float) -> None:
        self.due, self.heard = due, b""
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Read what is there: the status when the answer is whole, 0 when the server hung up."""
        chunk = self.socket.recv(65536)
        if not chunk:
            return 0
        self.heard += chunk
        head, blank, body = self.heard.partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return None
        return int(head[9:12])


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])


def pour(port: int, requests: Iterable[bytes], lines: int, *, seconds: float | None = None,
         a_second: float | None = None) -> Outcome:
    """Send these requests over so many lines until they or the seconds are used up.

    With `a_second` each is due at its own moment, whether or not those before it were answered, and its wait counts
    from then; without, every line sends its next one at once.
    """
    waiting, outcome, sent = iter(requests), Outcome(), 0
    free, busy = [Line(port) for _number in range(lines)], selectors.DefaultSelector()
    for line in free:
        busy.register(line.socket, selectors.EVENT_READ, line)
    everyone, began = list(free), time.perf_counter()
    request = next(waiting, None)
    while request is not None or len(free) < lines:
        now = time.perf_counter()
        due = now if a_second is None else began + sent / a_second
        if request is not None and seconds is not None and due - began >= seconds:
            request = None
        if request is not None and free and due <= now:
            free.pop().send(request, due)
            sent, request = sent + 1, next(waiting, None)
            continue
        until_due = due - now if request is not None and free else PATIENCE_S
        for key, _events in busy.select(until_due):
            if (status := key.data.status()) is None:
                continue
            outcome.statuses[status] += 1
            outcome.waits_ms.append((time.perf_counter() - key.data.due) * 1000)
            free.append(key.data)
            if not status:
                busy.unregister(key.data.socket)
                raise ConnectionError("the server hung up")
    outcome.seconds = time.perf_counter() - began
    for line in everyone:
        line.socket.close()
    busy.close()
    return outcome
