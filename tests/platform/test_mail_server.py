"""The conversation with a mail server: one for many letters, and what is done about one that hangs or refuses."""

import json
import smtplib
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from civic_forum.platform import clock, jobs, mail_server, outbox
from civic_forum.platform.base import db
from civic_forum.platform.outbox import Carrier, Letter, OutgoingMail
from civic_forum.platform.work import use_case
from tests.running.machine import patience
from tests.servers import processes, smtp

LONG = "https://forum.example.org/unsubscribe/" + "12.mail.supported.20777." * 8
READER = "reader@example.org"


@pytest.fixture
def by_smtp(app, town, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", postbox.url)
    return postbox


@pytest.fixture
def refusing(monkeypatch):
    """Answers of the mail server by address: `refusing[address] = "550 …"`."""
    said = {}

    async def handle_rcpt(self, server, session, envelope, address, options):
        if address not in said:
            envelope.rcpt_tos.append(address)
        return said.get(address, "250 OK")

    monkeypatch.setattr(smtp.Postbox, "handle_RCPT", handle_rcpt, raising=False)
    return said


@contextmanager
def silent(speak):
    """A server that takes connections; `speak(connection)` is all that it ever says."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve():
        while not over.is_set():
            try:
                connection, _who = listening.accept()
            except OSError:
                return
            threading.Thread(target=speak, args=(connection, over), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.close()


def nothing(connection, over):
    over.wait(30)
    connection.close()


def a_byte_now_and_then(connection, over):
    while not over.wait(0.1):
        try:
            connection.sendall(b"2")
        except OSError:
            return


def post(*recipients, **given):
    with use_case(None) as work:
        outbox.post_all(work.session, [Letter(**{"to": one, "subject": "소식", "body": "새 답변", "kind": "notice"} | given)
                                       for one in recipients])


def rows():
    db.session.rollback()
    return list(db.session.query(OutgoingMail).order_by(OutgoingMail.id))


def test_the_way_out_stands_whole_in_the_header_however_long_it_is(by_smtp):
    post(READER, unsubscribe=LONG)
    outbox.deliver_due()
    [letter] = by_smtp.letters_to(READER)
    assert letter["List-Unsubscribe"] == f"<{LONG}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated" and letter["Subject"] == "소식"
    assert rows()[0].unsubscribe is None


def test_a_letter_without_a_way_out_has_none_of_these_headers(by_smtp):
    post(READER)
    outbox.deliver_due()
    [letter] = by_smtp.letters_to(READER)
    assert letter["List-Unsubscribe"] is None and letter["List-Unsubscribe-Post"] is None


@pytest.mark.in_turns(of=5)
def test_one_run_sends_all_that_is_due_over_one_connection(by_smtp, monkeypatch):
    opened, connect = [], smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda self, *to: opened.append(to) or connect(self, *to))
    post(*(f"reader{n}@example.org" for n in range(120)))
    assert outbox.deliver_due() == 120
    assert len(opened) == 1 and len(by_smtp.letters) == 120


def test_a_refused_recipient_ends_neither_the_run_nor_the_connection(by_smtp, refusing):
    refusing["gone@example.org"] = "550 5.1.1 <gone@example.org> unknown"
    refusing["full@example.org"] = "452 4.2.2 full"
    post("gone@example.org", "full@example.org", READER)
    assert outbox.deliver_due() == 1
    gone, full, _arrived = rows()
    assert (gone.due_at, gone.refusal) == (None, "550 5.1.1") and gone.refused_at
    assert full.due_at > clock.now() and full.refused_at is None and full.body


def test_a_server_that_closes_costs_one_letter_a_try_and_the_others_nothing(by_smtp, refusing):
    refusing["first@example.org"] = "421 4.3.2 closing"
    post("first@example.org", *(f"reader{n}@example.org" for n in range(9)))
    assert outbox.deliver_due() == 0
    assert [row.tries for row in rows()] == [1] + [0] * 9
    assert outbox.deliver_due() == 9


@pytest.mark.parametrize("speak", [nothing, a_byte_now_and_then])
def test_a_server_that_hangs_is_left_after_a_while(app, town, monkeypatch, speak):
    monkeypatch.setattr(mail_server, "PATIENCE_S", 1)
    monkeypatch.setattr(mail_server, "MOST_S", 2)
    post(*(f"reader{n}@example.org" for n in range(60)))
    with silent(speak) as url:
        monkeypatch.setitem(app.config, "SMTP_URL", url)
        began = time.monotonic()
        assert outbox.deliver_due() == 0
        assert time.monotonic() - began < patience(6)
    assert [row.tries for row in rows()] == [1] + [0] * 59


def test_letters_left_undone_by_a_slow_server_are_given_back_before_they_are_somebody_elses(by_smtp, monkeypatch):
    monkeypatch.setattr(outbox, "OWNED_S", -1)
    post(READER, "other@example.org")
    assert outbox.deliver_due() == 0
    assert [(row.tries, row.due_at <= clock.now()) for row in rows()] == [(0, True)] * 2


def test_while_the_mail_hangs_other_jobs_run_and_it_never_runs_beside_itself(sqlite_app, tmp_path, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "periodic", {})
    monkeypatch.setattr(jobs, "queued", {})
    go_on, began, other = threading.Event(), [], threading.Event()
    jobs.every(60, "mail", at_start=True)(lambda: began.append(1) or go_on.wait(20))
    jobs.every(60, "other")(other.set)
    consumer = jobs.consumer_of(sqlite_app)
    consumer.start()
    try:
        deadline = time.monotonic() + patience(15)
        while not began and time.monotonic() < deadline:
            time.sleep(0.02)
        jobs.soon("mail")
        jobs.soon("other")
        assert other.wait(patience(15)) and len(began) == 1
    finally:
        go_on.set()
        consumer.stop(graceful=True)
        consumer.huey.storage.close()


class Gateway(BaseHTTPRequestHandler):
    answers, taken = [], []

    def do_POST(self):
        self.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, *_said):
        """Say nothing."""


@pytest.fixture
def gateway(app, town, monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setitem(app.config, "SMS_URL", f"http://127.0.0.1:{server.server_port}/messages")
    Gateway.answers, Gateway.taken = [], []
    yield Gateway
    server.shutdown()
    server.server_close()


def test_short_messages_leave_by_the_gateway_with_the_same_number_each_time(gateway, monkeypatch):
    gateway.answers = [503]
    post("010-0000-1234", carrier=Carrier.SMS)
    assert outbox.deliver_due() == 0
    clock.shift(clock.offset_seconds() + 400)
    assert outbox.deliver_due() == 1
    first, second = gateway.taken
    assert first == second and first["to"] == "010-0000-1234" and first["text"] == "새 답변"


def test_a_number_that_the_gateway_refuses_is_not_tried_again(gateway):
    gateway.answers = [422]
    post("010-0000-1234", carrier=Carrier.SMS)
    assert outbox.deliver_due() == 0
    [row] = rows()
    assert row.due_at is None and row.refusal == "HTTP 422"


def test_a_gateway_that_is_away_holds_nothing_back_for_good(app, town, monkeypatch):
    monkeypatch.setitem(app.config, "SMS_URL", f"http://127.0.0.1:{processes.free_port()}/")
    post("010-0000-1234", carrier=Carrier.SMS)
    assert outbox.deliver_due() == 0 and rows()[0].due_at
