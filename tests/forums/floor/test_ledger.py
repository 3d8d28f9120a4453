"""The ledger of speaking time: it adds up, and no line points at anybody."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from civic_forum.forums.floor import ledger as queries
from civic_forum.forums.floor.rules import CountedTurn, LEAST_PEOPLE, by, by_personal, minutes
from civic_forum.forums.preparing import services as stages
from civic_forum.forums.rules import AgeGroup
from civic_forum.platform.base import db
from tests.forums.scene import live_forum
from tests.running.turns import share

MANY = settings(max_examples=share(200))
AGES = [None, "14-18", "19-39", "40-64", "65+"]


@st.composite
def forums(draw):
    """Turns of people who each have one neighbourhood and age group, or none."""
    people = draw(st.lists(st.tuples(st.sampled_from([None, "가산동", "독산1동", "시흥1동"]), st.sampled_from(AGES)),
                           min_size=1, max_size=12))
    spoken = draw(st.lists(st.tuples(st.integers(0, len(people) - 1), st.integers(0, 900)), max_size=30))
    return [CountedTurn(f"u{who}", seconds, "participant", None, *people[who], False) for who, seconds in spoken]


@MANY
@given(forums())
def test_every_table_adds_up_to_the_whole(turns):
    total = sum(turn.seconds for turn in turns)
    for key in (lambda turn: turn.role, lambda turn: turn.neighbourhood, lambda turn: turn.age_group):
        for lines in (by(turns, key), by_personal(turns, key)):
            assert sum(line.seconds for line in lines) == total
            assert sum(line.turns for line in lines) == len(turns)
            assert sum(minutes(lines)) == (total + 30) // 60
            for line, whole in zip(lines, minutes(lines)):
                assert abs(60 * whole - line.seconds) < 60 * len(lines)


@MANY
@given(forums())
def test_no_line_stands_for_fewer_than_three_people_nor_can_it_be_reckoned_back(turns):
    lines = by_personal(turns, lambda turn: turn.age_group)
    if len(lines) > 1:
        assert all(line.people >= LEAST_PEOPLE for line in lines)
    assert len([line for line in lines if line.key is None]) <= 1
    hidden = {turn.age_group for turn in turns} - {line.key for line in lines}
    for name in hidden - {None}:
        alone = {turn.voice for turn in turns if turn.age_group == name}
        rest = next(line for line in lines if line.key is None)
        assert rest.people >= min(LEAST_PEOPLE, len({turn.voice for turn in turns})) and rest.people >= len(alone)


@MANY
@given(forums())
def test_pages_that_may_be_shown_are_shown(turns):
    """A group of three and more is put with the rest only to hide another one."""
    lines = by_personal(turns, lambda turn: turn.age_group)
    whole = by(turns, lambda turn: turn.age_group)
    if all(line.people >= LEAST_PEOPLE for line in whole):
        assert lines == whole


def test_three_people_together_hide_nobody_else():
    ages = ("14-18", "14-18", None, "65+", "65+", "65+")
    turns = [CountedTurn(f"u{who}", 60, "participant", None, None, age, False) for who, age in enumerate(ages)]
    assert [(line.key, line.people) for line in by_personal(turns, lambda turn: turn.age_group)] == [
        ("65+", LEAST_PEOPLE), (None, LEAST_PEOPLE)]


@pytest.mark.both
def test_the_ledger_of_a_forum_by_role_item_and_first_time(town):
    scene = live_forum(town)
    first, second = scene.forum.items[0].id, scene.forum.items[1].id
    ann = scene.person()
    scene.turn(scene.host, role="host", seconds=90, ago=900, item_id=first)
    scene.turn(ann, seconds=60, ago=500, item_id=second, first_time=True)
    scene.turn(ann, seconds=30, ago=400, item_id=second)
    scene.turn(name="도로과", role="official", seconds=None, ago=20)
    found = queries.of(scene.forum)
    assert (found.turns, found.people) == (4, 3)
    assert [(line.key, line.seconds, line.people) for line in found.roles][:2] == [("host", 90, 1),
                                                                                   ("participant", 90, 1)]
    assert found.total_s == sum(line.seconds for line in found.items) and found.total_s >= 200
    assert [(line.key, line.seconds) for line in found.items][:2] == [(1, 90), (2, 90)]
    assert [(line.key, line.seconds) for line in found.first_times] == [(True, 60), (False, 30)]


def test_facts_that_people_gave_for_the_ledger_are_shown_when_the_forum_is_over(town, browse):
    scene = live_forum(town)
    for _ in range(3):
        scene.turn(scene.person(), seconds=60, age_group=AgeGroup.FROM_65)
    scene.turn(scene.person(), seconds=60, age_group=AgeGroup.TO_18)
    path = f"/forums/{scene.forum.slug}/ledger"
    while_live = browse().get(path).text
    assert "어림해요" not in while_live and "공론장을 마친 뒤에" in while_live and "65세 이상" not in while_live
    stages.close_forum(scene.forum.id, by=scene.host)
    afterwards = browse().get(path).text
    assert "14–18세" not in afterwards and "그 밖에, 밝히지 않음" in afterwards
    db.session.rollback()
    assert [line.people for line, _minutes in queries.of(scene.forum).age_groups] == [4]


def test_the_page_is_for_everybody_and_costs_few_statements(town, browse, queries):
    scene = live_forum(town)
    browser, path = browse(), f"/forums/{scene.forum.slug}/ledger"
    assert "아직 발언이 없어요" in browser.get(path).text
    for _ in range(3):
        scene.turn(scene.person(neighbourhood="가산동"))
    with queries() as seen:
        page = browser.get(path)
    assert page.status_code == 200 and "3명이 3번, 모두 3분" in page.text
    assert len(seen) <= 6


def test_the_ledger_is_taken_along_as_a_table_of_which_nothing_runs(town, browse):
    scene = live_forum(town)
    scene.forum.items[1].title = "=HYPERLINK(1)"
    for _ in range(3):
        scene.turn(scene.person(), seconds=50, neighbourhood_id=town.neighbourhood("=가산동").id,
                   item_id=scene.forum.items[1].id, first_time=True)
    path = f"/forums/{scene.forum.slug}/ledger.csv"
    assert "나이대" not in browse().get(path).text
    stages.close_forum(scene.forum.id, by=scene.host)
    table = list(csv.reader(io.StringIO(browse().get(path).text.removeprefix("\ufeff"))))
    assert table[1:] == [["자격", "참여자", "150", "", "3", "3"], ["순서", "'=HYPERLINK(1)", "150", "", "3", "3"],
                         ["처음 발언", "처음 발언", "150", "", "3", "3"], ["동네", "'=가산동", "", "3", "3", "3"],
                         ["나이대", "그 밖에, 밝히지 않음", "", "3", "3", "3"]]
