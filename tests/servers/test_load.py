"""The load that figures and long tests are made with: every answer is counted, each request waits from when it was
due."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load import pour
from tests.running.machine import patience


class Answers(BaseHTTPRequestHandler):
    """As asked for: /200 at once, /slow after a tenth of a second, /gone hangs up."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/gone":
            self.close_connection = True
            return
        if self.path == "/slow":
            time.sleep(0.1)
        body = b"x" * 70_000
        self.send_response(200 if self.path == "/slow" else int(self.path[1:]))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Say nothing."""


@contextmanager
def answering():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def port():
    with answering() as port:
        yield port


def asking(path):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_every_answer_is_counted_by_its_status(port):
    outcome = pour(port, [asking("/200")] * 30 + [asking("/503")] * 5, lines=3)
    assert outcome.statuses == {200: 30, 503: 5} and outcome.errors == 5
    assert len(outcome.waits_ms) == 35 and outcome.rate == pytest.approx(30 / outcome.seconds)


def test_no_more_is_sent_when_the_seconds_are_over(port):
    outcome = pour(port, iter(lambda: asking("/slow"), None), lines=2, seconds=0.35)
    assert outcome.errors == 0 and 2 <= outcome.statuses[200] <= 8 and outcome.seconds < patience(2)


def test_so_many_a_second_are_due_whether_or_not_those_before_were_answered(port):
    outcome = pour(port, [asking("/slow")] * 10, lines=1, a_second=1000)
    assert max(outcome.waits_ms) > 900 and min(outcome.waits_ms) < 300


def test_a_stream_takes_as_long_as_it_should(port):
    assert pour(port, [asking("/200")] * 10, lines=4, a_second=20).seconds >= 0.45


def test_a_server_that_hangs_up_is_no_answer(port):
    with pytest.raises(ConnectionError):
        pour(port, [asking("/gone")], lines=1)
