"""Pages of bodies: for everybody, for members, and at the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from civic_forum.blocks.seats import MemberFunction, SeatSide
from civic_forum.bodies import services
from civic_forum.bodies.models import Body, Membership
from civic_forum.bodies.queries import today
from civic_forum.bodies.rules import BodyKind
from civic_forum.platform.base import db
from tests.factories import count

from .making import CIVIL, CLOSED, COUNCIL, appointed, council, taking

SECRET = "아무도모르는이름"


@pytest.fixture
def administrator(town):
    return town.administrator()


def text_of(page) -> str:
    return " ".join(" ".join(html.fromstring(page.text).find(".//main").itertext()).split())


def with_division(administrator):
    body = council(administrator)
    services.add_seats(body.id, "office", replace(CIVIL, name="당연직", number=1, side=SeatSide.OFFICE), by=administrator)
    division = council(administrator, slug="division", name="교육분과", kind=BodyKind.DIVISION, parent_id=body.id)
    appointed(body.id, taking(name="느티나무", consent=True, function=MemberFunction.CO_CHAIR), by=administrator)
    appointed(division.id, taking(name=SECRET), by=administrator)
    return body, division


def test_a_page_counts_seats_of_body_and_divisions_together(town, browse, administrator):
    with_division(administrator)
    page = browse().get("/bodies/council")
    shown = text_of(page)
    assert "5자리 가운데 2자리가 찼어요" in shown and "민간 4" in shown and "당연직 1" in shown and "빈자리 3" in shown
    shapes = html.fromstring(page.text).xpath("//table//i/@class")
    assert shapes == ["civil", "civil empty", "office empty", "civil", "civil empty"]
    assert "느티나무" in shown and "공동의장" in shown and "민간 위원" in shown and SECRET not in page.text


@pytest.mark.both
def test_the_list_says_who_may_see_what(town, browse, administrator):
    with_division(administrator)
    council(administrator, CLOSED, "closed")
    shown = text_of(browse().get("/bodies"))
    assert "모여서 정하는 곳 3개" in shown and "5자리 가운데 2자리가 찼어요" in shown and "교육분과" in shown
    closed = text_of(browse().get("/bodies?access=closed"))
    assert "청소년안전망 위원회" in closed and "알리지 않아요" in closed and "교육분과" not in closed
    assert browse().get("/bodies?access=other").status_code == 400


def test_an_empty_list_is_clear(town, browse):
    assert "아직 실은 위원회가 없어요" in text_of(browse().get("/bodies"))


def test_a_closed_body_says_its_name_its_purpose_and_why_and_nothing_else(town, browse, administrator):
    body, member = council(administrator, CLOSED, "closed"), town.resident()
    appointed(body.id, taking(member), by=administrator)
    appointed(body.id, taking(name=SECRET, consent=True), by=administrator)
    for reader in (browse(), browse(town.moderator())):
        page = reader.get("/bodies/closed")
        shown = text_of(page)
        assert CLOSED.name in shown and CLOSED.mandate in shown and CLOSED.access_reason in shown
        assert SECRET not in page.text and CLOSED.basis not in shown and "자리" not in shown
    assert SECRET not in browse().get("/bodies").text
    assert "/bodies/closed" not in browse().get(f"/search?q={SECRET}").text
    assert SECRET in browse(member).get("/bodies/closed").text


def test_a_closed_division_is_neither_counted_nor_named_with_its_council(town, browse, administrator):
    body, _division = with_division(administrator)
    closed = council(administrator, CLOSED, "closed", kind=BodyKind.DIVISION, parent_id=body.id)
    appointed(closed.id, taking(name="비밀위원", consent=True), by=administrator)
    page = browse().get("/bodies/council")
    assert "5자리 가운데 2자리가 찼어요" in text_of(page) and "비밀위원" not in page.text and "/bodies/closed" in page.text
    listed = html.fromstring(browse().get("/bodies").text).xpath("//a[@href='/bodies/closed']")[0]
    assert " ".join("".join(listed.itertext()).split()) == "청소년안전망 위원회 비공개"


@pytest.mark.both
def test_a_member_takes_the_name_away_on_the_page(town, browse, administrator):
    body, member = council(administrator), town.resident(nickname="느티나무그늘")
    made = appointed(body.id, taking(member), by=administrator)
    address = f"/bodies/council/members/{made.id}/consent"
    seen = browse().get("/bodies/council").text
    assert member.nickname not in seen and address not in seen
    assert browse(member).post(address, data={"named": "yes"}).status_code == 303
    assert member.nickname in text_of(browse().get("/bodies/council"))
    assert "내 이름 빼기" in text_of(browse(member).get("/bodies/council"))
    assert browse(member).post(address, data={"named": "no"}).status_code == 303
    assert member.nickname not in browse().get("/bodies/council").text
    assert browse(town.resident()).post(address, data={"named": "yes"}).status_code == 403


BODY = {"name": "주민자치회", "kind": "residents", "parent_id": "", "neighbourhood_id": "", "department_id": "",
        "mandate": "자치계획을 세워요.", "basis": "조례 제1조", "access": "open", "access_reason": "", "term_months": "24",
        "notice_days": "7", "minutes_days": "5", "quorum_share": "more_than_a_third", "quorum_of": "all",
        "begins": "2020-01-01", "ends": "", "name_en": "Residents’ council", "slug": "residents"}
SEATS = {"key": "residents", "name": "주민 위원", "number": "50", "side": "resident", "way": "draw", "votes": "y",
         "at_most": "y"}


def approve(browse, town, slug):
    """An administrator who did not propose it approves what waits, as the desk leads there."""
    db.session.rollback()
    second = browse(town.administrator())
    [address] = html.fromstring(second.get("/desk").text).xpath(f"//a[contains(@href, '/{slug}/changes/')]/@href")
    page = html.fromstring(second.get(address).text)
    [seen] = page.xpath("//form[@action=$address]//input[@name='seen']/@value", address=address)
    assert second.post(address, data={"seen": seen}).status_code == 303


@pytest.mark.both
def test_a_body_is_made_filled_and_closed_at_the_desk(town, browse, administrator):
    desk, secretary = browse(administrator), town.resident()
    assert desk.post("/desk/bodies/new", data=BODY).location == "/desk/bodies/residents"
    assert desk.post("/desk/bodies/residents/seats", data=SEATS).status_code == 303
    first = {"seat": "residents", "sign_in_name": secretary.sign_in_name, "function": "secretary", "way": "draw",
             "begins": today().isoformat(), "until": (today() + timedelta(days=30)).isoformat()}
    assert desk.post("/desk/bodies/residents/members", data=first).status_code == 303
    second = {"seat": "residents", "name": "돌나물", "consent": "y", "function": "", "way": "draw",
              "begins": today().isoformat(), "until": ""}
    approve(browse, town, "residents")
    office = browse(secretary)
    assert "위원과 임기 적기" in text_of(office.get("/bodies/residents"))
    assert office.post("/desk/bodies/residents/members", data=second).status_code == 303
    shown = text_of(office.get("/desk/bodies/residents"))
    assert "할 일 2가지" in shown and "승인을 기다려요: 돌나물" in shown and count(Membership) == 1
    approve(browse, town, "residents")
    shown = text_of(office.get("/desk/bodies/residents"))
    assert "90일 안에 끝나는 임기 1개" in shown and "돌나물" in shown and "새 자리 만들기" not in shown
    assert "50자리 가운데 2자리" in text_of(browse().get("/bodies/residents"))
    ended = db.session.query(Membership).filter_by(name="돌나물").one().id
    page = f"/desk/bodies/residents/members/{ended}/end"
    assert office.get(page).status_code == 200
    assert office.post(page, data={"last": today().isoformat(), "reason": "이사했어요."}).status_code == 303
    approve(browse, town, "residents")
    assert "위원 2명의 임기도" in text_of(desk.get("/desk/bodies/residents/close"))
    assert desk.post("/desk/bodies/residents/close?seen=2").status_code == 303


def test_a_wrong_field_is_said_at_its_field(town, browse, administrator):
    desk = browse(administrator)
    for changed, sentence in (({"access": "closed"}, "이유를 적어"), ({"quorum_of": "somebody"}, "목록에 있는"),
                              ({"parent_id": "99"}, "목록에 있는"), ({"begins": "어제"}, "날짜"), ({"kind": ""}, "골라"),
                              ({"term_months": "0"}, "숫자"), ({"slug": "새 주소"}, "소문자")):
        page = desk.post("/desk/bodies/new", data=BODY | changed)
        assert (page.status_code, sentence in text_of(page)) == (422, True), changed
    assert count(Body) == 0
    council(administrator)
    page = desk.post("/desk/bodies/council/members", data={"seat": "civil", "begins": "", "way": "call"})
    assert page.status_code == 422 and count(Membership) == 0


@pytest.mark.both
def test_a_quorum_may_count_one_kind_of_seats(town, browse, administrator):
    council(administrator)
    desk = browse(administrator)
    form = html.fromstring(desk.get("/desk/bodies/council/facts").text)
    assert form.xpath("//select[@name='quorum_of']/option/@value") == ["voting", "all", "civil"]
    fields = BODY | {"quorum_of": "civil", "version": "1"}
    assert desk.post("/desk/bodies/council/facts", data=fields).status_code == 303
    assert desk.post("/desk/bodies/council/facts", data=fields).status_code == 409
    assert "민간 위원 가운데 3분의 1보다 많이" in text_of(browse().get("/bodies/council"))


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("address", ["/bodies", "/bodies/council", "/desk/bodies", "/desk/bodies/council"])
def test_however_many_sit_there_a_page_takes_as_many_statements(town, browse, administrator, queries, address):
    body, division = with_division(administrator)
    reader = browse(administrator)
    reader.get(address)
    services.edit_seats(body.id, "civil", replace(CIVIL, number=29), by=administrator)  # so that both are made anew
    with queries() as few:
        reader.get(address)
    services.edit_seats(body.id, "civil", replace(CIVIL, number=30), by=administrator)
    for _n in range(8):
        appointed(body.id, taking(town.resident()), by=administrator)
    council(administrator, slug="another", parent_id=body.id, kind=BodyKind.DIVISION)
    with queries() as many:
        reader.get(address)
    assert len(many) == len(few)


def test_bodies_are_found_by_their_names(town, browse, administrator):
    council(administrator)
    assert "/bodies/council" in browse().get("/search?q=협치회의").text
    services.edit(1, replace(COUNCIL, name="마을의회"), version=1, by=administrator)
    assert "/bodies/council" in browse().get("/search?q=마을의회").text
