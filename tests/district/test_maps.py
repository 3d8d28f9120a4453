"""Figures of the neighbourhoods on the map."""

import json
from pathlib import Path

import pytest
from flask import current_app

from civic_forum.district.maps import district_map
from civic_forum.district.shapes import HEIGHT, SHAPES, WIDTH
from civic_forum.platform.i18n import Language, speaking, won_short
from tests.blocks.charts_page import settle

pytestmark = pytest.mark.one_database
DISTRICT = Path("civic_forum/sample_data/data/district.json")


def corners(shape):
    return [tuple(map(float, point.split(","))) for point in shape.points.split()]


def inside(point, polygon):
    x, y = point
    crossings = [(x1 + (y - y1) * (x2 - x1) / (y2 - y1)) > x for (x1, y1), (x2, y2) in zip(
        polygon, polygon[1:] + polygon[:1], strict=True) if (y1 > y) != (y2 > y)]
    return sum(crossings) % 2 == 1


def drawn(found) -> str:
    page = current_app.jinja_env.from_string(
        "{% from 'blocks/map.html' import district_map %}{{ district_map(found, '동마다') }}")
    return " ".join(page.render(found=found).split())


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
    figures = (17.1, 7, 6.9, 5, 10.9, 10, 12.9, 20, 0, None)
    found = district_map(dict(zip(ids, figures, strict=True)), "명")
    assert [place.level for place in found.places] == [4, 2, 2, 2, 3, 3, 3, 5, 1, 0]
    assert [place.shown for place in found.places][:3] == ["17.1명", "7.0명", "6.9명"]
    assert found.places[-1].shown == "–" and found.drawn and found.hidden == 0
    assert [(step.level, step.shown) for step in found.scale] == [
        (1, "0.0명"), (2, "5명부터"), (3, "10명부터"), (4, "15명부터"), (5, "20명부터")]


@pytest.mark.parametrize(("figures", "levels"), [
    ((0, 1), [1, 5]), ((0, 1, 2), [1, 3, 5]), ((1, 2, 3, 4), [1, 2, 4, 5]), (range(0, 50, 10), [1, 2, 3, 4, 5]),
    ((0, 4.5), [1, 5])])
def test_fewer_steps_take_colours_further_apart(town, figures, levels):
    ids = settle()
    found = district_map(dict(zip(ids, figures, strict=False)), "개", absent=figures[0])
    assert [step.level for step in found.scale] == levels


def test_nothing_has_another_colour_than_few(town):
    ids = settle()
    found = district_map(dict(zip(ids, (0, 22, 59, 190, 450, 22, 60, 61, 0, 700), strict=True)), won_short)
    assert [place.level for place in found.places][:3] == [1, 2, 2] and found.scale[1].shown == "22원부터"


def test_a_neighbourhood_that_is_left_out_has_what_is_said_of_it(town):
    ids = settle()
    assert [place.shown for place in district_map({ids[0]: 3}, "개", absent=0).places] == ["3개", *["0개"] * 9]
    found = district_map({ids[0]: 3}, "개", hidden=ids[1:3], absent=0)
    assert (found.hidden, len(found.known)) == (2, 8) and found.drawn


@pytest.mark.parametrize("figures", [
    [15.3, 16.4, 15.0] * 3 + [15.9], [0] * 10, [7] * 10, [None] * 9 + [3], [None] * 10])
def test_figures_of_one_class_are_no_map(town, figures):
    ids = settle()
    found = district_map(dict(zip(ids, figures, strict=True)), "개")
    assert not found.drawn and found.scale == []


@pytest.mark.parametrize(("figures", "hidden", "sentence", "bars"), [
    ([15.3, 16.4] * 5, 2, "보이는 동은 거의 같아요: 적은 곳은 15.3%, 많은 곳은 16.4%. 가린 동 2곳.", 10),
    ([15.3, 16.4] * 5, 0, "동마다 거의 같아요: 적은 곳은 15.3%, 많은 곳은 16.4%.", 10),
    ([None] * 8 + [7, 7], 0, "보이는 동은 같아요: 7%. 알 수 없는 동 8곳.", 10),
    ([7] * 10, 0, "동마다 같아요: 7%.", 10), ([0] * 10, 0, "동마다 보여 드릴 것이 아직 없어요.", 0),
    ([None] * 10, 0, "동마다 보여 드릴 것이 아직 없어요.", 0)])
def test_a_sentence_says_what_no_map_would_show(town, figures, hidden, sentence, bars):
    ids = settle()
    found = district_map(dict(zip(ids, figures, strict=True)), "%", hidden=ids[:hidden], href="/n/{}".format)
    written = drawn(found)
    assert sentence in written and "<svg viewBox=\"0 0 404" not in written
    assert written.count("bar-name") == bars


def test_a_map_has_its_colours_and_says_what_is_not_there(town):
    ids = settle()
    written = drawn(district_map({ids[0]: 0, ids[1]: 9, ids[4]: 1}, "명", hidden=ids[2:4]))
    assert "<polygon" in written and "0명" in written and "가린 동 2곳" in written and "알 수 없는 동 5곳" in written
    assert "1명부터" in written and "6명부터" in written and "4명부터" not in written


def test_nothing_of_a_hidden_figure_leaves(town):
    ids = settle()
    found = district_map(dict(zip(ids, (4242, *range(1, 10)), strict=True)), "명", ids[1], ids[:1],
                         lambda one: f"/n/{one}")
    first, second = found.places[:2]
    assert first.hidden and first.value is None and first.level == 0 and second.current
    assert "4242" not in repr(found) and "4,242" not in repr(found) and found.hidden == 1
    assert second.href == f"/n/{ids[1]}" and found.bars.table("", "", "").rows[:2] == [("가산동", None), ("독산1동", "1명")]


def test_a_unit_may_be_a_function_or_an_english_word(town):
    ids = settle()
    assert district_map({ids[0]: 1}, lambda value: f"<{value:g}>", absent=0).scale[0].shown == "<0>"
    with speaking(Language.EN):
        found = district_map({ids[0]: 1}, "people", absent=0)
    assert (found.places[0].name, found.places[0].shown, found.scale[0].shown) == ("Gasan-dong", "1 people", "0 people")


def test_another_district_has_bars(town):
    assert not district_map({}, "명").drawn
    ids = settle([*list(SHAPES)[:9], "새로운동"])
    found = district_map({ids[9]: 3}, "명", ids[9])
    last = found.bars.rows[-1]
    assert not found.drawn and (last.name, last.shown, last.current) == ("새로운동", "3명", True)


def test_money_on_a_map_is_no_smaller_than_it_is():
    shown = [won_short(amount) for amount in (0, 5_000, 400_000, 72_000_000, 190_000_000)]
    assert shown == ["0원", "5,000원", "40만 원", "7,200만", "1.9억"]
    with speaking(Language.EN):
        assert [won_short(amount) for amount in (0, 400_000, 72_000_000)] == ["₩0", "₩400,000", "₩72M"]
