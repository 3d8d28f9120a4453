"""Lines of slow clients as the worker counts, judges and cuts them; tests/servers/test_slow_clients.py has the site."""

import contextlib
import logging
import os
import socket
from itertools import product

import gevent
import pytest
from gevent.socket import socket as GeventSocket
from gunicorn.config import Config
from gunicorn.http import RequestParser
from gunicorn.workers.ggevent import GeventWorker

from civic_forum import web_worker
from civic_forum.web_worker import ANSWER, BODY, CONTINUE, HEAD, LATE, TOO_MANY, Line, Lines, Worker

LOG = logging.getLogger("worker of the tests")
FORM = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"


class Over(Exception):
    """The clock has been asked often enough."""


class Clock:
    """A clock that goes on by a step each time it is asked."""

    def __init__(self, step=0.0, times=10_000):
        self.now, self.step, self.left = 100.0, step, times

    def monotonic(self):
        self.now, self.left = self.now + self.step, self.left - 1
        if not self.left:
            raise Over
        return self.now


def clock_of(monkeypatch, *given):
    made = Clock(*given)
    monkeypatch.setattr(web_worker, "time", made)
    return made


@pytest.fixture
def lines():
    return Lines(LOG)


@pytest.fixture
def ends(lines):
    """A line of the site, and its client."""
    with socket.create_server(("127.0.0.1", 0)) as listener, \
            socket.create_connection(listener.getsockname()) as client:
        client.settimeout(2)
        with Line(lines, "10.0.0.1", listener.accept()[0]) as line:
            yield line, client


def cut_while(line, wait):
    """Words for whoever waits while the line is cut."""
    gevent.spawn_later(0.02, line.end, LATE)
    with gevent.Timeout(2):
        return wait()


@pytest.mark.parametrize("step", [HEAD, BODY])
def test_bytes_and_seconds_of_a_step_are_counted(monkeypatch, ends, lines, step):
    clock_of(monkeypatch, 1.0)
    line, client = ends
    line.begin(step)
    for said, seconds in ((b"GET ", 0 if step == HEAD else 1), (b"/", 1 if step == HEAD else 2)):
        client.sendall(said)
        assert line.recv(100) == said and line.waited == seconds  # nothing was asked before the first byte of a head
    assert (line.moved, lines.count, lines.waiting) == (5, 0, {})


def test_an_answer_is_counted_anew_and_what_is_said_after_it_is_a_body(monkeypatch, ends, lines):
    clock_of(monkeypatch, 1.0)
    line, client = ends
    client.sendall(b"12345")
    line.recv(100)
    for count in (1, 2):
        line.sendall(b"abc")
        assert (line.step, line.moved, line.waited, lines.count) == (ANSWER, 3 * count, count, 0)
    client.sendall(b"67")
    line.recv(100)
    assert (line.step, line.moved) == (BODY, 2)


def test_a_long_answer_goes_out_whole(ends):
    line, client = ends
    sending = gevent.spawn(line.sendall, bytes(range(256)) * 20_000)
    reader = GeventSocket(fileno=client.detach())
    with gevent.Timeout(10), reader:
        got = bytearray()
        while len(got) < 256 * 20_000:
            got += reader.recv(1 << 20)
    sending.get()
    assert got == bytes(range(256)) * 20_000 and line.moved == len(got)


def test_little_is_kept_for_a_slow_reader(ends):
    assert ends[0].getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * web_worker.SENDING_BYTES


def test_a_websocket_is_watched_no_longer(ends):
    line, client = ends
    line.let_go()
    client.sendall(b"a")
    assert line.recv(10) == b"a" and line.send(b"b") == 1
    line.sendall(b"c")
    assert client.recv(10) in (b"b", b"bc") and line.moved == 0


def test_a_head_that_is_cut_is_at_its_end(ends):
    line, client = ends
    assert cut_while(line, lambda: line.recv(10)) == b""
    assert client.recv(10) == b""  # nothing was asked, nothing is answered


def test_a_body_that_is_cut_ends_its_request(ends):
    line, _client = ends
    line.begin(BODY)
    with pytest.raises(gevent.GreenletExit):
        cut_while(line, lambda: line.recv(10))


def test_nothing_comes_of_a_line_that_was_cut_or_goes_to_it(ends):
    line, client = ends
    client.sendall(b"more")
    line.end(LATE)
    assert line.recv(10) == b""
    with pytest.raises(BrokenPipeError, match="the line was cut"):
        line.send(b"a")


