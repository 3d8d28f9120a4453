"""Decisions of the forum: written down by its host, changed openly, fixed once the minutes are signed."""

from datetime import date

import pytest
import sqlalchemy as sa

from civic_forum.forums import fragments
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.record import decisions
from civic_forum.forums.record.decisions import DecisionText
from civic_forum.forums.record.models import Decision
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.factories import saved
from tests.forums.scene import announced_forum, key, live_forum

FIRST = DecisionText("가려진 등을 먼저 고쳐요.", due_on=date(2030, 6, 1))


def test_nothing_is_decided_before_the_opening_nor_after_the_signature(town):
    forum = announced_forum(town)
    with pytest.raises(Denied):
        decisions.decide(forum.id, FIRST, by=town.moderator())
    scene = live_forum(town, closed_at=clock.now())
    one = decisions.decide(scene.forum.id, FIRST, by=scene.host)
    scene.forum = db.session.merge(scene.forum)
    scene.forum.signed_version = 2
    saved(scene.forum)
    for act in (lambda: decisions.decide(scene.forum.id, FIRST, by=scene.host),
                lambda: decisions.change(scene.forum.id, one.id, DecisionText("다른 글"), by=scene.host),
                lambda: decisions.take_away(scene.forum.id, one.id, by=scene.host)):
        with pytest.raises(Denied):
            act()


def test_a_department_is_named_also_after_the_signature(town, browse):
    scene, department = live_forum(town, closed_at=clock.now()), town.department()
    one = decisions.decide(scene.forum.id, FIRST, by=scene.host)
    scene.forum = db.session.merge(scene.forum)
    scene.forum.signed_version = 2
    saved(scene.forum)
    browser, path = browse(scene.host), f"/forums/{scene.forum.slug}/decisions/{one.id}"
    page = browser.get(path).text
    assert 'name="department"' in page and 'name="due_on"' not in page and "removal" not in page
    sent = {"text": "다른 글", "department": str(department.id), "due_on": "2031-01-01", "back": "", "key": key()}
    assert browser.post(path, data=sent).status_code == 303
    one = db.session.get_one(Decision, one.id, populate_existing=True)
    assert (one.text, one.department_id, one.due_on) == (FIRST.text, department.id, FIRST.due_on)
    assert browser.get(path).status_code == 403
    with pytest.raises(Denied):
        decisions.change(scene.forum.id, one.id, DecisionText(FIRST.text, town.department("청소과").id), by=scene.host)


@pytest.mark.both
def test_an_earlier_text_stays_to_be_seen(town, app):
    scene, department = live_forum(town), town.department()
    one = decisions.decide(scene.forum.id, FIRST, key(), by=scene.host)
    decisions.change(scene.forum.id, one.id, DecisionText("가려진 등 열세 군데를 고쳐요.", department.id), key(), by=scene.host)
    db.session.expire_all()
    assert (one.text, one.who, one.due_on) == ("가려진 등 열세 군데를 고쳐요.", department.name, FIRST.due_on)
    assert [(was["text"], was["due_on"]) for was in one.earlier] == [(FIRST.text, "2030-06-01")]
    with app.test_request_context():
        events = db.session.scalars(sa.select(ForumEvent).order_by(ForumEvent.number)).all()
        html = fragments.puts(scene.forum, events)[0].html
    assert FIRST.text in html and "가려진 등 열세 군데를 고쳐요." in html


def test_a_message_taken_away_is_crossed_out_and_stays_away(town, app):
    scene = live_forum(town)
    one = decisions.decide(scene.forum.id, FIRST, key(), by=scene.host)
    for _twice in range(2):
        decisions.take_away(scene.forum.id, one.id, by=scene.host)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ForumEvent)) == 2
    with pytest.raises(Conflict):
        decisions.change(scene.forum.id, one.id, DecisionText("다른 글"), by=scene.host)
    with app.test_request_context():
        events = db.session.scalars(sa.select(ForumEvent).order_by(ForumEvent.number)).all()
        html = fragments.puts(scene.forum, events)[0].html
    assert f"{FIRST.text}</del>" in html


def test_a_decision_that_comes_twice_is_taken_once(town):
    scene, same = live_forum(town), key()
    assert (decisions.decide(scene.forum.id, FIRST, same, by=scene.host).id
            == decisions.decide(scene.forum.id, FIRST, same, by=scene.host).id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1


@pytest.mark.parametrize("decided",
                         [DecisionText(""), DecisionText("가" * 501), DecisionText("맡아요", department_id=99999),
                                     DecisionText("맡아요", department_id=10 ** 70),
                                     DecisionText("맡아요", due_on=date(2020, 2, 29))])
def test_empty_long_and_unknown_are_refused(town, decided):
    scene = live_forum(town)
    with pytest.raises(Refusal):
        decisions.decide(scene.forum.id, decided, by=scene.host)


def test_by_form_from_the_hosts_page(town, browse):
    scene, department = live_forum(town), town.department()
    browser = browse(scene.host)
    path = f"/forums/{scene.forum.slug}/decisions"
    answer = browser.post(path, data={"text": "표지판을 붙여요.", "department": str(department.id), "due_on": "2030-06-01",
                                      "key": key(), "back": "/host"})
    assert answer.status_code == 303
    one = db.session.scalar(sa.select(Decision))
    assert (one.text, one.department_id, one.due_on) == ("표지판을 붙여요.", department.id, date(2030, 6, 1))
    assert "표지판을 붙여요." in browser.get(f"{path}/{one.id}").text
    refused = browser.post(f"{path}/{one.id}", data={"text": "", "back": f"/decisions/{one.id}"})
    assert (refused.status_code, "내용을 적어 주세요." in refused.text) == (422, True)
    changed = browser.post(f"{path}/{one.id}", data={"text": "표지판을 다음 달에 붙여요.", "back": f"/decisions/{one.id}"})
    assert changed.status_code == 303
    assert browser.post(f"{path}/{one.id}/removal", data={"back": f"/decisions/{one.id}"}).status_code == 303
    page = browser.get(f"{path}/{one.id}").text
    assert "표지판을 다음 달에 붙여요.</del>" in page and "표지판을 붙여요.</del>" in page


def test_a_quarter_is_its_last_day(town, browse):
    scene = live_forum(town)
    answer = browse(scene.host).post(f"/forums/{scene.forum.slug}/decisions", data={
        "text": "표지판을 붙여요.", "due_on": "2030-05-07", "due_within": "quarter", "key": key(), "back": "/host"})
    assert answer.status_code == 303
    assert db.session.scalar(sa.select(Decision.due_on)) == date(2030, 6, 30)


def test_a_day_that_is_none_is_refused(town, browse):
    scene = live_forum(town)
    answer = browse(scene.host).post(f"/forums/{scene.forum.slug}/decisions", headers={"Accept": "application/json"},
                                     data={"text": "표지판을 붙여요.", "due_on": "내일", "key": key()})
    assert answer.status_code == 422
    assert db.session.scalar(sa.select(Decision)) is None
