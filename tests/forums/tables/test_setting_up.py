"""Tables are made, asked, opened and closed by who runs the forum, and by nobody else."""

import pytest

from civic_forum.forums import operations
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.rules import ForumEventKind, Way
from civic_forum.forums.tables import queries
from civic_forum.forums.tables import services as tables
from civic_forum.forums.tables.models import ForumTable
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.forums.scene import key, live_forum


def kinds(forum):
    listed = db.session.query(ForumEvent).filter_by(forum_id=forum.id).order_by(ForumEvent.number)
    return [event.kind for event in listed]


def test_there_are_as_many_tables_as_people_need_on_site_and_online_apart(scene):
    scene.people(20, Way.ON_SITE), scene.people(9, Way.ONLINE)
    assert tables.make_tables(scene.forum.id, 8, key(), by=scene.host) == 3
    assert [(table.number, table.way) for table in queries.of(scene.forum.id)] == [
        (1, Way.ON_SITE), (2, Way.ON_SITE), (3, Way.ONLINE)]
    with pytest.raises(Refusal, match="이미 넉넉"):
        tables.make_tables(scene.forum.id, 8, key(), by=scene.host)


def test_a_page_that_sends_twice_makes_tables_once(scene):
    scene.people(12)
    once = key()
    assert tables.make_tables(scene.forum.id, 6, once, by=scene.host) == 2
    assert tables.make_tables(scene.forum.id, 6, once, by=scene.host) == 0
    assert len(queries.of(scene.forum.id)) == 2


@pytest.mark.both
def test_a_table_set_by_hand_has_a_name_places_and_a_host(scene):
    host = scene.person()
    table = tables.set_table(scene.forum.id, None, key(), name="가로등 테이블", places=7, way=Way.ON_SITE,
                             host_account=host.sign_in_name, by=scene.moderator)
    assert (table.number, table.name, table.places, table.host_id) == (1, "가로등 테이블", 7, host.id)
    changed = tables.set_table(scene.forum.id, 1, key(), name="낮은 빛", host_name="빈가게살림꾼", by=scene.host)
    assert (changed.id, changed.name, changed.host_id, changed.host_name) == (table.id, "낮은 빛", None, "빈가게살림꾼")


def test_nobody_leads_two_tables(scene):
    host = scene.person()
    tables.set_table(scene.forum.id, None, host_account=host.sign_in_name, by=scene.host)
    with pytest.raises(Refusal, match="다른 테이블의 이끔이"):
        tables.set_table(scene.forum.id, None, host_account=host.sign_in_name, by=scene.host)
    with pytest.raises(Refusal, match="그런 로그인 이름"):
        tables.set_table(scene.forum.id, None, host_account="nobody-here", by=scene.host)


@pytest.mark.both
def test_a_new_host_of_a_table_leaves_their_seat(scene):
    person = scene.person()
    scene.table(1, None, person)
    tables.set_table(scene.forum.id, None, host_account=person.sign_in_name, by=scene.host)
    assert queries.seat_of(scene.forum.id, person.id) is None


def test_tables_open_with_a_question_and_minutes_and_close_once(scene):
    with pytest.raises(Refusal, match="질문"):
        tables.open_tables(scene.forum.id, 30, by=scene.host)
    tables.ask_tables(scene.forum.id, "꼭 하나만 바꾼다면 무엇을 바꿀까요?", key(), by=scene.host)
    with pytest.raises(Refusal, match="테이블을 만들어"):
        tables.open_tables(scene.forum.id, 30, by=scene.host)
    scene.table(1)
    tables.open_tables(scene.forum.id, 30, key(), by=scene.host)
    db.session.refresh(scene.forum)
    assert (queries.close_at(scene.forum) - scene.forum.tables_opened_at).total_seconds() == 1800
    with pytest.raises(Conflict):
        tables.open_tables(scene.forum.id, 30, key(), by=scene.host)
    tables.close_tables(scene.forum.id, by=scene.host)
    with pytest.raises(Conflict):
        tables.close_tables(scene.forum.id, by=scene.host)
    assert kinds(scene.forum) == [ForumEventKind.TABLES_SEATED, ForumEventKind.TABLES_OPENED,
                                  ForumEventKind.TABLES_CLOSED]


@pytest.mark.both
def test_tables_that_are_open_close_with_the_forum(scene):
    scene.table(1)
    tables.ask_tables(scene.forum.id, "무엇을 바꿀까요?", by=scene.host)
    tables.open_tables(scene.forum.id, 30, by=scene.host)
    with use_case(scene.host) as work:
        operations.end_everything(work, work.session.merge(scene.forum))
    assert kinds(scene.forum).count(ForumEventKind.TABLES_CLOSED) == 1


@pytest.mark.both
def test_only_an_empty_table_is_taken_away(scene):
    scene.table(1), scene.table(2, None, scene.person())
    tables.remove_table(scene.forum.id, 1, by=scene.host)
    with pytest.raises(Conflict):
        tables.remove_table(scene.forum.id, 2, by=scene.host)
    with pytest.raises(NotFound):
        tables.remove_table(scene.forum.id, 9, by=scene.host)
    assert [table.number for table in queries.of(scene.forum.id)] == [2]


@pytest.mark.both
def test_a_table_of_another_forum_is_none_of_ours(scene, town):
    other = live_forum(town)
    other.table(5)
    with pytest.raises(NotFound):
        tables.set_table(scene.forum.id, 5, name="남의 것", by=scene.host)
    with pytest.raises(Denied):
        tables.set_table(other.forum.id, 5, name="남의 것", by=scene.host)
    assert db.session.query(ForumTable).one().name is None
