"""Slow clients before bin/run, all from one process and one address."""

import contextlib
import re
import select
import socket
import threading
import time
import types
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

import config
from civic_forum import process_group, web_worker
from tests.running.machine import patience

MANY, FEWER = 2200, 700
LARGE = "/static/vendor/gc-sans/gc-sans.woff2"
LARGE_BYTES = (config.ROOT / LARGE[1:]).stat().st_size
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BODY = HEAD + b"Content-Length: 5000\r\n\r\na="
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: loc"


@pytest.fixture
def address(site):
    process_group.allow_open_files()
    before = len(site.log.read_text())
    parts = urlsplit(site.url)
    yield parts.hostname, parts.port
    told = [line for line in site.log.read_text()[before:].splitlines()
            if "slow lines cut" not in line and "security: " not in line]
    assert "Traceback" not in "".join(told) and len(told) < 3, told


@contextlib.contextmanager
def held(address, said, many=MANY, **options):
    """So many lines that say this and then nothing."""
    lines = []
    try:
        for _number in range(many):
            line = socket.socket()
            for option, value in options.items():
                line.setsockopt(socket.SOL_SOCKET, getattr(socket, option), value)
            line.connect(address)
            with contextlib.suppress(OSError):
                line.sendall(said)
            lines.append(line)
        yield lines
    finally:
        for line in lines:
            line.close()


def asked(address, path="/healthz"):
    """Status, and the seconds until it was there, over a new line."""
    began = time.monotonic()
    line = HTTPConnection(*address, timeout=patience(20))
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, time.monotonic() - began


def settle(address):
    """Let the site look at all that came at once."""
    assert asked(address)[0] == 200


def all_quick(address, times=20):
    for _time in range(times):
        status, seconds = asked(address)
        assert status == 200 and seconds < patience(1), f"{status} after {seconds:.1f} s"


def wait_until_cut(lines, seconds):
    """Wait until every line was ended by the other side, and give all that was said on the last."""
    poll, left, said = select.poll(), {line.fileno(): line for line in lines}, b""
    for number in left:
        poll.register(number, select.POLLIN)
    deadline = time.monotonic() + patience(seconds)
    while left:
        ready = poll.poll(max(0, deadline - time.monotonic()) * 1000)
        assert ready, f"{len(left)} lines are held after {seconds} s"
        for number, _events in ready:
            with contextlib.suppress(OSError):
                if heard := left[number].recv(65536):
                    said = heard
                    continue
            poll.unregister(number)
            del left[number]
    return said


class Upload(threading.Thread):
    """An honest form that takes its time: a piece every so often."""

    def __init__(self, address, pieces=40, pause=0.5, size=8192):
        super().__init__()
        self.address, self.pieces, self.pause, self.size, self.answer = address, pieces, pause, size, b""

    def run(self):
        with socket.create_connection(self.address, 60) as line:
            line.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % (self.pieces * self.size))
            for _number in range(self.pieces):
                line.sendall(b"a" * self.size)
                time.sleep(self.pause)
            self.answer = line.recv(65536)


def everything(line):
    """Number of bytes that were still to come when the other side ended."""
    count = 0
    with contextlib.suppress(ConnectionResetError):
        while heard := line.recv(1 << 20):
            count += len(heard)
    return count


@pytest.mark.in_turns(of=10)
def test_slow_bodies_hold_nobody_up(address):
    with held(address, BODY) as lines:
        settle(address)
        upload = Upload(address)
        upload.start()
        try:
            all_quick(address)
            said = wait_until_cut(lines, web_worker.PAUSE_S + 10)
        finally:
            upload.join()
    assert said.startswith(b"HTTP/1.1 408 ")
    assert upload.answer.startswith(b"HTTP/1.1 400 ")  # it came whole: the site looked for its token


@pytest.mark.in_turns(of=10)
def test_half_heads_hold_nobody_up(address):
    with held(address, HALF_HEAD) as lines:
        settle(address)
        all_quick(address)
        said = wait_until_cut(lines, web_worker.HEAD_S + 5)
    assert said.startswith(b"HTTP/1.1 408 ")


@pytest.mark.in_turns(of=10)
def test_slow_readers_hold_nobody_up(address):
    """Each asks for much and takes none of it."""
    with held(address, f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), FEWER, SO_RCVBUF=4096) as lines:
        settle(address)
        all_quick(address)
        time.sleep(web_worker.PAUSE_S + 3)
        got = [everything(line) for line in lines]
    assert max(got) < LARGE_BYTES


@pytest.mark.parametrize("kbytes, kbytes_a_second", [(27 * 1024, 64), (5 * 1024, 30), (27 * 1024, 16)])
def test_an_upload_from_a_slow_phone_is_never_late(kbytes, kbytes_a_second):
    step, moved, seconds = web_worker.BODY, 0, 0
    while moved < kbytes:
        now = types.SimpleNamespace(step=step, moved=moved * 1024, waited=float(seconds), waits_since=0.0)
        assert not web_worker.Line.is_late(now, 5.0)
        moved, seconds = moved + kbytes_a_second, seconds + 1


@pytest.mark.parametrize("sent", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 3,
    HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\na=b",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
], ids=["tls", "several", "expect", "chunked"])
def test_a_whole_request_is_answered_however_it_comes(address, sent):
    with socket.create_connection(address, 10) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: line.recv(65536), b""))
    statuses = re.findall(rb"HTTP/1.1 (\d+) ", said)
    assert statuses in ([], [b"400"], [b"200"] * 3, [b"100", b"400"]), said[:300]
