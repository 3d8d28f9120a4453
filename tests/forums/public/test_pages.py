"""The list of forums, the page that announces one, its calendar file, its short code, and who is told elsewhere."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.forums.models import Forum, ForumDuty
from civic_forum.forums.preparing import listing
from civic_forum.forums.questions import services as questions
from civic_forum.forums.registration import services as registering
from civic_forum.forums.registration.rules import RegistrationRequest
from civic_forum.forums.rules import Duty, Form, Place, Stage, Way
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import josa
from tests.common import main_of
from tests.factories import saved
from tests.forums.scene import announced_forum, key, live_forum


def titles_of(answer) -> list[str]:
    found = html.fromstring(answer.text).xpath("//ul[contains(@class,'forum-cards')]//h3/a/text()")
    return [one.strip() for one in found]


def finished(town, days, **facts) -> Forum:
    then = clock.now() - timedelta(days=days)
    return announced_forum(town, starts_at=then, opened_at=then, closed_at=then + timedelta(hours=2), **facts)


@pytest.mark.both
def test_live_ones_stand_first_then_the_next_ones_then_the_latest(town, browse):
    finished(town, 30, title="지난달")
    announced_forum(town, title="다음 달", starts_at=clock.now() + timedelta(days=30))
    finished(town, 3, title="사흘 전")
    announced_forum(town, title="모레", starts_at=clock.now() + timedelta(days=2))
    announced_forum(town, title="준비 중인 것", announced_at=None)
    live_forum(town, title="지금")
    page = browse().get("/forums")
    assert titles_of(page) == ["지금", "모레", "다음 달", "사흘 전", "지난달"] and "D-2" in main_of(page)
    assert titles_of(browse().get("/forums?stage=announced")) == ["모레", "다음 달"]
    assert titles_of(browse().get("/forums?stage=finished")) == ["사흘 전", "지난달"]
    assert browse().get("/forums?stage=preparing").status_code == 400


@pytest.mark.both
@pytest.mark.parametrize(("form", "word"), [("forum", "공론장"), ("meeting", "회의"), ("session", "교육"),
                                            ("visit", "찾아가는 날")])
def test_each_form_has_its_list_and_its_words(town, browse, form, word):
    page = main_of(browse().get(f"/forums?form={form}"))
    assert f"아직 알린 {josa(word, '이/가')} 없어요." in page
    for other in Form:
        announced_forum(town, title=f"모임 {other}", form=other)
    assert len(titles_of(browse().get("/forums"))) == 4
    answer = browse().get(f"/forums?form={form}&stage=announced")
    assert titles_of(answer) == [f"모임 {form}"] and html.fromstring(answer.text).findtext(".//main//h1").strip() == word
    assert f'href="/forums?stage=announced&amp;form={form}"' in answer.text
    assert browse().get("/forums?form=party").status_code == 400


def test_its_page_says_what_it_is_and_who_holds_it(town, browse):
    forum = announced_forum(town, form=Form.VISIT, neighbourhood_id=town.neighbourhood("독산1동").id,
                            department_id=town.department("공원녹지과").id, registration_to=clock.now())
    shown = main_of(browse().get(f"/forums/{forum.slug}"))
    assert "찾아가는 날" in shown and "독산1동" in shown and "공원녹지과" in shown
    assert "찾아가는 날: 무엇부터 밝힐까요?" in browse().get(f"/forums/{forum.slug}/calendar.ics").text.replace("\r\n ", "")


@pytest.mark.both
def test_the_list_is_read_on_without_a_gap_over_all_stages(town):
    same = clock.now() + timedelta(days=2)
    for number in range(7):
        announced_forum(town, title=f"오는 것 {number}", starts_at=same + timedelta(days=number // 2))
        finished(town, number // 2 + 1, title=f"지난 것 {number}")
    live_forum(town, title="지금")
    whole = [card.forum.id for card in listing.listed(listing.FORUMS.of(), limit=50).items]
    read, after = [], None
    while True:
        page = listing.listed(listing.FORUMS.of(), after, limit=3)
        read += [card.forum.id for card in page.items]
        after = page.after
        if after is None:
            break
    assert read == whole and len(whole) == len(set(whole)) == 15
    for wrong in ("x", "W10", "WzEsMl0"):
        with pytest.raises(Invalid):
            listing.listed(listing.FORUMS.of(), wrong)


def test_facts_that_somebody_needs_in_order_to_come_stand_on_its_page(town, browse):
    forum = announced_forum(town, accessibility=["실시간 자막"], recording_note="소리만 녹음해요.",
                            registration_to=clock.now() + timedelta(days=1))
    member = town.resident()
    registering.register(forum.id, RegistrationRequest(Way.ONLINE), by=member)
    questions.ask(forum.id, "주차는 어디에 하나요?", key(), by=member)
    shown = main_of(browse().get(f"/forums/{forum.slug}"))
    for said in (forum.question, forum.place, "D-3", "실시간 자막", "소리만 녹음해요.", "안내", "5분", "주차는 어디에 하나요?",
                 "100자리 가운데 0명", "1,000자리 가운데 1명", "까지 신청할 수 있어요", forum.code):
        assert said in shown


def test_the_calendar_file_says_when_and_where_and_rises_with_each_edit(town, browse):
    forum = announced_forum(town, title="이야기; 나누기, 함께")
    answer = browse().get(f"/forums/{forum.slug}/calendar.ics")
    assert answer.mimetype == "text/calendar" and answer.headers["Content-Disposition"].endswith(f'"{forum.slug}.ics"')
    assert "SUMMARY:이야기\\; 나누기\\, 함께" in answer.text and "SEQUENCE:1" in answer.text
    forum.version = 4
    db.session.commit()
    again = browse().get(f"/forums/{forum.slug}/calendar.ics").text
    assert "SEQUENCE:4" in again
    assert [line for line in again.splitlines() if line.startswith("UID")] == [
        line for line in answer.text.splitlines() if line.startswith("UID")]


def test_a_short_code_leads_to_the_forum_and_any_other_says_so(town, browse):
    forum, page = announced_forum(town, code="482913"), browse()
    assert page.get("/f/482913").location == f"/forums/{forum.slug}"
    assert page.get("/f?code=482913").location == f"/forums/{forum.slug}"
    assert page.get("/f").status_code == 200
    for wrong in ("111111", "48291", "4829131", "abcdef", "%00", "४८२९१३"):
        assert page.get(f"/f?code={wrong}").status_code == 404
        assert page.get(f"/f/{wrong}").status_code == 404
    picture = page.get(f"/forums/{forum.slug}/qr.svg")
    assert picture.mimetype == "image/svg+xml" and b"<svg" in picture.data


def test_the_first_page_leads_to_what_is_live_and_what_comes(town, browse):
    assert "함께 이야기해요" not in browse().get("/").text
    announced_forum(town, title="모레의 공론장")
    assert "모레의 공론장" in browse().get("/").text and "/forums" in browse().get("/").text


@pytest.mark.parametrize(("given", "act"), [
    ({}, "참여 신청하기"), ({"registration_from": timedelta(hours=1)}, "자세히 보기"),
    ({"registration_to": -timedelta(hours=1)}, "자세히 보기")])
def test_the_first_page_asks_to_register_only_while_one_can(town, browse, given, act):
    announced_forum(town, **{name: clock.now() + away for name, away in given.items()})
    page = browse().get("/").text
    assert [one in page for one in ("참여 신청하기", "자세히 보기")] == [one == act for one in ("참여 신청하기", "자세히 보기")]


def test_a_live_forum_comes_first_for_everybody_signed_in_or_not(town, browse):
    scene = live_forum(town)
    for reader in (browse(), browse(town.resident())):
        card = reader.get("/").text.split('class="livecard"')[1]
        assert "지금 이야기 중" in card and f'href="/forums/{scene.forum.slug}"' in card


def test_the_host_opens_it_from_its_page_when_it_is_time(town, browse):
    forum, host = announced_forum(town, starts_at=clock.now() + timedelta(minutes=20)), town.resident()
    saved(ForumDuty(forum_id=forum.id, duty=Duty.HOST, user_id=host.id))
    assert "공론장 시작하기" not in browse(town.resident()).get(f"/forums/{forum.slug}").text
    page = browse(host)
    assert "공론장 시작하기" in page.get(f"/forums/{forum.slug}").text
    assert browse(town.resident()).post(f"/forums/{forum.slug}/opening").status_code == 403
    assert page.post(f"/forums/{forum.slug}/opening").location == f"/forums/{forum.slug}/host"
    db.session.rollback()
    assert db.session.scalar(sa.select(Forum)).stage is Stage.LIVE


@pytest.mark.both
def test_at_a_live_forum_everybody_is_shown_how_to_take_part(town, browse):
    scene = live_forum(town)
    there, late = scene.person(), scene.person()
    db.session.execute(sa.text("UPDATE forum_registration SET came_at = NULL WHERE user_id = :who"), {"who": late.id})
    db.session.commit()
    address = f"/forums/{scene.forum.slug}"
    stranger, newcomer = browse(), browse(town.resident())
    for client in (stranger, newcomer):
        assert "온라인으로 들어가기" in main_of(client.get(address))
    assert stranger.post(f"{address}/registration", data={"way": "online"}).status_code == 401
    assert newcomer.post(f"{address}/registration", data={"way": "online"}).location == address
    assert "지금은 보기만" not in main_of(newcomer.get(address))
    assert "자리를 기다리고 있어요" in main_of(browse(scene.person(place=Place.WAITING)).get(address))
    assert "들어왔어요" in main_of(browse(late).get(address)) and "들어왔어요" not in main_of(browse(there).get(address))
    assert browse(late).post(f"{address}/arrivals", data={"back": "", "key": "a" * 16}).status_code == 303
    assert "들어왔어요" not in main_of(browse(late).get(address))
