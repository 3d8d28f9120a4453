"""No short message wakes anybody: what is told at night leaves in the morning; codes and mail leave at any hour."""

from datetime import datetime, timedelta

import pytest

from civic_forum.platform import carriers, outbox
from civic_forum.platform.i18n import SEOUL
from civic_forum.notifications import services as delivering
from civic_forum.platform.outbox import Carrier, Letter
from civic_forum.platform.work import use_case
from civic_forum.notifications.rules import Channel, Frequency, is_quiet

from tests.common import letters
from .outgoing import reachable, waiting

EVENING = datetime(2030, 5, 1, 20, 59, tzinfo=SEOUL)
NIGHT, MORNING = EVENING + timedelta(minutes=1), datetime(2030, 5, 2, 8, tzinfo=SEOUL)
NUMBER = "010-0000-1234"


@pytest.fixture
def reader(town):
    return reachable(town, mobile=NUMBER, confirmed_mobile=NUMBER)


def sent() -> list[Carrier]:
    return [letter.carrier for letter in letters() if letter.sent_at]


def not_there(*_message):
    raise ConnectionError


@pytest.mark.parametrize("hour, minute, quiet", [
    (20, 59, False), (21, 0, True), (23, 59, True), (0, 0, True), (7, 59, True), (8, 0, False), (12, 0, False)])
def test_it_is_quiet_from_nine_until_eight(hour, minute, quiet):
    assert is_quiet(datetime(2030, 5, 1, hour, minute, tzinfo=SEOUL)) is quiet


def test_until_nine_a_short_message_leaves_at_once(reader, at):
    at(EVENING)
    waiting(reader, channel=Channel.SMS)
    delivering.write_at_once()
    assert outbox.deliver_due() == 1 and sent() == [Carrier.SMS]


@pytest.mark.both
def test_at_night_it_waits_until_eight_and_mail_does_not(reader, at):
    at(NIGHT)
    waiting(reader, channel=Channel.SMS)
    waiting(reader)
    delivering.write_at_once()
    assert outbox.deliver_due() == 1 and sent() == [Carrier.MAIL]
    at(MORNING - timedelta(seconds=1))
    assert outbox.deliver_due() == 0
    at(MORNING)
    assert outbox.deliver_due() == 1 and sent() == [Carrier.SMS, Carrier.MAIL]
    assert {letter.tries for letter in letters()} == {1}


def test_a_digest_by_short_message_that_is_written_at_seven_waits_until_eight(reader, at):
    at(NIGHT)
    waiting(reader, channel=Channel.SMS, frequency=Frequency.DAILY)
    at(MORNING - timedelta(hours=1))
    assert delivering.write_due() == 1 and outbox.deliver_due() == 0
    at(MORNING)
    assert outbox.deliver_due() == 1


def test_a_message_that_the_gateway_did_not_take_in_the_evening_is_not_tried_at_night(reader, at, monkeypatch):
    at(EVENING)
    waiting(reader, channel=Channel.SMS)
    delivering.write_at_once()
    with monkeypatch.context() as away:
        away.setattr(carriers.Carriers, "short_message", not_there)
        assert outbox.deliver_due() == 0
    at(NIGHT + timedelta(hours=2))
    assert outbox.deliver_due() == 0 and letters()[0].tries == 1
    at(MORNING)
    assert outbox.deliver_due() == 1


def test_a_code_that_somebody_waits_for_leaves_at_night(reader, at):
    at(NIGHT)
    with use_case(None) as work:
        outbox.post_all(work.session, [Letter(to=NUMBER, subject="", body="123456", kind="confirm_mobile",
                                              user_id=reader.id, carrier=Carrier.SMS)])
    assert outbox.deliver_due() == 1
