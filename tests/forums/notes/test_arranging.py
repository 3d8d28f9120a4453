"""Notes are put together by everybody at the table; its host writes down which are strongest, and hands them over."""

import pytest

from civic_forum.accounts.queries import users
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.rules import ForumEventKind
from civic_forum.forums.tables import notes, queries
from civic_forum.forums.tables import services as tables
from civic_forum.forums.tables.policy import may_hear_table, may_see_table
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.forums.scene import key
from tests.racing import at_once

from .working import at_work


@pytest.fixture
def scene(town):
    return at_work(town)


def written(scene, *texts):
    return [notes.write(scene.forum.id, 1, text, key(), by=scene.anna) for text in texts]


def board(scene):
    db.session.rollback()
    return {group.group.title if group.group else None: [note.text for note in group.notes]
            for group in queries.board(scene.first)}


def seeing(scene, user):
    at = scene.at(user)
    return type(at)(at.forum, at.standing, at.now, queries.numbered(scene.forum.id, 1))


@pytest.mark.both
def test_notes_go_into_a_group_into_another_and_out(scene):
    one, two, three = written(scene, "하나", "둘", "셋")
    light = notes.make_group(scene.forum.id, 1, "낮은 빛", key(), [one.id, two.id], by=scene.carl)
    signs = notes.make_group(scene.forum.id, 1, "고장 알림", key(), by=scene.anna)
    assert board(scene) == {"낮은 빛": ["하나", "둘"], "고장 알림": [], None: ["셋"]}
    notes.put_into(scene.forum.id, 1, [two.id, three.id], signs.id, by=scene.lead)
    notes.put_into(scene.forum.id, 1, [one.id], None, by=scene.anna)
    notes.rename_group(scene.forum.id, 1, signs.id, "고친 알림", by=scene.carl)
    assert board(scene) == {"낮은 빛": [], "고친 알림": ["둘", "셋"], None: ["하나"]}
    notes.take_group_away(scene.forum.id, 1, signs.id, by=scene.carl)
    assert board(scene) == {"낮은 빛": [], None: ["하나", "둘", "셋"]}
    assert light.number == 1
    assert notes.make_group(scene.forum.id, 1, "새 묶음", key(), by=scene.anna).number == 3


@pytest.mark.both
def test_a_group_made_twice_with_one_key_is_one(scene):
    once = key()
    first = notes.make_group(scene.forum.id, 1, "낮은 빛", once, by=scene.anna)
    assert notes.make_group(scene.forum.id, 1, "낮은 빛", once, by=scene.anna).id == first.id
    assert list(board(scene)) == ["낮은 빛", None]


def test_notes_and_groups_of_another_table_are_not_found(scene):
    other = notes.write(scene.forum.id, 2, "옆 테이블", key(), by=scene.ben)
    theirs = notes.make_group(scene.forum.id, 2, "옆 묶음", key(), by=scene.ben)
    mine, = written(scene, "하나")
    for attempt in (lambda: notes.put_into(scene.forum.id, 1, [other.id], None, by=scene.anna),
                    lambda: notes.put_into(scene.forum.id, 1, [mine.id], theirs.id, by=scene.anna),
                    lambda: notes.mark(scene.forum.id, 1, [other.id], True, by=scene.lead),
                    lambda: notes.take_away(scene.forum.id, 1, [other.id], by=scene.lead),
                    lambda: notes.rename_group(scene.forum.id, 1, theirs.id, "가로챔", by=scene.anna)):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(Refusal, match="골라"):
        notes.put_into(scene.forum.id, 1, [], None, by=scene.anna)


@pytest.mark.both
def test_the_host_of_the_table_marks_three_at_most(scene):
    four = [note.id for note in written(scene, "하나", "둘", "셋", "넷")]
    with pytest.raises(Denied, match="이끔이"):
        notes.mark(scene.forum.id, 1, four[:1], True, by=scene.anna)
    with pytest.raises(Conflict, match="3장까지"):
        notes.mark(scene.forum.id, 1, four, True, by=scene.lead)
    notes.mark(scene.forum.id, 1, four[:3], True, by=scene.lead)
    notes.mark(scene.forum.id, 1, four[:1], True, by=scene.lead)
    with pytest.raises(Conflict):
        notes.mark(scene.forum.id, 1, four[3:], True, by=scene.lead)
    notes.mark(scene.forum.id, 1, four[:1], False, by=scene.lead)
    notes.mark(scene.forum.id, 1, four[3:], True, by=scene.lead)
    assert [note.text for note in queries.board(scene.first)[-1].notes if note.strongest] == ["둘", "셋", "넷"]
    assert db.session.query(ForumEvent).filter_by(kind=ForumEventKind.NOTE_CHANGED).count() == 5


