"""The worker is killed while it sends notices, inside and outside the one moment that can make a second copy."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from enum import StrEnum

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

import config
from civic_forum.accounts.models import User
from civic_forum.app import ROOT
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.outbox import LEASE, OutgoingMail
from civic_forum.notifications.models import Delivery, Notice
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from tests.running import turns
from tests.running.machine import patience
from tests.servers import smtp
from tests.servers.postgres import fresh_database
from tests.servers.site import make_sample

from . import towns

A_MINUTE_S = 75
"""Within which a worker begins to send again what it did not find when it began."""


class Moment(StrEnum):
    """The moment at which the worker dies, seen from the server."""

    NEXT = "the letter before is noted, this one only begins"
    HALF = "the letter is on its way"
    ACCEPTED = "the server has it and has not said so yet"
    SAID = "the server has said so a moment ago"


INSIDE = {Moment.ACCEPTED, Moment.SAID}


class Trap(smtp.Postbox):
    """A mail server that kills its client at a given moment of the letter after so many others."""

    def __init__(self):
        super().__init__()
        self.killed = defaultdict(list)
        self.sprung = threading.Event()
        self.pid = self.moment = None
        self.left = 0

    def set(self, pid, moment, left):
        self.sprung.clear()
        self.pid, self.moment, self.left = pid, moment, left

    def now(self, moment, recipient):
        """Kill if this is the moment; the letter that is at hand is noted."""
        if self.moment is moment and self.left <= 0:
            os.kill(self.pid, signal.SIGKILL)
            self.moment = None
            self.killed[moment].append(recipient)
            self.sprung.set()

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.now(Moment.NEXT, "")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.now(Moment.HALF, address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        said = await super().handle_DATA(server, session, envelope)
        self.left -= 1
        self.now(Moment.ACCEPTED, envelope.rcpt_tos[0])
        return said

    def arrived(self):
        return {letter.recipients[0] for letter in list(self.letters)}


class Speaking(SMTP):
    """Tells the trap once its word for a letter has left."""

    async def push(self, status):
        await super().push(status)
        if str(status).startswith("250 Kept"):
            self.event_handler.now(Moment.SAID, self.event_handler.letters[-1].recipients[0])


@contextlib.contextmanager
def trap():
    set_up = Trap()
    server = Controller(set_up, hostname="127.0.0.1", port=set_up.port)
    server.factory = lambda: Speaking(set_up, **server.SMTP_kwargs)
    server.start()
    try:
        yield set_up
    finally:
        server.stop()


class Worker:
    """One worker after another, each a little later by the clock: what a dead one had taken is due by then."""

    def __init__(self, town, url, log):
        self.town, self.url, self.log = town, url, log
        self.offset, self.process = 0, None

    def start(self, later_s=int(LEASE.total_seconds()) + 60):
        self.offset += later_s
        settings = towns.SETTINGS | self.town.given | {
            "DATA": self.town.data, "SMTP_URL": self.url, "CLOCK_OFFSET_S": self.offset}
        environment = {config.PREFIX + name: str(value) for name, value in settings.items()}
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen([sys.executable, "-m", "civic_forum.worker"], cwd=ROOT,
                                            env=os.environ | environment, stdout=output, stderr=output)
        return self.process.pid

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()


def tell(town, many):
    """So many people are told something, at once and by mail."""
    make_sample(town.data)  # whose clock may be moved
    with town.app.app_context():
        now = clock.now()
        people = [{"sign_in_name": f"reader{n}", "sign_in_key": f"reader{n}", "nickname": f"이웃 {n}", "language": "ko",
                   "confirmed_email": address(n), "created_at": now, "is_resident": False} for n in range(many)]
        db.session.execute(sa.insert(User), people)
        readers = sa.select(User.id).where(User.sign_in_key.like("reader%"))
        db.session.execute(sa.insert(Notice), [
            {"user_id": user_id, "kind": NoticeKind.MY_PROPOSAL, "about": f"user:{user_id}", "step": "answered",
             "title": "골목 가로등", "url": "/proposals/2030-0001", "details": {}, "once": "kill:1", "at": now}
            for user_id in db.session.scalars(readers)])
        db.session.execute(sa.insert(Delivery), [
            {"notice_id": notice_id, "user_id": user_id, "channel": Channel.MAIL, "frequency": Frequency.AT_ONCE}
            for notice_id, user_id in db.session.execute(sa.select(Notice.id, Notice.user_id))])
        db.session.commit()
    towns.leave(town.app)


def address(n):
    return f"reader{n}@example.org"


def kill_while_sending(town, many, moments, log):
    """Returns the trap with every letter that came and the moments of the kills."""
    tell(town, many)
    with trap() as mail:
        worker = Worker(town, mail.url, log)
        try:
            for moment in moments:
                mail.set(worker.start(), moment, left=many // (len(moments) + 2) - 1)
                worker.process.wait(2 * A_MINUTE_S)
                assert mail.sprung.is_set(), log.read_text()[-2000:]
            worker.start(later_s=24 * 3600)
            deadline = time.monotonic() + patience(3) * A_MINUTE_S
            while len(mail.arrived()) < many and time.monotonic() < deadline:
                time.sleep(0.1)
            time.sleep(2)
        finally:
            worker.end()
        return mail


def each_arrived(town, mail, many):
    copies = Counter(letter.recipients[0] for letter in mail.letters)
    assert set(copies) == {address(n) for n in range(many)}
    twice = {recipient for recipient, times in copies.items() if times > 1}
    inside = Counter(recipient for moment in INSIDE for recipient in mail.killed[moment])
    assert twice <= set(inside), "a second copy without a kill in the window"
    assert twice >= set(mail.killed[Moment.ACCEPTED]), "the kill in the window did not fall into it"
    assert all(copies[recipient] <= 1 + inside[recipient] for recipient in twice)
    numbers = defaultdict(set)
    for letter in mail.letters:
        numbers[letter.recipients[0]].add(letter["Message-ID"])
    assert all(len(of_one) == 1 for of_one in numbers.values())
    assert len(set.union(*numbers.values())) == many
    with town.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(Delivery.sent_at.is_(None))) == 0
        assert db.session.scalar(sa.select(sa.func.count()).where(OutgoingMail.sent_at.is_not(None))) == many
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)) == many


@pytest.fixture(params=["sqlite", "postgres"])
def telling(request, settle):
    """A town on each database in turn."""
    if request.param == "sqlite":
        return settle(people=1)
    return settle(people=1, DATABASE_URL=fresh_database(request.getfixturevalue("postgres")))


def killed(mail):
    return {moment: len(recipients) for moment, recipients in mail.killed.items()}


@pytest.mark.parametrize("telling, later", [("sqlite", 0), ("postgres", 2)], indirect=["telling"])
def test_a_worker_killed_in_or_out_of_the_window_loses_nothing(telling, later, tmp_path):
    """Each moment in its turn: on one database inside of the window, on the other outside."""
    moment = list(Moment)[(turns.landings() + later) % len(Moment)]
    mail = kill_while_sending(telling, 60, [moment], tmp_path / "worker.log")
    assert killed(mail) == {moment: 1}
    each_arrived(telling, mail, 60)


@pytest.mark.long
def test_a_worker_killed_twenty_times_while_it_sends_a_thousand_notices(telling, tmp_path):
    mail = kill_while_sending(telling, 1_000, list(Moment) * 5, tmp_path / "worker.log")
    assert killed(mail) == dict.fromkeys(Moment, 5)
    each_arrived(telling, mail, 1_000)
