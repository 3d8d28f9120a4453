"""Pulses on pages: asked, answered, counted and closed by forms; bars as pieces."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.forums.models import ForumEvent
from civic_forum.forums.pulses import services as pulses
from civic_forum.forums.pulses.models import Pulse
from civic_forum.forums.rules import PulseKind
from civic_forum.forums.fragments import puts
from civic_forum.platform.base import db
from tests.forums.scene import key, live_forum

JSON = {"Accept": "application/json"}


def drawn(scene, app, after=0):
    events = db.session.scalars(sa.select(ForumEvent).where(ForumEvent.number > after).order_by(ForumEvent.number))
    with app.test_request_context():
        return {put.id: put.html for put in puts(scene.forum, events.all())}


@pytest.mark.both
def test_from_opening_to_closing_by_forms_without_script(town, browse):
    scene = live_forum(town)
    host, page, address = browse(scene.host), browse(scene.person()), f"/forums/{scene.forum.slug}"
    sent = host.post(f"{address}/pulses",
                     data={"kind": "yes_no_unsure", "text": "그런가요?", "key": key(), "back": "/host"})
    assert sent.status_code == 303 and sent.location.endswith("/host?tab=pulse#pulse")
    db.session.rollback()
    pulse = db.session.scalar(sa.select(Pulse.id))
    shown = page.get(address).text
    assert "투표가 아니에요" in shown and f'action="{address}/pulses/{pulse}/answers"' in shown
    assert page.post(f"{address}/pulses/{pulse}/answers", data={"value": "yes"}).location.endswith("#pulse")
    shown = page.get(address).text
    assert re.search(r'value="yes"[^>]*aria-pressed="true"', shown) and "100%" in shown
    assert host.post(f"{address}/pulses/hands", data={"yes": "12", "no": "", "unsure": "3", "back": "/host"}
                     ).status_code == 303
    assert "손 든 사람은 15명이에요" in browse().get(address).text
    assert host.post(f"{address}/pulses/{pulse}/end", data={"back": "/host"}).status_code == 303
    shown = page.get(address).text
    assert "에 마쳤어요" in shown and f"{pulse}/answers" not in shown and "<b>81%</b> 13" in shown
    assert page.post(f"{address}/pulses/{pulse}/answers", data={"value": "no"}, headers=JSON).status_code == 403


def test_refusals_come_back_beside_the_form(town, browse):
    scene = live_forum(town)
    host, address = browse(scene.host), f"/forums/{scene.forum.slug}"
    sent = host.post(f"{address}/pulses", data={"text": "그런가요?", "back": "/host"})
    assert sent.status_code == 422 and "설문인지 골라" in sent.text
    pulse = pulses.begin(scene.forum.id, PulseKind.YES_NO_UNSURE, "그런가요?", by=scene.host).id
    for hands in ("-1", "1.5", "many", "1001"):
        sent = host.post(f"{address}/pulses/hands", data={"yes": hands, "back": "/host"})
        assert sent.status_code == 422 and "숫자로 적어" in sent.text
    assert browse(town.resident()).post(f"{address}/pulses/{pulse}/answers", data={"value": "yes"}, headers=JSON
                                        ).status_code == 403


@pytest.mark.both
def test_after_many_answers_the_bars_are_drawn_once_and_nothing_else(town, app):
    scene = live_forum(town)
    pulse = pulses.begin(scene.forum.id, PulseKind.YES_NO_UNSURE, "그런가요?", by=scene.host)
    assert set(drawn(scene, app)) == {"pulse-now", "pulse-host"}
    for n, by in enumerate(scene.people(3)):
        pulses.answer(scene.forum.id, pulse.id, ("yes", "no", "yes")[n], by=by)
    there = drawn(scene, app, after=1)
    assert set(there) == {"pulse-bars"}
    assert 'value="2" max="3"' in " ".join(there["pulse-bars"].split()) and "style=" not in there["pulse-bars"]
    assert len(there["pulse-bars"].encode()) < 1500


def test_a_word_is_shown_as_text_and_taken_out_on_the_page_too(town, browse, app):
    scene = live_forum(town)
    pulse = pulses.begin(scene.forum.id, PulseKind.WORD, "한 낱말로요?", by=scene.host)
    address, page = f"/forums/{scene.forum.slug}", browse(scene.person())
    assert page.post(f"{address}/pulses/{pulse.id}/answers", data={"value": "<b>밝게</b>"},
                     headers=JSON).status_code == 204
    shown = page.get(address).text
    assert "&lt;b&gt;밝게&lt;/b&gt;" in shown and "<b>밝게</b>" not in shown
    sent = browse(scene.host).post(f"{address}/pulses/{pulse.id}/words", data={"word": "<b>밝게</b>", "why": "글이 아니에요."})
    assert sent.status_code == 303
    db.session.expire_all()
    assert "밝게" not in drawn(scene, app, after=2)["pulse-bars"] and "글이 아니에요." in browse().get(address).text


def test_a_table_host_counts_hands_and_types_a_question_in_the_hall(town, browse):
    scene = live_forum(town)
    guide = scene.person()
    table = scene.table(3, guide).id
    page, address = browse(guide), f"/forums/{scene.forum.slug}"
    shown = page.get(address).text
    assert f'name="table" value="{table}"' in shown and 'name="table"' not in browse(scene.person()).get(address).text
    sent = page.post(f"{address}/pulses/hands", data={"table": table, "yes": "2"})
    assert sent.status_code == 409 and "열린 설문이 없어요" in sent.text
    pulses.begin(scene.forum.id, PulseKind.YES_NO_UNSURE, "그런가요?", by=scene.host)
    assert page.post(f"{address}/pulses/hands", data={"table": table, "yes": "2"}).status_code == 303
    assert page.post(f"{address}/questions/typed", data={"table": table, "name": "은행나무 할머니", "text": "들리나요?"}
                     ).status_code == 303
    shown = browse().get(address).text
    assert "손 든 사람은 2명" in shown and "은행나무 할머니" in shown and "3번 테이블에서 대신 입력" in shown


def test_a_press_of_somebody_who_looks_on_leads_to_signing_in(town, browse):
    scene = live_forum(town)
    pulse = pulses.begin(scene.forum.id, PulseKind.YES_NO_UNSURE, "그런가요?", by=scene.host).id
    address, form = f"/forums/{scene.forum.slug}", re.compile(r'<form class="answers" ([^>]*)>\s*(<input[^>]*>)?')
    said, first = form.search(browse().get(address).text).groups()
    assert 'method="get" action="/sign-in"' in said and first == f'<input type="hidden" name="next" value="{address}">'
    said, first = form.search(browse(scene.person()).get(address).text).groups()
    assert f'action="{address}/pulses/{pulse}/answers"' in said and "csrf_token" in first
