"""Many hand in within the last minute: none is lost, none doubled, none late that was there on time."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

import config
from bench.voters import signed_in
from civic_forum.app import create_app
from civic_forum.ballots.server_settings import REQUIRED
from civic_forum.calls.applying import services
from civic_forum.calls.models import CallApplication
from civic_forum.calls.rules import ApplicationState
from civic_forum.platform import clock, migrations
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.submission_rows import Submission
from tests import factories
from tests.faults.people import GONE, Somebody
from tests.racing import at_once, on_postgresql
from tests.running.machine import patience
from tests.servers import postgres
from tests.servers import site as real_site

from .making_applying import answered, open_call

RECEIVED, DRAFT = ApplicationState.RECEIVED, ApplicationState.DRAFT
EACH, MANY = 10, 500


def states():
    return dict(Counter(db.session.scalars(sa.select(CallApplication.state))))


def handed_in():
    """Number of times that something was handed in, as the audit log has it."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).filter_by(action="calls.handed_in"))


@on_postgresql
@pytest.mark.in_turns(of=10)
def test_the_clock_of_the_site_decides_among_those_of_the_last_minute(app, town):
    call, users = open_call(town), [town.user() for _n in range(3 * EACH)]
    numbers = [services.begin(call.id, by=user).number for user in users]
    part, closes = answered(call), call.closes_at
    clock.shift(timedelta(days=7).total_seconds())
    users_by_id = [user.id for user in users]

    def send(n):
        """Each twice at once; every third arrived a second after the close."""
        place = n // 2
        user = db.session.get(type(users[0]), users_by_id[place])
        own = db.session.get(type(call), call_id)
        arrived_at = closes + timedelta(seconds=1 if place % 3 == 2 else -1)
        return services.hand_in(own, numbers[place], services.Typed(part), arrived_at=arrived_at, by=user)

    call_id = call.id
    db.session.rollback()
    answers = at_once(app, 2 * len(users), send)
    db.session.rollback()
    assert states() == {RECEIVED: 2 * EACH, DRAFT: EACH} and handed_in() == 2 * EACH
    assert Counter(map(type, answers)) == {type(None): 2 * EACH, timedelta: EACH, Conflict: 3 * EACH}
    assert db.session.scalar(sa.text("SELECT max(handed_in_at) FROM submission")) < closes.replace(tzinfo=None)


def hand_in(site, made, refused):
    """Send until it is answered, whoever is killed meanwhile."""
    cookie, token, number, field = made
    body = urlencode({"csrf_token": token, "version": "1", "title": "정거장", field: "쌓여요.", "act": "hand_in"})
    somebody = Somebody(cookie.removeprefix("session="))
    for _again in range(600):
        try:
            somebody.arrive(site.url)
            status, _headers, text = somebody.ask(
                "POST", f"/calls/lab/apply/{number}", body, **{"Content-Type": "application/x-www-form-urlencoded"})
        except GONE:
            time.sleep(0.1)
            continue
        if status == 303 or status == 409:  # it came in before the answer was lost
            break
        if status != 503:
            refused.append((status, text[:300]))
            break
    somebody.leave()


@pytest.mark.long
@pytest.mark.servers
def test_none_of_five_hundred_in_a_minute_is_lost_or_doubled_or_late_though_the_site_is_killed(tmp_path):
    required = {name: values[0] for name, values in REQUIRED.items()}
    with postgres.running(durable=True, **required) as url:
        config.mark_as_sample(tmp_path / "data")
        app = create_app(config.load({}, DATA=str(tmp_path / "data"), DATABASE_URL=url, LEAST_OFFICERS=0))
        with app.app_context():
            migrations.upgrade()
            town = factories.Town()
            call = open_call(town)
            field = f"q{services.calls.questions_of(call)[0].id}"
            users = [town.user() for _n in range(MANY)]
            cookies, token = signed_in(app, [factories.signed_in(user) for user in users])
            made = [(cookie, token, services.begin(call.id, by=user).number, field)
                    for cookie, user in zip(cookies, users, strict=True)]
            db.session.rollback()
            refused = []
            with real_site.running(tmp_path / "data", "--empty", CIVIC_FORUM_DATABASE_URL=url) as site, \
                    ThreadPoolExecutor(16) as pool:
                began = clock.now()
                call.closes_at = closes = began + timedelta(seconds=patience(60))
                db.session.commit()
                sent = [pool.submit(hand_in, site, one, refused) for one in made]
                while sum(one.done() for one in sent) < MANY // 4:
                    time.sleep(0.02)
                site.kill()
                site.start()
                [one.result() for one in sent]
                took = clock.now() - began
            db.session.rollback()
            assert refused == [] and states() == {RECEIVED: MANY} and handed_in() == MANY
            last = db.session.scalar(sa.select(sa.func.max(Submission.handed_in_at)))
            assert last < closes, "each by the clock of its arrival"
            print(f"{MANY} handed in, killed once: {took.total_seconds():.0f} s of {patience(60):.0f}")
            db.session.remove()
            db.engine.dispose()
