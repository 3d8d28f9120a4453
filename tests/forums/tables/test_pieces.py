"""Pieces drawn again after an event at tables, and the people to whom they go."""

import re

import pytest
from flask import current_app

from civic_forum.forums import fragments
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.rules import Seating
from civic_forum.forums.tables import notes, queries, seating
from civic_forum.forums.tables import services as tables
from civic_forum.platform.base import db
from tests.forums.notes.working import at_work
from tests.forums.scene import key, live_forum


@pytest.fixture
def scene(town):
    return at_work(town)


def drawn(scene, after):
    """The puts of everything that happened after this number."""
    db.session.rollback()
    events = db.session.query(ForumEvent).filter(ForumEvent.number > after).order_by(ForumEvent.number).all()
    with current_app.test_request_context():
        return {put.id: put for put in fragments.puts(db.session.get(type(scene.forum), scene.forum.id), events)}


def now(scene):
    db.session.refresh(scene.forum)
    return scene.forum.last_number


def test_a_note_draws_its_group_anew_for_its_table_alone(scene):
    before = now(scene)
    note = notes.write(scene.forum.id, 1, "<b>낮은 빛</b>", key(), by=scene.anna)
    puts = drawn(scene, before)
    assert set(puts) == {f"loose-notes-{scene.first.id}"}
    put, = puts.values()
    assert (put.table_id, put.into) == (scene.first.id, f"notes-{scene.first.id}")
    for text in ("&lt;b&gt;낮은 빛", f'data-by="{scene.anna.id}"', f'id="note-{note.id}"'):
        assert text in put.html


def test_a_note_that_goes_from_group_to_group_draws_both(scene):
    note = notes.write(scene.forum.id, 1, "낮은 빛", key(), by=scene.anna)
    other = notes.write(scene.forum.id, 1, "의자", key(), by=scene.anna)
    one = notes.make_group(scene.forum.id, 1, "하나", key(), [note.id], by=scene.anna)
    two = notes.make_group(scene.forum.id, 1, "둘", key(), [other.id], by=scene.anna)
    before = now(scene)
    notes.put_into(scene.forum.id, 1, [note.id], two.id, by=scene.anna)
    puts = drawn(scene, before)
    assert set(puts) == {f"note-group-{one.id}", f"note-group-{two.id}"}
    assert "낮은 빛" not in puts[f"note-group-{one.id}"].html and "낮은 빛" in puts[f"note-group-{two.id}"].html
    before = now(scene)
    notes.take_group_away(scene.forum.id, 1, two.id, by=scene.anna)
    puts = drawn(scene, before)
    assert puts[f"note-group-{two.id}"].html == ""
    assert "낮은 빛" in puts[f"loose-notes-{scene.first.id}"].html
    assert f'value="{one.id}"' in puts[f"group-choices-{scene.first.id}"].html
    assert f'value="{two.id}"' not in puts[f"group-choices-{scene.first.id}"].html
    assert {put.table_id for put in puts.values()} == {scene.first.id}


def test_a_page_that_missed_everything_gets_each_group_once(scene):
    before = now(scene)
    written = [notes.write(scene.forum.id, 1, f"쪽지 {n}", key(), by=scene.anna) for n in range(5)]
    group = notes.make_group(scene.forum.id, 1, "묶음", key(), [one.id for one in written[:2]], by=scene.carl)
    notes.take_away(scene.forum.id, 1, [written[4].id], by=scene.anna)
    notes.mark(scene.forum.id, 1, [written[3].id], True, by=scene.lead)
    puts = drawn(scene, before)
    texts = [text for put in puts.values() for text in re.findall(r'id="note-text-\d+" lang="ko">([^<]*)<', put.html)]
    assert sorted(texts) == ["쪽지 0", "쪽지 1", "쪽지 2", "쪽지 3"]
    assert set(puts) == {f"loose-notes-{scene.first.id}", f"note-group-{group.id}", f"group-choices-{scene.first.id}"}


@pytest.mark.both
def test_messages_go_to_the_table_even_after_it_handed_over(scene):
    tables.hand_in(scene.forum.id, 1, "결과", key(), by=scene.lead)
    before = now(scene)
    message = notes.say(scene.forum.id, 1, "잘했어요", key(), by=scene.anna)
    puts = drawn(scene, before)
    assert set(puts) == {f"table-message-{message.id}"}
    assert puts[f"table-message-{message.id}"].table_id == scene.first.id


