"""Many kept-alive connections from one thread: as fast as the server answers, or so many requests a second."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

PATIENCE_S = 60


@dataclass
class Outcome:
    """Responses: how often each status, and how long each answer took from when it was due, in ms."""

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
    from then; without, every line sends its next one at once. Raises ConnectionError where the server hangs up.
    """
    waiting, outcome, sent = iter(requests), Outcome(), 0
    with _connected(port, lines) as (free, busy):
        began, request = time.perf_counter(), next(waiting, None)
        while request is not None or len(free) < lines:
            now = time.perf_counter()
            due = now if a_second is None else began + sent / a_second
            if request is not None and seconds is not None and due - began >= seconds:
                request = None
            elif request is not None and free and due <= now:
                free.pop(0).send(request, due)  # in turns: none is left alone until the server hangs up
                sent, request = sent + 1, next(waiting, None)
            else:
                free += _answered(busy, outcome, due - now if request is not None and free else PATIENCE_S)
        outcome.seconds = time.perf_counter() - began
    return outcome


def _answered(busy: selectors.BaseSelector, outcome: Outcome, patience: float) -> list[Line]:
    """The lines whose answers came in meanwhile, noted in the outcome."""
    done = []
    for key, _events in busy.select(patience):
        line: Line = key.data
        status = line.status()
        if status == 0:
            raise ConnectionError("the server hung up")
        if status is not None:
            outcome.statuses[status] += 1
            outcome.waits_ms.append((time.perf_counter() - line.due) * 1000)
            done.append(line)
    return done


@contextmanager
def _connected(port: int, lines: int) -> Iterator[tuple[list[Line], selectors.BaseSelector]]:
    with selectors.DefaultSelector() as busy, ExitStack() as opened:
        free = [Line(port) for _number in range(lines)]
        for line in free:
            busy.register(opened.enter_context(line.socket), selectors.EVENT_READ, line)
        yield free, busy
