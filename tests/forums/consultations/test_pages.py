"""A consultation in the hall on pages: put there, answered by form and by script, drawn as pieces."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.forums.fragments import puts
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.tables.models import Note
from civic_forum.opinions.models import Statement
from civic_forum.opinions.rules import Audience, Basis
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved
from tests.forums.scene import key, live_forum
from tests.opinions.making import consultation, participants
from tests.opinions.published import result

from .test_services import answer, put_up

JSON = {"Accept": "application/json"}


def drawn(scene, app, after=0):
    db.session.rollback()
    events = db.session.scalars(sa.select(ForumEvent).where(ForumEvent.number > after).order_by(ForumEvent.number))
    with app.test_request_context():
        return {put.id: put.html for put in puts(scene.forum, events.all())}


def test_from_putting_it_up_to_taking_it_away_by_forms_without_script(town, browse):
    scene, asked = live_forum(town), consultation()
    host, page, address = browse(scene.host), browse(scene.person()), f"/forums/{scene.forum.slug}"
    assert asked.title in host.get(f"{address}/host?tab=pulse").text and asked.question not in page.get(address).text
    sent = host.post(f"{address}/consultation", data={"consultation": asked.slug, "key": key(), "back": "/host"})
    assert sent.status_code == 303 and sent.location.endswith("/host?tab=pulse#consultation")
    shown = page.get(address).text
    number = re.search(r'name="statement" value="(\d+)"', shown)[1]
    assert asked.question in shown and 'name="then" value="forums/' in shown
    sent = page.post(f"/consultations/{asked.slug}/responses",
                     data={"statement": number, "value": "1", "then": f"forums/{scene.forum.slug}"})
    assert sent.status_code == 303 and sent.location == f"{address}?tab=pulse#consultation"
    assert re.search(r'name="statement" value="(\d+)"', page.get(address).text)[1] != number
    assert host.post(f"{address}/consultation/end", data={"back": "/host"}).status_code == 303
    assert asked.question not in page.get(address).text


@pytest.mark.in_turns(of=5)
def test_the_script_gets_the_next_statement_also_without_an_account(town, browse):
    scene, asked = put_up(town)
    page, then = browse(), f"forums/{scene.forum.slug}"
    assert f'data-own="/consultations/{asked.slug}/answer?then={then}"' in page.get(f"/{then}").text
    for left in range(6, 0, -1):
        piece = page.get(f"/consultations/{asked.slug}/answer?then={then}", headers=JSON).json
        assert piece["id"] == "hall-answer" and f"{left}개 남았어요" in piece["html"]
        number = re.search(r'name="statement" value="(\d+)"', piece["html"])[1]
        sent = page.post(f"/consultations/{asked.slug}/responses",
                         data={"statement": number, "value": "-1", "then": then}, headers=JSON)
        assert sent.status_code == 204
    assert "모두 답했어요" in page.get(f"/consultations/{asked.slug}/answer?then={then}", headers=JSON).json["html"]
    db.session.rollback()
    assert participants() == [(Basis.DEVICE, 6)]


def test_a_refusal_is_said_to_the_script(town, browse):
    scene, asked = put_up(town)
    db.session.execute(sa.update(Statement).filter_by(number=1).values(hidden_at=clock.now(), hidden_rule="off_topic"))
    db.session.commit()
    sent = browse(scene.person()).post(f"/consultations/{asked.slug}/responses",
                                       data={"statement": "1", "value": "1", "then": "forums/x"}, headers=JSON)
    assert sent.status_code == 409 and "빠진 의견" in sent.json["detail"]


def test_an_answer_leads_back_to_a_hall_and_nowhere_else(town, browse):
    _scene, asked = put_up(town)
    sent = browse().post(f"/consultations/{asked.slug}/responses",
                         data={"statement": "1", "value": "1", "then": "forums/../evil.example"})
    assert sent.location == f"/consultations/{asked.slug}/answer?last=1"


def test_somebody_who_may_not_answer_reads_why(town, browse):
    scene, asked = put_up(town, audience=Audience.VERIFIED)
    shown = browse(scene.person()).get(f"/forums/{scene.forum.slug}").text
    assert "주민 확인을 받은 뒤에" in shown and 'data-live="statement"' not in shown
    assert asked.question in shown


def test_pieces_are_the_same_for_all_and_few(town, app):
    scene, asked = put_up(town)
    assert set(drawn(scene, app)) == {"consultation-now", "consultation-host", "consultation-result"}
    answer(asked, scene.people(10))
    found = drawn(scene, app, after=1)
    assert set(found) == {"consultation-count"} and "답이 10개" in found["consultation-count"]


def test_the_screen_shows_words_first_and_then_the_map(town, browse):
    scene, asked = put_up(town)
    assert "아직 결과가 없어요" in browse().get(f"/forums/{scene.forum.slug}/projector").text
    result(asked)
    shown = browse().get(f"/forums/{scene.forum.slug}/projector").text
    assert shown.index("서로 달라도 같은 생각") < shown.index("생각이 갈린 곳") < shown.index('class="opinion-map"')
    assert "서로 달라도 같은 생각" in browse().get(f"/forums/{scene.forum.slug}").text


@pytest.mark.both
def test_a_table_host_sends_a_note_by_the_button_of_the_table(town, browse):
    scene, asked = put_up(town)
    guide = scene.person()
    table = scene.table(3, guide)
    note = saved(Note(table_id=table.id, user_id=guide.id, text="등을 더 낮게 달아요.", at=clock.now())).id
    scene.forum.tables_opened_at, scene.forum.tables_minutes = clock.now(), 10
    db.session.commit()
    page, address = browse(guide), f"/forums/{scene.forum.slug}/tables/3"
    assert f'formaction="{address}/statements"' in page.get(address).text
    assert page.post(f"{address}/statements", data={"back": "/tables/3"}).status_code == 422
    assert page.post(f"{address}/statements", data={"note": note, "back": "/tables/3"}).status_code == 303
    db.session.rollback()
    made = db.session.query(Statement).order_by(Statement.number.desc()).first()
    shown = browse(scene.person()).get(f"/consultations/{asked.slug}/answer?statement={made.number}").text
    assert made.text in shown and "공론장의 한 테이블이 쓴 의견이에요" in shown
