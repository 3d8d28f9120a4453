"""Data about somebody at tables: in their download, gone when they leave, forgotten after the forum."""

from datetime import timedelta

import pytest

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.forums.tables import notes
from civic_forum.forums.tables import own_data as tables_data
from civic_forum.forums.tables import services as tables
from civic_forum.forums.tables.models import Note, Seat, TableMessage
from civic_forum.forums.tables.rules import MESSAGES_KEPT
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.forums.scene import key

from .working import at_work


@pytest.fixture
def scene(town):
    scene = at_work(town)
    notes.write(scene.forum.id, 1, "발밑만 비추는 등이 좋아요", key(), by=scene.anna)
    notes.say(scene.forum.id, 1, "반가워요", key(), by=scene.anna)
    notes.say(scene.forum.id, 1, "저도요", key(), by=scene.carl)
    return scene


def test_the_download_has_seats_notes_and_what_was_said(scene):
    found = tables_data.collect(scene.anna)
    assert [(one["forum"], one["table"]) for one in found["seats"]] == [(scene.forum.slug, 1)]
    assert [one["text"] for one in found["notes"]] == ["발밑만 비추는 등이 좋아요"]
    assert [one["text"] for one in found["messages"]] == ["반가워요"]
    assert tables_data.collect(scene.lead)["tables_led"] == [{"forum": scene.forum.slug, "table": 1}]
    assert not any(tables_data.collect(scene.ben)[name] for name in ("notes", "messages", "tables_led"))


@pytest.mark.both
def test_the_notes_of_who_leaves_stay_and_the_rest_goes(scene):
    with use_case(None) as work:
        PERSONAL_DATA["forum_tables"].erase(scene.anna, work.session)
    assert db.session.query(Note).count() == 1
    assert db.session.query(Seat).filter_by(user_id=scene.anna.id).count() == 0
    assert [one.text for one in db.session.query(TableMessage)] == ["저도요"]


@pytest.mark.both
def test_conversations_are_forgotten_a_day_after_the_forum_and_notes_are_not(scene, at):
    assert notes.forget_conversations() == 0
    tables.hand_in(scene.forum.id, 1, "결과", key(), by=scene.lead)
    scene.forum.closed_at = clock.now()
    db.session.commit()
    assert notes.forget_conversations() == 0
    at(clock.now() + MESSAGES_KEPT + timedelta(minutes=1))
    assert notes.forget_conversations() == 2
    assert (db.session.query(TableMessage).count(), db.session.query(Note).count()) == (0, 1)
