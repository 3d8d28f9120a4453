"""The server for browsers in the process of the tests."""

import select
import socket
import struct
from threading import Event
from urllib.parse import urlsplit

from . import in_process

SECONDS = 5
AT_ONCE = struct.pack("ii", 1, 0)
"""A connection that lingers for no second is reset when it is closed."""


class Answer:
    """Its last part is asked for after the browser went away."""

    def __init__(self, line):
        self.line, self.begun, self.closed = line, Event(), Event()

    def __iter__(self):
        yield b"<svg></svg>"
        self.begun.set()
        select.select([self.line], [], [], SECONDS)

    def close(self):
        self.closed.set()


def test_an_answer_is_closed_though_its_browser_went_away():
    given, asked = [], Event()

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "image/svg+xml"), ("Content-Length", "11")])
        given.append(Answer(environ["werkzeug.socket"]))
        asked.set()
        return given[0]

    with in_process.served(application) as address:
        with socket.create_connection((urlsplit(address).hostname, urlsplit(address).port)) as line:
            line.sendall(b"GET /static/img/mark.svg HTTP/1.0\r\n\r\n")
            assert asked.wait(SECONDS) and given[0].begun.wait(SECONDS)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        assert given[0].closed.wait(SECONDS)
