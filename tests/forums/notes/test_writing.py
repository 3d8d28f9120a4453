"""Writing at a table: those who sit there do while tables are open, once for each thing sent; nobody else does."""

import pytest

from civic_forum.accounts.queries import users
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.rules import ForumEventKind, Place
from civic_forum.forums.tables import notes, queries, rules
from civic_forum.forums.tables import services as tables
from civic_forum.forums.tables.models import Note
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal, TooMany
from tests.factories import saved
from tests.forums.scene import key
from tests.racing import at_once

from .working import at_work


@pytest.fixture
def scene(town):
    return at_work(town)


def texts(table):
    db.session.rollback()
    return [note.text for group in queries.board(table) for note in group.notes]


@pytest.mark.both
def test_a_note_is_told_to_its_table_alone(scene):
    note = notes.write(scene.forum.id, 1, " 발밑만 비추는\n등이 좋아요 ", key(), by=scene.anna)
    assert (note.text, note.user_id, note.on_paper) == ("발밑만 비추는 등이 좋아요", scene.anna.id, False)
    event = db.session.query(ForumEvent).order_by(ForumEvent.number.desc()).first()
    assert (event.kind, event.subject_id, event.table_id) == (ForumEventKind.NOTE_WRITTEN, note.id, scene.first.id)


def test_after_the_table_handed_its_result_everybody_is_told(scene):
    tables.hand_in(scene.forum.id, 1, "낮은 빛부터 시작해요.", key(), by=scene.lead)
    notes.write(scene.forum.id, 1, "하나 더 있어요", key(), by=scene.anna)
    assert db.session.query(ForumEvent).order_by(ForumEvent.number.desc()).first().table_id is None


@pytest.mark.both
def test_the_same_thing_sent_twice_is_one_note(scene):
    once = key()
    assert notes.write(scene.forum.id, 1, "하나", once, by=scene.anna).id == \
        notes.write(scene.forum.id, 1, "하나", once, by=scene.anna).id
    assert texts(scene.first) == ["하나"]


def test_sent_twice_at_the_same_moment_it_is_one_note_too(scene, app):
    once, user_id, forum_id = key(), scene.anna.id, scene.forum.id
    db.session.rollback()
    got = at_once(app, 5, lambda _n: notes.write(forum_id, 1, "하나", once, by=users.by_id(user_id)).id)
    assert len(set(got)) == 1
    assert texts(scene.first) == ["하나"]


@pytest.mark.parametrize("text", ["", "   ", "가" * 81, "제 번호는 900101-1234568이에요"])
def test_a_note_has_one_thing_in_80_characters_and_no_number_of_a_person(scene, text):
    with pytest.raises(Refusal):
        notes.write(scene.forum.id, 1, text, key(), by=scene.anna)
    assert texts(scene.first) == []


def test_80_characters_fit(scene):
    assert notes.write(scene.forum.id, 1, "가" * 80, key(), by=scene.anna).text == "가" * 80


def everything_at(scene, number, by):
    """All that is written at a table, tried by somebody."""
    mine = [one.id for one in scene.notes[number]]
    forum_id = scene.forum.id
    return {
        "write": lambda: notes.write(forum_id, number, "남의 테이블", key(), by=by),
        "type": lambda: notes.type_note(forum_id, number, "남의 테이블", key(), by=by),
        "group": lambda: notes.make_group(forum_id, number, "묶음", key(), mine, by=by),
        "rename": lambda: notes.rename_group(forum_id, number, scene.groups[number].id, "다른 이름", by=by),
        "ungroup": lambda: notes.take_group_away(forum_id, number, scene.groups[number].id, by=by),
        "put": lambda: notes.put_into(forum_id, number, mine, None, by=by),
        "mark": lambda: notes.mark(forum_id, number, mine, True, by=by),
        "take": lambda: notes.take_away(forum_id, number, mine, by=by),
        "say": lambda: notes.say(forum_id, number, "여보세요", key(), by=by),
        "hand": lambda: tables.hand_in(forum_id, number, "가로챈 결과", key(), by=by),
        "count": lambda: tables.count_without_device(forum_id, number, 3, by=by),
    }


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("who", ["stranger", "elsewhere", "registered", "muted", "muted_everywhere", "muted_lead",
                                 "captioner", "visitor", "withdrawn"])
def test_somebody_who_does_not_sit_there_or_is_muted_changes_nothing(scene, who):
    scene.with_notes()
    town = scene.town
    actor = {"stranger": town.resident, "elsewhere": lambda: scene.ben, "registered": scene.person,
             "muted": lambda: scene.anna, "muted_everywhere": lambda: scene.anna, "muted_lead": lambda: scene.lead,
             "captioner": lambda: scene.captioner, "visitor": lambda: scene.visitor,
             "withdrawn": lambda: scene.anna}[who]()
    if who in ("muted", "muted_lead"):
        scene.muted(actor)
    if who == "withdrawn":
        db.session.query(Registration).filter_by(user_id=actor.id).update({"place": Place.WITHDRAWN})
        db.session.commit()
    if who == "muted_everywhere":
        actor.muted_until = clock.now() + rules.MESSAGES_KEPT
        saved(actor)
    before = (texts(scene.first), scene.forum.last_number)
    for name, attempt in everything_at(scene, 1, actor).items():
        with pytest.raises(Denied):
            pytest.fail(f"{who}: {name} {attempt()}")
    db.session.refresh(scene.forum)
    assert (texts(scene.first), scene.forum.last_number) == before


