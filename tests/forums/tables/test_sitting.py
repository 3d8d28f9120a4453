"""Everybody who came sits once; who comes late, chooses, is moved or leaves, does so openly."""

from collections import Counter

import pytest

from civic_forum.accounts.queries import users
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.rules import AgeGroup, Place, Seating, Way
from civic_forum.forums.tables import queries, seating
from civic_forum.forums.tables import services as tables
from civic_forum.forums.tables.models import Seat
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.forums.scene import key
from tests.racing import at_once


def sizes(scene):
    db.session.rollback()
    return [len(card.members) for card in queries.cards(scene.forum.id)]


def last_event(scene):
    return db.session.query(ForumEvent).filter_by(forum_id=scene.forum.id).order_by(ForumEvent.number.desc()).first()


@pytest.mark.both
def test_everybody_who_came_is_seated_once_and_the_seed_stands_in_the_event(scene):
    scene.people(17)
    scene.person(place=Place.WAITING)
    absent = scene.person()
    db.session.query(Registration).filter_by(user_id=absent.id).update({"came_at": None})
    db.session.commit()
    tables.make_tables(scene.forum.id, 6, by=scene.host)
    assert seating.seat(scene.forum.id, Seating.RANDOM, 77, key(), by=scene.host) == 17
    assert sorted(sizes(scene)) == [8, 9]
    assert last_event(scene).details == {"how": "random", "seed": 77, "people": 17}
    first = {seat.user_id: seat.table_id for seat in db.session.query(Seat)}
    seating.seat(scene.forum.id, Seating.RANDOM, 77, key(), by=scene.host)
    assert {seat.user_id: seat.table_id for seat in db.session.query(Seat)} == first
    assert seating.seat(scene.forum.id, Seating.RANDOM, 77, key(), who_came=False, by=scene.host) == 18


@pytest.mark.both
def test_mixed_every_table_has_people_of_all_neighbourhoods(scene):
    for name, age in (("시흥1동", AgeGroup.TO_39), ("독산1동", AgeGroup.FROM_65), ("가산동", None)):
        for _one in range(6):
            scene.person(neighbourhood=name, age_group=age)
    tables.make_tables(scene.forum.id, 9, by=scene.host)
    seating.seat(scene.forum.id, Seating.MIXED, 5, by=scene.host)
    rows = db.session.execute(db.text(
        "SELECT s.table_id, r.neighbourhood_id, count(*) FROM seat s JOIN forum_registration r ON r.user_id = s.user_id"
        " GROUP BY s.table_id, r.neighbourhood_id")).all()
    assert len(rows) == 6 and {row[2] for row in rows} == {3}


def test_people_on_site_and_online_sit_apart_and_missing_places_are_said(scene):
    scene.people(3, Way.ON_SITE), scene.people(4, Way.ONLINE)
    scene.table(1, way=Way.ON_SITE, places=8), scene.table(2, way=Way.ONLINE, places=3)
    with pytest.raises(Refusal, match="온라인 참여자 자리가 2개 모자라요"):
        seating.seat(scene.forum.id, Seating.RANDOM, 5, by=scene.host)
    tables.set_table(scene.forum.id, 2, places=9, way=Way.ONLINE, by=scene.host)
    seating.seat(scene.forum.id, Seating.RANDOM, 5, by=scene.host)
    assert sizes(scene) == [3, 4]


@pytest.mark.both
def test_hosts_of_tables_are_not_seated_elsewhere(scene):
    host = scene.person()
    scene.table(1, host), scene.table(2)
    scene.people(5)
    seating.seat(scene.forum.id, Seating.RANDOM, 5, by=scene.host)
    assert queries.seat_of(scene.forum.id, host.id) is None
    assert sorted(sizes(scene)) == [2, 3]


def test_nobody_is_seated_anew_once_tables_write(scene):
    scene.table(1, None, scene.person())
    tables.ask_tables(scene.forum.id, "무엇을 바꿀까요?", by=scene.host)
    tables.open_tables(scene.forum.id, 30, by=scene.host)
    with pytest.raises(Denied, match="한 사람씩"):
        seating.seat(scene.forum.id, Seating.RANDOM, 5, by=scene.host)


