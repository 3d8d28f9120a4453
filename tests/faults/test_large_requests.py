"""Requests that are too large, or never end, to a real site: the sender reads why."""

import socket
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.running.machine import patience
from . import towns
from .people import Somebody

MEGABYTE = 1024 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return towns.settle(tmp_path_factory.mktemp("large") / "data", people=1)


@pytest.fixture(scope="module")
def site(town):
    with towns.running(town) as site:
        yield site


@pytest.fixture
def sender(site, town):
    somebody = Somebody(town.sessions[0])
    somebody.arrive(site.url)
    yield somebody
    somebody.leave()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/threads/1/comments", "/proposals/new", "/desk/people"])
@pytest.mark.parametrize("who", ["visitor", "user"])
def test_twenty_megabytes_to_a_form_without_files_are_413(site, sender, path, who):
    if who == "visitor":
        sender.cookie = ""
    began = time.monotonic()
    status, headers, text = sender.ask("POST", path, b"title=" + b"x" * 20 * MEGABYTE, **FORM)
    assert status == 413 and "보낸 내용이 너무 커요" in text and "hd-outer" in text
    assert time.monotonic() - began < patience(10)
    assert sender.get("/healthz")[0] == 200


def test_twenty_megabytes_in_pieces_of_unknown_number_are_refused(site, sender):
    pieces = (b"x" * MEGABYTE for _ in range(20))
    status, _, text = sender.ask("POST", "/sign-in", pieces, **FORM)
    assert status in (400, 413) and "hd-outer" in text
    assert sender.get("/healthz")[0] == 200


def test_a_program_is_told_in_problem_details(site, sender):
    status, headers, _ = sender.ask("POST", "/sign-in", b"x" * 20 * MEGABYTE, **FORM, Accept="application/json")
    assert (status, headers["Content-Type"]) == (413, "application/problem+json")


def test_twenty_megabytes_to_nowhere_are_404_and_the_connection_goes_on(site, sender):
    assert sender.ask("POST", "/nowhere", b"x" * 20 * MEGABYTE, **FORM)[0] in (404, 413)
    assert sender.get("/healthz")[0] == 200


def test_one_who_sends_slowly_holds_up_nobody(site, sender):
    address = urlsplit(site.url)
    slow = [socket.create_connection((address.hostname, address.port)) for _ in range(30)]
    try:
        for connection in slow:
            connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
                               b"Content-Type: application/x-www-form-urlencoded\r\n\r\nname=")
        began = time.monotonic()
        for _ in range(10):
            assert sender.get("/proposals")[0] == 200
        assert time.monotonic() - began < patience(5)
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize("request_line, wanted", [
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20000 + b"\r\n\r\n", (400, 431)),
    (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", (400, 414, 431)),
    (b"\x00\x01\x02\x03\r\n\r\n", (400,)),
    (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X%d: 1\r\n" % n for n in range(500)) + b"\r\n", (400, 431)),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", (400,)),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     (400, 405, 501)),
])
def test_requests_that_make_no_sense_are_refused(site, request_line, wanted):
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), timeout=patience(10)) as connection:
        connection.sendall(request_line)
        status = int(connection.recv(4096).split(b" ")[1])
    assert status in wanted
    asked = HTTPConnection(address.netloc, timeout=patience(10))
    asked.request("GET", "/healthz")
    assert asked.getresponse().read() and asked.close() is None