def test_marked_at_the_same_moment_there_are_still_three_and_each_is_told_once(scene, app):
    ids = [note.id for note in written(scene, "하나", "둘", "셋", "넷", "다섯")]
    forum_id, host_id = scene.forum.id, scene.lead.id
    db.session.rollback()
    got = at_once(app, 10, lambda n: notes.mark(forum_id, 1, [ids[n % 5]], True, by=users.by_id(host_id)))
    db.session.rollback()
    strong = [note for note in queries.board(scene.first)[-1].notes if note.strongest]
    assert len(strong) == 3
    assert db.session.query(ForumEvent).filter_by(kind=ForumEventKind.NOTE_CHANGED).count() == 3
    assert sum(isinstance(one, Conflict) for one in got) == 4


def test_only_the_table_sees_what_it_writes_until_it_hands_its_result_over(scene):
    table_people = (scene.anna, scene.lead, scene.host, scene.moderator, scene.town.clerk())
    others = (scene.ben, scene.person(), scene.town.resident(), scene.visitor, scene.captioner)
    assert [may_see_table(one, seeing(scene, one)) for one in table_people] == [None] * 5
    assert all(may_see_table(one, seeing(scene, one)) for one in others)
    with pytest.raises(Denied):
        tables.hand_in(scene.forum.id, 1, "결과", key(), by=scene.anna)
    tables.hand_in(scene.forum.id, 1, "낮은 빛부터\n시작해요.", key(), by=scene.lead)
    db.session.rollback()
    assert [may_see_table(one, seeing(scene, one)) for one in others] == [None] * 5
    assert all(may_hear_table(one, seeing(scene, one)) for one in others)


def test_a_result_is_handed_again_while_tables_are_open_and_once_after(scene):
    tables.hand_in(scene.forum.id, 1, "처음", key(), by=scene.lead)
    tables.hand_in(scene.forum.id, 1, "다시", key(), by=scene.lead)
    tables.close_tables(scene.forum.id, by=scene.host)
    with pytest.raises(Denied):
        tables.hand_in(scene.forum.id, 1, "또", key(), by=scene.lead)
    tables.hand_in(scene.forum.id, 2, "늦었지만 처음", key(), by=scene.host)
    with pytest.raises(Denied):
        tables.hand_in(scene.forum.id, 2, "또", key(), by=scene.host)
    assert [table.result for table in queries.of(scene.forum.id)] == ["다시", "늦었지만 처음"]


def test_one_result_at_a_time_stands_on_the_projector(scene):
    note, = written(scene, "발밑만 비추는 등이 좋아요")
    notes.mark(scene.forum.id, 1, [note.id], True, by=scene.lead)
    with pytest.raises(Denied, match="아직 결과"):
        tables.project(scene.forum.id, 1, by=scene.host)
    tables.hand_in(scene.forum.id, 1, "낮은 빛", key(), by=scene.lead)
    tables.hand_in(scene.forum.id, 2, "의자", key(), by=scene.host)
    tables.project(scene.forum.id, 2, by=scene.host)
    tables.project(scene.forum.id, 1, by=scene.host)
    db.session.rollback()
    shown = queries.projected(scene.forum.id)
    assert (shown.table.number, shown.strongest) == (1, ("발밑만 비추는 등이 좋아요",))
    tables.project(scene.forum.id, None, by=scene.host)
    db.session.rollback()
    assert queries.projected(scene.forum.id) is None


def test_two_results_projected_at_the_same_moment_are_one(scene, app):
    for number in (1, 2):
        tables.hand_in(scene.forum.id, number, "결과", key(), by=scene.host)
    forum_id, host_id = scene.forum.id, scene.host.id
    db.session.rollback()
    at_once(app, 6, lambda n: tables.project(forum_id, 1 + n % 2, by=users.by_id(host_id)))
    db.session.rollback()
    assert sum(table.projected for table in queries.of(forum_id)) == 1


def test_after_the_forum_moderators_can_still_take_a_note_away_and_nobody_else(scene):
    note, = written(scene, "누구네 집 앞이 어두워요")
    tables.hand_in(scene.forum.id, 1, "결과", key(), by=scene.lead)
    scene.forum.closed_at = scene.forum.tables_closed_at = clock.now()
    db.session.commit()
    for who in (scene.anna, scene.lead, scene.host, scene.town.clerk()):
        with pytest.raises(Denied):
            notes.take_away(scene.forum.id, 1, [note.id], by=who)
    notes.take_away(scene.forum.id, 1, [note.id], by=scene.moderator)
    assert board(scene) == {None: []}
    assert db.session.query(AuditEntry).filter_by(action="forums.note_taken_away").one().actor_id == scene.moderator.id
