"""One WebSocket of a forum: little memory, bounded both ways.

Engine.IO calls it as it would its own (`wait`, `send`, `close`). Unlike that of simple-websocket it sends frames whole
(under gevent `socket.send` may write half of one to a slow reader, which breaks the connection), never compresses
(zlib's windows cost more than everything else of a connection), needs no greenlet to read, and counts what comes in.

Nothing else here reaches into Engine.IO and Socket.IO: what no documentation of theirs promises is named in `INNER`,
held by a test, and the reason why both are pinned in requirements.in.
"""

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from functools import lru_cache

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Request, TextMessage
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from civic_forum.platform.spared import spared

with spared("aiohttp", "redis", "requests"):
    from engineio.packet import MESSAGE, Packet
    import flask_socketio  # noqa: F401 (while it finds nothing that it can do without)

INNER: tuple[tuple[str, type | tuple[str, ...]], ...] = (
    ("eio._async", dict), ("eio._async.websocket", ("handler", "server", "kwargs")), ("eio.sockets", dict),
    ("eio.send_packet", ("sid", "pkt")), ("manager.eio_sid_from_sid", ("sid", "namespace")),
    ("manager.is_connected", ("sid", "namespace")),
)
"""Of a Socket.IO server: what this module touches, with its type or its arguments."""
INNER_SOCKET: tuple[tuple[str, tuple[str, ...]], ...] = (("queue.qsize", ()), ("close", ("wait", "abort", "reason")))
"""The same of a socket of Engine.IO, of those in `eio.sockets`."""
NAMESPACE = "/"
KEY = "civic_forum.visit"
"""Where the visit stands in the environment of its request."""
MOST_BYTES = 8 * 1024
"""Of one message that comes in."""
MOST_AT_ONCE, A_SECOND = 20, 5
"""Frames that come in: so many at once, and so many a second in the long run."""
SILENCE_S = 25
"""A connection that sends nothing for so long, or takes nothing, is dead. Clients answer a ping every ten seconds."""
SENDING_BYTES = 64 * 1024
"""What the system keeps for a reader who is slow."""
TOO_MUCH, TOO_BIG, NORMAL = 1008, 1009, 1000
AFTER = re.compile(r'42\["after",[0-9]{1,16}\]', re.ASCII)


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


def is_known(message: str | bytes) -> bool:
    """True for one of the four words that a client may say: `3`, alive; `40` and what it wants, as JSON; `41`, it
    leaves; `42["after",n]`."""
    if message in ("3", "40", "41") or isinstance(message, str) and AFTER.fullmatch(message):
        return True
    if not isinstance(message, str) or not message.startswith("40{"):
        return False
    try:
        return isinstance(json.loads(message[2:]), dict)
    except (ValueError, RecursionError):
        return False


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
    """A request that wants a connection, and has one in the end. Its environment is copied on the way, this is not."""

    connection: "WebSocketConnection | None" = None


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
        getattr(self.socket, "let_go", bool)()  # web_worker.Line: it has its own limits from here on
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENDING_BYTES)
        self.socket.settimeout(SILENCE_S)
        self.protocol = WSConnection(ConnectionType.SERVER)
        environ[KEY].connection = self
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
        """Message that has come in: a whole message or None. Closes the connection on whoever says too much."""
        if isinstance(event, TextMessage | BytesMessage):
            if event.frame_finished and self.bucket.runs_over():
                return self.close(TOO_MUCH)
            self.said = self.said + event.data if self.said else event.data
            if len(self.said) > MOST_BYTES:
                return self.close(TOO_BIG)
            if event.message_finished:
                message, self.said = self.said, ""
                return message if is_known(message) else self.close(TOO_MUCH)
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
        """Raises OSError when the connection is gone, or its reader took nothing for too long."""
        if not self.open:
            raise OSError("the connection is closed")
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
        """End at once: whoever waits for this connection wakes up."""
        self.open = False
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class Engine:
    """A Socket.IO server with the Engine.IO below it, as far as this site reaches into them (`INNER`)."""

    def __init__(self, server, connect: Callable[[Callable, object], "WebSocketConnection"]):
        """Every upgrade is served by `connect(handler, server)` from now on."""
        self.server = server
        server.eio._async = server.eio._async | {"websocket": connect}

    def socket(self, sid: str):
        """The socket of Engine.IO on which this session of Socket.IO is."""
        return self.server.eio.sockets[self.server.manager.eio_sid_from_sid(sid, NAMESPACE)]

    def is_connected(self, sid: str) -> bool:
        return self.server.manager.is_connected(sid, NAMESPACE)

    def send(self, text: str, sockets: list) -> None:
        """Put one packet of Socket.IO, already written, into the queues of all of these."""
        packet = Packet(MESSAGE, data=text)
        for receiver in sockets:
            self.server.eio.send_packet(receiver.sid, packet)

    def hang_up(self, sid: str, engine_socket) -> None:
        self.server.disconnect(sid)
        engine_socket.close(wait=False)


def waiting(engine_socket) -> int:
    """Number of packets that wait to be sent."""
    return engine_socket.queue.qsize()
