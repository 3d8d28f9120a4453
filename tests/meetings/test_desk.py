"""The secretary announces a meeting and writes it down, at the desk."""

import json

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.commitments.models import Commitment
from civic_forum.meetings.models import Meeting, MeetingItem, Presence
from civic_forum.platform.base import db
from civic_forum.sample_data.people import DATA

from ..factories import count
from .making import body, members_of

PLACES = {"title": "2026년 1차 회의", "place": "구청 소회의실"}
ITEMS = {"items-0-kind": "decision", "items-0-title": "밤길 함께 걷기", "items-0-opinions": "- 등부터 찾자.\n- 함께 걷자.",
         "items-0-result": "carried", "items-0-yes": "3", "items-0-no": "1", "items-0-abstained": "0",
         "items-1-kind": "", "items-1-title": "", "items-1-opinions": "", "items-1-result": ""}
PAST = {"starts_at": "2020-08-20T15:00", "ends_at": "2020-08-20T17:00"}


def all_of(model):
    db.session.rollback()
    return db.session.scalars(sa.select(model)).all()


@pytest.fixture
def secretary(town):
    return town.user()


@pytest.fixture
def council(town, secretary):
    return body(town, secretary=secretary)


@pytest.mark.in_turns(of=5)
def test_a_meeting_is_written_down_on_a_page(town, council, secretary, browse):
    address, desk = f"/desk/bodies/{council.slug}/meetings/record", browse(secretary)
    member = members_of(council.id)[0]
    assert "1차 교육·문화분과 회의" in desk.get(address).text
    answer = desk.post(address, data={**PLACES, **PAST, **ITEMS, f"present-{member.id}": "on_site"})
    assert answer.status_code == 303
    [item] = all_of(MeetingItem)
    assert (item.opinions, item.yes, item.present) == (["등부터 찾자.", "함께 걷자."], 3, 1)
    assert count(Presence) == 1 and all_of(Meeting)[0].came == [["민간 위원", 1, 5], ["간사", 0, 1]]
    assert "밤길 함께 걷기" in desk.get(answer.location).text
    again = desk.post(address, data={**PLACES, **PAST, **ITEMS})
    assert again.status_code == 409 and "이미 기록되어 있어요" in again.text and count(Meeting) == 1


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("wrong", [{"items-0-kind": "nothing"}, {"items-0-yes": "many"}, {"starts_at": "yesterday"},
                                   {"items-0-title": ""}, {"ends_at": "2020-08-20T14:00"}, {"place": ""}])
def test_a_wrong_field_is_said_with_all_that_was_typed(council, secretary, browse, wrong):
    answer = browse(secretary).post(f"/desk/bodies/{council.slug}/meetings/record", data={
        **PLACES, **PAST, **ITEMS, **wrong})
    assert answer.status_code == 422 and "등부터 찾자." in answer.text and count(Meeting) == 0


@pytest.mark.in_turns(of=5)
def test_a_decided_item_names_department_and_day_and_is_a_promise(town, council, secretary, browse):
    department, address = town.department(), f"/desk/bodies/{council.slug}/meetings/record"
    for wrong in ({"items-0-result": "rejected"}, {"items-0-department": "999999"}, {"items-0-department": "x"},
                  {"items-0-due_on": "soon"}, {"items-0-due_on": "2020-08-19"}):
        told = {"items-0-department": str(department.id), "items-0-due_on": "2020-12-31"} | wrong
        answer = browse(secretary).post(address, data={**PLACES, **PAST, **ITEMS, **told})
        assert answer.status_code == 422 and "등부터 찾자." in answer.text and count(Commitment) == 0 == count(Meeting)
    answer = browse(secretary).post(address, data={
        **PLACES, **PAST, **ITEMS, "items-0-department": str(department.id), "items-0-due_on": "2020-12-31"})
    [promise] = all_of(Commitment)
    assert (promise.title, promise.department_id, f"{promise.due_on}") == ("밤길 함께 걷기", department.id, "2020-12-31")
    assert f"/commitments/{promise.id}" in browse().get(answer.location).text


def test_an_announced_meeting_is_written_down_from_its_notice(council, secretary, browse):
    desk, address = browse(secretary), f"/desk/bodies/{council.slug}/meetings"
    coming = {"starts_at": "2098-08-20T15:00", "ends_at": "2098-08-20T17:00", "video_url": "https://meet.example/1"}
    more = desk.post(f"{address}/notice", data={**PLACES, **coming, **ITEMS, "more": "1"})
    assert more.status_code == 200 and "items-2-title" in more.text and count(Meeting) == 0
    assert desk.post(f"{address}/notice", data={**PLACES, **coming, **ITEMS}).status_code == 303
    [meeting] = all_of(Meeting)
    page = desk.get(f"{address}/record?meeting={meeting.id}").text
    assert "밤길 함께 걷기" in page and "2098-08-20T15:00" in page
    assert "https://meet.example/1" in browse().get(f"/forums/{meeting.forum.slug}").text


@pytest.mark.in_turns(of=5)
def test_nobody_but_the_secretary_sees_the_pages(town, council, browse):
    for stranger in (town.moderator(), town.official(), town.user()):
        for what in ("notice", "record"):
            address = f"/desk/bodies/{council.slug}/meetings/{what}"
            assert browse(stranger).get(address).status_code == browse(stranger).post(address).status_code == 403
    assert browse().get(f"/desk/bodies/{council.slug}/meetings/else").status_code == 404


@pytest.mark.both
def test_a_pasted_report_fills_the_form_and_is_there_once(town, secretary, browse):
    council = body(town, secretary=secretary, name="교육·문화분과")
    [entry] = json.loads((DATA / "meetings.json").read_text("utf-8"))["reports"]
    address, desk = f"/desk/bodies/{council.slug}/meetings/record", browse(secretary)
    read = desk.post(address, data={"report": entry["text"], "read": "1", "title": "9월 회의"})
    fields = {field.get("name"): field.text if field.tag == "textarea" else field.get("value")
              for field in html.fromstring(read.text).xpath("//*[@name]") if field.tag != "select"}
    chosen = {select.get("name"): select.xpath("string(option[@selected]/@value)")
              for select in html.fromstring(read.text).xpath("//select[@name]")}
    assert fields["items-0-title"] == "2021년 지역사회혁신계획 마지막 안" and fields["starts_at"] == "2020-09-08T14:00"
    assert "마을 이야기꾼이 적은 기록을" in fields["items-0-opinions"] and "회의 사진" not in fields["items-1-opinions"]
    assert [chosen[f"items-{number}-{name}"] for number in (0, 1) for name in ("kind", "result")] == [
        "report", "noted", "discussion", "no_objection"]
    sent = {name: (value or "").lstrip("\n") for name, value in {**fields, **chosen}.items()
            if name and name not in ("read", "more")}
    kept = desk.post(address, data=sent | {"place": "소회의실", "ends_at": "2020-09-08T14:50"})
    assert kept.status_code == 303
    page = desk.get(kept.location).text
    assert "10분짜리로 잘라야 끝까지 본다." in page and "이견 없음" in page
    other = {"starts_at": "2020-09-11T14:00", "ends_at": "2020-09-11T14:50", "place": "곳"}
    again = desk.post(address, data=sent | other)
    assert again.status_code == 409 and count(Meeting) == 1
