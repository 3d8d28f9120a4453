"""Worker of gunicorn that lets no slow client hold the site up.

Before nginx nobody else would. A line (a connection by TCP) waits while the site can do nothing but receive from its
client or send to it. A head has to be whole soon, a body and an answer have to move at a least rate, and only so many
lines wait at once: where there are more, the one that has waited longest of the address that has most is cut, so
whoever is quick gets in from that very address too. WebSockets are let go, and lines on Unix sockets, which are those
of nginx, are left alone.
"""

import errno
import os
import socket
import struct
import time
from contextlib import suppress

import gevent
from gevent.socket import socket as GeventSocket
from gunicorn.workers.ggevent import GeventWorker

from civic_forum.platform.networks import network

MOST_WAITING, MOST_OF_ADDRESS = 1000, 500
"""Lines that wait at once. A browser keeps up to six that it does not use; it opens others when they are cut."""
HEAD_S = 15
"""For a head, from its first byte. Without one a line is closed after `--keep-alive`."""
PAUSE_S = 30
"""The longest without a byte of a body or an answer, and before the rate counts."""
LEAST_RATE = 8 * 1024
"""Bytes a second, on average over what was waited for the client: a photo of 5 MB may take ten minutes."""
LONGEST_S = 30 * 60
"""For a body of any length."""
READ_AHEAD = 64 * 1024
"""Bytes of a body that wait in memory. No ballot is larger, so none is written to a disk on its way."""
SENDING_BYTES = 128 * 1024
"""Half of what the system keeps for a reader who is slow."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LOOKS_EVERY_S, TELLS_EVERY_S = 1, 60
RESET = struct.pack("ii", 1, 0)
"""For SO_LINGER: what was not sent is dropped with the line."""
HEAD, BODY, ANSWER = range(3)


def refusal(status: str, sentence: str, *fields: str) -> bytes:
    """A whole answer, behind which the line is closed."""
    body = sentence.encode()
    head = "\r\n".join((f"HTTP/1.1 {status}", *fields, "Content-Type: text/plain; charset=utf-8",
                        f"Content-Length: {len(body)}", "Connection: close", "", ""))
    return head.encode() + body


LATE = refusal("408 Request Timeout", "요청이 너무 느리게 와서 끊었어요. 다시 해 주세요.\n"
               "The request came too slowly. Please try again.\n")
TOO_MANY = refusal("503 Service Unavailable", "지금 접속이 너무 많아요. 잠시 뒤에 다시 해 주세요.\n"
                   "Too many connections at the moment. Please try again soon.\n", "Retry-After: 5")
NETWORK_BITS = 48
"""Of IPv6: one customer may have so wide a network, and would else never be the address with most."""


class Line(GeventSocket):
    """The connection of a client. `step` is what it waits in, `moved` and `waited` are its bytes and seconds there."""

    def __init__(self, lines: "Lines", address: str, accepted: GeventSocket) -> None:
        self.lines: Lines | None = lines
        self.address, self.cut = address, False
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENDING_BYTES)
        self.begin(HEAD)

    def begin(self, step: int) -> None:
        self.step, self.moved, self.waited, self.waits_since = step, 0, 0.0, 0.0

    def let_go(self) -> None:
        """Watch it no longer: it is a WebSocket, which has its own limits."""
        self.lines = None

    def recv(self, size: int, *flags: int) -> bytes:
        """Raises GreenletExit when it was cut within a body, which ends the request; then nothing comes any more."""
        if self.lines is None:
            return super().recv(size, *flags)
        if self.cut:
            return b""
        if self.step == ANSWER:
            self.begin(BODY)  # it was told to continue
        self.lines.enter(self)
        try:
            data = super().recv(size, *flags)
        except OSError:
            if not self.cut:
                raise
            data = b""
        finally:
            self.lines.leave(self)
        if self.step == HEAD and not self.moved:
            self.waited = 0.0  # before that nothing was asked
        self.moved += len(data)
        if self.cut and self.step == BODY:
            raise gevent.GreenletExit
        return data

    def send(self, data, flags: int = 0) -> int:
        if self.lines is None:
            return super().send(data, flags)
        if self.step != ANSWER:
            self.begin(ANSWER)
        self.lines.enter(self)
        try:
            sent = super().send(data, flags)
        except OSError as gone:
            if self.cut:
                raise BrokenPipeError(errno.EPIPE, "the line was cut") from gone
            raise
        finally:
            self.lines.leave(self)
        self.moved += sent
        return sent

    def sendall(self, data, flags: int = 0) -> None:
        left = memoryview(data).cast("B")
        while left:
            left = left[self.send(left, flags):]

    def is_late(self, now: float) -> bool:
        pause = now - self.waits_since
        waited = self.waited + pause
        if self.step == HEAD:
            return bool(self.moved) and waited > HEAD_S
        longest = PAUSE_S + self.moved / LEAST_RATE
        return pause > PAUSE_S or waited > (min(longest, LONGEST_S) if self.step == BODY else longest)

    def end(self, answer: bytes) -> None:
        """Cut it, and say why if that can still be understood; whoever waits for it wakes up."""
        self.cut = True
        with suppress(OSError):
            if self.step == ANSWER:
                self.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            elif self.step == BODY or self.moved:
                os.write(self.fileno(), answer)
        with suppress(OSError):  # also where nothing more could be written
            self.shutdown(socket.SHUT_RDWR)


class Lines:
    """All lines that wait, those of each address in the order in which they began to."""

    def __init__(self, log) -> None:
        self.log = log
        self.waiting: dict[str, dict[Line, None]] = {}
        self.count = self.late = self.too_many = 0

    def enter(self, line: Line) -> None:
        line.waits_since = time.monotonic()
        mine = self.waiting.setdefault(line.address, {})
        mine[line] = None
        self.count += 1
        if len(mine) > MOST_OF_ADDRESS:
            self.cut_longest(mine)
        elif self.count > MOST_WAITING:
            self.cut_longest(max(self.waiting.values(), key=len))

    def leave(self, line: Line) -> None:
        """Nothing to do for one that was cut."""
        mine = self.waiting.get(line.address)
        if mine is None or line not in mine:
            return
        del mine[line]
        if not mine:
            del self.waiting[line.address]
        self.count -= 1
        line.waited += time.monotonic() - line.waits_since

    def cut_longest(self, of_address: dict[Line, None]) -> None:
        line = next(iter(of_address))
        self.leave(line)
        line.end(TOO_MANY)
        self.too_many += 1

    def cut_late(self) -> None:
        now = time.monotonic()
        late = [line for mine in self.waiting.values() for line in mine if line.is_late(now)]
        for line in late:
            self.leave(line)
            line.end(LATE)
        self.late += len(late)

    def watch(self) -> None:
        """Look after them for ever, and tell once a minute how many were cut."""
        told_at = time.monotonic()
        while True:
            gevent.sleep(LOOKS_EVERY_S)
            self.cut_late()
            if self.late + self.too_many and time.monotonic() - told_at >= TELLS_EVERY_S:
                self.log.warning("slow lines cut: %d were late, %d were too many", self.late, self.too_many)
                told_at, self.late, self.too_many = time.monotonic(), 0, 0


class Worker(GeventWorker):
    """gunicorn's worker for gevent, which watches the lines that come by TCP."""

    def run(self) -> None:
        self.lines = Lines(self.log)
        gevent.spawn(self.lines.watch)
        super().run()

    def handle(self, listener, client, addr) -> None:
        if client.family != socket.AF_UNIX:
            client = Line(self.lines, network(addr[0], NETWORK_BITS), client)
        super().handle(listener, client, addr)

    def handle_request(self, listener_name, req, sock, addr) -> None:
        if not isinstance(sock, Line):
            return super().handle_request(listener_name, req, sock, addr)
        sock.begin(BODY)
        try:
            read_ahead(req, sock)
            super().handle_request(listener_name, req, sock, addr)
        except gevent.GreenletExit:
            sock.cut = True  # before the site was asked, perhaps because the worker ends
        finally:
            sock.begin(HEAD)


def read_ahead(req, sock: Line) -> None:
    """Receive the beginning of a body before the site is asked: for most forms all of it, so that one which never comes
    costs no more than its head.
    """
    if req._expected_100_continue:
        sock.sendall(CONTINUE)
        req._expected_100_continue = False
    if data := req.body.read(READ_AHEAD):
        req.body.buf.write(data)
