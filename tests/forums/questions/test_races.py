"""Many at once: nobody is counted twice, nothing comes twice, and whatever comes first, the counts are true."""

import pytest
import sqlalchemy as sa

from civic_forum.forums.models import ForumEvent
from civic_forum.forums.questions import queries
from civic_forum.forums.questions import services as questions
from civic_forum.forums.questions.models import Question
from civic_forum.platform.base import db
from tests.common import user
from tests.forums.scene import key, live_forum
from tests.racing import at_once

pytestmark = pytest.mark.both


def numbers(forum_id):
    return list(db.session.scalars(sa.select(ForumEvent.number).filter_by(forum_id=forum_id)
                                   .order_by(ForumEvent.number)))


def test_two_supports_of_one_person_at_once_count_once(town, app):
    scene = live_forum(town)
    forum, question, by = scene.forum.id, questions.ask(scene.forum.id, "언제요?", by=scene.person()).id, scene.person().id
    db.session.rollback()
    at_once(app, 6, lambda _n: questions.support(forum, question, True, by=user(by)))
    assert db.session.get(Question, question,
                          populate_existing=True).support_count == queries.supporters([question]) == 1
    assert numbers(forum) == [1, 2]


def test_a_form_sent_twice_at_once_with_one_key_is_there_once(town, app):
    scene = live_forum(town)
    forum, by, once = scene.forum.id, scene.person().id, key()
    db.session.rollback()
    made = at_once(app, 6, lambda _n: questions.ask(forum, "언제요?", once, by=user(by)).id)
    assert len(set(made)) == 1 and numbers(forum) == [1]


def test_supports_while_it_is_being_grouped_are_all_counted(town, app):
    scene = live_forum(town)
    forum, host = scene.forum.id, scene.host.id
    head, one = (questions.ask(forum, text, by=scene.person()).id for text in ("언제요?", "몇 시요?"))
    people = [scene.person().id for _ in range(6)]
    questions.support(forum, head, by=user(people[0]))
    db.session.rollback()
    acts = [lambda by=by: questions.support(forum, one, True, by=user(by)) for by in people]
    acts.append(lambda: questions.group(forum, one, head, by=user(host)))
    answers = at_once(app, 7, lambda n: acts[n]())
    assert all(isinstance(answer, Question) for answer in answers)
    found = db.session.get(Question, head, populate_existing=True)
    assert found.support_count == queries.supporters([head, one]) == 6
    assert numbers(forum) == list(range(1, 11))


def test_two_questions_grouped_under_each_other_at_once_make_no_circle(town, app):
    scene = live_forum(town)
    forum, host = scene.forum.id, scene.host.id
    pair = [questions.ask(forum, text, by=scene.person()).id for text in ("언제요?", "몇 시요?")]
    db.session.rollback()
    answers = at_once(app, 4, lambda n: questions.group(forum, pair[n % 2], pair[1 - n % 2], by=user(host)))
    assert len([answer for answer in answers if isinstance(answer, Question)]) == 1
    assert len(queries.grouped(forum)) == 1
