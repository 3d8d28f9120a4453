"""Two sites on one PostgreSQL whose own clocks differ by five seconds, and people whose clocks are an hour off."""

import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

import config
from bench.load import Line
from bench.voters import vote
from civic_forum.app import create_app
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.rules.log import stamp
from civic_forum.ballots.server_settings import REQUIRED
from civic_forum.platform.base import database_now, db
from tests.ballots.boxes import opened_anew
from tests.servers import postgres
from tests.servers.site import Site

SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], max(0, seconds))
"""
"""libfaketime breaks the sleep of the C library when it leaves the steady clock alone, as servers need."""
THREADS, BEFORE_S, AFTER_S = 4, 2, 2


@pytest.fixture
def fake_clock(tmp_path):
    """The environment of a process whose clock is so many seconds off."""
    (tmp_path / "sitecustomize.py").write_text(SLEEP)
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return lambda seconds: {"LD_PRELOAD": library, "FAKETIME": f"{seconds:+f}s", "FAKETIME_DONT_FAKE_MONOTONIC": 1,
                            "PYTHONPATH": tmp_path}


@pytest.fixture
def two_sites(tmp_path, fake_clock):
    """A vote of people who are signed in, and the two sites that take their ballots."""
    with ExitStack() as running:
        required = {name: values[0] for name, values in REQUIRED.items()}
        url = running.enter_context(postgres.running(durable=True, **required))
        data = tmp_path / "data"
        made = vote(data, 600, DATABASE_URL=url)
        sites = []
        for name, seconds in (("late", -2.5), ("early", +2.5)):
            site = Site(data, "--empty", CIVIC_FORUM_DATABASE_URL=url, **fake_clock(seconds))
            site.log = tmp_path / f"{name}.log"
            running.callback(site.kill)
            sites.append(site.start())
        yield made, sites, create_app(config.load({}, DATA=str(data), DATABASE_URL=url))


def ask(line, request):
    """Status and the clock of the site."""
    line.send(request, 0)
    while (status := line.status()) is None:
        continue
    dates = [one for one in line.heard.split(b"\r\n") if one.lower().startswith(b"date:")]
    return status, parsedate_to_datetime(dates[0][5:].strip().decode())


def cast_on(app, made, site, cookies, until, answers):
    """One person after another, each saying that it is an hour later than it is."""
    an_hour_off = format_datetime(datetime.now(timezone.utc) + timedelta(hours=1), usegmt=True)
    line = Line(urlsplit(site.url).port)
    with app.app_context():
        for n, cookie in enumerate(cookies):
            request = made.cast(cookie, made.choices[n % len(made.choices)], 0)
            before = now()
            if before > until:
                break
            status, clock = ask(line, request.replace(b"Host:", f"Date: {an_hour_off}\r\nHost:".encode(), 1))
            answers.append((site, before, status, now(), clock))
            time.sleep(0.03)
    line.socket.close()


def now():
    moment = database_now()
    db.session.remove()
    return moment


def close_in(app, made, seconds):
    """The vote as if it had been opened to close then, and the moment."""
    with app.app_context():
        closes_at = (database_now() + timedelta(seconds=seconds)).replace(microsecond=0) + timedelta(seconds=1)
        box = db.session.scalar(sa.select(BallotBox).filter_by(fingerprint=made.fingerprint))
        fingerprint = opened_anew(box.id, closes_at=stamp(closes_at))
        db.session.remove()
    return replace(made, fingerprint=fingerprint), closes_at


def test_ballots_go_in_exactly_until_the_databases_clock_says_that_it_is_over(two_sites):
    made, sites, app = two_sites
    answers = []
    made, closes_at = close_in(app, made, BEFORE_S)
    threads = [threading.Thread(target=cast_on, args=(app, made, sites[n % 2], made.cookies[n::THREADS],
                                                      closes_at + timedelta(seconds=AFTER_S), answers))
               for n in range(THREADS)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    for site in sites:
        of_this = [(before, status, after) for asked, before, status, after, _clock in answers if asked is site]
        assert {status for _before, status, _after in of_this} == {200, 409}
        assert all(before < closes_at for before, status, _after in of_this if status == 200)
        assert all(after >= closes_at for _before, status, after in of_this if status == 409)
    behind, ahead = ([clock - before for asked, before, _status, _after, clock in answers if asked is site]
                     for site in sites)
    assert max(behind) < timedelta(seconds=-1) and min(ahead) > timedelta(seconds=1), "the clocks are the same"
    with app.app_context():
        box = db.session.scalar(sa.select(BallotBox).filter_by(fingerprint=made.fingerprint))
        assert box.closed_at >= closes_at
        taken = sum(status == 200 for _site, _before, status, *_rest in answers)
        assert len(tallies.tokens(box.id)) == taken
        db.session.remove()
        db.engine.dispose()
