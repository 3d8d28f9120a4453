"""Several at once: one draft, one answer to a correction, one signature; a line that is sent eight times stands
once."""

import pytest
import sqlalchemy as sa

from civic_forum.forums.minutes import services as minutes
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.minutes.rules.drafting import CORRECTED_WITHIN
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.questions import becoming
from civic_forum.forums.record import captions
from civic_forum.forums.record.models import Caption
from civic_forum.forums.tables.models import Note
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.proposals.models import Proposal
from tests.common import user
from tests.forums.minutes.making import finished_forum
from tests.forums.scene import key, live_forum
from tests.racing import at_once
from tests.factories import count

pytestmark = pytest.mark.both


def test_of_several_who_draft_at_once_all_get_the_same_version(town, app):
    scene = finished_forum(town)
    forum, people = scene.forum.id, [scene.host.id, scene.moderator.id] * 3
    db.session.rollback()
    made = at_once(app, 6, lambda n: minutes.draft(forum, by=user(people[n])).version)
    assert made == [1] * 6
    assert count(Minutes) == 1


def test_a_correction_gets_one_answer(town, app):
    scene = finished_forum(town)
    minutes.draft(scene.forum.id, by=scene.host)
    asked = minutes.ask(scene.forum.id, f"note:{scene.notes[0].id}", "가지", "나뭇가지", by=scene.speaker).id
    forum, host = scene.forum.id, scene.host.id
    db.session.rollback()
    answers = at_once(app, 6, lambda n: minutes.answer(forum, asked, n % 2 == 0, f"이유 {n}", by=user(host)))
    assert sum(not isinstance(one, Refusal) for one in answers) == 1


def test_it_is_signed_once(town, app, at):
    scene = finished_forum(town)
    minutes.draft(scene.forum.id, by=scene.host)
    forum, host = scene.forum.id, scene.host.id
    db.session.rollback()
    now = clock.now()
    at(now + CORRECTED_WITHIN)
    answers = at_once(app, 4, lambda n: minutes.sign(forum, 1, by=user(host)))
    assert sum(not isinstance(one, Refusal) for one in answers) == 1
    assert count(Minutes) == 2


def test_a_line_that_arrives_eight_times_at_once_is_written_once(town, app):
    scene, same = live_forum(town), key()
    forum, by = scene.forum.id, scene.captioner.id
    db.session.rollback()
    written = at_once(app, 8, lambda n: captions.write(forum, "한 줄", same, by=user(by)).id)
    assert len(set(written)) == 1
    assert (count(Caption), count(ForumEvent)) == (1, 1)


def test_lines_of_two_captioners_at_once_are_numbered_without_gaps(town, app):
    scene = live_forum(town)
    forum, people = scene.forum.id, [scene.captioner.id, scene.host.id]
    db.session.rollback()
    at_once(app, 8, lambda n: captions.write(forum, f"줄 {n}", by_key(n), by=user(people[n % 2])))
    numbers = db.session.scalars(sa.select(ForumEvent.number).order_by(ForumEvent.number)).all()
    assert numbers == list(range(1, 9))


def by_key(number: int) -> str:
    return f"{number:016x}"


def test_a_note_begins_one_proposal_however_often_it_is_pressed(town, app):
    scene = finished_forum(town)
    forum, note, by = scene.forum.id, scene.notes[0].id, scene.speaker.id
    db.session.rollback()
    drafts = at_once(app, 5, lambda n: becoming.propose(forum, "note", note, by=user(by)).id)
    assert len(set(drafts)) == 1
    assert count(Proposal) == 1
    assert db.session.scalar(sa.select(Note.proposal_id).filter_by(id=note)) == drafts[0]
