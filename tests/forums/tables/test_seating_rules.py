"""Everybody is seated once, evenly, and the same from the same seed."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.forums.rules import AgeGroup, Seating, Way
from civic_forum.forums.tables import rules
from civic_forum.forums.tables.rules import Person, Table, TooFewPlaces, roomiest, seated, spread
from tests.factories import MAY
from tests.running.turns import share

KINDS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from([None, *AgeGroup])), min_size=1, max_size=90)
WAYS = st.sampled_from([None, *Way])


def people_of(kinds, way=Way.ON_SITE):
    return [Person(number, way, *kind) for number, kind in enumerate(kinds, start=1)]


def even_tables(people, size):
    return [Table(number, rules.MOST_SEATED) for number in range(1, rules.how_many(people, size) + 1)]


@st.composite
def crowds(draw):
    """People of both ways and tables of all kinds, whatever fits."""
    people = [Person(number, draw(st.sampled_from(Way)), *kind) for number, kind in enumerate(draw(KINDS), start=1)]
    tables = [Table(number, draw(st.integers(1, 10)), draw(WAYS), draw(st.integers(0, 3)))
              for number in range(1, draw(st.integers(1, 16)) + 1)]
    return people, tables


@given(crowds(), st.sampled_from((Seating.RANDOM, Seating.MIXED)), st.integers(0, 2**31))
def test_everybody_sits_once_where_they_may_and_no_table_is_over_its_places(crowd, how, seed):
    people, tables = crowd
    try:
        found = seated(people, tables, how, seed)
    except TooFewPlaces as full:
        assert full.missing > 0
        for_both = sum(table.room for table in tables if table.way is None)
        room = {way: sum(table.room for table in tables if table.way is way) for way in Way}
        over = sum(max(0, sum(one.way is way for one in people) - room[way]) for way in Way)
        assert over - for_both == full.missing
        return
    assert set(found) == {one.id for one in people}
    load = Counter(found.values())
    known = {table.id: table for table in tables}
    assert all(load[number] <= known[number].room for number in load)
    assert all(known[found[one.id]].takes(one.way) for one in people)


@given(KINDS, st.integers(6, 10), st.sampled_from((Seating.RANDOM, Seating.MIXED)), st.integers(0, 2**31))
def test_tables_differ_by_one_person_at_most(kinds, size, how, seed):
    people = people_of(kinds)
    tables = even_tables(len(people), size)
    load = Counter(seated(people, tables, how, seed).values())
    sizes = [load[table.id] for table in tables]
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= rules.MOST_SEATED
    if len(people) // rules.LEAST_SEATED >= -(-len(people) // rules.MOST_SEATED):
        assert min(sizes) >= rules.LEAST_SEATED


@given(KINDS, st.integers(6, 10), st.integers(0, 2**31))
def test_mixed_every_kind_of_people_differs_by_one_at_most_between_tables(kinds, size, seed):
    people = people_of(kinds)
    tables = even_tables(len(people), size)
    found = seated(people, tables, Seating.MIXED, seed)
    for kind in ("neighbourhood", "age_group"):
        for value in {getattr(one, kind) for one in people}:
            here = Counter(found[one.id] for one in people if getattr(one, kind) == value)
            there = [here[table.id] for table in tables]
            assert max(there) - min(there) <= 1, (kind, value, there)


@given(st.data())
def test_groups_get_the_sizes_that_are_asked_for_however_unlike(data):
    sizes = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=8))
    kind = st.tuples(st.integers(0, 3), st.integers(0, 3))
    kinds = data.draw(st.lists(kind, min_size=sum(sizes), max_size=sum(sizes)))
    load = Counter(spread(kinds, sizes))
    assert [load[group] for group in range(len(sizes))] == sizes


def test_groups_are_for_as_many_as_there_are_people():
    with pytest.raises(ValueError, match="as many places as people"):
        spread([], [1])


@settings(max_examples=share(20))
@given(crowds(), st.sampled_from((Seating.RANDOM, Seating.MIXED)), st.integers(0, 2**31), st.randoms())
def test_the_same_seed_gives_the_same_tables_whatever_order_they_were_read_in(crowd, how, seed, chance):
    people, tables = crowd
    try:
        first = seated(people, tables, how, seed)
    except TooFewPlaces:
        return
    chance.shuffle(people)
    chance.shuffle(tables)
    assert seated(people, tables, how, seed) == first


def test_another_seed_gives_other_tables():
    people = people_of([(None, None)] * 40)
    tables = even_tables(40, 8)
    assert seated(people, tables, Seating.RANDOM, 1) != seated(people, tables, Seating.RANDOM, 2)


def test_people_on_site_sit_together_and_people_online_do():
    people = people_of([(1, None)] * 14) + [Person(100 + n, Way.ONLINE) for n in range(9)]
    tables = [Table(1, 8, Way.ON_SITE), Table(2, 8, Way.ON_SITE), Table(3, 10, Way.ONLINE)]
    found = seated(people, tables, Seating.MIXED, 7)
    assert Counter(found[one.id] for one in people if one.way is Way.ON_SITE) == {1: 7, 2: 7}
    assert {found[one.id] for one in people if one.way is Way.ONLINE} == {3}


def test_people_who_sit_there_already_count():
    tables = [Table(1, 8, taken=5), Table(2, 8)]
    assert Counter(seated(people_of([(1, None)] * 7), tables, Seating.RANDOM, 7).values()) == {1: 1, 2: 6}


def test_too_few_places_are_said_with_their_number():
    with pytest.raises(TooFewPlaces) as full:
        seated(people_of([(1, None)] * 9), [Table(1, 6, Way.ON_SITE), Table(2, 9, Way.ONLINE), Table(3, 1)],
               Seating.RANDOM, 7)
    assert (full.value.way, full.value.missing) == (Way.ON_SITE, 2)


@pytest.mark.parametrize("people, size, expected", [
    (0, 8, 0), (1, 8, 1), (5, 8, 1), (11, 8, 2), (12, 10, 2), (20, 6, 3), (120, 8, 15), (121, 10, 13), (1000, 8, 125)])
def test_the_number_of_tables(people, size, expected):
    assert rules.how_many(people, size) == expected


def test_tables_end_only_where_they_are_open_and_have_minutes():
    assert rules.close_at(MAY, 30) == MAY + timedelta(minutes=30)
    assert rules.close_at(MAY, None) is rules.close_at(None, 30) is None


def test_somebody_late_gets_the_table_with_most_room():
    tables = [Table(1, 8, Way.ON_SITE, 6), Table(2, 8, Way.ON_SITE, 5), Table(3, 10, None), Table(4, 9, Way.ONLINE)]
    assert roomiest(tables, Way.ON_SITE).id == 2
    assert roomiest(tables, Way.ONLINE).id == 4
    assert roomiest([Table(1, 2, Way.ON_SITE, 2), Table(3, 5, None, 1)], Way.ON_SITE).id == 3
    assert roomiest([Table(1, 2, Way.ON_SITE, 2)], Way.ON_SITE) is None


def test_a_thousand_people_are_mixed_in_little_time():
    people = [Person(n, Way.ONLINE, n * 7 % 10, n * 3 % 5) for n in range(1000)]
    began = time.process_time()
    seated(people, [Table(n, 10) for n in range(100)], Seating.MIXED, 1)
    assert time.process_time() - began < 20  # a second, where nothing else runs


def test_a_table_for_both_ways_is_counted_once():
    people, both = {Way.ON_SITE: 23, Way.ONLINE: 62}, [(None, 7), (None, 7), (None, 8), (None, 8)]
    assert rules.to_be_made(people, 8, both) == [Way.ONLINE] * 7
    assert rules.to_be_made(people, 8, []) == [Way.ON_SITE] * 3 + [Way.ONLINE] * 8
    assert rules.to_be_made({Way.ONLINE: 12}, 6, [(Way.ONLINE, 10), (Way.ON_SITE, 10)]) == [Way.ONLINE]
    assert rules.to_be_made({Way.ONLINE: 12}, 6, [(Way.ONLINE, 2), (Way.ONLINE, 2)]) == [Way.ONLINE]


@given(st.integers(0, 300), st.integers(0, 300), st.integers(rules.LEAST_SEATED, rules.MOST_SEATED),
       st.lists(st.tuples(st.sampled_from([*Way, None]), st.integers(0, 16)), max_size=30))
def test_everybody_has_a_place_at_the_tables_that_are_made(on_site, online, size, there):
    made = rules.to_be_made({Way.ON_SITE: on_site, Way.ONLINE: online}, size, there)
    places = {way: sum(room for one, room in there if one is way) + rules.MOST_SEATED * made.count(way) for way in Way}
    missing = max(0, on_site - places[Way.ON_SITE]) + max(0, online - places[Way.ONLINE])
    assert missing <= sum(room for one, room in there if one is None)
