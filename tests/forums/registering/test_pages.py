"""The pages on which somebody registers, and on which those who prepare the forum see who comes."""

from datetime import timedelta

import pytest
from lxml import html

from civic_forum.forums.registration import queries
from civic_forum.forums.registration import services as registering
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.registration.rules import RegistrationRequest
from civic_forum.forums.rules import AgeGroup, Place, Way
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.common import main_of
from tests.forums.scene import announced_forum, live_forum, registration


def here(forum) -> str:
    return f"/forums/{forum.slug}/registration"


@pytest.mark.both
def test_a_resident_registers_changes_their_mind_and_withdraws(town, browse):
    forum, user, place = announced_forum(town, accessibility=["실시간 자막", "수어 통역"],
                                         recording_note="동의한 분만 나와요."), town.resident(), town.neighbourhood("독산2동")
    page = browse(user)
    shown = page.get(here(forum))
    assert "100자리 남았어요" in main_of(shown) and "수어 통역" in main_of(shown)
    assert not html.fromstring(shown.text).xpath("//input[@name='consents' and @checked]")
    sent = page.post(here(forum), data={"way": "on_site", "needs": ["수어 통역"], "words": "휠체어로 가요",
                                        "age_group": "65+", "neighbourhood": str(place.id)})
    assert sent.status_code == 303
    shown = main_of(page.get(here(forum)))
    assert "현장 자리를 받았어요" in shown and "지금은 동의하지 않았어요" in shown and "휠체어로 가요" in shown
    assert page.post(f"{here(forum)}/consent", data={"given": "yes"}).status_code == 303
    assert "지금은 동의했어요" in main_of(page.get(here(forum)))
    assert "자리를 받았어요" in main_of(page.get(f"/forums/{forum.slug}"))
    assert page.post(f"{here(forum)}/withdrawal").status_code == 303
    db.session.rollback()
    one = queries.of(forum.id, user.id)
    assert one.place is Place.WITHDRAWN and one.needs_sealed is None and one.age_group is None
    assert "참여 신청하기" in main_of(page.get(f"/forums/{forum.slug}"))


@pytest.mark.both
@pytest.mark.parametrize(("sent", "said"), [
    ({}, "하나를 골라 주세요"), ({"way": "by_boat"}, "하나를 골라 주세요"),
    ({"way": "online", "age_group": "7"}, "하나를 골라 주세요"),
    ({"way": "online", "neighbourhood": "99999"}, "목록에 있는 동만"),
    ({"way": "online", "neighbourhood": "x"}, "목록에 있는 동만"),
    ({"way": "online", "words": "가" * 301}, "300자까지"),
])
def test_a_fault_is_said_at_its_field(town, browse, sent, said):
    forum = announced_forum(town)
    answer = browse(town.resident()).post(here(forum), data=sent)
    assert answer.status_code == 422 and said in main_of(answer)
    db.session.rollback()
    assert db.session.query(Registration).count() == 0


def test_at_the_door_of_a_live_forum_somebody_comes_straight_in(town, browse):
    scene = live_forum(town)
    sent = browse(town.resident()).post(here(scene.forum), data={"way": "online"})
    assert sent.status_code == 303 and sent.location == f"/forums/{scene.forum.slug}"
    member = scene.town.resident()
    registering.register(scene.forum.id, RegistrationRequest(Way.ONLINE), by=member)
    page = browse(member)
    assert page.post(f"/forums/{scene.forum.slug}/arrivals", headers={"Accept": "application/json"}).status_code == 204


def test_those_who_wait_see_how_many_are_before_them(town, browse):
    forum = announced_forum(town, online_places=1, on_site_places=0)
    users = [town.resident() for _one in range(3)]
    for user in users:
        registering.register(forum.id, RegistrationRequest(Way.ONLINE), by=user)
    assert "앞에 1명이 있어요" in main_of(browse(users[2]).get(f"/forums/{forum.slug}"))
    assert "맨 앞에 있어요." in main_of(browse(users[1]).get(here(forum)))


@pytest.mark.both
def test_those_who_prepare_see_who_comes_and_open_needs_after_a_reason(town, browse):
    forum, user = announced_forum(town, accessibility=["실시간 자막"]), town.resident(nickname="달빛산책")
    one = registering.register(forum.id, RegistrationRequest(Way.ONLINE, ("실시간 자막",), "앞자리가 필요해요"), consents=True,
                               by=user)
    page, desk = browse(town.moderator()), f"/desk/forums/{forum.slug}/registrations"
    shown = main_of(page.get(desk))
    assert "달빛산책" in shown and "녹화에 동의함" in shown and "앞자리" not in shown
    assert page.post(f"{desk}/{one.id}", data={"reason": "자"}).status_code == 422
    assert "앞자리가 필요해요" in main_of(page.post(f"{desk}/{one.id}", data={"reason": "자리를 준비하려고"}))
    assert page.post(f"{desk}/{one.id}/withdrawals", data={"reason": "겹쳤어요"}).status_code == 303
    assert "달빛산책" in main_of(page.get(f"{desk}?place=withdrawn"))
    assert page.get(f"{desk}/999").status_code == 404
    for stranger in (user, town.official(), town.clerk()):
        assert browse(stranger).get(desk).status_code == 403


@pytest.mark.in_turns(of=5)
def test_pages_take_the_same_few_statements_for_ten_and_a_hundred(town, browse, queries):
    forum, moderator, user = announced_forum(town), town.moderator(), town.resident()

    def people(number):
        now = clock.now() - timedelta(hours=1)
        for _one in range(number):
            registration(forum, town.resident(), asked_at=now, age_group=AgeGroup.TO_39)

    def counted():
        seen = {}
        for address, who, most in ((f"/forums/{forum.slug}", None, 7), ("/forums", None, 6),
                                   (f"/forums/{forum.slug}", user, 9), (here(forum), user, 9),
                                   (f"/desk/forums/{forum.slug}/registrations", moderator, 9)):
            page = browse(who)
            page.get(address)
            with queries() as sent:
                assert page.get(address).status_code == 200
            assert len(sent) <= most, (address, sent)
            seen[address, who and who.id] = len(sent)
        return seen

    people(10)
    few = counted()
    people(30)
    assert counted() == few
