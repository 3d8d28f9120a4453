"""Lengths of all bars of the sample district against their numbers, on a phone and a desk."""

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from tests.servers import chromium

from .bars import PIXEL, Bar, Number, faults, measured, numbers

ADDRESS = re.compile(r'<a[^>]* href="(/[^"#?]*)')
HAS_BARS = re.compile(r'<progress|<meter|preserveAspectRatio="none"|class="stack"')
READ, MEASURED = 6, 3
"""Pages of a kind that are read, and of these with bars so many that are measured."""
LEAST_BARS = 300
OF_STAFF = [("official1", "/desk/commitments"), ("official1", "/desk/commitments/27"), ("official1", "/desk/figures"),
            ("official1", "/desk/outcomes/1/reports"), ("moderator1", "/forums/gvalley-lunch-live/host"),
            ("moderator1", "/forums/gvalley-lunch-live/projector"), ("resident6", "/me/commitments")]


@pytest.fixture(scope="module")
def barred(visits, sqlite_app) -> list[tuple[str | None, str]]:
    """Pages with bars and who looks at them: of each kind some that links lead to, then those of staff."""
    adapter, kinds, found, waiting = sqlite_app.url_map.bind("localhost"), Counter(), {}, ["/"]
    for address in waiting:
        try:
            kind = adapter.match(unquote(address), method="GET")[0]
        except HTTPException:
            continue
        if kinds[kind] == READ or len(found.get(kind, ())) == MEASURED:
            continue
        kinds[kind] += 1
        text = html(visits, address)
        if HAS_BARS.search(text):
            found.setdefault(kind, []).append((None, address))
        waiting += sorted({*ADDRESS.findall(text)} - {*waiting})
    return [*(page for pages in found.values() for page in pages), *OF_STAFF]


def html(visits, address: str) -> str:
    answer = visits.page().request.get(visits.site.url + address, max_redirects=0)
    return answer.text() if answer.ok and "text/html" in answer.headers["content-type"] else ""


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("view, width", [("normal", chromium.PHONE), ("xl text", chromium.PHONE),
                                         ("normal", chromium.DESKTOP)])
def test_every_bar_is_as_long_as_its_number(visits, barred, view, width):
    wrong, count = {}, 0
    for who, address in barred:
        page = visits.page(who, view, width=width)
        page.goto(visits.site.url + address)
        bars = measured(page)
        count += len(bars)
        if some := faults(bars):
            wrong[address] = some
    assert wrong == {} and count >= LEAST_BARS


AMOUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=5).filter(any)


def drawn(parts: list[int], chart=0, start=20.0, width=330.0) -> Bar:
    """As a true chart has it."""
    whole, edges = sum(parts), [sum(parts[:place]) for place in range(len(parts))]
    return Bar(chart, [start, width], [start, width], " · ".join(f"{part:,}표" for part in parts), whole, list(parts),
               [[start + width * edge / whole, width * part / whole] for edge, part in zip(edges, parts, strict=True)])


@given(st.lists(AMOUNTS, min_size=1, max_size=4))
def test_a_true_chart_has_no_fault(rows):
    assert faults([drawn(parts) for parts in rows]) == []


@given(AMOUNTS, st.data())
def test_a_piece_that_is_longer_or_shorter_is_a_fault(parts, data):
    bar = drawn(parts)
    place = data.draw(st.sampled_from(range(len(parts))))
    off = data.draw(st.floats(2 * PIXEL, 100) | st.floats(-100, -2 * PIXEL))
    pieces = [list(piece) for piece in bar.pieces]
    pieces[place][1] += off
    assert [*replace(bar, pieces=pieces).faults]


@given(AMOUNTS, st.floats(2 * PIXEL, 300))
def test_rows_of_a_chart_have_one_track(parts, further):
    bar = drawn(parts)
    moved = drawn(parts, start=20 + further, width=330 - further)
    assert len(faults([bar, replace(moved, row=bar.row)])) == 1
    assert faults([bar, replace(moved, row=bar.row, chart=1)]) == []


def test_a_number_that_is_not_told_is_a_fault():
    assert [*replace(drawn([50, 50]), words="실행 중").faults] == ["50 of 100 is not in its words"] * 2
    assert [*replace(drawn([50, 50]), parts=[]).faults] == ["no numbers", "2 pieces for 0 numbers"]
    assert [*replace(drawn([3]), parts=[], is_hidden=True).faults] == ["1 pieces for 0 numbers"]
    assert faults([replace(drawn([3]), has_one_scale=True), replace(drawn([4]), has_one_scale=True)]) != []


@pytest.mark.parametrize(("words", "value"), [
    ("168표 39.3%", Number(39.3, .1)), ("7억 9,100만 원", Number(791_000_000, 10_000)), ("1.2억 원", Number(1.2e8, 1e7)),
    ("36,400천원", Number(36_400_000, 1000)), ("1시간 3분 5초", Number(3785, 1)), ("4,200원", Number(4200, 1))])
def test_numbers_are_read_as_they_are_written(words, value):
    assert any((number.value, number.digit) == pytest.approx((value.value, value.digit)) for number in numbers(words))
