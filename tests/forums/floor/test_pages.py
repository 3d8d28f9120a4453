"""The floor through its addresses: with script and without, for whom it is, and what is drawn again."""

import pytest
import sqlalchemy as sa

from civic_forum.forums import fragments
from civic_forum.forums.floor import programme
from civic_forum.forums.floor import queries as floors
from civic_forum.forums.floor import services as asking
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.rules import RequestState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, speaking
from tests.forums.scene import key

BY_SCRIPT = {"Accept": "application/json"}


def post(browser, scene, path, headers=None, **form):
    answer = browser.post(f"/forums/{scene.forum.slug}/{path}", data=form, headers=headers or {})
    db.session.rollback()
    db.session.expire_all()
    return answer


def line(scene):
    return [one.request.id for one in floors.read(scene.forum, clock.now()).line]


def test_asking_by_script_by_form_and_twice(scene, browse):
    browser, sent = browse(scene.person()), key()
    for _ in range(2):
        assert post(browser, scene, "floor/requests", BY_SCRIPT, topic="길", key=sent).status_code == 204
    again = post(browser, scene, "floor/requests", BY_SCRIPT, key=key())
    assert (again.status_code, again.json["detail"]) == (409, "이미 발언을 신청했어요. 내 차례는 발언 순서에서 볼 수 있어요.")
    plain = post(browse(scene.person()), scene, "floor/requests", back="", key=key())
    assert (plain.status_code, plain.location) == (303, f"/forums/{scene.forum.slug}#floor")
    assert len(line(scene)) == 2


@pytest.mark.in_turns(of=5)
def test_a_refusal_stands_beside_the_form_with_what_was_typed(scene, browse):
    page = post(browse(scene.person()), scene, "floor/requests", topic="골목", for_group="모임", group_size="둘")
    assert page.status_code == 422
    assert "숫자로 적어 주세요." in page.text and 'value="골목"' in page.text


def test_taking_back_by_form(scene, browse):
    ann = scene.person()
    asking.ask(scene.forum.id, by=ann)
    browser = browse(ann)
    assert post(browser, scene, "floor/withdrawals", BY_SCRIPT, key=key()).status_code == 204
    assert post(browser, scene, "floor/withdrawals", BY_SCRIPT, key=key()).status_code == 404
    assert line(scene) == []


@pytest.mark.both
def test_the_host_leads_by_forms(scene, browse):
    requests = [asking.ask(scene.forum.id, by=scene.person()) for _ in range(4)]
    ids = [one.id for one in requests]
    browser = browse(scene.host)
    def lead(path, **form):
        answer = post(browser, scene, path, BY_SCRIPT, key=key(), **form)
        assert answer.status_code == 204, answer.json
    running = lambda: db.session.scalar(sa.select(Turn.id).filter_by(ended_at=None)) or ""
    lead("floor/moves", request=ids[3], to="1", why="먼저 나왔어요")
    lead("floor/passes", request=ids[1], why="absent")
    lead("floor/calls", seen="")
    assert db.session.get_one(SpeakingRequest, ids[3]).state is RequestState.CALLED
    lead("floor/turns/extensions", turn=running(), seconds="60")
    lead("floor/calls/out-of-order", request=ids[2], why="버스", seen=running())
    lead("floor/turns/ends", turn=running())
    lead("floor/turns", name="도로과", role="official", seen="")
    lead("floor/settings", open="no")
    lead("floor/settings", open="", seconds="120")
    items = [one.id for one in scene.forum.items]
    lead("programme/extensions", item=items[1], minutes="5")
    lead("programme/starts", item=items[2], seen=items[1])
    lead("programme/ends", item=items[2])
    assert line(scene) == [ids[0]]
    assert (scene.forum.turn_s, scene.forum.floor_open) == (120, False)
    late = post(browser, scene, "floor/calls", BY_SCRIPT, seen="999")
    assert (late.status_code, "그 사이에" in late.json["detail"]) == (409, True)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("path, form", [
    ("floor/calls", {"seen": "x"}), ("floor/moves", {"request": "1e9", "to": "1", "why": "먼저"}),
    ("floor/passes", {"request": "1", "why": "may_not"}), ("floor/turns/ends", {}),
    ("floor/turns/extensions", {"turn": "99999999999999999999", "seconds": "60"}), ("floor/settings", {}),
    ("floor/turns", {"name": "구", "role": "king"}), ("programme/starts", {"item": "0"}),
])
def test_a_form_that_no_page_of_ours_sends_is_refused_in_words(scene, browse, path, form):
    scene.asking(scene.person())
    refused = post(browse(scene.host), scene, path, BY_SCRIPT, **form)
    assert refused.status_code in (400, 404, 409, 422) and refused.json["detail"]


def test_a_fragment_is_what_the_page_shows_and_the_same_for_everybody(scene, browse, app):
    ann = scene.person()
    asking.ask(scene.forum.id, "길 <b>", by=ann)
    programme.extend(scene.forum.id, scene.forum.items[1].id, 5, by=scene.host)
    events = db.session.scalars(sa.select(ForumEvent).order_by(ForumEvent.number)).all()
    with app.test_request_context("/"), speaking(Language.EN):
        english = fragments.puts(scene.forum, events)
    with app.test_request_context("/"):
        puts = fragments.puts(scene.forum, events)
    assert {put.id for put in puts} == {"now", "floor-next", "floor-queue", "floor-state", "agenda", "programme-steps"}
    assert [put.id for put in english] == [put.id for put in puts]
    page = browse().get(f"/forums/{scene.forum.slug}").text
    for put in puts:
        assert f'id="{put.id}"' in put.html
        assert "csrf" not in put.html and "길 <b>" not in put.html
    assert next(put.html for put in puts if put.id == "floor-queue").strip() in page


def test_the_dashed_row_is_for_who_may_ask_and_has_not(scene, browse, town):
    ann, silenced = scene.person(), scene.person()
    scene.muted(silenced)
    asking.ask(scene.forum.id, by=scene.person())
    path = f"/forums/{scene.forum.slug}"
    mine = browse(ann).get(path).text
    assert 'class="me" data-me-row' in mine.split("<template")[0] and "지금 신청하면 2번째예요." in mine
    for nobody in (None, town.resident(), silenced):
        assert "data-me-row" not in browse(nobody).get(path).text.split("<template")[0]
    asking.ask(scene.forum.id, by=ann)
    solid = browse(ann).get(path).text.split("<template")[0]
    assert "data-me-row" not in solid and 'class="mine"' in solid


def test_the_hall_costs_the_same_whether_three_or_sixty_wait(scene, browse, queries):
    browser, path = browse(), f"/forums/{scene.forum.slug}"
    counts = []
    for more in (3, 57):
        for _ in range(more):
            scene.asking(name=f"이웃 {scene.forum.last_number}")
        browser.get(path)
        with queries() as seen:
            page = browser.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert page.text.count('<li id="request-') == 20 and "이 뒤로 40명이 더 기다려요." in page.text
