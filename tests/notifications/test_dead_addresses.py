"""An address that keeps refusing is dropped, said on the site, and lives again once it is proven again."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import OneTimeCode
from civic_forum.accounts.services import codes
from civic_forum.platform import clock, outbox
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.notifications import services as notifications
from civic_forum.platform.outbox import Carrier, Letter, OutgoingMail
from civic_forum.platform.work import use_case
from civic_forum.notifications.models import DeadAddress, Notice
from civic_forum.notifications.rules import is_dead
from tests.common import letters
from tests.servers import smtp

from .outgoing import reachable, still_waiting, waiting

REFUSALS = {"gone": "550 5.1.1 no such user", "full": "452 4.2.2 mailbox full", "policy": "550 5.7.1 not from you"}


@pytest.fixture
def server(app, postbox, monkeypatch):
    """A mail server that refuses some addresses: `server[address] = "550 …"`."""
    refused = {}

    async def handle_rcpt(self, server, session, envelope, address, options):
        if address in refused:
            return refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    monkeypatch.setitem(app.config, "SMTP_URL", postbox.url)
    monkeypatch.setattr(smtp.Postbox, "handle_RCPT", handle_rcpt, raising=False)
    return refused


def later(**time):
    clock.shift(clock.offset_seconds() + int(timedelta(**time).total_seconds()))


def send(*readers):
    for reader in readers:
        with use_case(None):
            outbox.post(to=reader.confirmed_email, subject="소식", body="새 답변", kind="notice", user_id=reader.id)
    outbox.deliver_due()


def dead():
    db.session.rollback()
    return {one.user_id for one in db.session.query(DeadAddress)}


def refuse_for_days(server, reader, other, answer, days=3):
    server[reader.confirmed_email] = answer
    for _day in range(days):
        send(reader, other)
        later(days=1)


@pytest.mark.in_turns(of=5)
def test_a_short_message_that_arrives_says_nothing_of_the_postbox(town, server, app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", str(tmp_path))
    reader, other = reachable(town), reachable(town)
    refuse_for_days(server, reader, other, REFUSALS["gone"], days=2)
    with use_case(None) as work:
        outbox.post_all(work.session, [Letter(to="010-0000-1234", subject="", body="새 답변", kind="notice",
                                              user_id=reader.id, carrier=Carrier.SMS)])
    outbox.deliver_due()
    send(reader)
    assert notifications.drop_dead() == 1 and dead() == {reader.id}


@pytest.mark.both
def test_it_takes_several_refusals_over_days(town, server):
    reader, other = reachable(town), reachable(town)
    refuse_for_days(server, reader, other, REFUSALS["gone"], days=2)
    assert notifications.drop_dead() == 0
    send(reader)
    assert notifications.drop_dead() == 1 and notifications.drop_dead() == 0
    assert dead() == {reader.id}
    [notice] = db.session.query(Notice).filter_by(user_id=reader.id)
    assert notice.step == "address_dead"


def test_many_refusals_on_one_day_are_one_bad_day(town, server):
    reader, other = reachable(town), reachable(town)
    server[reader.confirmed_email] = REFUSALS["gone"]
    send(other, *[reader] * 9)
    assert notifications.drop_dead() == 0


def test_three_days_by_the_calendar_may_be_one_bad_night():
    evening = datetime(2030, 5, 1, 23, 59)
    days = [evening, evening + timedelta(hours=12), evening + timedelta(hours=24, minutes=2)]
    assert not is_dead(days) and is_dead([*days, evening + timedelta(hours=48)])


def test_a_refused_letter_is_not_tried_again_and_its_text_is_gone(town, server):
    reader = reachable(town)
    server[reader.confirmed_email] = REFUSALS["gone"]
    send(reader)
    [letter] = letters()
    assert (letter.due_at, letter.body, letter.refusal) == (None, "", "550 5.1.1")


def test_a_letter_that_arrived_in_between_wipes_the_slate_clean(town, server):
    reader, other = reachable(town), reachable(town)
    refuse_for_days(server, reader, other, REFUSALS["gone"], days=2)
    del server[reader.confirmed_email]
    send(reader)
    later(days=1)
    refuse_for_days(server, reader, other, REFUSALS["gone"], days=2)
    assert notifications.drop_dead() == 0


@pytest.mark.both
def test_a_server_that_refuses_everybody_is_in_trouble_itself(town, server):
    readers = [reachable(town) for _each in range(3)]
    for reader in readers:
        refuse_for_days(server, reader, readers[0], REFUSALS["gone"], days=4)
    assert dead() == set()
    with use_case(None) as work:
        work.session.execute(sa.update(OutgoingMail).values(sent_at=None))
    assert notifications.drop_dead() == 0


def test_a_server_that_may_not_send_for_us_kills_no_address(town, server):
    reader, other = reachable(town), reachable(town)
    refuse_for_days(server, reader, other, REFUSALS["policy"], days=4)
    assert notifications.drop_dead() == 0
    assert [letter.tries for letter in letters() if letter.refused_at] == []


@pytest.mark.in_turns(of=5)
def test_tries_used_up_again_and_again_count_too(town, server):
    reader, other = reachable(town), reachable(town)
    server[reader.confirmed_email] = REFUSALS["full"]
    for _letter in range(3):
        send(reader, other)
        for _try in range(outbox.TRIES):
            later(days=4)
            outbox.deliver_due()
    assert notifications.drop_dead() == 1 and dead() == {reader.id}


@pytest.mark.in_turns(of=5)
def test_a_dead_address_gets_nothing_until_it_is_proven_again(town, server, browse):
    reader, other = reachable(town), reachable(town)
    refuse_for_days(server, reader, other, REFUSALS["gone"])
    waiting(reader)
    notifications.drop_dead()
    assert still_waiting() == 0
    waiting(reader)
    assert notifications.write_at_once() == 0
    del server[reader.confirmed_email]
    before = len(letters())
    assert browse(reader).post("/me/notices/address-proofs").status_code == 303
    [letter] = letters()[before:]
    code = letter.body.split("/email-confirmations/")[1].split()[0]
    codes.confirm_email(code)
    assert dead() == set() and notifications.drop_dead() == 0
    waiting(reader)
    assert notifications.write_at_once() == 1


@pytest.mark.both
def test_an_address_that_lives_needs_no_proof_and_letters_are_few(town, server):
    reader, other = reachable(town), reachable(town)
    with pytest.raises(Refusal, match="확인할"):
        notifications.ask_to_prove_again(by=reader)
    refuse_for_days(server, reader, other, REFUSALS["gone"])
    notifications.drop_dead()
    with pytest.raises(Refusal, match="한 시간 뒤"):
        for _each in range(20):
            notifications.ask_to_prove_again(by=reader)
    assert db.session.query(OneTimeCode).filter_by(used_at=None).count() == 1


def test_the_settings_say_so_and_lead_to_a_proof(town, browse):
    reader = reachable(town)
    assert "address-proofs" not in browse(reader).get("/me/notices/settings").text
    db.session.add(DeadAddress(user_id=reader.id, since=clock.now()))
    db.session.commit()
    page = browse(reader).get("/me/notices/settings").text
    assert "이메일이 가지 않아요" in page and 'action="/me/notices/address-proofs"' in page
