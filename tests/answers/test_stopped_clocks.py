"""A clock that is stopped and restarted around holidays, and settings that change meanwhile. Time is frozen."""

from datetime import date, datetime, timedelta

import pytest

from civic_forum.answers.rules import DutyEnd, is_late
from civic_forum.answers.services import author, cases
from civic_forum.platform import clock
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import SEOUL, local
from civic_forum.platform.work import use_case
from civic_forum.proposals.events import ThresholdLost, ThresholdReached

from .making import duty_of, on_the_table, owed

pytestmark = pytest.mark.both

ASKED = "어느 정류장인지 사진과 함께 알려 주세요."
REPLY = "독산역 앞 정류장이에요."
CHUSEOK, SEOLLAL, NEW_YEAR = date(2026, 9, 3), date(2027, 1, 7), date(2026, 12, 2)
"""Days from which thirty days end on holidays: 3 October and what stands for it, Seollal, 1 January."""


@pytest.fixture
def frozen(at):
    """Stops time at an hour of a day in Seoul."""
    return lambda day, hour=9, minute=0: at(datetime(day.year, day.month, day.day, hour, minute, tzinfo=SEOUL))


def stop(proposal, official, frozen, since, until):
    frozen(since, 23, 59)
    cases.ask_completion(proposal.id, asked=ASKED, by=official)
    frozen(until, 0, 1)
    author.complete(proposal.id, reply=REPLY, by=proposal.author)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("started, days, working, stops, due", [
    # The last day is a Friday; the author replies on Sunday, the thirtieth day that counts.
    (date(2026, 10, 21), 30, False, [(date(2026, 11, 20), date(2026, 11, 22))], date(2026, 11, 23)),
    # Asked and replied to on the last day: nothing moves.
    (date(2026, 10, 21), 30, False, [(date(2026, 11, 20), date(2026, 11, 20))], date(2026, 11, 20)),
    # Four days, and five over Chuseok: nine more than thirty.
    (CHUSEOK, 30, False, [(date(2026, 9, 10), date(2026, 9, 14)), (date(2026, 9, 23), date(2026, 9, 28))],
     date(2026, 10, 12)),
    # Two days, of which the moved end takes up both: a reply on Seollal itself.
    (SEOLLAL, 30, False, [(date(2027, 2, 5), date(2027, 2, 7))], date(2027, 2, 10)),
    # Stopped at the last day, to which Seollal had moved it.
    (SEOLLAL, 30, False, [(date(2027, 2, 10), date(2027, 2, 11))], date(2027, 2, 11)),
    # Over the end of a year: replies on New Year's Day, on the Sunday after it and on Tuesday.
    (NEW_YEAR, 30, False, [(date(2026, 12, 31), date(2027, 1, 1))], date(2027, 1, 4)),
    (NEW_YEAR, 30, False, [(date(2026, 12, 31), date(2027, 1, 3))], date(2027, 1, 4)),
    (NEW_YEAR, 30, False, [(date(2026, 12, 31), date(2027, 1, 5))], date(2027, 1, 6)),
    # Working days: two working days, then the last day; the reply comes on the substitute of Seollal.
    (date(2027, 1, 20), 10, True, [(date(2027, 1, 25), date(2027, 1, 27)), (date(2027, 2, 5), date(2027, 2, 9))],
     date(2027, 2, 10)),
    # Working days: stopped for Chuseok alone, which does not count anyway.
    (date(2026, 9, 21), 5, True, [(date(2026, 9, 24), date(2026, 9, 26))], date(2026, 9, 30)),
    # Working days over the end of a year, stopped twice.
    (date(2026, 12, 28), 5, True, [(date(2026, 12, 30), date(2026, 12, 31)), (date(2027, 1, 5), date(2027, 1, 8))],
     date(2027, 1, 11)),
])
def test_a_clock_stopped_around_holidays(app, town, frozen, monkeypatch, started, days, working, stops, due):
    monkeypatch.setitem(app.config, "ANSWER_DAYS", days)
    monkeypatch.setitem(app.config, "ANSWER_WORKING_DAYS", working)
    frozen(started)
    official = town.official()
    proposal = on_the_table(town, official)
    for since, until in stops:
        stop(proposal, official, frozen, since, until)
    assert (duty_of(proposal).due_on, duty_of(proposal).paused_on) == (due, None)
    assert cases.reckon() == 0


def test_the_last_moment_of_the_last_day_is_in_time_and_the_next_one_is_not(town, frozen):
    frozen(CHUSEOK)
    official = town.official()
    proposal, other = on_the_table(town, official), on_the_table(town, official)
    last = duty_of(proposal).due_on
    assert last == date(2026, 10, 6)
    frozen(last, 23, 59)
    cases.ask_completion(proposal.id, asked=ASKED, by=official)
    frozen(last + timedelta(days=1), 0, 1)
    with pytest.raises(Denied, match="기한이 지나"):
        cases.ask_completion(other.id, asked=ASKED, by=official)
    today = local(clock.now()).date()
    assert [is_late(one.due_on, one.paused_on, today) for one in map(duty_of, (proposal, other))] == [False, True]


@pytest.mark.parametrize("working, due", [(False, date(2027, 2, 10)), (True, date(2027, 2, 22))])
def test_a_change_of_the_setting_moves_no_clock_that_runs_stands_or_begins_again(app, town, frozen, monkeypatch,
                                                                                 working, due):
    monkeypatch.setitem(app.config, "ANSWER_WORKING_DAYS", working)
    frozen(SEOLLAL)
    official = town.official()
    running, standing = on_the_table(town, official), on_the_table(town, official)
    cases.ask_completion(standing.id, asked=ASKED, by=official)
    monkeypatch.setitem(app.config, "ANSWER_WORKING_DAYS", not working)
    monkeypatch.setitem(app.config, "ANSWER_DAYS", 5)
    assert cases.reckon() == 0
    author.complete(standing.id, reply=REPLY, by=standing.author)
    assert {(one.due_on, one.days, one.working_days) for one in map(duty_of, (running, standing))} == {
        (due, 30, working)}


def test_a_duty_that_begins_anew_has_the_setting_of_that_day(app, town, frozen, monkeypatch):
    """The merge that had led over the threshold is undone, and the threshold is reached again later."""
    frozen(SEOLLAL)
    proposal = owed(town)
    with use_case(None) as work:
        work.emit(ThresholdLost(proposal.id))
    frozen(date(2027, 2, 3))
    monkeypatch.setitem(app.config, "ANSWER_WORKING_DAYS", True)
    monkeypatch.setitem(app.config, "ANSWER_DAYS", 3)
    with use_case(None) as work:
        proposal.threshold_reached_at = clock.now()
        work.emit(ThresholdReached(proposal.id))
    assert (duty_of(proposal).working_days, duty_of(proposal).due_on) == (True, date(2027, 2, 10))
    assert duty_of(proposal).ended_how is not DutyEnd.UNDONE
