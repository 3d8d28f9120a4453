"""Members come and go by two people: one proposes, another one who saw the same approves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.blocks.seats import MemberFunction
from civic_forum.bodies import services
from civic_forum.bodies.models import MemberChange, Membership
from civic_forum.bodies.queries import today
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.factories import count
from tests.racing import all_at_once

from .making import CIVIL, COUNCIL, another, appointed, council, left, taking
from .test_pages import text_of


@pytest.fixture
def administrator(town):
    return town.administrator()


@pytest.fixture
def secretary(town):
    return town.resident()


@pytest.fixture
def body(town, administrator, secretary):
    """A body of the traffic department, with its secretary."""
    made = council(administrator, department_id=town.department().id)
    appointed(made.id, taking(secretary, function=MemberFunction.SECRETARY), by=administrator)
    return made


def test_nobody_sits_there_before_an_official_of_the_department_agrees(town, body, secretary):
    member, official = town.resident(), town.official()
    waits = services.appoint(body.id, taking(member), by=secretary)
    assert count(Membership) == 1 and count(Notice) == 1
    for user in (secretary, member, town.moderator(), town.clerk(), town.official(department=town.department("청소과"))):
        with pytest.raises(Denied):
            services.approve(waits.id, by=user)
    made = services.approve(waits.id, by=official)
    assert (made.user_id, made.consent) == (member.id, None) and count(MemberChange) == 0 and count(Notice) == 2
    with pytest.raises(NotFound):
        services.approve(waits.id, by=official)


def test_neither_the_proposer_nor_the_member_is_the_second_person(town, body, administrator):
    official = town.official()
    own = services.appoint(body.id, taking(official), by=administrator)
    for user in (administrator, official):
        with pytest.raises(Denied):
            services.approve(own.id, by=user)
    twin = town.administrator(email="mine@example.org")
    db.session.get_one(User, administrator.id).email = "mine@example.org"
    db.session.commit()
    with pytest.raises(Denied, match="다른 사람이 확인"):
        services.approve(own.id, by=twin)
    with pytest.raises(Denied, match="내 일을"):
        services.appoint(body.id, taking(twin, seat="civil"), by=twin)


@pytest.mark.both
def test_a_proposal_is_void_once_something_that_was_shown_changed(town, body, secretary, administrator):
    official = town.official()
    waits = services.appoint(body.id, taking(name="느티나무"), by=secretary)
    with pytest.raises(Conflict, match="화면을 연 뒤"):
        services.approve(waits.id, seen=b"something else", by=official)
    services.edit_seats(body.id, "civil", replace(CIVIL, name="주민 위원"), by=administrator)
    with pytest.raises(Conflict, match="그 뒤에 내용이 바뀌었어요"):
        services.approve(waits.id, by=official)
    services.edit_seats(body.id, "civil", CIVIL, by=administrator)
    clock.shift(15 * 24 * 3600)
    with pytest.raises(Conflict, match="시간이 지났어요"):
        services.approve(waits.id, by=official)
    assert count(Membership) == 1


@pytest.mark.both
def test_a_secretary_who_is_none_any_more_has_proposed_nothing(town, body, secretary, administrator):
    waits = services.appoint(body.id, taking(name="느티나무"), by=secretary)
    [sitting] = db.session.query(Membership)
    sitting.until, sitting.begins = today() - timedelta(days=1), today() - timedelta(days=9)
    db.session.commit()
    with pytest.raises(Denied, match="먼저 한 사람에게"):
        services.approve(waits.id, by=town.official())


@pytest.mark.both
def test_a_term_ends_early_when_two_agree_and_once(town, body, secretary, administrator):
    member = town.resident()
    made = appointed(body.id, taking(member), by=administrator)
    waits = services.end(made.id, today(), "이사했어요.", by=secretary)
    assert db.session.get_one(Membership, made.id).end_reason is None
    with pytest.raises(Conflict, match="이미 제안했어요"):
        services.end(made.id, today(), "또 이사했어요.", by=administrator)
    with pytest.raises(Refusal):
        services.withdraw(waits.id, by=town.official())
    services.withdraw(waits.id, "그날은 회의가 있어요.", by=town.official())
    db.session.rollback()
    [notice] = db.session.query(Notice).filter_by(user_id=secretary.id, step="member_change_refused")
    assert notice.details == {"why": "그날은 회의가 있어요."} and notice.url == f"/bodies/{body.slug}"
    left(made.id, today(), "이사했어요.", by=secretary)
    assert (made.until, made.end_reason) == (today(), "이사했어요.")
    own = db.session.query(Membership).filter_by(user_id=secretary.id).one()
    with pytest.raises(Denied, match="내 일을"):
        services.end(own.id, today(), "그만둘게요.", by=secretary)


@pytest.mark.both
def test_of_two_who_approve_at_once_one_does(app, town, body, secretary, administrator):
    waits = services.appoint(body.id, taking(name="느티나무"), by=secretary).id
    numbers = [another(secretary).id, town.official().id]
    answers = all_at_once(app, *(lambda number=number: services.approve(
        waits, by=db.session.get_one(User, number)) for number in numbers))
    assert sorted(type(answer).__name__ for answer in answers) == ["Membership", "NotFound"]
    assert count(Membership) == 2


@pytest.mark.both
def test_the_database_keeps_a_change_from_waiting_twice(town, body, secretary, administrator):
    member = town.resident().sign_in_name
    services.appoint(body.id, taking(sign_in_name=member), by=secretary)
    with pytest.raises(Conflict, match="이미 제안했어요"):
        services.appoint(body.id, taking(sign_in_name=member), by=administrator)
    assert count(MemberChange) == 1


def test_closing_takes_back_what_waits_and_leaving_too(town, body, secretary, administrator):
    member = town.resident()
    services.appoint(body.id, taking(member), by=secretary)
    PERSONAL_DATA["memberships"].erase(member, db.session)
    db.session.commit()
    assert count(MemberChange) == 0
    services.appoint(body.id, taking(name="느티나무"), by=secretary)
    services.close(body.id, seen=1, by=administrator)
    assert count(MemberChange) == 0


@pytest.mark.both
def test_an_official_finds_it_at_the_desk_and_approves_or_turns_it_down(town, browse, body, secretary):
    official = browse(town.official())
    for act in ("/withdrawal", ""):
        services.appoint(body.id, taking(name="느티나무"), by=secretary)
        [address] = html.fromstring(official.get("/desk").text).xpath("//a[contains(@href, '/changes/')]/@href")
        page = official.get(address)
        assert "새 위원 승인: 느티나무" in text_of(page) and "위원이 아니에요" in text_of(page)
        [seen] = html.fromstring(page.text).xpath("//input[@name='seen']/@value")
        sent = {"seen": "00" if not act else "", "reason": "다른 분이 있어요."}
        assert official.post(address + act, data=sent).status_code == (303 if act else 409)
        assert act or official.post(address, data={"seen": seen}).status_code == 303
        assert official.get(address).status_code == 404
    assert count(Membership) == 2
    assert "새로 왔어요" in text_of(browse().get("/bodies/council"))


def test_a_change_stands_at_the_address_of_its_body_alone(town, browse, body, secretary, administrator):
    waits = services.appoint(body.id, taking(name="느티나무"), by=secretary).id
    council(administrator, replace(COUNCIL, name="다른 위원회"), "other")
    assert browse(administrator).get(f"/desk/bodies/other/changes/{waits}").status_code == 404
    page = browse(secretary).get(f"/desk/bodies/council/changes/{waits}")
    assert "다른 사람의 승인을 기다려요" in text_of(page) and "승인하기" not in text_of(page)
