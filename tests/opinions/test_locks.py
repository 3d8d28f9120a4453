"""Locks of letters and seats: whoever waits decides by what was left."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.ballots.kiosk import queries as devices
from civic_forum.opinions import answering, computing
from civic_forum.opinions.kiosk import services as kiosk
from civic_forum.opinions.letters import services
from civic_forum.opinions.models import Letter, LetterRun, Participant, Seat
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied
from tests.ballots.kiosks import device
from tests.racing import held, on_postgresql

from .making import consultation, letters, poster

pytestmark = on_postgresql
NOBODY = AnonymousUserMixin()


def test_taking_up_a_letter_waits_for_another_browser(app, town):
    asked = consultation(by_letter=True)
    code, = letters(asked, 1, town)
    letter = db.session.scalar(sa.select(Letter))
    with held(letter, holder=bytes(32)), pytest.raises(services.TakenUp):
        services.take_up(asked.id, code, "a phone", by=NOBODY)


def test_posting_waits_for_the_pile_and_for_the_close(app, town):
    asked, by = consultation(by_letter=True), poster(town)
    services.print_letters(asked.id, 1, by=town.official())
    run = db.session.scalar(sa.select(LetterRun))
    with held(run, is_withdrawn=True), pytest.raises(Conflict):
        services.post(asked.id, 1, 1, by=by)
    with held(asked, closes_at=clock.now() - timedelta(minutes=1)), pytest.raises(Denied):
        services.print_letters(asked.id, 1, by=by)


def test_posting_waits_for_whoever_printed(app, town):
    asked, printer, by = consultation(by_letter=True), town.official(), poster(town, mobile="01012345678")
    services.print_letters(asked.id, 1, by=printer)
    with held(printer, mobile="01012345678"), pytest.raises(Denied):
        services.post(asked.id, 1, 1, by=by)


def test_a_code_of_a_kiosk_waits_for_whoever_typed_it(app, town):
    asked = consultation()
    code, secret = kiosk.issue(asked.id, by=town.clerk()).code, device()
    here, seat = devices.registered(secret), db.session.scalar(sa.select(Seat))
    with held(seat, until=clock.now() - timedelta(minutes=1)):
        assert kiosk.enter(code, here) is None


@pytest.mark.in_turns(of=5)
def test_places_are_written_on_the_rows_that_are_left(app, town):
    asked, people = consultation(), [town.user() for _person in range(6)]
    for user in people:
        answering.respond(asked.id, 1, 1, by=user)
    row = db.session.scalar(sa.select(Participant).order_by(Participant.row_key).limit(1))
    with held(row, gone=row):
        assert computing.compute(asked.id)
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="opinions.computed")).one()
    assert entry.details["rows"] == 5
