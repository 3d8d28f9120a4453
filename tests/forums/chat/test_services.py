"""The chat: what is said, how fast, and what the host does about it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.forums.chat import queries
from civic_forum.forums.chat import services as chat
from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.rules import ForumEventKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal, TooMany
from tests.common import user
from tests.forums.scene import key, live_forum
from tests.racing import at_once


def said(scene, text="잘 들려요.", by=None):
    return chat.say(scene.forum.id, text, key(), by=by or scene.person())


def test_a_message_is_a_row_and_an_event_and_comes_once(town):
    scene, once = live_forum(town), key()
    by = scene.person()
    first = chat.say(scene.forum.id, "잘 들려요.", once, by=by)
    assert chat.say(scene.forum.id, "잘 들려요.", once, by=by).id == first.id
    event = db.session.scalar(sa.select(ForumEvent))
    assert (event.kind, event.subject_id, event.details) == (ForumEventKind.CHAT_SAID, first.id, {})


@pytest.mark.parametrize("text", ["", " \n ", "가" * 301, "900101-1234568"])
def test_texts_that_are_no_message(town, text):
    with pytest.raises(Refusal):
        said(live_forum(town), text)


def test_slow_mode_is_for_each_person_and_never_for_who_runs_it(town, at):
    scene = live_forum(town)
    chat.set_chat(scene.forum.id, True, 30, key(), by=scene.host)
    now, by = clock.now(), scene.person()
    at(now)
    said(scene, by=by)
    at(now + timedelta(seconds=21))
    with pytest.raises(TooMany, match="9초") as refused:
        said(scene, by=by)
    assert refused.value.retry_after == 9
    said(scene)
    said(scene, by=scene.host)
    said(scene, by=scene.host)
    at(now + timedelta(seconds=30))
    said(scene, by=by)


def test_closed_it_is_for_those_who_run_it(town):
    scene = live_forum(town)
    chat.set_chat(scene.forum.id, False, 0, key(), by=scene.host)
    with pytest.raises(Denied, match="멈췄어요"):
        said(scene)
    said(scene, by=scene.host)
    with pytest.raises(Refusal):
        chat.set_chat(scene.forum.id, True, 7, by=scene.host)
    with pytest.raises(Denied):
        chat.set_chat(scene.forum.id, True, 0, by=scene.person())


def test_hiding_leaves_a_trace_and_is_taken_back(town):
    scene = live_forum(town)
    message = said(scene)
    chat.hide(scene.forum.id, message.id, "전화번호가 있어요.", by=scene.host)
    with pytest.raises(Conflict):
        chat.hide(scene.forum.id, message.id, "또요.", by=scene.moderator)
    assert message.hidden_why == "전화번호가 있어요."
    chat.show(scene.forum.id, message.id, by=scene.moderator)
    assert message.hidden_at is None
    with pytest.raises(Denied):
        chat.hide(scene.forum.id, message.id, "싫어요.", by=scene.person())
    kinds = db.session.scalars(sa.select(ForumEvent.kind).order_by(ForumEvent.number)).all()
    assert kinds == [ForumEventKind.CHAT_SAID, ForumEventKind.CHAT_HIDDEN, ForumEventKind.CHAT_SHOWN]


def test_the_last_ones_are_shown_and_older_ones_page_by_page(town, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    scene, by = live_forum(town), town.moderator()
    ids = [said(scene, f"말 {n}", by).id for n in range(5)]
    first = queries.page(scene.forum, None)
    second = queries.page(scene.forum, first.older)
    third = queries.page(scene.forum, second.older)
    assert [[one.id for one in page.lines] for page in (first, second, third)] == [ids[3:], ids[1:3], ids[:1]]
    assert third.older is None


@pytest.mark.both
def test_two_messages_at_once_in_a_slow_chat_are_one(town, app):
    scene = live_forum(town, chat_slow_s=60)
    forum, by = scene.forum.id, scene.person().id
    db.session.rollback()
    answers = at_once(app, 4, lambda n: chat.say(forum, f"말 {n}", key(), by=user(by)))
    assert len([one for one in answers if isinstance(one, TooMany)]) == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ChatMessage)) == 1
