"""A consultation in the hall: put there, answered, sent statements, counted."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.forums.consultations import rules, services
from civic_forum.forums.models import Forum, ForumEvent
from civic_forum.forums.preparing import services as preparing
from civic_forum.forums.rules import ForumEventKind
from civic_forum.forums.tables.models import Note
from civic_forum.opinions import answering, computing
from civic_forum.opinions.models import OpinionMap, Statement
from civic_forum.opinions.rules import AGREE, DISAGREE, Origin, StatementState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.subprocess_call import NoAnswer
from tests.common import commit
from tests.factories import saved
from tests.forums.scene import key, live_forum
from tests.opinions.making import consultation, people, values
from tests.racing import at_once
from tests.running.machine import patience

KIND = ForumEventKind


def put_up(town, **facts):
    """A forum in whose hall a consultation stands."""
    scene, asked = live_forum(town), consultation(**facts)
    services.put(scene.forum.id, asked.slug, by=scene.host)
    return scene, asked


def told(kind):
    db.session.rollback()
    return list(db.session.scalars(sa.select(ForumEvent).filter_by(kind=kind).order_by(ForumEvent.number)))


def answer(asked, people, number=1, value=AGREE):
    for by in people:
        answering.respond(asked.id, number, value, by=by)


def test_one_stands_there_at_a_time_put_by_the_host_alone(town):
    scene, asked, other = live_forum(town), consultation(), consultation()
    forum = scene.forum.id
    with pytest.raises(Denied):
        services.put(forum, asked.slug, by=scene.person())
    sent = key()
    services.put(forum, asked.slug, sent, by=scene.host)
    services.put(forum, asked.slug, sent, by=scene.host)
    with pytest.raises(Conflict, match="먼저 거둔"):
        services.put(forum, other.slug, by=scene.host)
    with pytest.raises(Denied):
        services.take_away(forum, by=scene.person())
    services.take_away(forum, by=scene.host)
    with pytest.raises(Conflict):
        services.take_away(forum, by=scene.host)
    services.put(forum, other.slug, by=scene.moderator)
    assert [one.subject_id for one in told(KIND.CONSULTATION_PUT)] == [asked.id, other.id]


@pytest.mark.parametrize("facts", [{"announced_at": None}, {"open_since": -timedelta(hours=1)},
                                   {"lasts": timedelta(minutes=30)}])
def test_only_an_open_one_comes_into_the_hall(town, facts):
    scene, asked = live_forum(town), consultation(**facts)
    with pytest.raises(Refusal):
        services.put(scene.forum.id, asked.slug, by=scene.host)
    assert not told(KIND.CONSULTATION_PUT)


def test_it_leaves_the_hall_with_the_end_of_the_forum(town):
    scene, _asked = put_up(town)
    preparing.close_forum(scene.forum.id, by=scene.host)
    assert len(told(KIND.CONSULTATION_TAKEN)) == 1
    assert db.session.get(Forum, scene.forum.id).consultation_id is None


def test_the_hall_hears_of_every_tenth_answer_and_of_nobody(town):
    scene, asked = put_up(town)
    people = scene.people(12)
    answer(asked, people[:9])
    assert not told(KIND.CONSULTATION_ANSWERED)
    answer(asked, people)
    answer(asked, people, 2, DISAGREE)
    found = told(KIND.CONSULTATION_ANSWERED)
    assert [one.details for one in found] == [{"answers": 10}, {"answers": 20}]
    assert all(one.by_id is None and one.key is None for one in found)


def test_taps_in_hall_and_page_at_once_are_one_answer(town, app):
    scene, asked = put_up(town)
    asked_id, ids = asked.id, [one.id for one in scene.people(4)]
    db.session.rollback()
    done = at_once(app, 8, lambda n: answering.respond(
        asked_id, 1, AGREE if n % 2 else DISAGREE, by=db.session.get(User, ids[n // 2])))
    assert not any(isinstance(one, Exception) for one in done)
    db.session.rollback()
    assert [len(one.content.answers) for one in people()] == [1] * 4


def test_many_answers_at_once_are_told_in_order(town, app):
    scene, asked = put_up(town)
    asked_id, ids = asked.id, [one.id for one in scene.people(8)]
    db.session.rollback()

    def act(n):
        for number in range(1, 6):
            answering.respond(asked_id, number, AGREE, by=db.session.get(User, ids[n]))

    at_once(app, 8, act)
    found = [one.details["answers"] for one in told(KIND.CONSULTATION_ANSWERED)]
    assert found == sorted(set(found)) and found[-1] in (30, 40) and len(values()) == 40


@pytest.mark.both
def test_a_statement_that_was_taken_out_or_closed_meanwhile_takes_no_answer(town):
    scene, asked = put_up(town)
    person = scene.person()
    commit(sa.update(Statement).filter_by(number=1).values(hidden_at=clock.now(), hidden_rule="off_topic"))
    with pytest.raises(Conflict, match="빠진 의견"):
        answering.respond(asked.id, 1, AGREE, by=person)
    asked.closes_at = clock.now()
    db.session.commit()
    with pytest.raises(Denied):
        answering.respond(asked.id, 2, AGREE, by=person)
    with pytest.raises(Conflict):
        services.renew(scene.forum.id, by=scene.host)
    assert not people()


@pytest.mark.both
def test_a_table_sends_its_notes_as_statements_of_the_table(town):
    scene, asked = put_up(town)
    guide = scene.person()
    table = scene.table(3, guide)
    notes = [saved(Note(table_id=table.id, user_id=guide.id, text=text, at=clock.now())).id
             for text in ("등을 더 낮게 달아요.", "의자를 더 놓아요.")]
    with pytest.raises(Denied):
        services.send(scene.forum.id, 3, notes, by=scene.person())
    sent = key()
    assert len(services.send(scene.forum.id, 3, notes, sent, by=guide)) == 2
    assert services.send(scene.forum.id, 3, notes, sent, by=guide) == []
    with pytest.raises(Conflict, match="똑같은 의견"):
        services.send(scene.forum.id, 3, notes[:1], by=guide)
    made = db.session.scalars(sa.select(Statement).filter_by(origin=Origin.TABLE)).all()
    assert [(one.author_id, one.source, one.state) for one in made] == [
        (None, f"forum_table:{table.id}", StatementState.PUBLISHED)] * 2
    answering.respond(asked.id, made[0].number, AGREE, by=scene.person())
    assert [one.details for one in told(KIND.CONSULTATION_WRITTEN)] == [{"number": 3, "statements": 2}]


@pytest.mark.parametrize("facts, said", [({"takes_statements": False}, "정해진 의견"), ({}, "올라와")])
def test_notes_are_sent_only_where_statements_are_taken(town, facts, said):
    scene, _asked = put_up(town, **facts)
    guide = scene.person()
    table = scene.table(3, guide)
    note = saved(Note(table_id=table.id, user_id=guide.id, text="등을 더 낮게 달아요.", at=clock.now())).id
    if not facts:
        services.take_away(scene.forum.id, by=scene.host)
    with pytest.raises(Conflict, match=said):
        services.send(scene.forum.id, 3, [note], by=guide)


@pytest.mark.both
def test_the_host_asks_for_the_result_once_ten_answered_anew(town, monkeypatch):
    scene, asked = put_up(town)
    people = scene.people(10)
    answer(asked, people[:9])
    with pytest.raises(Conflict, match="10명"):
        services.renew(scene.forum.id, by=scene.host)
    answer(asked, people[9:])
    with pytest.raises(Denied):
        services.renew(scene.forum.id, by=people[0])
    monkeypatch.setattr(computing.subprocess_call, "call_limited", lambda _s, _m, act, *given: act(*given))
    services.renew(scene.forum.id, by=scene.host)
    assert len(told(KIND.CONSULTATION_COMPUTED)) == 1
    found = db.session.query(OpinionMap).one()
    assert found.participants == 10 and not found.published["groups"]
    with pytest.raises(Conflict, match="5분"):
        services.renew(scene.forum.id, by=scene.host)
    found.at -= rules.RESULT_EVERY
    db.session.commit()
    with pytest.raises(Conflict, match="10명"):
        services.renew(scene.forum.id, by=scene.host)
    for number in range(2, 7):
        answer(asked, people, number)
    with pytest.raises(Conflict, match="10명"):
        services.renew(scene.forum.id, by=scene.host)
    assert rules.answered_anew(0, 60, 10, 6) == 9 and rules.answered_anew(0, 65, 10, 6) == 10
    assert rules.answered_anew(4, 5, 10, 6) == 4 and rules.told(19) == 10


@pytest.mark.both
def test_a_result_that_takes_long_is_not_waited_for_and_comes_by_itself(town, monkeypatch):
    scene, asked = put_up(town)
    answer(asked, scene.people(rules.RESULT_PEOPLE))
    go_on = threading.Event()

    def slow(_seconds, _megabytes, act, *given):
        assert go_on.wait(patience(60))
        return act(*given)

    monkeypatch.setattr(computing.subprocess_call, "call_limited", slow)
    monkeypatch.setattr(services, "WAITED_S", 0.1)
    with pytest.raises(Conflict, match="끝나면 여기와 화면에 나와요"):
        services.renew(scene.forum.id, by=scene.host)
    assert db.session.query(OpinionMap).count() == 0
    db.session.rollback()
    go_on.set()
    for thread in threading.enumerate():
        if thread.name.startswith(f"result-{asked.id}_"):
            thread.join(60)
    assert len(told(KIND.CONSULTATION_COMPUTED)) == 1
    assert db.session.query(OpinionMap).one().participants == rules.RESULT_PEOPLE


@pytest.mark.parametrize("outcome", ["nothing", "another"])
def test_a_result_that_is_not_made_is_a_conflict_that_no_script_repeats(town, monkeypatch, outcome):
    scene, asked = put_up(town)
    answer(asked, scene.people(rules.RESULT_PEOPLE))

    def compute(_id):
        if outcome == "nothing":
            raise NoAnswer("killed")
        return False

    monkeypatch.setattr(computing, "compute", compute)
    with pytest.raises(Conflict):
        services.renew(scene.forum.id, by=scene.host)


def test_browsers_count_for_less_than_people(town):
    assert [rules.worth(new, known) for new, known in ((9, 0), (30, 0), (10, 10), (12, 6))] == [3, 10, 10, 8]
