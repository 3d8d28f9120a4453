"""Figures of the neighbourhoods on the map."""

import json
from pathlib import Path

import pytest

from civic_forum.district.maps import district_map
from civic_forum.district.shapes import HEIGHT, SHAPES, WIDTH
from civic_forum.platform.i18n import Language, speaking
from tests.blocks.charts_page import settle

DISTRICT = Path("civic_forum/sample_data/data/district.json")


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


def corners(shape):
    return [tuple(map(float, point.split(","))) for point in shape.points.split()]


def inside(point, polygon):
    x, y = point
    crossings = [(x1 + (y - y1) * (x2 - x1) / (y2 - y1)) > x for (x1, y1), (x2, y2) in zip(
        polygon, polygon[1:] + polygon[:1], strict=True) if (y1 > y) != (y2 > y)]
    return sum(crossings) % 2 == 1


def test_the_sample_district_has_a_shape_for_each_neighbourhood():
    assert [one["name_ko"] for one in json.loads(DISTRICT.read_text("utf-8"))["neighbourhoods"]] == list(SHAPES)


def test_words_stand_in_their_piece_and_no_piece_lies_in_another():
    for name, shape in SHAPES.items():
        assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in corners(shape))
        for other, polygon in ((other, corners(one)) for other, one in SHAPES.items()):
            middle = [inside((shape.x + x, shape.y + y), polygon) for x in (-33, 33) for y in (-18, 20)]
            assert middle == [name == other] * 4, (name, other)
            assert not any(inside(corner, polygon) for corner in corners(shape)) or name == other


def test_a_figure_has_the_colour_of_its_step(town):
    ids = settle()
    figures = (17.1, 7, 6.9, 9, 10.9, 11, 12.9, 13, 0, None)
    found = district_map(dict(zip(ids, figures, strict=True)), (7, 9, 11, 13), "명")
    assert [place.level for place in found.places] == [5, 2, 1, 3, 3, 4, 4, 5, 1, 0]
    assert [place.shown for place in found.places][:3] == ["17.1명", "7.0명", "6.9명"]
    assert found.places[-1].shown == "–" and found.drawn
    assert [(step.level, step.shown, step.below) for step in found.scale] == [
        (1, "7명", True), (2, "7명", False), (3, "9명", False), (4, "11명", False), (5, "13명", False)]


@pytest.mark.parametrize(("steps", "levels"), [
    ([], [1]), ([3], [1, 5]), ([3, 5], [1, 3, 5]), ([2, 4, 6], [1, 2, 4, 5])])
def test_fewer_steps_take_colours_further_apart(town, steps, levels):
    ids = settle()
    found = district_map(dict(zip(ids, range(10), strict=True)), steps, "개")
    assert sorted({place.level for place in found.places}) == levels
    assert [step.level for step in found.scale] == (levels if steps else [])


def test_nothing_of_a_hidden_figure_leaves(town):
    ids = settle()
    found = district_map(dict(zip(ids, (4242, *range(1, 10)), strict=True)), None, "명", ids[1], ids[:1],
                         lambda one: f"/n/{one}")
    first, second = found.places[:2]
    assert first.hidden and first.value is None and first.level == 0 and second.current
    assert "4242" not in repr(found) and "4,242" not in repr(found) and found.hidden == 1
    assert second.href == f"/n/{ids[1]}" and found.table("", "", "").rows[:2] == [("가산동", None), ("독산1동", "1명")]


def test_a_unit_may_be_a_function_or_an_english_word(town):
    ids = settle()
    assert district_map({ids[0]: 3}, (2,), lambda value: f"<{value}>").scale[0].shown == "<2>"
    with speaking(Language.EN):
        found = district_map({ids[0]: 3}, (2,), "people")
    assert (found.places[0].name, found.places[0].shown, found.scale[0].shown) == ("Gasan-dong", "3 people", "2 people")


def test_another_district_has_bars(town):
    assert not district_map({}, None, "명").drawn
    ids = settle([*list(SHAPES)[:9], "새로운동"])
    found = district_map({ids[9]: 3}, None, "명", ids[9])
    last = found.bars.rows[-1]
    assert not found.drawn and (last.name, last.shown, last.current) == ("새로운동", "3명", True)
