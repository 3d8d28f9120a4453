"""Draws nobody makes in the office, and winners of a poll."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.box import closing as draws
from civic_forum.ballots.record import outcomes
from civic_forum.ballots.rules import quorums
from civic_forum.ballots.rules.quorums import Missed, Quorum

ROOT = b"r" * 32
DRAW = draws.lottery(1000, [42, 2, 22, 8, 19, 37], 39)


def votes(*counts, name="votes"):
    return [{"option": at, name: count} for at, count in enumerate(counts, start=1)]


@pytest.mark.parametrize("closed, number", [
    ("2022-01-21T11:34:59", 999), ("2022-01-21T11:35:00", 1000), ("2022-01-28T11:34:59", 1000),
    ("2022-01-28T11:35:00", 1001),
    ("2002-12-01T00:00:00", 1), ("1999-01-01T00:00:00", 1)])
def test_the_draw_is_the_first_later_than_a_day_after_the_close(closed, number):
    assert draws.lottery_number(datetime.fromisoformat(closed).replace(tzinfo=UTC)) == number


@given(st.datetimes(datetime(2003, 1, 1), datetime(2100, 1, 1)))
def test_no_earlier_draw_would_do(at):
    at = at.replace(tzinfo=UTC)
    held = datetime.combine(draws.FIRST_LOTTERY, draws.DRAWN_AT) + timedelta(weeks=draws.lottery_number(at) - 1)
    assert held - timedelta(weeks=1) <= at + draws.WAIT < held


@pytest.mark.parametrize("number, numbers, bonus", [
    (0, range(1, 7), 7), (1, range(1, 6), 7), (1, range(1, 7), 6), (1, range(6), 7), (1, range(40, 46), 46),
    (1, [1, 1, 2, 3, 4, 5], 7)])
def test_numbers_that_are_no_lottery_draw(number, numbers, bonus):
    with pytest.raises(ValueError):
        draws.lottery(number, numbers, bonus)


@pytest.mark.parametrize("faces", [[1] * 19, [1] * 21, [0] * 20, [7] * 20])
def test_numbers_that_are_no_dice(faces):
    with pytest.raises(ValueError):
        draws.dice(faces)


@given(st.lists(st.integers(1, 6), min_size=20, max_size=20), st.binary(min_size=32, max_size=32))
def test_a_draw_orders_every_option_once_and_always_alike(faces, root):
    ordered = draws.order(root, draws.dice(faces), range(1, 19))
    assert sorted(ordered) == list(range(1, 19))
    assert ordered == draws.order(root, draws.dice(faces), reversed(range(1, 19)))


def test_another_root_or_draw_gives_another_order():
    orders = {tuple(draws.order(root, draw, range(1, 30))) for root in (ROOT, b"s" * 32)
              for draw in (DRAW, draws.lottery(1001, [42, 2, 22, 8, 19, 37], 39), draws.dice([1] * 20))}
    assert len(orders) == 6


def test_most_votes_win_and_nobody_without_any():
    assert outcomes.won({"kind": "most", "seats": 2}, votes(3, 9, 5)) == {"selected": [2, 3]}
    assert outcomes.won({"kind": "most", "seats": 3}, votes(0, 9, 0)) == {"selected": [2]}
    assert outcomes.won({"kind": "most", "seats": 1}, votes(4, 2, name="points")) == {"selected": [1]}
    assert outcomes.won({"kind": "none"}, votes(4, 2)) == {"selected": []}


def test_a_tie_that_does_not_matter_is_none():
    assert outcomes.won({"kind": "most", "seats": 2}, votes(5, 5, 1)) == {"selected": [1, 2]}
    assert outcomes.won({"kind": "most", "seats": 3}, votes(5, 5, 1)) == {"selected": [1, 2, 3]}


def test_a_tie_at_the_edge_is_drawn():
    most = {"kind": "most", "seats": 2}
    assert outcomes.won(most, votes(1, 4, 4, 9, 4)) == {"selected": [4, 2], "tied": [2, 3, 5]}
    assert outcomes.won(most, votes(1, 4, 4, 9, 4), lambda tied: tied[::-1]) == {"selected": [4, 5], "tied": [5, 3, 2]}


def test_questions_with_more_yes_than_no():
    totals = [{"option": 1, "yes": 3, "no": 3, "blank": 9}, {"option": 2, "yes": 1, "no": 0, "blank": 14}]
    assert outcomes.won({"kind": "yes"}, totals) == {"selected": [2]}


def test_a_turnout_is_compared_without_rounding():
    turnout = {"kind": "min_turnout", "value": 33}
    assert not outcomes.quorum_reached(turnout, 329, 1000) and outcomes.quorum_reached(turnout, 330, 1000)
    assert outcomes.quorum_reached({"kind": "min_voters", "value": 10}, 10, 9999)
    assert not outcomes.quorum_reached({"kind": "min_voters", "value": 10}, 9, 10)


@pytest.mark.parametrize("value, residents, people", [(45, 999, 45), (45, 1_000, 45), (45, 1_001, 46), (1, 1, 1),
                                                      (1_000, 31_207, 31_207), (7, 31_207, 219)])
def test_thousandths_of_residents_are_rounded_up(value, residents, people):
    quorum = {"kind": "per_mille", "value": value, "of": {"number": residents, "source": "통계", "on": "2026-01-31"}}
    assert quorums.needed(quorum, 5) == people
    assert outcomes.quorum_reached(quorum, people, 5) and not outcomes.quorum_reached(quorum, people - 1, 5)


def test_a_missed_quorum_decides_nothing_unless_its_result_is_told_all_the_same():
    quorum, turnout = {"kind": "min_voters", "value": 10}, {"total": 9, "roll": 20}
    whole = {"kind": "budget", "count": {}}
    assert outcomes.with_quorum({}, turnout, whole) == whole
    assert outcomes.with_quorum({"quorum": quorum}, turnout | {"total": 10}, whole) == whole | {"quorum": 1}
    assert outcomes.with_quorum({"quorum": quorum}, turnout, whole) == {"kind": "budget", "quorum": 0, "selected": []}
    assert outcomes.with_quorum({"quorum": quorum | {"missed": "advisory"}}, turnout, whole) == whole | {"quorum": 0}


def test_a_quorum_is_written_as_before_and_what_follows_where_it_is_not_the_usual():
    vote = SimpleNamespace(quorum=Quorum.MIN_VOTERS, quorum_value=9, quorum_missed=Missed.VOID, quorum_source="통계",
                           quorum_on=date(2026, 1, 31))
    assert quorums.written(vote, 8) == {"kind": "min_voters", "value": 9}
    vote.quorum, vote.quorum_missed = Quorum.PER_MILLE, Missed.ADVISORY
    assert quorums.written(vote, None) is None
    assert quorums.written(vote, 800) == {"kind": "per_mille", "value": 9, "missed": "advisory", "of": {
        "number": 800, "source": "통계", "on": "2026-01-31"}}
