"""Figures of a count: paper told from its sheets, turnout, and what is hidden of a breakdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.rules.boxes import SheetState
from civic_forum.ballots.counting.rules import Cell, Paper, Participations, breakdown_json, suppress

PAPER = Paper(issued=6, counted=1, invalid=1, spoiled=2, taken_back=1, unreturned=1)

cells = st.lists(st.integers(0, 30), min_size=1, max_size=8).map(
    lambda counts: [Cell(str(number), 100, voted) for number, voted in enumerate(counts)]
)


def test_paper_is_told_from_its_sheets_and_batches():
    sheets = {SheetState.RETURNED: 2, SheetState.SPOILED: 2, SheetState.TAKEN_BACK: 1, SheetState.ISSUED: 1}
    assert Paper.of(sheets, counted=1, invalid=1) == PAPER
    assert Paper.of({}, counted=0, invalid=0) == Paper()


def test_the_turnout_leaves_out_paper_that_did_not_come_back():
    assert Participations(online=1, assisted=1, paper_issued=1, paper_returned=2).total == 4


def hidden(shown):
    return [cell.name for cell in shown if cell.voted is None]


def voted(*counts):
    return [Cell(name, 100, count) for name, count in zip("abcdef", counts, strict=False)]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((10, 11, 12), []),
        ((9, 40, 30, 20), ["a", "d"]),
        ((9, 8, 30), ["a", "b"]),
        ((1, 2, 30, 40), ["a", "b", "c"]),
        ((0, 10, 30), ["a", "b"]),
        ((9, 20, 20, 20), ["a", "b"]),
        ((9,), ["a"]),
        ((1, 2), ["a", "b"]),
        ((10,), []),
    ],
)
def test_small_cells_are_hidden_with_as_many_as_keep_them_so(counts, expected):
    assert hidden(suppress(voted(*counts))) == expected


@given(cells)
def test_no_hidden_cell_can_be_worked_out_from_the_whole(whole):
    shown = suppress(whole)
    assert [cell.name for cell in shown] == [cell.name for cell in whole]
    assert all(cell.voted is None or cell == before for cell, before in zip(shown, whole, strict=True))
    assert all(cell.voted is None or cell.voted >= 10 for cell in shown)
    out = [before.voted for cell, before in zip(shown, whole, strict=True) if cell.voted is None]
    assert not out or len(out) == len(whole) or (len(out) > 1 and sum(out) >= 10)


@given(cells)
def test_no_more_is_hidden_than_needs_be(whole):
    out = [before.voted for cell, before in zip(suppress(whole), whole, strict=True) if cell.voted is None]
    small = [count for count in out if count < 10]
    largest = max(out, default=0)
    if largest >= 10:
        fewer = sorted(out)[:-1]
        assert len(fewer) < 2 or sum(fewer) < 10
    assert len(small) == sum(cell.voted < 10 for cell in whole)


def test_a_breakdown_names_its_hidden_cells_without_their_number():
    assert breakdown_json("neighbourhood", voted(9, 30, 40)) == {
        "by": "neighbourhood",
        "cells": [
            {"name": "a", "roll": 100, "hidden": 1},
            {"name": "b", "roll": 100, "hidden": 1},
            {"name": "c", "roll": 100, "voted": 40},
        ],
    }
