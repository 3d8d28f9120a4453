"""Digests: in the morning by local time, once, grouped by what they are about."""

from datetime import datetime, timedelta

import pytest

from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.notifications.models import DigestRun
from civic_forum.notifications.rules import Frequency, digest_window
from civic_forum.notifications import services as digesting

from tests.common import letters
from .outgoing import reachable, still_waiting, waiting

WEDNESDAY = datetime(2030, 5, 1, 7, 5, tzinfo=SEOUL)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def morning(town, at):
    """It is just after seven on a Wednesday."""
    at(WEDNESDAY)
    return town


def daily(user, **given):
    return waiting(user, **{"frequency": Frequency.DAILY, "before": HOUR} | given)


def test_waiting_notices_become_one_letter_grouped_by_what_they_are_about(morning):
    reader = reachable(morning)
    daily(reader, about="user:7", title="가로등")
    daily(reader, about="user:7", title="가로등", step="decided")
    daily(reader, about="user:8", title="놀이터")
    assert digesting.write_due() == 1 and digesting.write_due() == 0
    [letter] = letters()
    assert "새 소식 3건" in letter.subject and letter.recipient == reader.confirmed_email
    assert letter.body.count("■ 가로등") == 1 and "결정했어요" in letter.body and "■ 놀이터" in letter.body
    assert letter.unsubscribe in letter.body and still_waiting() == 0


def test_a_second_digest_waits_for_the_next_morning(morning, at):
    reader = reachable(morning)
    daily(reader)
    digesting.write_due()
    daily(reader)
    at(WEDNESDAY + 3 * HOUR)
    assert digesting.write_due() == 0 and still_waiting() == 1
    at(WEDNESDAY + DAY)
    assert digesting.write_due() == 1 and len(letters()) == 2


def test_a_notice_after_seven_belongs_to_the_next_one(morning, at):
    daily(reachable(morning), before=timedelta())
    assert digesting.write_due() == 0
    at(WEDNESDAY + DAY)
    assert digesting.write_due() == 1


def test_of_what_waits_only_what_came_before_seven_is_told(morning):
    reader = reachable(morning)
    daily(reader, about="proposal:901")
    daily(reader, about="proposal:902", before=timedelta())
    assert digesting.write_due() == 1 and still_waiting() == 1


@pytest.mark.parametrize("hour, leaves", [(0, 0), (6, 0), (7, 1), (20, 1), (21, 0), (23, 0)])
def test_digests_leave_by_day_only(morning, at, hour, leaves):
    daily(reachable(morning), before=DAY)
    at(WEDNESDAY.replace(hour=hour))
    assert digesting.write_due() == leaves


def test_a_weekly_one_comes_on_monday_or_when_the_worker_is_back(morning, at):
    reader = reachable(morning)
    waiting(reader, frequency=Frequency.WEEKLY, before=HOUR)
    assert digesting.write_due() == 0
    at(WEDNESDAY + 6 * DAY)  # Tuesday: on Monday no worker was there
    assert digesting.write_due() == 1 and "한 주" in letters()[0].body


def test_the_windows_by_the_clock():
    assert digest_window(Frequency.DAILY, WEDNESDAY) == WEDNESDAY.replace(minute=0)
    assert digest_window(Frequency.WEEKLY, WEDNESDAY) == datetime(2030, 4, 29, 7, tzinfo=SEOUL)
    assert digest_window(Frequency.DAILY, WEDNESDAY.replace(hour=6, minute=59)) is None


@pytest.mark.both
def test_daily_and_weekly_do_not_get_in_each_others_way(morning):
    reader = reachable(morning)
    daily(reader)
    waiting(reader, frequency=Frequency.WEEKLY, before=3 * DAY)
    assert digesting.write_due() == 2
    assert {(run.frequency, run.user_id) for run in db.session.query(DigestRun)} == {
        (Frequency.DAILY, reader.id), (Frequency.WEEKLY, reader.id)}


def test_a_long_digest_says_how_much_more_there_is(morning):
    reader = reachable(morning)
    for n in range(23):
        daily(reader, about=f"user:{n}", title=f"제안 {n}")
    digesting.write_due()
    [letter] = letters()
    assert letter.body.count("■") == 20 and "그 밖에 3건" in letter.body and "/me/notices" in letter.body


def test_a_kill_between_two_batches_doubles_and_loses_none(morning, monkeypatch):
    class Killed(BaseException):
        """As kill -9 in the middle."""

    def dies_at_the_third(session, due, at, mark=digesting.mark, calls=[]):  # noqa: B006 (counts across calls)
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        mark(session, due, at)

    monkeypatch.setattr(digesting, "DIGEST_BATCH", 2)
    readers = [reachable(morning) for _each in range(9)]
    for reader in readers:
        daily(reader)
    with monkeypatch.context() as dying:
        dying.setattr(digesting, "mark", dies_at_the_third)
        with pytest.raises(Killed):
            digesting.write_due()
    assert len(letters()) == 4
    assert digesting.write_due() == 5
    assert sorted(letter.recipient for letter in letters()) == sorted(one.confirmed_email for one in readers)


def test_a_batch_of_people_costs_the_same_however_many_they_are(morning, queries):
    def cost(people):
        for reader in [reachable(morning) for _each in range(people)]:
            daily(reader, before=2 * HOUR)
        with queries() as seen:
            assert digesting.write_due() == people
        return len(seen)

    cost(1)
    assert cost(3) == cost(40) <= 12
