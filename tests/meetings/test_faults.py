"""Two who write at once, a process that is killed, bodies that end, secretaries who leave, meetings over midnight."""

import os
import signal
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks.seats import MemberFunction
from civic_forum.bodies import services as bodies
from civic_forum.bodies.models import Body, Membership
from civic_forum.bodies.queries import today
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.models import Forum
from civic_forum.meetings import queries, services
from civic_forum.meetings.models import Matter, Meeting, MeetingItem, Presence
from civic_forum.meetings.rules import Attendance, ItemResult
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import SEOUL
from tests.common import let_go
from tests.factories import count
from tests.racing import all_at_once, held, on_postgresql

from ..agendas.test_branching import begun
from ..bodies.making import left
from .making import body, item, members_of, record

NIGHT = datetime(2025, 12, 31, 22, 30, tzinfo=SEOUL)


@pytest.fixture
def secretary(town):
    return town.user()


@pytest.fixture
def council(town, secretary):
    return body(town, secretary=secretary)


def written(council, **facts):
    """Record of a meeting with the presence of two members."""
    first, second, *_others = members_of(council.id)
    return record(item(result=ItemResult.CARRIED), present={
        first.id: Attendance.ON_SITE, second.id: Attendance.ONLINE}, **facts)


def waiting(body_id):
    """Number of minutes that wait for a second person."""
    return len(queries.unsigned([body_id], 0))


@pytest.mark.both
def test_of_two_who_write_a_meeting_down_at_once_one_does(app, town, council, secretary):
    meeting, number = written(council), council.id
    ids = [secretary.id, town.administrator().id]
    db.session.commit()
    answers = all_at_once(app, *(lambda by=by: services.keep(number, meeting, by=db.session.get_one(User, by)).id
                                 for by in ids))
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "int"]
    assert (count(Meeting), count(Forum), count(MeetingItem), count(Presence), waiting(number)) == (1, 1, 1, 2, 1)


@pytest.mark.both
def test_of_two_processes_that_tick_presence_at_once_one_does(town, council, secretary):
    meeting, number, ids = written(council), council.id, [secretary.id, town.administrator().id]
    let_go()
    children = []
    for by in ids:
        children.append(os.fork())
        if children[-1] == 0:
            try:
                services.keep(number, meeting, by=db.session.get_one(User, by))
                os._exit(0)
            except Conflict:
                os._exit(3)
            finally:
                os._exit(4)
    assert sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children) == [0, 3]
    assert (count(Meeting), count(Presence)) == (1, 2)


@pytest.mark.in_turns(of=5)
@on_postgresql
def test_a_meeting_is_written_down_by_what_the_body_is_once_the_lock_is_free(council, secretary):
    meeting, number, last = written(council), council.id, today() - timedelta(days=30)
    with pytest.raises(Refusal, match="없던 날"), held(db.session.get_one(Body, number), ends=last):
        services.keep(number, meeting, by=secretary)
    assert count(Meeting) == count(Forum) == 0


@pytest.mark.both
def test_a_process_that_is_killed_leaves_no_half_of_a_meeting(council, secretary, monkeypatch):
    meeting, number, by = written(council), council.id, secretary.id
    tables = (Meeting, Forum, MeetingItem, Presence, Minutes)
    let_go()
    child = os.fork()
    if child == 0:  # dies with all written and nothing committed
        try:
            monkeypatch.setattr(services, "MeetingKept", lambda *_given: os.kill(os.getpid(), signal.SIGKILL))
            services.keep(number, meeting, by=db.session.get_one(User, by))
        finally:
            os._exit(4)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert [count(table) for table in tables] == [0] * 5 and waiting(number) == 0
    services.keep(number, meeting, by=db.session.get_one(User, by))
    assert [count(table) for table in tables] == [1, 1, 1, 2, 0] and waiting(number) == 1


