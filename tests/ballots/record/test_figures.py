"""Figures of a result: every sum that does not come out has its name, and every trouble needs a reason."""

import copy
import json
from io import BytesIO

import pytest

from civic_forum.ballots.models import Count
from civic_forum.ballots.record import figures, outcomes
from civic_forum.ballots.record.editions import Edition, write_record
from civic_forum.ballots.counting.rules import Paper
from tests.verifier.format2.conftest import made
from tests.verifier.format2.votes import SEED, members_of


def found():
    """A result whose sums come out, with live ballots and leaves of its vote."""
    vote = made("approval")
    return json.loads(vote.record.result), {"live": len(vote.closing.live), "leaves": len(vote.closing.leaves)}


def test_the_sums_of_a_good_vote_come_out():
    result, sizes = found()
    assert figures.discrepancies(result, **sizes) == []


@pytest.mark.parametrize("part, name, by, expected", [
    ("rows", "online", 1, {"live"}), ("rows", "assisted", -1, {"live"}),
    ("paper", "counted", 1, {"ballots", "issued", "returned"}),
    ("paper", "invalid", 1, {"issued", "returned"}), ("paper", "spoiled", 1, {"issued"}),
    ("paper", "unreturned", 1, {"issued", "unreturned"}),
    ("paper", "taken_back", -1, {"issued", "taken_back"}), ("paper", "issued", 1, {"issued", "desks"}),
    ("turnout", "paper_returned", 9, {"returned", "unreturned"}), ("turnout", "roll", -80, {"roll"}),
    ("rows", "paper_returned", 9, {"returned", "unreturned"}), ("rows", "paper_taken_back", 1, {"taken_back"})])
def test_a_sum_that_does_not_come_out_is_named(part, name, by, expected):
    result, sizes = found()
    result = copy.deepcopy(result)
    result[part][name] += by
    assert set(figures.discrepancies(result, **sizes)) == expected


def test_ballots_live_ones_leaves_and_desks_are_compared_too():
    result, sizes = found()
    assert figures.discrepancies(result | {"ballots": 1}, **sizes) == ["ballots"]
    assert figures.discrepancies(result, **sizes | {"leaves": sizes["leaves"] + 1}) == ["leaves"]
    assert figures.discrepancies(result, **sizes | {"leaves": 64}) == ["leaves"]
    assert "live" in figures.discrepancies(result, **sizes | {"live": sizes["live"] - 1})
    desk = result["desks"][0]
    assert figures.discrepancies(result | {"desks": [desk | {"withdrawn": desk["issued"] + 1}]}, **sizes) == ["desks"]


def test_a_sheet_that_is_amiss_loosens_what_must_be_as_many():
    result, sizes = found()
    result["paper"]["unreturned"] -= 1
    result["paper"]["spoiled"] += 1
    assert figures.discrepancies(result, **sizes) == ["unreturned"]
    assert figures.discrepancies(result, sheets=1, **sizes) == []


def test_turnout_counts_damaged_and_missing_rows():
    rows = {"online": 5, "assisted": 2, "damaged": 1, "missing": 3, "paper_issued": 4, "paper_returned": 6,
            "paper_taken_back": 1}
    turned_out = figures.turnout(rows, 7, 90)
    assert turned_out == {"online": 5, "assisted": 2, "damaged": 1, "missing": 3, "paper_returned": 7, "roll": 90,
                          "total": 18}
    assert figures.papers_short(turned_out, Paper(counted=9, invalid=1)) == 1
    assert figures.papers_short(turned_out, Paper(counted=12)) == -1


def test_a_count_that_falls_or_exceeds_the_close_is_named_and_a_missing_one_is_not():
    counts = [Count(number=number, voters=voters) for number, voters in ((1, 4), (3, 3), (4, 9), (6, 5))]
    assert figures.counts_amiss(counts, {"online": 8}, [None] * 4) == [3, 4, 6]
    assert figures.counts_amiss(counts[:1], {"online": 4}, [None]) == []
    assert figures.counts_amiss([], {}, []) == []


def test_a_count_that_tells_fewer_acts_of_staff_is_named():
    counts = [Count(number=number, voters=4) for number in (1, 2, 5, 6)]
    opened, given = ({"desk": "가산동", "kind": kind, "number": 2} for kind in ("account_opened", "code_given"))
    acts = [[opened], [opened | {"number": 1}, given], [given], [opened, given]]
    assert figures.counts_amiss(counts, {"online": 4}, acts) == [2, 5]
    assert figures.counts_amiss(counts, {"online": 4}, [[], [], [], []]) == []


@pytest.mark.parametrize("name",
                         ["damaged", "foreign", "lost", "missing", "papers_short", "sheets", "counts", "ledger"])
def test_an_alarm_needs_a_reason(name):
    alarms = dict(made("approval").record.alarms)
    assert not figures.need_reasons(alarms)
    assert figures.need_reasons(alarms | {name: {"counts": [3], "ledger": 0}.get(name, 1)})


def test_of_few_only_what_won_is_left():
    poll = {"kind": "poll", "quorum": 1, "selected": [5, 2], "tied": [2, 3]}
    assert outcomes.of_few(poll) == {"kind": "poll", "quorum": 1, "selected": [2, 5]}
    assert outcomes.of_few({"kind": "budget", "count": {"selected": ["b", "a"]}, "others": {}}) == {
        "kind": "budget", "selected": ["a", "b"]}
    assert outcomes.of_few({"kind": "poll", "selected": []}) == {"kind": "poll", "selected": []}


def test_a_record_is_the_same_bytes_at_every_repetition():
    vote = made("growing roll")
    one, other = BytesIO(), BytesIO()
    for file in (one, other):
        write_record(vote.record, SEED, Edition.TOTALS, file)
    assert one.getvalue() == other.getvalue() and members_of(one) == vote.public