@pytest.mark.both
def test_everybody_gets_the_door_of_their_table_when_people_are_seated(town):
    scene = live_forum(town)
    people = scene.people(3)
    scene.table(1), scene.table(2)
    before = now(scene)
    seating.seat(scene.forum.id, Seating.RANDOM, 3, by=scene.host)
    puts = drawn(scene, before)
    cards = queries.cards(scene.forum.id)
    assert set(puts) == {"tables-state"} | {f"table-{what}-{card.table.id}" for card in cards
                                            for what in ("card", "door", "seats")}
    for card in cards:
        door = puts[f"table-door-{card.table.id}"]
        assert door.table_id is None and " hidden" in door.html
        named = re.search(r'data-members="([^"]*)"', door.html)[1].split()
        assert set(named) == {str(one) for one in (*card.members, card.table.host_id)}
        assert puts[f"table-seats-{card.table.id}"].table_id == card.table.id
    assert not any(one.nickname in put.html for one in people for put in puts.values() if put.table_id is None)


def test_somebody_who_is_moved_changes_two_tables(scene):
    before = now(scene)
    seating.move(scene.forum.id, scene.anna.id, 2, by=scene.host)
    second = queries.numbered(scene.forum.id, 2)
    assert set(drawn(scene, before)) == {f"table-{what}-{one.id}" for one in (scene.first, second)
                                         for what in ("card", "door", "seats")}


def test_a_result_goes_to_the_hall_and_to_the_projector(scene):
    before = now(scene)
    tables.hand_in(scene.forum.id, 1, "낮은 빛부터\n시작해요.", key(), by=scene.lead)
    tables.project(scene.forum.id, 1, by=scene.host)
    puts = drawn(scene, before)
    result = puts[f"table-result-{scene.first.id}"]
    assert (result.table_id, result.into) == (None, "table-results") and "낮은 빛부터" in result.html
    assert "낮은 빛부터" in puts["table-projected"].html
    before = now(scene)
    tables.project(scene.forum.id, None, by=scene.host)
    assert " hidden" in drawn(scene, before)["table-projected"].html


def test_a_table_that_is_removed_leaves_the_page(scene):
    table = tables.set_table(scene.forum.id, None, by=scene.host)
    db.session.rollback()
    scene.forum.tables_opened_at = scene.forum.tables_closed_at = None
    db.session.commit()
    before, gone = now(scene), table.id
    tables.remove_table(scene.forum.id, table.number, by=scene.host)
    puts = drawn(scene, before)
    assert puts[f"table-card-{gone}"].html == puts[f"table-door-{gone}"].html == ""


def test_opening_and_closing_tables_changes_their_clock_and_nothing_else(scene):
    before = now(scene)
    tables.close_tables(scene.forum.id, by=scene.host)
    tables.open_tables(scene.forum.id, 5, by=scene.host)
    puts = drawn(scene, before)
    assert set(puts) == {"tables-state"} and 'data-limit="300"' in puts["tables-state"].html


def test_a_table_that_is_named_draws_itself_alone(scene):
    before = now(scene)
    tables.set_table(scene.forum.id, 2, name="낮은 빛", by=scene.host)
    second = queries.numbered(scene.forum.id, 2)
    assert set(drawn(scene, before)) == {"tables-state"} | {
        f"table-{what}-{second.id}" for what in ("card", "door", "seats")}


@pytest.mark.both
def test_fifteen_tables_are_drawn_with_as_many_statements_as_two(town, queries):
    counts = []
    for size in (2, 15):
        scene = live_forum(town)
        scene.people(size)
        for number in range(size):
            scene.table(number + 1)
        before = now(scene)
        seating.seat(scene.forum.id, Seating.RANDOM, 5, by=scene.host)
        db.session.rollback()
        listed = db.session.query(ForumEvent).filter_by(forum_id=scene.forum.id)
        events = listed.filter(ForumEvent.number > before).order_by(ForumEvent.number).all()
        forum = db.session.get(type(scene.forum), scene.forum.id)
        with current_app.test_request_context(), queries() as seen:
            assert len(fragments.puts(forum, events)) == 1 + 3 * size
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5
