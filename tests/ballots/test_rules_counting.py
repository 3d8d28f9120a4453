"""The count: one ballot a voter, whatever they sent in which order, and sums that must come out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.rules.boxes import SheetState
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.counting import (
    Cell,
    Discrepancy,
    Inconsistent,
    Opening,
    Paper,
    Participations,
    Standing,
    breakdown_json,
    discrepancies,
    result_json,
    standing,
    suppress,
)
from civic_forum.ballots.rules.log import EntryType

BALLOT, WITHDRAWAL = EntryType.BALLOT, EntryType.WITHDRAWAL
RULE = BoxRule(Kind.APPROVAL, 3, 2)
THREE = RULE.tally([RULE.encode({1: 1}), RULE.encode({2: 1}), RULE.blank_choice()])
FOUND = Standing([0, 2], replaced=1, withdrawn=1)
PEOPLE = Participations(online=1, assisted=1, paper_issued=1, paper_returned=2)
PAPER = Paper(issued=6, counted=1, invalid=1, spoiled=2, taken_back=1, unreturned=1)

voters = st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=12)
"""For each voter how many ballots, and whether a withdrawal ends them."""
cells = st.lists(st.integers(0, 30), min_size=1, max_size=8).map(
    lambda counts: [Cell(str(number), 100, voted) for number, voted in enumerate(counts)]
)


def opening(leaf, voter, revision, entry_type=BALLOT):
    return Opening(leaf, voter.to_bytes(32, "big"), revision, entry_type)


@given(voters, st.randoms(use_true_random=False))
def test_of_each_voter_the_last_ballot_counts_unless_it_was_withdrawn(voted, random):
    written = []
    for voter, (ballots, withdrawn) in enumerate(voted):
        written += [(voter, revision, BALLOT) for revision in range(1, ballots + 1)]
        written += [(voter, ballots + 1, WITHDRAWAL)] * withdrawn
    random.shuffle(written)
    found = standing([opening(leaf, *one) for leaf, one in enumerate(written)])
    last = {voter: ballots for voter, (ballots, withdrawn) in enumerate(voted) if not withdrawn}
    assert [written[leaf] for leaf in found.live] == sorted(
        ((voter, ballots, BALLOT) for voter, ballots in last.items()),
        key=lambda one: written.index(one),
    )
    assert found.replaced == sum(ballots - 1 for ballots in last.values())
    assert found.withdrawn == sum(withdrawn for _, withdrawn in voted)


@pytest.mark.parametrize(
    "written",
    [
        [(1, BALLOT), (3, BALLOT)],
        [(2, BALLOT)],
        [(1, BALLOT), (1, BALLOT)],
        [(1, BALLOT), (2, BALLOT), (2, WITHDRAWAL)],
        [(1, WITHDRAWAL)],
        [(1, BALLOT), (2, WITHDRAWAL), (3, BALLOT)],
        [(1, BALLOT), (2, WITHDRAWAL), (3, WITHDRAWAL)],
        [(0, BALLOT), (1, BALLOT)],
        [(1, EntryType.PAPER)],
        [(1, BALLOT), (2, EntryType.OBJECTION)],
    ],
)
def test_a_log_that_this_site_does_not_write_is_not_counted(written):
    with pytest.raises(Inconsistent):
        standing([opening(leaf, 1, revision, kind) for leaf, (revision, kind) in enumerate(written)])


def test_an_empty_log_has_no_ballots():
    assert standing([]) == Standing([], 0, 0)


def test_a_vote_in_which_everything_comes_out():
    assert discrepancies(FOUND, THREE, PEOPLE, PAPER, roll=5) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"paper": replace(PAPER, issued=7)}, [Discrepancy.ISSUED]),
        ({"paper": replace(PAPER, spoiled=3)}, [Discrepancy.ISSUED]),
        ({"paper": replace(PAPER, issued=7, invalid=2)}, [Discrepancy.RETURNED]),
        ({"paper": replace(PAPER, issued=7, unreturned=2)}, [Discrepancy.UNRETURNED]),
        ({"people": replace(PEOPLE, assisted=0)}, [Discrepancy.LIVE]),
        ({"found": FOUND._replace(live=[0])}, [Discrepancy.LIVE, Discrepancy.BALLOTS]),
        ({"totals": replace(THREE, ballots=4)}, [Discrepancy.BALLOTS]),
        ({"found": FOUND._replace(withdrawn=7)}, [Discrepancy.WITHDRAWALS]),
        ({"roll": 4}, [Discrepancy.ROLL]),
    ],
)
def test_each_sum_that_does_not_come_out_is_named(change, expected):
    given_ = {"found": FOUND, "totals": THREE, "people": PEOPLE, "paper": PAPER, "roll": 5} | change
    found = discrepancies(given_["found"], given_["totals"], given_["people"], given_["paper"], given_["roll"])
    assert found == expected


def test_paper_is_told_from_its_sheets_and_batches():
    sheets = {SheetState.RETURNED: 2, SheetState.SPOILED: 2, SheetState.TAKEN_BACK: 1, SheetState.ISSUED: 1}
    assert Paper.of(sheets, counted=1, invalid=1) == PAPER
    assert Paper.of({}, counted=0, invalid=0) == Paper()


def test_a_paper_that_came_back_but_is_in_no_batch_shows():
    sheets = {SheetState.RETURNED: 3, SheetState.SPOILED: 2, SheetState.TAKEN_BACK: 1, SheetState.ISSUED: 1}
    paper = Paper.of(sheets, counted=1, invalid=1)
    assert discrepancies(FOUND, THREE, PEOPLE, paper, roll=5) == [Discrepancy.ISSUED]


def test_the_turnout_leaves_out_paper_that_did_not_come_back():
    assert PEOPLE.turnout(9) == {"roll": 9, "online": 1, "assisted": 1, "paper_returned": 2, "total": 4}


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


def test_the_result_has_the_names_of_the_written_format():
    result = result_json(
        final_root=bytes(32), final_size=5, totals=THREE, found=FOUND, participations=PEOPLE, paper=PAPER, roll=5
    )
    assert set(result) == {
        "format", "final_root", "final_size", "ballots", "blank", "totals", "turnout", "paper", "replaced", "withdrawn"
    }
    assert (result["ballots"], result["blank"], result["replaced"], result["withdrawn"]) == (3, 1, 1, 1)
