"""Means and spreads of grades, and changes that the body is asked about."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.commitments.ledger import fold
from civic_forum.commitments.rules import Entry, EntryKind, Status
from civic_forum.evaluations.rules import (
    LEAST_SHOWN, Change, ChangeKind, Limits, are_points, covered, is_approved, months_after, passes, score)

LIMITS = Limits(months=12, percent=20)
FIRST, LAST = date(2026, 1, 31), date(2026, 6, 2)
SHEETS = st.lists(st.tuples(st.tuples(st.integers(0, 40), st.integers(0, 60)), st.just("")), max_size=60)


class Vote:
    def __init__(self, change, approved=True, decided_on=date(2026, 6, 1)):
        self.change, self.approved, self.decided_on = change, approved, decided_on


def entry(kind, content, on=FIRST, number=9):
    return Entry(number, kind, on, content)


def money(won):
    return {"total": None, "lines": [[2026, "district", "공사", won, None, None]]}


LEDGER = fold([entry(EntryKind.FACTS, {"title": "골목 비우기", "due_on": FIRST.isoformat()}, number=1),
               entry(EntryKind.MONEY, money(100), number=2)])


@given(SHEETS)
def test_means_are_exact_and_each_grader_stands_in_one_fifth(sheets):
    made = score(sheets, 100)
    assert made.graders == len(sheets)
    if len(sheets) < LEAST_SHOWN:
        assert (made.mean, made.spread, made.notes) == (None, (), ())
    else:
        assert made.mean == Fraction(sum(sum(points) for points, _note in sheets), len(sheets))
        assert sum(made.spread) == len(sheets) and 0 <= made.mean <= 100


@given(st.dates(date(2000, 1, 1), date(2080, 12, 31)), st.integers(0, 60), st.integers(0, 60))
def test_months_add_up_to_the_same_month_and_never_past_its_end(day, first, second):
    later = months_after(day, first)
    assert (later.year - day.year) * 12 + later.month - day.month == first
    assert later.day <= day.day and months_after(later, second) <= months_after(day, first + second)


def slip(until):
    return entry(EntryKind.SLIP, {"milestone": "", "to": until.isoformat(), "why": "늦어요"})


@pytest.mark.parametrize(("change", "is_asked"), [
    (slip(date(2027, 1, 31)), False), (slip(date(2027, 2, 1)), True),
    (entry(EntryKind.MONEY, money(120)), False), (entry(EntryKind.MONEY, money(121)), True),
    (entry(EntryKind.MONEY, money(79)), True),
    (entry(EntryKind.STATUS, {"status": "dropped"}), True), (entry(EntryKind.STATUS, {"status": "on_hold"}), False),
    (entry(EntryKind.LOG, {"text": "고쳤어요."}), False)])
def test_more_than_the_limits_is_asked(change, is_asked):
    assert (covered(LIMITS, LEDGER, change) is not None) == is_asked
    if change.kind is not EntryKind.STATUS:
        assert covered(Limits(months=0, percent=0), LEDGER, change) is None


def test_small_steps_do_not_go_past_the_limits():
    ledger = LEDGER
    for month in range(1, 13):
        step = slip(months_after(FIRST, month))
        assert covered(LIMITS, ledger, step) is None
        ledger = fold([*ledger.history, step])
    assert covered(LIMITS, ledger, slip(date(2027, 3, 1))) is not None
    assert covered(LIMITS, ledger, slip(date(2026, 12, 1))) is None, "sooner again asks nobody"
    ledger = fold([*LEDGER.history, entry(EntryKind.MONEY, money(115))])
    assert covered(LIMITS, ledger, entry(EntryKind.MONEY, money(125))) is not None


def test_corrections_of_what_was_promised_first_do_not_go_past_the_limits():
    ledger = fold([*LEDGER.history, entry(EntryKind.MONEY, money(110), number=3)])
    first = replace(entry(EntryKind.MONEY, money(9_000), number=4), corrects=2)
    asked = covered(LIMITS, ledger, first)
    assert asked is not None and asked.won == 9_000, "although the second entry stands"
    small = fold([*ledger.history, replace(entry(EntryKind.MONEY, money(119), number=4), corrects=2)])
    assert covered(LIMITS, small, entry(EntryKind.MONEY, money(140))) is not None
    whole = fold([*ledger.history, first])
    assert covered(LIMITS, whole, entry(EntryKind.MONEY, money(9_000))) is None, "what was approved is the first"
    assert covered(LIMITS, LEDGER, entry(EntryKind.MONEY, {"total": None, "lines": []})) == Change(
        ChangeKind.MONEY, won=0)
    dated = fold([entry(EntryKind.FACTS, {"title": "골목 비우기"}, number=1), replace(slip(FIRST), number=2),
                  replace(slip(date(2026, 2, 28)), number=3)])
    year = replace(slip(months_after(FIRST, 12)), number=4, corrects=2)
    assert covered(LIMITS, dated, year) is None
    dated = fold([*dated.history, year])
    for more in (replace(slip(months_after(FIRST, 13)), corrects=2), slip(months_after(FIRST, 13))):
        assert covered(LIMITS, dated, more) is not None
    assert covered(LIMITS, dated, replace(slip(date(2026, 3, 31)), corrects=3)) is None


def steps(*days, number=9):
    return entry(EntryKind.MILESTONES, {"milestones": [
        {"key": key, "title": key, "weight": 50, "due_on": day.isoformat()} for key, day in days]}, number=number)


def test_steps_put_in_anew_are_no_way_past_the_limits():
    bare = entry(EntryKind.FACTS, {"title": "골목 비우기"}, number=1)
    ledger = fold([bare, steps(("a", FIRST), ("b", date(2026, 6, 30)), number=2)])
    late = steps(("a", FIRST), ("c", date(2027, 7, 1)))
    assert covered(LIMITS, ledger, late) == Change(ChangeKind.SLIP, until_on=date(2027, 7, 1))
    assert covered(LIMITS, ledger, steps(("a", date(2040, 1, 1)), ("b", FIRST))) is None, "days of steps stay"
    year = steps(("a", FIRST), ("c", date(2027, 6, 30)), number=3)
    assert covered(LIMITS, ledger, year) is None and covered(LIMITS, fold([bare]), late) is None
    later = fold([*ledger.history, year])
    assert covered(LIMITS, later, steps(("a", FIRST), ("d", date(2027, 7, 1)))) is not None


def test_an_approval_holds_for_what_was_asked_and_no_more():
    asked = Change(ChangeKind.SLIP, until_on=date(2027, 6, 1))
    vote = Vote(asked)
    assert is_approved(asked, [vote], LEDGER, on=LAST)
    assert is_approved(Change(ChangeKind.SLIP, until_on=date(2027, 5, 1)), [vote], LEDGER, on=LAST)
    for other in (Change(ChangeKind.SLIP, until_on=date(2027, 6, 2)),
                  Change(ChangeKind.SLIP, milestone="m1", until_on=date(2027, 5, 1)),
                  Change(ChangeKind.STATUS, status=Status.DROPPED)):
        assert not is_approved(other, [vote], LEDGER, on=LAST)
    assert not is_approved(asked, [Vote(asked, approved=False), Vote(asked, approved=None)], LEDGER, on=LAST)
    dropped = Change(ChangeKind.STATUS, status=Status.DROPPED)
    carried = fold([*LEDGER.history, entry(EntryKind.STATUS, {"status": "dropped", "why": ""}, date(2026, 6, 1))])
    assert is_approved(dropped, [Vote(dropped)], LEDGER, on=LAST)
    assert not is_approved(dropped, [Vote(dropped)], carried, on=LAST)
    assert is_approved(dropped, [Vote(dropped, decided_on=LAST)], carried, on=LAST)
    assert not is_approved(dropped, [Vote(dropped)], LEDGER, on=date(2026, 5, 31)), "dated back it uses nothing up"


@pytest.mark.parametrize(("points", "are"), [((40, 60), True), ((0, 0), True), ((41, 0), False), ((None, 1), False),
                                             ((1,), False), ((-1, 5), False)])
def test_points_are_those_of_the_criteria(points, are):
    assert are_points(points, [{"text": "가", "points": 40}, {"text": "나", "points": 60}]) == are


@pytest.mark.parametrize(("votes_for", "voting", "is_carried"), [(23, 34, True), (17, 34, False), (18, 34, True),
                                                                 (16, 34, False), (0, 0, False)])
def test_more_than_half_of_the_seats_that_vote_carry_a_change(votes_for, voting, is_carried):
    assert passes(votes_for, voting) == is_carried