@pytest.mark.in_turns(of=5)
def test_a_meeting_over_midnight_belongs_to_the_day_on_which_it_began(town, council, secretary, browse):
    over = {"starts_at": NIGHT, "ends_at": NIGHT + timedelta(hours=3)}
    meeting = services.keep(council.id, written(council, **over), by=secretary)
    assert (meeting.year, meeting.number, meeting.starts_on, meeting.begins) == (2025, 1, date(2025, 12, 31), "22:30")
    with pytest.raises(Conflict):
        services.keep(council.id, written(council, **over), by=secretary)
    title = meeting.forum.title
    assert "2025년 1번" in browse().get(f"/bodies/{council.slug}/meetings").text
    for month in ("2025-12", "2026-01"):
        assert title in browse().get(f"/calendar?month={month}").text
    sent = {"title": "2026년 첫 회의", "place": "소회의실", "starts_at": "2025-12-31T20:00", "ends_at": "2026-01-01T00:10",
            "items-0-kind": "report", "items-0-title": "한 해 돌아보기"}
    assert browse(secretary).post(f"/desk/bodies/{council.slug}/meetings/record", data=sent).status_code == 303
    assert count(Meeting) == 2


@pytest.mark.both
def test_a_body_that_ends_with_open_items_is_written_down_to_its_last_day(town, council, secretary, browse):
    moderator, administrator, other = town.moderator(), town.administrator(), body(town, name="협치회의")
    agenda = begun(moderator, "night-walks", town.proposal())
    about = ("agenda", agenda.slug)
    kept = services.keep(council.id, record(item("넘길 안건", result=ItemResult.DEFERRED), days=-9), by=secretary)
    services.put(council.id, about, by=moderator)
    last = record(item(about=about, result=ItemResult.CARRIED), days=0)
    bodies.close(council.id, seen=6, by=administrator)
    clock.shift(86_400)
    with pytest.raises(Denied):
        services.keep(council.id, last, by=secretary)
    with pytest.raises(Denied):
        services.put(council.id, about, by=moderator)
    with pytest.raises(Refusal, match="없던 날"):
        services.give_notice(council.id, record(days=8), by=administrator)
    assert "교육·문화분과" not in browse(moderator).get(f"/desk/bodies/meetings/matters?subject=agenda:{agenda.slug}").text
    services.put(other.id, about, by=moderator)
    services.forward(kept.items[0].id, other.id, by=administrator)
    services.keep(council.id, last, by=administrator)
    db.session.rollback()
    matters = db.session.scalars(sa.select(Matter).order_by(Matter.id)).all()
    assert [(matter.body_id == council.id, matter.item_id is not None) for matter in matters] == [
        (True, True), (False, False), (False, False)]


@pytest.mark.in_turns(of=5)
def test_a_secretary_who_leaves_before_the_record_leaves_the_notice_to_the_next(town, council, secretary, browse):
    coming = record(days=2)
    meeting = services.give_notice(council.id, coming, by=secretary)
    address = f"/desk/bodies/{council.slug}/meetings/record"
    assert browse(secretary).get(f"{address}?meeting={meeting.id}").status_code == 200
    seat = db.session.scalar(sa.select(Membership).filter_by(user_id=secretary.id))
    left(seat.id, today(), "자리를 옮겼어요.", by=town.administrator())
    clock.shift(3 * 86_400)
    kept = record(item(result=ItemResult.NOTED), starts_at=coming.starts_at, ends_at=coming.ends_at)
    with pytest.raises(Denied):
        services.keep(council.id, kept, by=secretary)
    gone = browse(secretary)
    assert gone.get(address).status_code == gone.post(address, data={}).status_code == 403
    db.session.rollback()
    assert not db.session.get_one(Meeting, meeting.id).is_over
    successor = town.user()
    [membership] = db.session.scalars(sa.select(Membership).filter_by(id=seat.id))
    db.session.add(Membership(seat_id=membership.seat_id, serial=2, user_id=successor.id, way=membership.way,
                              function=MemberFunction.SECRETARY, begins=today(), consent=False))
    db.session.commit()
    assert services.keep(council.id, kept, by=successor).id == meeting.id
