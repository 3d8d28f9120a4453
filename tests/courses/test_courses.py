"""Courses: sessions, places for who was chosen, presence, hours, certificates."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from civic_forum.calls.applying import services as applying
from civic_forum.calls.models import CallApplication
from civic_forum.calls.process import PROCESS
from civic_forum.calls.rules import ApplicationState, CallKind
from civic_forum.courses import operations, own_data, services
from civic_forum.courses.models import CourseAttendance, CourseCertificate, CourseSession
from civic_forum.courses.rules import Fault, minutes, needs_reason, why_not_note, why_not_session
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.rules import Form, Place, Stage
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.calls.making import call
from tests.calls.making_applying import answered, open_call
from tests.factories import count, saved
from tests.picking import picked
from tests.polls.making import voter

from .making import Course, session

NOON = datetime(2027, 3, 1, 3, tzinfo=UTC)
HOUR, WHY = timedelta(hours=1), "접수대에서 빠뜨렸어요."


def gathering(begins=0, length=2, form=Form.SESSION, listed_as=Stage.ANNOUNCED):
    starts_at = NOON + begins * HOUR
    return SimpleNamespace(form=form, listed_as=listed_as, starts_at=starts_at, ends_at=starts_at + length * HOUR)


def test_presence_is_noted_from_an_hour_before_a_session():
    cancelled = gathering(listed_as=Stage.CANCELLED)
    assert minutes([gathering(), gathering(length=1.5), cancelled]) == 210
    assert why_not_session(gathering(form=Form.MEETING), []) is Fault.FORM
    assert why_not_session(cancelled, []) is Fault.CANCELLED
    assert why_not_session(gathering(begins=1), [gathering()]) is Fault.OVERLAPS
    assert why_not_session(gathering(begins=2), [gathering()]) is why_not_session(gathering(), [cancelled]) is None
    assert why_not_note(cancelled, NOON) is Fault.CANCELLED
    assert why_not_note(gathering(), NOON - HOUR - timedelta(seconds=1)) is Fault.TOO_EARLY
    assert why_not_note(gathering(), NOON - HOUR) is None
    today, tomorrow = NOON.date(), NOON.date() + timedelta(days=1)
    assert [needs_reason(today, day, is_changed=is_changed) for day, is_changed in (
        (today, False), (tomorrow, False), (today, True))] == [False, True, True]


@pytest.mark.both
def test_all_who_were_chosen_have_a_place_at_every_session_or_nobody_has(town, browse):
    people = [town.resident() for _number in range(3)]
    made = Course(town, people)
    made.state(made.numbers[2]).submission.owner_id = None
    made.sessions[1].on_site_places = 1
    db.session.commit()
    page, here = browse(made.official), f"/desk/calls/{made.call.slug}/sessions"
    assert here in page.get(f"/desk/calls/{made.call.slug}/decision").text
    assert page.post(here, data={"act": "give"}).status_code == 409
    db.session.rollback()
    assert count(Registration) == count(CourseAttendance) == 0
    made.sessions[1].on_site_places = 9
    db.session.commit()
    assert page.post(here, data={"act": "give"}).status_code == 303
    with pytest.raises(Conflict, match="이미"):
        services.give_all(made.call.slug, by=made.second)
    assert count(Registration) == count(CourseAttendance) == 6, "with places for who has no account"
    assert db.session.query(Notice).filter_by(step="call_registered").count() == 4
    evening = Course(town, [people[0]] * 2, slug="evening", most_each=2, sessions=0)
    saved(CourseSession(call_id=evening.call.id, forum_id=made.sessions[0].id))
    assert evening.placed() and count(Registration) == 6, "a session of two courses, and two applications: one place"
    applying.withdraw(made.call, made.numbers[0], by=people[0])
    first = db.session.query(Registration).filter_by(user_id=people[0].id, forum_id=made.sessions[0].id).one()
    assert first.place is Place.HELD, "the other course has it"
    for number in evening.numbers:
        applying.withdraw(evening.call, number, by=people[0])
    made.state(made.numbers[1]).state = ApplicationState.OUT
    db.session.commit()
    assert services.give_all(made.call.slug, by=made.second) == 0, "whoever a lot passed over gives theirs back"
    assert count(CourseAttendance) == 2
    made.state(made.numbers[1]).state = ApplicationState.CHOSEN
    db.session.commit()
    services.give_all(made.call.slug, by=made.second)
    places = db.session.query(Registration).filter_by(user_id=people[0].id)
    assert {place.place for place in places} == {Place.WITHDRAWN} and count(CourseAttendance) == 4
    for by in (people[1], town.official(department=town.department("문화과"))):
        with pytest.raises(Denied):
            services.give_all(made.call.slug, by=by)
    assert page.post(here, data={"act": ""}).status_code == 422


@pytest.mark.both
def test_presence_is_noted_once_and_taken_back_by_another(town, browse):
    made = Course(town, [town.resident(), town.resident()]).placed()
    slug, first, number = made.call.slug, made.sessions[0].slug, made.numbers[0]
    page, second, here = browse(made.official), browse(made.second), f"/desk/calls/{slug}/sessions/{first}"
    with pytest.raises(Conflict, match="한 시간 전부터"):
        services.note(slug, first, number, True, by=made.official)
    made.began()
    for desk in (page, page, second):
        assert desk.post(here, data={"chosen": number, "reason": ""}).status_code == 303
    assert made.minutes == 120
    shown = page.get(here).text
    assert "2명 가운데 1명 왔어요" in shown and "4시간 가운데 2시간" in shown
    taking = {"chosen": number, "act": "take_back", "reason": WHY}
    assert page.post(here, data=taking).status_code == 403, "never who noted it"
    assert second.post(here, data=taking | {"reason": ""}).status_code == 409
    assert second.post(here, data=taking).status_code == 303
    assert made.minutes == 0
    with pytest.raises(Refusal):
        services.note(slug, first, number, True, by=made.official)
    services.note(slug, first, number, True, WHY, by=made.official)
    clock.shift(clock.offset_seconds() + 24 * 3600)
    with pytest.raises(Refusal):
        services.note(slug, first, made.numbers[1], True, by=made.official)
    services.note(slug, first, made.numbers[1], True, WHY, by=made.official)
    stranger = made.apply("늦게 냈어요", group=None)
    for wrong in (stranger, "2611-000000-0"):
        with pytest.raises(NotFound):
            services.note(slug, first, wrong, True, WHY, by=made.official)
    with pytest.raises(NotFound):
        services.note(slug, session(town).slug, number, True, WHY, by=made.official)
    assert db.session.query(CourseAttendance).filter_by(present=True).count() == 2


@pytest.mark.both
def test_a_certificate_is_made_by_one_press_and_looked_up_by_a_stranger(town, browse):
    person = voter(town)
    made = Course(town, [person]).placed()
    mine, stranger = browse(person), browse()
    own = f"/calls/{made.call.slug}/mine/{made.numbers[0]}"
    assert mine.post(f"{own}/certificate").status_code == 409
    made.came(0)
    assert "4시간 가운데 2시간" in mine.get("/me").text and "4시간 가운데 2시간" in mine.get(own).text
    assert mine.get(f"{own}/certificate").status_code == 404
    made.came(1)
    for _press in range(2):
        assert mine.post(f"{own}/certificate").status_code == 303
    name = operations.name_of(person)
    paper = mine.get(f"{own}/certificate").text
    [number] = re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", paper)
    assert name in paper and count(CourseCertificate) == 1
    assert browse(town.resident()).get(f"{own}/certificate").status_code == 404

    def looked_up(typed, name=""):
        answer = stranger.post("/certificates", data={"number": typed, "name": name})
        return answer.status_code, answer.text

    status, text = looked_up(number.lower().replace("-", " "))
    assert status == 200 and made.call.title in text and "맞는 마침" in text and name not in text
    assert "같은 이름이에요" in looked_up(number, name.replace(" ", "  "))[1]
    assert "적은 이름과 달라요" in looked_up(number, f"{name}이")[1]
    verified, person.person, person.nickname = person.person, None, "빌린 이름"
    db.session.commit()
    assert mine.post(f"{own}/certificate").status_code == 303
    assert "같은 이름이에요" in looked_up(number, name)[1], "whom nobody verified keeps the first name"
    person.person = verified
    db.session.commit()
    guesses = [looked_up(typed) for typed in ("", "A", number[:-1], f"{number}A", number[:-4] + "ZZZZ")]
    assert {status for status, _text in guesses} == {404}
    assert len({re.search("이 번호의 마침[^<]*", text)[0] for _status, text in guesses}) == 1
    services.note(made.call.slug, made.sessions[0].slug, made.numbers[0], False, WHY, by=made.second)
    assert "효력이 없는" in looked_up(number)[1] and "효력이 없어요" in mine.get(own).text
    services.note(made.call.slug, made.sessions[0].slug, made.numbers[0], True, WHY, by=made.second)
    assert own_data.collect(person)[0]["certificate"] == number.replace("-", "")
    with use_case(None) as work:
        own_data.erase(person, work.session)
    assert "적은 이름과 달라요" in looked_up(number, name)[1]


@pytest.mark.both
def test_the_desk_prints_a_certificate_for_who_has_no_account(town, browse):
    made = Course(town, [None], sessions=1, hours=2)
    made.state(made.numbers[0]).submission.owner_id = None
    db.session.commit()
    made.placed().came(0)
    page, here = browse(made.official), f"/desk/calls/{made.call.slug}/certificates"
    for typed, status in (({"number": made.numbers[0], "name": " "}, 422), ({"number": "1", "name": "김가산"}, 404)):
        assert page.post(here, data=typed).status_code == status
    paper = page.post(here, data={"number": made.numbers[0], "name": "김가산"}).text
    [number] = re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", paper)
    assert "김가산" in paper and operations.look_up(number, "김 가산").name == "김 가산"
    asking = open_call(town, slug="seats", kind=CallKind.SEATS, course_id=made.call.id, course_hours=2)
    for typed, name, is_taken in (("", "김가산", False), (number[:-1], "김가산", False), (number, "이독산", False),
                                  (number, "김가산", True)):
        part = applying.parts.typed_in(asking, asking.questions)(
            **vars(answered(asking)), by_way=0, contact="", certificate=typed, person_name=name)
        if is_taken:
            assert applying.type_in(asking.id, part, by=made.official).code
        else:
            with pytest.raises(Refusal):
                applying.type_in(asking.id, part, by=made.official)
            db.session.rollback()


@pytest.mark.both
def test_hours_of_a_course_are_asked_for_before_one_begins(town, browse):
    person = town.resident()
    made = Course(town, [person]).placed()
    made.came(0)
    asking = open_call(town, slug="seats", kind=CallKind.SEATS, course_id=made.call.id, course_hours=4)
    page, before = browse(person), count(CallApplication)
    assert made.call.title in browse().get("/calls/seats").text
    assert "지금은 2시간이에요" in page.get("/calls/seats/apply").text
    assert page.post("/calls/seats/applications").status_code == 422
    assert count(CallApplication) == before
    made.came(1)
    assert applying.begin(asking.id, by=person).state == "draft"


@pytest.mark.both
def test_a_course_is_announced_with_as_many_hours_as_it_promises(town, browse):
    maker = town.official()
    made = call(town, "preparing", kind=CallKind.COURSE, hours=4, by=maker)
    first, second = session(town), session(town, days=4, title="자치계획 한 장 써 보기")
    page, here = browse(town.official()), f"/desk/calls/{made.slug}/sessions"
    assert "회차가 짧아요" in page.get(f"/desk/calls/{made.slug}").text
    assert picked(page, here, {"act": "add", "forum": "우리 동네는"}, "forum").status_code == 303
    services.add_session(made.slug, second.slug, by=maker)
    assert not [gap for gap in PROCESS.gaps(made, clock.now()) if gap.name == "hours"]
    assert "모두 4시간" in page.get(here).text
    for wrong in (first, session(town, days=4), session(town, days=9, closed_at=clock.now())):
        with pytest.raises(Conflict):
            services.add_session(made.slug, wrong.slug, by=maker)
    assert page.post(here, data={"act": "remove", "session": second.slug}).status_code == 303
    db.session.rollback()
    made.announced_at = clock.now()
    db.session.commit()
    assert page.post(here, data={"act": "remove", "session": first.slug}).status_code == 409
    assert "우리 동네는" in browse().get(f"/calls/{made.slug}").text
