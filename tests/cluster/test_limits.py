"""nginx with the files of deploy/ before a site that answers at once, or never: how much of one address it takes."""

import contextlib
import os
import selectors
import socket
import threading
import time

import pytest

from bench.load import pour
from civic_forum import process_group
from civic_forum.cluster import nginx
from civic_forum.cluster.rooms import ServiceDirectory
from tests.running.machine import patience
from tests.servers import processes

pytestmark = pytest.mark.servers
PEOPLE, PAGES = 1000, 5
BURST, LINES, SOCKETS = 6000, 2500, 2500
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
TRUSTING = "set_real_ip_from 127.0.0.1; real_ip_header X-Address;"
"""So that a test may come from anywhere."""
HELD = (b"GET /held ", b"GET /socket.io/ ")


def answer(listeners, stopping):
    """Answer what comes, but for what is held; these lines stay open."""
    choose, held = selectors.DefaultSelector(), []
    for listener in (*listeners, stopping):
        choose.register(listener, selectors.EVENT_READ)
    while True:
        for key, _events in choose.select():
            if key.fileobj is stopping:
                for line in held:
                    line.close()
                return choose.close()
            if key.fileobj in listeners:
                choose.register(key.fileobj.accept()[0], selectors.EVENT_READ)
                continue
            choose.unregister(key.fileobj)
            with contextlib.suppress(OSError):
                if key.fileobj.recv(65536).startswith(HELD):
                    held.append(key.fileobj)
                    continue
                key.fileobj.sendall(ANSWER)
            key.fileobj.close()


@pytest.fixture
def port(tmp_path_factory):
    """Port of nginx."""
    process_group.allow_open_files()
    home = ServiceDirectory(tmp_path_factory.mktemp("nginx"), nginx.OWNER)
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    behind = [socket.socket(socket.AF_UNIX) for _number in (1, 2)]
    for number, one in enumerate(behind, 1):
        one.bind(f"{home.inside}/web-{number}.sock")
        home.hand_over(home.path / f"web-{number}.sock")
        one.listen(4096)
    stopping, stop = socket.socketpair()
    thread = threading.Thread(target=answer, args=[behind, stopping])
    thread.start()
    server = nginx.Nginx(home, listener)
    home.write("nginx.conf", nginx.frame(home.inside, TRUSTING + server.sites()))
    process = processes.start(server.command, home.output(), pass_fds=server.files)
    try:
        yield listener.getsockname()[1]
    finally:
        processes.stop(process)
        stop.close()
        thread.join()
        for one in (listener, stopping, *behind):
            one.close()
        os.close(home.file)


def asking(path, *fields):
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: localhost", *fields, "", "")).encode()


@contextlib.contextmanager
def held(port, path, many, address="127.0.0.1", fields=()):
    """So many lines of an address that ask for this."""
    with contextlib.ExitStack() as opened:
        lines = [opened.enter_context(socket.create_connection(("127.0.0.1", port), 20, (address, 0)))
                 for _number in range(many)]
        for line in lines:
            line.sendall(asking(path, *fields))
        yield lines


def said(line):
    """Head and body of an answer."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += line.recv(65536)
    return heard.decode().split("\r\n\r\n", 1)


def refused(lines):
    """Those that were answered, all of which are refusals."""
    answered = []
    with selectors.DefaultSelector() as choose:
        for line in lines:
            choose.register(line, selectors.EVENT_READ)
        while found := choose.select(1):
            for key, _events in found:
                choose.unregister(key.fileobj)
                assert said(key.fileobj)[0].startswith("HTTP/1.1 503 ")
                answered.append(key.fileobj)
    return answered


@pytest.mark.in_turns(of=5)
def test_a_hall_that_comes_back_at_once_is_served_and_who_asks_without_end_is_not(port):
    began = time.monotonic()
    hall = pour(port, [asking("/")] * (PEOPLE * PAGES), lines=100)
    assert hall.statuses == {200: PEOPLE * PAGES}
    more = pour(port, [asking("/")] * 3000, lines=100)
    enough = BURST - PEOPLE * PAGES + 100 * (hall.seconds + more.seconds)
    most = BURST - PEOPLE * PAGES + 100 * (time.monotonic() - began)
    assert enough - patience(10) <= more.statuses[200] <= most + 10 and more.errors == 3000 - more.statuses[200] > 500
    with held(port, "/", 500) as lines:  # more than become free meanwhile
        head, body = next(answer for answer in map(said, lines) if "HTTP/1.1 503 " in answer[0])
    assert "Retry-After: 5" in head and "다시 해 주세요" in body and "try again" in body
    styles = pour(port, [asking("/static/css/app.css")] * 200, lines=10)
    assert styles.statuses == {200: 200}
    with held(port, "/", 1, "127.0.0.2") as [line]:
        assert said(line)[0].startswith("HTTP/1.1 200 ")


@pytest.mark.in_turns(of=5)
def test_one_address_holds_so_many_lines_and_another_is_served(port):
    with held(port, "/held", LINES + 100) as lines:
        assert len(refused(lines)) == 100
        with held(port, "/socket.io/", SOCKETS) as sockets:
            assert refused(sockets) == []
            with held(port, "/", 1, "127.0.0.2") as [line]:
                assert said(line)[0].startswith("HTTP/1.1 200 ")


@pytest.mark.in_turns(of=5)
def test_of_ipv6_the_network_of_one_client_is_one(port):
    def ask(address):
        with held(port, "/", 1, fields=[f"X-Address: {address}"]) as [line]:
            return said(line)[0][9:12]

    with held(port, "/held", LINES + 1, fields=["X-Address: 2001:db8:0:a::1"]) as lines:
        assert len(refused(lines)) == 1
        assert [ask(one) for one in ("2001:db8:0:a::1", "2001:db8:0:a:ffff:1:2:3")] == ["503", "503"]
        assert [ask(one) for one in ("2001:db8:0:b::1", "2001:db8::1", "127.0.0.1")] == ["200"] * 3
