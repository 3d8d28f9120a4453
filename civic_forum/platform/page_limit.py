"""A limit of pages for each address, before the application is asked: who is far over it costs next to nothing."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .networks import network
from .security_log import Refused, SecurityLog

FREE = ("/static/", "/socket.io/")
"""Beginnings of paths that are not counted."""
ALSO_FREE = ("/healthz", "/service-worker.js")
"""Paths that are not counted: browsers ask for the last one with every page."""
A_MINUTE = 60
SENTENCE = ("짧은 시간에 너무 여러 번 요청했어요. 1분 뒤에 다시 해 주세요.\n"
            "Too many requests in a short time. Please try again in a minute.\n").encode()


class PageLimit:
    """A WSGI application that answers at most so many requests for pages a minute and address. It counts in the memory
    of its process, and begins anew with each minute.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], most: int, headers: Sequence[tuple[str, str]],
                 log: SecurityLog) -> None:
        self.app, self.most, self.headers, self.log = app, most, headers, log
        self.minute, self.counts = 0, dict[str, int]()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and not (
                environ["PATH_INFO"].startswith(FREE) or environ["PATH_INFO"] in ALSO_FREE):
            minute, second = divmod(int(time.monotonic()), A_MINUTE)
            if minute != self.minute:
                self.minute, self.counts = minute, {}
            address = network(environ.get("REMOTE_ADDR"))
            count = self.counts[address] = self.counts.get(address, 0) + 1
            if count > self.most:
                self.log.note(Refused.LIMIT, address, "-")
                start_response("429 TOO MANY REQUESTS", [
                    *self.headers, ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"),
                    ("Content-Length", str(len(SENTENCE))), ("Retry-After", str(A_MINUTE - second))])
                return [SENTENCE] if environ["REQUEST_METHOD"] == "GET" else []
        return self.app(environ, start_response)
