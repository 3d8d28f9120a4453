"""One WebSocket of a forum: little memory, bounded both ways.

Engine.IO calls it as it would its own (`wait`, `send`, `close`). Unlike that of simple-websocket it sends frames whole
(under gevent `socket.send` may write half of one to a slow reader, which breaks the line), never compresses (zlib's
windows cost more than everything else of a connection), needs no greenlet to read, and counts what comes in.
"""

import contextlib
import socket
import threading
import time
from functools import lru_cache

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Request, TextMessage
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

KEY = "civic_forum.visit"
"""Where the visit stands in the environment of its request."""
MOST_BYTES = 8 * 1024
"""Of one message that comes in."""
MOST_AT_ONCE, A_SECOND = 20, 5
"""Frames that come in: so many at once, and so many a second in the long run."""
SILENCE_S = 25
"""A line that sends nothing for so long, or takes nothing, is dead. Clients answer a ping every ten seconds."""
SENDING_BYTES = 64 * 1024
"""What the system keeps for a reader who is slow."""
TOO_MUCH, TOO_BIG, NORMAL = 1008, 1009, 1000


@lru_cache(maxsize=64)
def framed(text: str) -> bytes:
    """The frame of a text. Those of a server bear no mask, so one serves all who are told the same."""
    body = text.encode()
    size = len(body)
    if size < 126:
        head = bytes((0x81, size))
    elif size < 65536:
        head = b"\x81\x7e" + size.to_bytes(2)
    else:
        head = b"\x81\x7f" + size.to_bytes(8)
    return head + body


class Bucket:
    """Counts what comes in; runs over when it is too much."""

    def __init__(self):
        self.left, self.at = float(MOST_AT_ONCE), time.monotonic()

    def runs_over(self) -> bool:
        now = time.monotonic()
        self.left = min(MOST_AT_ONCE, self.left + (now - self.at) * A_SECOND) - 1
        self.at = now
        return self.left < 0


class Visit:
    """A request that wants a line, and has one in the end. Its environment is copied on the way, this is not."""

    line: "WebSocketConnection | None" = None


class WebSocketConnection:
    """A WebSocket on the socket of its request."""

    def __init__(self, handler, _server):
        self.handler = handler
        self.sending = threading.Lock()
        self.bucket = Bucket()
        self.began = time.monotonic()
        self.said = ""
        self.open = self.seated = self.broke = False
        """`seated`: it said which forum it wants. `broke`: it ended because it broke the rules."""

    def __call__(self, environ, _start_response):
        """Serve it until it ends. How a server is told that there is no answer to be written differs."""
        from_gunicorn = "gunicorn.socket" in environ
        self.socket = environ["gunicorn.socket" if from_gunicorn else "werkzeug.socket"]
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENDING_BYTES)
        self.socket.settimeout(SILENCE_S)
        self.protocol = WSConnection(ConnectionType.SERVER)
        environ[KEY].line = self
        try:
            self._accept(environ)
            self.handler(self)
        except (OSError, LocalProtocolError, RemoteProtocolError):
            self.open = False
        finally:
            self.cut()
        raise StopIteration if from_gunicorn else ConnectionError

    def _accept(self, environ) -> None:
        headers = [(name[5:].replace("_", "-").lower().encode(), value.encode("latin-1"))
                   for name, value in environ.items() if name.startswith("HTTP_")]
        self.protocol.initiate_upgrade_connection(headers, environ.get("PATH_INFO", "/"))
        for event in self.protocol.events():
            if isinstance(event, Request):
                self.socket.sendall(self.protocol.send(AcceptConnection()))
                self.open = True

    def wait(self) -> str | bytes | None:
        """The next message; None when there will be no more."""
        while self.open:
            for event in self.protocol.events():
                if (message := self._heard(event)) is not None:
                    return message
                if not self.open:
                    return None
            try:
                chunk = self.socket.recv(4096)
                self.protocol.receive_data(chunk or None)
            except (OSError, LocalProtocolError, RemoteProtocolError):
                self.open = False
        return None

    def _heard(self, event) -> str | bytes | None:
        """Message that has come in: a whole message or None. Closes the line on whoever says too much."""
        if isinstance(event, TextMessage | BytesMessage):
            if event.frame_finished and self.bucket.runs_over():
                return self.close(TOO_MUCH)
            self.said = self.said + event.data if self.said else event.data
            if len(self.said) > MOST_BYTES:
                return self.close(TOO_BIG)
            if event.message_finished:
                message, self.said = self.said, ""
                return message
        elif isinstance(event, Ping):
            if self.bucket.runs_over():
                return self.close(TOO_MUCH)
            self._send(self.protocol.send(event.response()))
        elif isinstance(event, CloseConnection):
            with contextlib.suppress(OSError, LocalProtocolError):
                self._send(self.protocol.send(event.response()))
            self.open = False
        return None

    def send(self, message: str | bytes) -> None:
        """Raises OSError when the line is gone, or its reader took nothing for too long."""
        if not self.open:
            raise OSError("the line is closed")
        self._send(framed(message) if isinstance(message, str) else self.protocol.send(BytesMessage(data=message)))

    def _send(self, data: bytes) -> None:
        with self.sending:  # two frames never mix
            self.socket.sendall(data)

    def close(self, code: int = NORMAL) -> None:
        """Say goodbye, and end."""
        self.broke |= code != NORMAL
        if self.open:
            self.open = False
            with contextlib.suppress(OSError, LocalProtocolError):
                self._send(self.protocol.send(CloseConnection(code)))
            self.cut()

    def cut(self) -> None:
        """End at once: whoever waits for this line wakes up."""
        self.open = False
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