def test_nobody_writes_before_tables_open_or_after_they_close(scene):
    tables.close_tables(scene.forum.id, by=scene.host)
    with pytest.raises(Denied, match="마쳤어요"):
        notes.write(scene.forum.id, 1, "늦었어요", key(), by=scene.anna)
    with pytest.raises(Denied, match="마쳤어요"):
        notes.say(scene.forum.id, 1, "늦었어요", key(), by=scene.anna)


@pytest.mark.both
def test_a_note_is_written_before_tables_close_or_refused_and_never_after(scene, app):
    forum_id, ids, host_id = scene.forum.id, (scene.anna.id, scene.carl.id), scene.host.id
    db.session.rollback()

    def act(n):
        if n == 0:
            return tables.close_tables(forum_id, by=users.by_id(host_id))
        return notes.write(forum_id, 1, f"쪽지 {n}", key(), by=users.by_id(ids[n % 2])).id

    got = at_once(app, 6, act)
    db.session.rollback()
    listed = [event.kind for event in db.session.query(ForumEvent).order_by(ForumEvent.number)]
    written = listed.count(ForumEventKind.NOTE_WRITTEN)
    assert written == sum(isinstance(one, int) for one in got) == len(texts(scene.first))
    assert sum(isinstance(one, Denied) for one in got) == 5 - written
    assert ForumEventKind.NOTE_WRITTEN not in listed[listed.index(ForumEventKind.TABLES_CLOSED):]


@pytest.mark.parametrize("who", ["lead", "clerk", "moderator", "host"])
def test_a_note_on_paper_is_typed_as_it_stood(scene, who):
    typist = scene.town.clerk() if who == "clerk" else getattr(scene, who)
    note = notes.type_note(scene.forum.id, 1, "이백 걸음마다 하나 있으면 좋겟어요", key(), by=typist)
    assert (note.text, note.on_paper, note.user_id, note.typed_by_id) == ("이백 걸음마다 하나 있으면 좋겟어요", True, None, typist.id)


@pytest.mark.both
def test_paper_that_comes_when_time_is_over_is_still_typed(scene):
    tables.close_tables(scene.forum.id, by=scene.host)
    assert notes.type_note(scene.forum.id, 1, "의자가 차가워요", key(), by=scene.lead).on_paper


@pytest.mark.both
def test_own_notes_are_taken_away_by_oneself_and_others_by_who_leads_with_a_trace(scene):
    scene.with_notes()
    mine, theirs = scene.notes[1][0], scene.notes[1][1]
    with pytest.raises(Denied):
        notes.take_away(scene.forum.id, 1, [mine.id, theirs.id], by=scene.anna)
    notes.take_away(scene.forum.id, 1, [mine.id], by=scene.anna)
    assert db.session.query(AuditEntry).filter_by(action="forums.note_taken_away").count() == 0
    notes.take_away(scene.forum.id, 1, [theirs.id], by=scene.lead)
    entry = db.session.query(AuditEntry).filter_by(action="forums.note_taken_away").one()
    assert (entry.actor_id, entry.subject) == (scene.lead.id, f"note:{theirs.id}")
    assert mine.text not in texts(scene.first) and theirs.text not in texts(scene.first)
    with pytest.raises(NotFound):
        notes.take_away(scene.forum.id, 1, [mine.id], by=scene.lead)


@pytest.mark.both
def test_the_conversation_is_slow_and_stays_at_the_table(scene):
    notes.say(scene.forum.id, 1, "안녕하세요", key(), by=scene.anna)
    with pytest.raises(TooMany):
        notes.say(scene.forum.id, 1, "또 저예요", key(), by=scene.anna)
    notes.say(scene.forum.id, 1, "저도 반가워요", key(), by=scene.carl)
    tables.hand_in(scene.forum.id, 1, "결과예요", key(), by=scene.lead)
    events = db.session.query(ForumEvent).filter_by(kind=ForumEventKind.TABLE_SAID).all()
    assert {event.table_id for event in events} == {scene.first.id}


def test_one_person_writes_so_many_notes_and_no_more(scene, monkeypatch):
    monkeypatch.setattr(rules, "MOST_NOTES_EACH", 2)
    for text in ("하나", "둘"):
        notes.write(scene.forum.id, 1, text, key(), by=scene.anna)
    with pytest.raises(Refusal, match="2장까지"):
        notes.write(scene.forum.id, 1, "셋", key(), by=scene.anna)
    notes.write(scene.forum.id, 1, "다른 사람", key(), by=scene.carl)


@pytest.mark.in_turns(of=5)
def test_three_hundred_notes_at_fifteen_tables_cost_the_same_each(town, queries):
    scene = at_work(town, tables=15, people_each=2)
    counts = []
    for n in range(300):
        table = 1 + n % 15
        with queries() as seen:
            notes.write(scene.forum.id, table, f"쪽지 {n}", key(), by=scene.sitting[table][n // 15 % 2])
        counts.append(len(seen))
    assert max(counts) <= 10, max(counts)
    assert db.session.query(Note).count() == 300
    assert db.session.query(ForumEvent).filter_by(kind=ForumEventKind.NOTE_WRITTEN).count() == 300
