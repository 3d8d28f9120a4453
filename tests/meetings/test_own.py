"""Meetings of a member's own, and what the secretary of a body has to do."""

from datetime import date, timedelta

import pytest
from lxml import html

from civic_forum.blocks.seats import SeatWay
from civic_forum.bodies import services as bodies
from civic_forum.bodies.parts import Appointment
from civic_forum.bodies.queries import today
from civic_forum.bodies.rules import BodyAccess, BodyKind
from civic_forum.meetings import services
from civic_forum.meetings.models import Matter
from civic_forum.platform import clock
from civic_forum.platform.i18n import day

from ..bodies.making import appointed
from ..bodies.test_pages import text_of
from ..factories import saved
from .making import body, item, members_of, record

PAPERS = {"papers": ("계획 마지막 안", "예산안")}


@pytest.fixture
def member(town):
    return town.resident()


def sits(town, body_id, member, **facts):
    term = {"begins": date(2020, 1, 1), "until": today() + timedelta(days=30)}
    return appointed(body_id, Appointment(**{"seat": "civil", "sign_in_name": member.sign_in_name,
                                             "way": SeatWay.CALL} | term | facts), by=town.administrator())


def test_a_member_sees_the_next_meeting_what_to_do_and_the_last_day(town, browse, member):
    council = body(town, members=0, name="협치회의")
    made = sits(town, council.id, member)
    division = body(town, members=0, name="교육분과", kind=BodyKind.DIVISION, parent_id=council.id)
    services.keep(council.id, record(title="지난 회의"), by=town.administrator())
    services.give_notice(council.id, record(item(**PAPERS), title="다음 회의", days=9), by=town.administrator())
    services.give_notice(division.id, record(title="남의 분과 회의", days=9), by=town.administrator())
    reader = browse(member)
    shown = text_of(reader.get("/me/meetings"))
    for words in ("할 일 3가지", "다음 회의", "구청 소회의실", "자료 2개를", "지난 회의", "이름을 실을지", "내 임기", "민간 위원"):
        assert words in shown, words
    assert "남의 분과" not in shown and html.fromstring(reader.get("/me").text).xpath("//a[@href='/me/meetings']")
    assert reader.post(f"/bodies/{council.slug}/members/{made.id}/consent", data={"named": "no"}).status_code == 303
    shown = text_of(reader.get("/me/meetings"))
    assert "할 일 2가지" in shown and "이름을 실을지" not in shown


def test_a_member_of_a_division_reads_of_its_council_unless_that_is_closed(town, browse, member):
    for name, access in (("열린", BodyAccess.OPEN), ("닫힌", BodyAccess.CLOSED)):
        council = body(town, members=0, access=access, name=f"{name} 협치회의")
        division = body(town, members=0, name=f"{name} 곳의 분과", kind=BodyKind.DIVISION, parent_id=council.id)
        sits(town, division.id, member)
        for of, title in ((council, "위의 회의"), (division, "분과의 회의")):
            services.give_notice(of.id, record(title=f"{name} {title}", days=5), by=town.administrator())
    shown = text_of(browse(member).get("/me/meetings"))
    assert [title in shown for title in ("열린 위의 회의", "열린 분과의 회의", "닫힌 위의 회의", "닫힌 분과의 회의")] == [
        True, True, False, True]


@pytest.mark.both
def test_members_of_a_closed_body_see_its_meetings_as_long_as_the_term_lasts(town, browse, member):
    closed = body(town, members=0, access=BodyAccess.CLOSED)
    sits(town, closed.id, member)
    services.give_notice(closed.id, record(title="아무도 모를 회의", days=40), by=town.administrator())
    assert "아무도 모를 회의" in text_of(browse(member).get("/me/meetings"))
    clock.shift(31 * 24 * 3600)
    assert "아무도 모를 회의" not in browse(member).get("/me/meetings").text


def test_somebody_without_a_seat_is_led_nowhere(town, browse, member, queries):
    reader = browse(member)
    assert "/me/meetings" not in reader.get("/me").text
    with queries() as sent:
        assert "지금 맡은 자리가 없어요" in text_of(reader.get("/me/meetings"))
    assert not [statement for statement in sent if "meeting" in statement]


@pytest.mark.in_turns(of=5)
def test_the_secretary_reads_first_what_is_due(town, browse):
    secretary = town.user()
    council = body(town, secretary=secretary)
    desk = browse(secretary)
    address = f"/desk/bodies/{council.slug}"
    assert "할 일" not in text_of(desk.get(address))
    services.give_notice(council.id, record(title="적지 않은 회의", days=2), by=secretary)
    services.give_notice(council.id, record(title="앞으로 열 회의", days=30), by=secretary)
    bodies.end(members_of(council.id)[0].id, today(), "이사했어요.", by=secretary)
    saved(Matter(body_id=council.id, title="밤길 함께 걷기", put_at=clock.now()))
    clock.shift(10 * 24 * 3600)
    due = html.fromstring(desk.get(address).text).xpath("//section[@aria-labelledby='due']//li")
    assert [" ".join(" ".join(line.itertext()).split()) for line in due] == [
        "기록할 회의: 적지 않은 회의 3일 늦었어요.", f"승인을 기다려요: 위원 0 {day(today() + timedelta(days=4))}까지",
        "다음 회의에 올릴 안건 1개"]
    assert desk.get(due[0].xpath(".//a/@href")[0]).status_code == 200
    assert "앞으로 열 회의" not in text_of(desk.get(address))
