"""Positions of bars, shares and lines."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.blocks.charts import (
    NOTHING,
    UNITS,
    Bar,
    Bars,
    Key,
    Line,
    Lines,
    Part,
    Share,
    Stack,
    Stacked,
    cuts,
    said,
    worded,
)

AMOUNTS = st.one_of(st.none(), st.integers(-5, 10**12), st.floats(0, 10**9, allow_subnormal=False))


def bars(values, top=None, **facts):
    return Bars([Bar(str(place), value, str(value), **facts) for place, value in enumerate(values)], top)


def share(values):
    return Share([Part(str(place), value, str(value)) for place, value in enumerate(values)])


def stacked(table, top=None):
    return Stacked([Stack("", row, "") for row in table], [Key(str(place)) for place in range(len(table[0]))], top)


@given(st.lists(AMOUNTS, max_size=12), AMOUNTS)
def test_a_bar_stays_in_its_picture_and_a_larger_one_is_no_shorter(values, top):
    found = bars(values, top)
    widths = [found.width(row) for row in found.rows]
    assert all(0 <= width <= UNITS for width in widths)
    there = sorted((value, width) for value, width in zip(values, widths, strict=True) if value is not None)
    assert all(width <= next_width for (_, width), (_, next_width) in pairwise(there))
    assert all((width >= 1) == (value is not None and value > 0) for value, width in zip(values, widths, strict=True))


@given(st.lists(AMOUNTS, min_size=1, max_size=12))
def test_the_largest_bar_is_as_wide_as_the_picture(values):
    widths = [bars(values).width(row) for row in bars(values).rows]
    assert max(widths) == (UNITS if any(value and value > 0 for value in values) else 0)


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1))
def test_a_mark_stays_in_its_picture_and_has_room_beyond_the_bars(mark, values):
    found = bars(values, mark=mark)
    place = found.place(found.rows[0])
    assert place is None if mark is None else 0 <= place <= UNITS
    assert mark is None or found.scale >= mark


def test_a_hidden_bar_shows_nothing_of_its_figure():
    found = bars([3, 40], hidden=True)
    assert [found.width(row) for row in found.rows] == [0, 0]
    assert found.table("답", "나이", "사람").rows == [("0", None), ("1", None)]


@given(st.lists(AMOUNTS, max_size=100))
def test_parts_of_a_share_fill_the_picture_side_by_side(values):
    pieces = share(values).pieces
    assert len(pieces) == sum(value is not None and value > 0 for value in values)
    assert sum(piece.width for piece in pieces) == pytest.approx(UNITS if pieces else 0)
    assert [piece.start for piece in pieces] == pytest.approx([sum(one.width for one in pieces[:place])
                                                               for place in range(len(pieces))])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_every_part_is_as_wide_as_its_figure(values):
    found = share(values)
    exact = [UNITS * value / found.scale for value in values if value]
    assert all(abs(piece.width - width) < .11 for piece, width in zip(found.pieces, exact, strict=True))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_every_bar_is_as_long_as_its_figure(values):
    found = bars(values)
    assert all(abs(found.width(row) - UNITS * row.value / found.scale) <= 1 for row in found.rows)


def test_halves_and_thirds_are_as_wide_as_they_say():
    assert [piece.width for piece in share([1, 1]).pieces] == [500, 500]
    assert [piece.width for piece in share([1, 1, 1]).pieces] == [333.3, 333.4, 333.3]
    assert [(piece.start, piece.width) for piece in share([19, 0, None, 1]).pieces] == [(0, 950), (950, 50)]


@given(st.integers(1, 6).flatmap(lambda width: st.lists(
    st.lists(AMOUNTS, min_size=width, max_size=width), min_size=1, max_size=8)), AMOUNTS)
def test_stacks_are_as_long_as_their_sums(table, top):
    found = stacked(table, top)
    lengths = [round(sum(piece.width for piece in found.pieces(row)), 1) for row in found.rows]
    sums = [sum(max(value or 0, 0) for value in row) for row in table]
    assert all(0 <= length <= UNITS for length in lengths)
    assert all(bool(length) == bool(total) for length, total in zip(lengths, sums, strict=True))
    assert all(length <= longer for (_, length), (_, longer) in pairwise(sorted(zip(sums, lengths, strict=True))))


def test_a_stack_says_its_figures_and_not_those_that_are_hidden():
    found = Stacked([Stack("도로과", (1200, None), "모름")], [Key("지켰어요", "good"), Key("늦었어요", "bad")])
    assert found.table("약속", "부서", "모두").rows == [("도로과", "1,200", None, "모름")]
    assert [(piece.width, piece.tone) for piece in found.pieces(found.rows[0])] == [(UNITS, "good")]


@given(st.lists(st.lists(AMOUNTS, min_size=5, max_size=5), max_size=3), AMOUNTS)
def test_lines_stay_between_round_ticks(series, top):
    found = Lines(list("가나다라마"), [Line(str(place), values) for place, values in enumerate(series)], top)
    ticks = found.ticks
    assert ticks[0] == 0 and 2 <= len(ticks) <= 6
    assert ticks[-1] >= max((value or 0 for values in series for value in values), default=0) * (1 - 1e-9)
    assert re.fullmatch(r"(1|2|25|5)0*", f"{ticks[1]:.0f}")
    for values, line in zip(series, found.drawn, strict=True):
        assert all(0 < dot.x < UNITS and 0 <= dot.y <= UNITS for dot in line.dots)
        assert len(line.dots) == sum(value is not None for value in values) == len(re.findall("[ML]", line.path))
        assert line.path.count("M") == len(re.findall("1+", "".join("01"[value is not None] for value in values)))


def test_a_line_has_a_gap_where_a_month_has_no_figure():
    found = Lines(["1월", "2월", "3월", "4월"], [Line("누리집", [10, None, 20, 30], ["10명", "", "20명", "30명"])])
    assert found.ticks == [0, 10, 20, 30] and found.axis[0] == ("30", 0) and found.axis[-1] == ("0", UNITS)
    assert found.drawn[0].path == "M125.0 667M625.0 333L875.0 0"
    assert found.table("참여", "달").rows == [("1월", "10명"), ("2월", NOTHING), ("3월", "20명"), ("4월", "30명")]
    assert found.ends == [("누리집", "1월", "10명", "4월", "30명")] and found.keys == [Key("누리집", "line-1", "30명")]


def test_a_line_of_one_figure_has_no_beginning_and_end():
    assert Lines(["1월", "2월"], [Line("누리집", [None, 3])]).ends == []
    assert Lines([], []).ticks == [0, 1]


@pytest.mark.parametrize(("count", "named"), [(6, [0, 1, 2, 3, 4, 5]), (7, [0, 3, 6]), (12, [2, 5, 8, 11])])
def test_a_phone_names_every_third_month_and_the_last(count, named):
    found = Lines([str(place) for place in range(count)], [])
    assert [int(month) for month, on_phones in found.named if on_phones] == named


@given(st.lists(AMOUNTS, max_size=20))
def test_cuts_part_the_highest_from_the_lowest_or_nothing(values):
    found, amounts = cuts(values), [round(max(value or 0, 0), 1) for value in values]
    assert len(found) <= 4 and found == sorted(set(found))
    assert all(min(amounts) < cut <= max(amounts) for cut in found)
    assert bool(found) == bool(found and {value >= found[0] for value in amounts} == {True, False})


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_figures_that_lie_far_apart_are_of_several_classes(values):
    apart, high = max(values) - min(values), max(values)
    assert cuts(values) if 2 * apart >= high and apart else True
    assert cuts(values) == [] if 10 * apart < high else True


def test_numbers_are_written_alike():
    assert worded([17.1, 6, None]) == ["17.1", "6.0", None] and worded([1800, 6.0]) == ["1,800", "6"]
    assert (said(7.96), said(8.0), said(1234.5)) == ("8", "8", "1,234.5")