@pytest.mark.both
def test_people_are_still_seated_when_tables_began_before_anybody_sat(scene):
    people = scene.people(6)
    scene.table(1)
    tables.ask_tables(scene.forum.id, "무엇을 바꿀까요?", by=scene.host)
    tables.open_tables(scene.forum.id, 30, by=scene.host)
    assert seating.seat(scene.forum.id, Seating.RANDOM, 5, by=scene.host) == len(people)
    with pytest.raises(Denied, match="한 사람씩"):
        seating.seat(scene.forum.id, Seating.RANDOM, 6, by=scene.host)


def test_somebody_late_gets_the_table_with_most_room_whatever_they_ask_for(scene):
    early = scene.people(3)
    scene.table(1, None, *early), scene.table(2)
    scene.forum.seating = Seating.MIXED
    db.session.commit()
    late = scene.person()
    assert seating.take_seat(scene.forum.id, 1, key(), by=late).number == 2
    with pytest.raises(Denied, match="이미 앉은 자리"):
        seating.take_seat(scene.forum.id, 1, key(), by=late)


def test_by_choice_people_change_tables_as_long_as_there_are_places(scene):
    scene.table(1, None, scene.person(), places=2, host_id=None)
    scene.table(2, None, places=1, way=Way.ON_SITE, host_id=None)
    seating.seat(scene.forum.id, Seating.CHOSEN, 1, by=scene.host)
    first, second, third = scene.people(3)
    seating.take_seat(scene.forum.id, 1, key(), by=first)
    once = key()
    assert seating.take_seat(scene.forum.id, 1, once, by=second).number == 1
    assert seating.take_seat(scene.forum.id, 1, once, by=second).number == 1
    with pytest.raises(Conflict, match="자리가 찼어요"):
        seating.take_seat(scene.forum.id, 1, key(), by=third)
    with pytest.raises(Refusal, match="현장 참여자"):
        seating.take_seat(scene.forum.id, 2, key(), by=third)
    assert sizes(scene) == [2, 0]


def test_the_host_moves_somebody_openly(scene):
    person = scene.person()
    scene.table(1, None, person), scene.table(2, places=2)
    seating.move(scene.forum.id, person.id, 2, by=scene.host)
    assert sizes(scene) == [0, 1]
    event = last_event(scene)
    assert (event.by_id, event.details) == (scene.host.id, {"was": 1, "to": 2, "by_oneself": False})
    with pytest.raises(Refusal):
        seating.move(scene.forum.id, scene.town.resident().id, 2, by=scene.host)
    with pytest.raises(Conflict):
        seating.move(scene.forum.id, scene.person().id, 2, by=scene.host)


def test_somebody_who_left_may_come_back_where_there_is_room(scene):
    person = scene.person()
    scene.table(1, None, person)
    scene.forum.seating = Seating.RANDOM
    db.session.commit()
    seating.leave_table(scene.forum.id, by=person)
    assert sizes(scene) == [0]
    with pytest.raises(Denied):
        seating.leave_table(scene.forum.id, by=person)
    seating.take_seat(scene.forum.id, by=person)
    seating.unseat(scene.forum.id, person.id, by=scene.host)
    assert sizes(scene) == [0]


@pytest.mark.both
def test_people_without_a_device_take_places_too(scene):
    host = scene.person()
    scene.table(1, host, places=3)
    seating.seat(scene.forum.id, Seating.CHOSEN, 1, by=scene.host)
    tables.count_without_device(scene.forum.id, 1, 2, by=host)
    assert queries.cards(scene.forum.id)[0].present == 2
    with pytest.raises(Conflict):
        seating.take_seat(scene.forum.id, 1, key(), by=scene.person())
    with pytest.raises(Denied):
        tables.count_without_device(scene.forum.id, 1, 1, by=scene.person())


def test_two_take_the_last_place_and_one_gets_it(scene, app):
    scene.table(1, places=1, host_id=None)
    seating.seat(scene.forum.id, Seating.CHOSEN, 1, by=scene.host)
    ids, forum_id = [one.id for one in scene.people(6)], scene.forum.id
    db.session.rollback()
    got = at_once(app, 6, lambda n: seating.take_seat(forum_id, 1, key(), by=users.by_id(ids[n])))
    assert Counter(isinstance(one, Conflict) for one in got) == {True: 5, False: 1}
    assert sizes(scene) == [1]
