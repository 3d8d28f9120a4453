"""Acts at a forum: each waits for whoever holds it, and finds it as it is by then."""

import pytest

from civic_forum.forums.questions import becoming
from civic_forum.forums.questions import services as questions
from civic_forum.platform.clock import now
from civic_forum.platform.errors import NotFound, Refusal
from tests.racing import held, on_postgresql

from .minutes.making import finished_forum
from .scene import live_forum

pytestmark = on_postgresql


def test_nobody_asks_at_a_forum_that_was_closed_meanwhile(town):
    scene = live_forum(town)
    by = scene.person()
    with held(scene.forum, closed_at=now()), pytest.raises(Refusal):
        questions.ask(scene.forum.id, "언제 고치나요?", by=by)


def test_a_note_that_was_taken_away_meanwhile_becomes_no_proposal(town):
    scene = finished_forum(town)
    with held(scene.notes[0], removed_at=now()), pytest.raises(NotFound):
        becoming.propose(scene.forum.id, "note", scene.notes[0].id, by=scene.speaker)
