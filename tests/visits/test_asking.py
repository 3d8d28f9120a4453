"""Residents ask for a visit; the office says yes with a day, or no with a reason."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.forums.models import Forum
from civic_forum.forums.rules import Form, Stage
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.waiting import Staff
from civic_forum.visits import own_data, queries, services
from civic_forum.visits.models import VisitRequest
from civic_forum.visits.parts import Asking
from tests.common import form_of, main_of, stamp
from tests.factories import count
from tests.forums.preparing.test_visits import decided
from tests.forums.scene import announced_forum
from tests.racing import all_at_once

WHY, WHERE = "아침에 차와 아이들이 섞여요.", "초등학교 뒷문 앞"


def asked(town, by=None, names=14, **facts) -> VisitRequest:
    place = facts.pop("place", None) or town.neighbourhood()
    return services.ask(Asking(neighbourhood_id=place.id, place=WHERE, why=WHY, names=names), by=by or town.resident())


@pytest.mark.both
def test_a_request_gets_a_yes_with_a_day_and_everybody_reads_it(town, browse):
    resident, clerk = town.resident(), town.clerk()
    page, desk = browse(resident), browse(clerk)
    typed = form_of(page, "/visits/ask") | {
        "neighbourhood_id": str(town.neighbourhood().id), "place": WHERE, "why": WHY, "names": "14"}
    for wrong in ({"names": "4"}, {"names": "여럿"}, {"neighbourhood_id": ""}, {"neighbourhood_id": "999"},
                  {"why": "가" * 501}, {"place": ""}, {"why": "제 번호는 900101-1234568이에요."}):
        assert page.post("/visits/ask", data=typed | wrong).status_code == 422, wrong
    assert count(VisitRequest) == 0
    assert page.post("/visits/ask", data=typed).status_code == 303
    assert page.post("/visits/ask", data=typed).status_code == 409 and count(VisitRequest) == 1
    request = db.session.scalars(sa.select(VisitRequest)).one()
    here = f"/desk/visits/{request.id}"
    waits = main_of(browse().get("/visits"))
    assert "답을 기다려요" in waits and "14명이 청함" in waits and WHERE not in waits and WHY not in waits
    assert here in desk.get("/desk").text and WHERE in main_of(desk.get(here))
    starts = clock.now() + timedelta(days=15)
    sent = form_of(desk, here) | {"verdict": "agree", "starts_at": stamp(starts), "shows": "y",
                                  "ends_at": stamp(starts + timedelta(hours=1))}
    for wrong in ({"verdict": ""}, {"starts_at": stamp(clock.now() - timedelta(days=1))}, {"ends_at": ""}):
        assert desk.post(here, data=sent | wrong).status_code == 422, wrong
    assert count(Forum) == 0
    answer = desk.post(here, data=sent)
    assert answer.status_code == 303 and desk.post(here, data=sent).status_code == 409
    db.session.rollback()
    visit = db.session.scalars(sa.select(Forum)).one()
    assert (visit.form, visit.stage, visit.neighbourhood_id) == (Form.VISIT, Stage.PREPARING, town.neighbourhood().id)
    assert answer.location == f"/desk/forums/{visit.slug}" and desk.get(answer.location).status_code == 200
    shown = browse().get("/visits").text
    assert "찾아가요" in shown and WHERE in shown and WHY in shown and f"/forums/{visit.slug}" not in shown
    told = db.session.scalars(sa.select(Notice).filter_by(user_id=resident.id)).one()
    assert told.step == "visit_answered" and told.url == "/visits"
    assert here not in desk.get("/desk").text


@pytest.mark.both
def test_a_no_says_why_and_when_to_ask_again_and_lateness_is_public(town, browse, monkeypatch):
    resident, clerk = town.resident(), town.clerk()
    request = asked(town, by=resident)
    now, today = clock.now(), local(clock.now()).date()
    monkeypatch.setattr(clock, "read", lambda: now + timedelta(days=17))
    assert "3일 늦었어요" in main_of(browse().get("/visits"))
    for why, again_on in (("", None), ("결과가 먼저 나와야 해요.", today)):
        with pytest.raises(Refusal):
            services.decline(request.id, why, again_on, shows=True, by=clerk)
        db.session.rollback()
    services.decline(request.id, "결과가 먼저 나와야 해요.", today + timedelta(days=40), shows=False, by=clerk)
    shown = main_of(browse().get("/visits"))
    assert "결과가 먼저 나와야 해요." in shown and "부터 다시 청할 수 있어요" in shown and WHY not in shown
    with pytest.raises(Conflict):
        services.agree(request.id, now + timedelta(days=40), now + timedelta(days=41), shows=True, by=clerk)
    db.session.rollback()
    assert asked(town, by=resident).answered_at is None


@pytest.mark.both
def test_holders_of_visits_and_clerks_of_the_place_answer(town):
    parks, roads = town.department("공원녹지과"), town.department("도로과")
    announced_forum(town, form=Form.VISIT, department_id=parks.id)
    request, again = asked(town), clock.now() + timedelta(days=3)
    today = local(clock.now()).date()
    elsewhere = town.clerk(neighbourhood=town.neighbourhood("독산1동"))
    for nobody in (town.resident(), town.official(department=roads), elsewhere):
        with pytest.raises(Denied):
            services.agree(request.id, again, again + timedelta(hours=1), shows=True, by=nobody)
        db.session.rollback()
        assert not db.session.execute(queries.waiting(Staff.of(nobody, today))).all()
    official = town.official(department=parks)
    assert len(db.session.execute(queries.waiting(Staff.of(official, today))).all()) == 1
    visit = services.agree(request.id, again, again + timedelta(hours=1), shows=True, by=official)
    assert visit.department_id == parks.id


@pytest.mark.both
def test_one_request_waits_for_each_person_and_neighbourhood(app, town):
    resident, here, there = town.resident(), town.neighbourhood(), town.neighbourhood("독산1동")
    resident_id, asking = resident.id, Asking(neighbourhood_id=here.id, place=WHERE, why=WHY, names=14)
    db.session.rollback()
    answers = all_at_once(app, *[lambda: services.ask(asking, by=db.session.get_one(User, resident_id))] * 3)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Conflict", "VisitRequest"]
    asked(town, by=resident, place=there)
    decided(VISIT_NAMES=20)
    with pytest.raises(Refusal, match="20명부터"):
        asked(town)
    db.session.rollback()
    assert [one["names"] for one in own_data.collect(resident)] == [14, 14]
    own_data.erase(resident, db.session)
    db.session.commit()
    assert count(VisitRequest) == 0


def test_the_list_of_visits_says_how_many_neighbourhoods_were_visited(town, browse):
    here, now = town.neighbourhood(), clock.now()
    town.neighbourhood("독산1동")
    held = {"starts_at": now - timedelta(minutes=90), "opened_at": now - timedelta(minutes=90), "closed_at": now,
            "form": Form.VISIT, "neighbourhood_id": here.id}
    announced_forum(town, **held)
    announced_forum(town, **held | {"announced_at": None, "is_closed": True})
    announced_forum(town, form=Form.VISIT, neighbourhood_id=town.neighbourhood("독산1동").id)
    assert "올해 찾아간 날" in main_of(browse().get("/forums?form=visit"))
    decided(VISITS_A_YEAR=1)
    shown = html.fromstring(browse().get("/forums?form=visit").text).xpath("//main")[0].text_content()
    assert "동 가운데 1동에 다녀왔어요" in shown and "동마다 1번 이상 가기로 했어요" in shown
    assert "찾아와 달라고 청하기" in shown and "다녀왔어요" not in main_of(browse().get("/forums"))