def test_a_client_who_goes_away_is_an_error(ends):
    line, client = ends
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, web_worker.RESET)
    client.close()
    with pytest.raises(ConnectionResetError):
        line.recv(10)
    with pytest.raises(OSError) as gone:
        line.send(b"a")
    assert "the line was cut" not in str(gone.value)


@pytest.mark.parametrize(("step", "moved"), [(BODY, 0), (BODY, 5), (HEAD, 5)])
def test_a_client_that_has_asked_something_is_told_why_it_was_cut(ends, step, moved):
    line, client = ends
    line.begin(step)
    line.moved = moved
    line.end(LATE)
    assert client.recv(1000) == LATE and client.recv(1000) == b""


def test_a_line_on_which_nothing_more_can_be_said_is_cut_all_the_same(ends):
    line, _client = ends
    with contextlib.suppress(OSError):
        while True:
            os.write(line.fileno(), bytes(65536))
    line.begin(BODY)
    reading = gevent.spawn(line.recv, 10)
    gevent.sleep(0.02)
    line.end(LATE)
    reading.join(timeout=2)
    assert reading.dead


@pytest.mark.parametrize(("address", "counts_as"), [
    ("10.0.0.1", "10.0.0.1"), ("2001:db8:1:a::1", "2001:db8:1::/48"), ("2001:db8:1:ffff::9", "2001:db8:1::/48"),
    ("2001:db8:2::1", "2001:db8:2::/48")])
def test_of_ipv6_all_lines_of_a_customer_count_together(monkeypatch, lines, address, counts_as):
    worker, seen = Worker.__new__(Worker), []
    worker.lines = lines
    monkeypatch.setattr(GeventWorker, "handle", lambda _self, _listener, client, _addr: seen.append(client))
    with GeventSocket(socket.AF_INET6) as client:
        worker.handle(None, client, (address, 5000))
    with seen[0] as line:
        assert line.address == counts_as


def test_the_rest_of_an_answer_is_dropped_with_its_line(ends):
    line, client = ends
    sending = gevent.spawn(line.sendall, bytes(20_000_000))
    gevent.sleep(0.05)
    line.end(LATE)
    with pytest.raises(BrokenPipeError):
        sending.get(timeout=2)
    line.close()
    with pytest.raises(ConnectionResetError):
        while client.recv(1 << 20):
            pass


KB = 1024


@pytest.mark.parametrize(("step", "moved", "waited", "pause", "late"), [
    (HEAD, 0, 900, 900, False),
    (HEAD, 1, 10, 5, False), (HEAD, 1, 10, 5.1, True), (HEAD, 10**9, 15.1, 0, True),
    (BODY, 0, 0, 30, False), (BODY, 0, 0, 30.1, True),
    (BODY, 10**9, 0, 30, False), (BODY, 10**9, 0, 30.1, True), (ANSWER, 10**9, 0, 30.1, True),
    (BODY, 8000 * KB, 1030, 0, False), (BODY, 8000 * KB, 1030.05, 0, True), (ANSWER, 8000 * KB, 1030.05, 0, True),
    (BODY, 10**9, 1800, 0, False), (BODY, 10**9, 1800.5, 0, True), (ANSWER, 10**9, 1800.5, 0, False),
])
def test_a_line_is_late_by_its_step_its_pause_and_its_rate(ends, step, moved, waited, pause, late):
    line, _client = ends
    line.begin(step)
    line.moved, line.waited, line.waits_since = moved, waited, 50.0
    assert line.is_late(50.0 + pause) is late


class Waiting:
    """A line of which only the accounts are asked."""

    def __init__(self, address="10.0.0.1", late=False):
        self.address, self.late, self.waited, self.said = address, late, 0.0, []

    def is_late(self, _now):
        return self.late

    def end(self, answer):
        self.said.append(answer)


def entered(lines, count, address):
    found = [Waiting(address) for _number in range(count)]
    for one in found:
        lines.enter(one)
    return found


def cut(found):
    return [number for number, one in enumerate(found) if one.said == [TOO_MANY]]


def test_of_an_address_with_more_than_five_hundred_the_longest_waiting_is_cut(lines):
    found = entered(lines, 500, "10.0.0.1")
    assert cut(found) == [] and lines.count == 500
    lines.leave(found[0]), lines.enter(found[0])  # it said something: now it waits for a shorter time than all
    found += entered(lines, 2, "10.0.0.1")
    assert cut(found) == [1, 2] and (lines.count, lines.too_many) == (500, 2)
    lines.leave(found[1])  # it notices later that it was cut
    assert lines.count == 500


def test_of_more_than_a_thousand_the_longest_waiting_of_the_address_with_most_is_cut(lines):
    first, most = entered(lines, 400, "10.0.0.1"), entered(lines, 450, "10.0.0.2")
    last = entered(lines, 150, "10.0.0.3")
    assert cut(first) == cut(most) == cut(last) == []
    last += entered(lines, 2, "10.0.0.4")
    assert (cut(first), cut(most), cut(last)) == ([], [0, 1], []) and (lines.count, lines.too_many) == (1000, 2)


def test_a_client_that_has_left_is_counted_no_more(lines):
    [one], [other] = entered(lines, 1, "10.0.0.1"), entered(lines, 1, "10.0.0.2")
    lines.leave(one)
    lines.leave(one)
    assert lines.count == 1 and lines.waiting == {"10.0.0.2": {other: None}}


def test_the_late_are_cut_once(lines):
    late, other = Waiting(late=True), Waiting()
    lines.enter(late)
    lines.enter(other)
    lines.cut_late()
    lines.cut_late()
    assert (late.said, other.said, lines.late, lines.count) == ([LATE], [], 1, 1)


def test_lines_are_looked_at_each_second_and_told_of_each_minute(lines, monkeypatch):
    clock, seconds = clock_of(monkeypatch, 0.0, 1000), []

    def sleep(given):
        clock.now += given
        seconds.append(clock.now - 100)
        if len(seconds) in (3, 130):
            lines.enter(Waiting(late=True))
        if len(seconds) > 200:
            raise Over

    monkeypatch.setattr(web_worker.gevent, "sleep", sleep)
    told = []
    monkeypatch.setattr(LOG, "warning", lambda text, *given: told.append((seconds[-1], text % given)))
    with pytest.raises(Over):
        lines.watch()
    said = "slow lines cut: 1 were late, 0 were too many"
    assert told == [(60, said), (130, said)] and seconds[:3] == [1, 2, 3]


@pytest.fixture
def worker(lines, monkeypatch):
    """A worker whose base only writes down what it is given."""
    made, made_for = Worker.__new__(Worker), []
    made.lines, made.log, made.asked = lines, LOG, made_for
    for name in ("handle", "handle_request"):
        monkeypatch.setattr(GeventWorker, name, lambda _self, *given: made_for.append(
            (given, [one.step for one in given if isinstance(one, Line)])))
    return made


def test_lines_by_tcp_are_watched_and_those_of_nginx_are_not(worker):
    for family, address in product((socket.AF_INET, socket.AF_UNIX), ("192.0.2.7",)):
        with socket.socket(family) as client:
            worker.handle("listener", client, (address, 1))
    (_, one, address), (_, other, _) = (given for given, _steps in worker.asked)
    assert isinstance(one, Line) and (one.lines, one.address) == (worker.lines, "192.0.2.7")
    assert not isinstance(other, Line) and address == ("192.0.2.7", 1)
    one.close()


def request_of(ends, said):
    line, client = ends
    client.sendall(said)
    return next(RequestParser(Config(), line, ("10.0.0.1", 1)))


def test_a_body_is_received_before_the_site_is_asked(worker, ends):
    request = request_of(ends, FORM + b"\r\na=b")
    worker.handle_request("site", request, ends[0], None)
    assert [steps for _given, steps in worker.asked] == [[BODY]] and ends[0].step == HEAD
    assert request.body.buf.getvalue() == b"a=b" and request.body.read() == b"a=b"


def test_a_client_that_asks_whether_to_go_on_is_told_so_once(worker, ends):
    request = request_of(ends, FORM + b"Expect: 100-continue\r\n\r\n")
    gevent.spawn_later(0.02, ends[1].sendall, b"a=b")
    worker.handle_request("site", request, ends[0], None)
    assert ends[1].recv(1000) == CONTINUE and request.body.read() == b"a=b" and not request._expected_100_continue


def test_a_request_whose_body_is_cut_never_comes_to_the_site(worker, ends):
    line, client = ends
    request = request_of(ends, FORM + b"\r\n")
    cut_while(line, lambda: worker.handle_request("site", request, line, None))
    assert worker.asked == [] and line.cut and client.recv(1000) == LATE


def test_a_request_of_nginx_goes_on_to_the_site_as_it_is(worker):
    worker.handle_request("site", "request", "socket", None)
    assert worker.asked == [(("site", "request", "socket", None), [])]


def test_the_worker_looks_after_its_lines_while_it_runs(worker, monkeypatch):
    came = []
    monkeypatch.setattr(Lines, "watch", lambda _self: came.append("watches"))
    monkeypatch.setattr(GeventWorker, "run", lambda _self: (gevent.sleep(0), came.append("ends")))
    worker.run()
    assert came == ["watches", "ends"]
