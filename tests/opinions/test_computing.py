"""Results: when they are computed, in a process of their own, and what stays where that fails."""

import csv
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.opinions import answering, computing, exchange, identities, keyring, operations, queries, rows
from civic_forum.opinions.models import OpinionMap
from civic_forum.opinions.rules import Basis, is_due, not_few
from civic_forum.platform import clock, subprocess_call
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case

from .making import LINES, consultation, people

MANY = [*LINES, *(f"다른 한 줄 의견 {n}번이에요." for n in range(7, 13))]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Loading SciPy takes a second: only where a test is about it is a process started."""
    monkeypatch.setattr(subprocess_call, "call_limited", lambda _s, _m, function, *given: function(*given))


IN_ANOTHER = subprocess_call.call_limited
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def brought(asked, people: int, first: int = 0) -> None:
    """Two ways of thinking, half and half; the third statement is everybody's."""
    with use_case(None) as work:
        held = queries.locked(asked.id)
        operations.bring_in(work, held, [operations.BroughtIn(
            identities.made(asked.id, Basis.PAPER, str(first + n)).value, Basis.PAPER,
            {number: 0 if (number * n) % 7 == 1 else 1 if number == 3 or number % 2 == n % 2 else -1
             for number in range(1, 13)}) for n in range(people)])


def maps(asked) -> list[OpinionMap]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OpinionMap).filter_by(consultation_id=asked.id)
                                   .order_by(OpinionMap.number)))


def test_a_result_is_due_after_ten_new_people_or_a_day_and_at_the_end(town):
    now, day = clock.now(), timedelta(days=1)
    assert [is_due(new, known, gone, last, now) for new, known, gone, last in (
        (4, 4, 0, None), (5, 0, 0, None), (9, 9, 0, now), (30, 9, 0, now), (10, 10, 0, now), (4, 4, 0, now - day),
        (5, 0, 0, now - day), (0, 0, 1, now - day), (0, 0, 0, now - day), (0, 0, 1, now))] == [
        False, True, False, False, True, False, True, True, False, False]
    assert is_due(0, 0, 0, now, now, over=True)
    asked = consultation(MANY)
    assert computing.due() == []
    for _one in range(5):
        answering.respond(asked.id, 1, 1, by=town.user())
    assert computing.due() == [asked.id] and computing.compute_due() == 1 and computing.due() == []


@pytest.mark.both
def test_the_groups_that_were_brought_in_are_found_and_everybody_knows_their_own(town):
    asked = consultation(MANY)
    brought(asked, 40)
    assert computing.compute(asked.id)
    made, = maps(asked)
    assert (made.participants, made.published["k"], made.is_last) == (40, 2, False)
    groups = [group_of(asked, Basis.PAPER, n) for n in range(40)]
    assert groups[0] != groups[1] and groups == groups[:2] * 20
    best = max((one for one in made.published["statements"] if one["lower"]), key=lambda one: one["lower"])
    assert best["id"] == "3", "what both groups share stands first"


def group_of(asked, basis: Basis, number: int) -> str | None:
    mark = identities.made(asked.id, basis, str(number)).value
    return keyring.keys(asked.id).open_point(queries.participant(asked.id, [mark])[mark]).group


def test_a_result_that_was_overtaken_is_thrown_away(town):
    asked = consultation(MANY)
    brought(asked, 20)
    given = computing.Made({"k": 0}, {"components": [{}, {}], "steady": None, "priority": {}}, {})
    assert computing.compute(asked.id)
    assert not computing._keep(keyring.keys(asked.id), 1, given, False)
    made, = maps(asked)
    assert made.published["participants"] == 20


@pytest.mark.in_turns(of=10)
@on_sqlite
def test_a_computation_that_is_killed_or_needs_too_much_leaves_the_earlier_result(town, monkeypatch):
    asked, as_ever = consultation(MANY), computing.result
    monkeypatch.setattr(subprocess_call, "call_limited", IN_ANOTHER)
    brought(asked, 20)
    assert computing.compute(asked.id)
    brought(asked, 12, first=20)
    for seconds, megabytes in ((1, 3_000), (60, 40)):
        monkeypatch.setattr(computing, "SECONDS", seconds)
        monkeypatch.setattr(computing, "MEGABYTES", megabytes)
        monkeypatch.setattr(computing, "result", hungry)
        assert computing.compute_due() == 0
    assert [one.number for one in maps(asked)] == [1] and computing.due() == [asked.id]
    monkeypatch.setattr(computing, "result", as_ever)
    monkeypatch.setattr(computing, "MEGABYTES", 3_000)
    assert computing.compute_due() == 1 and [one.participants for one in maps(asked)] == [20, 32]


def hungry(*_given):
    """More time and memory than a computation may use."""
    held = bytearray(100 * 1024 * 1024)
    while held:
        pass


def test_the_last_result_is_made_once_after_the_close(town):
    asked = consultation(MANY, open_since=timedelta(days=9, hours=23, minutes=59))
    brought(asked, 15)
    clock.shift(120)
    assert computing.compute_due() == 1 and maps(asked)[0].is_last
    clock.shift(200_000)
    assert computing.due() == []


@pytest.mark.parametrize(("more", "told"), [(2, 60), (7, 67)])
def test_those_who_answered_are_told_of_once_and_are_as_many_as_is_said(town, more, told):
    asked = consultation(MANY, open_since=timedelta(days=9, hours=23, minutes=59))
    brought(asked, 60)
    assert computing.compute(asked.id)
    assert maps(asked)[0].published["about"]["bases"] == {}
    brought(asked, more, first=60)
    clock.shift(120)
    assert computing.compute(asked.id)
    said = maps(asked)[1].published
    assert (said["participants"], said["about"]["bases"], said["about"]["age_bands"]) == (
        told, {"paper": told}, {"": told})
    assert not queries.kept(maps(asked)[1])["who"] and not computing.compute(asked.id), "there is one last result"


@pytest.mark.both
def test_those_who_answered_are_told_no_second_time_after_an_earlier_table(town):
    asked = consultation(MANY, open_since=timedelta(days=9, hours=23, minutes=59))
    brought(asked, 60)
    assert computing.compute(asked.id)
    [first] = maps(asked)
    before = {name: value for name, value in queries.kept(first).items() if name != "who"}  # as it was kept before
    first.kept = keyring.keys(asked.id).seal("kept", json.dumps(before).encode(), 1)
    db.session.commit()
    clock.shift(120)
    assert computing.compute(asked.id) and maps(asked)[1].published["about"]["bases"] == {}


@pytest.mark.both
def test_only_verified_answers_count_where_that_was_said(town):
    asked = consultation(MANY, verified_only=True)
    brought(asked, 15)
    for _one in range(3):
        answering.respond(asked.id, 1, 1, by=town.user())
    assert computing.compute(asked.id)
    assert maps(asked)[0].participants == 15


def test_somebody_who_leaves_while_it_is_computed_is_in_no_table(town, monkeypatch):
    asked = consultation(MANY)
    brought(asked, 20)
    going, keys = identities.made(asked.id, Basis.PAPER, "0"), keyring.keys(asked.id)

    def meanwhile(_seconds, _megabytes, function, *given):
        made = function(*given)
        with use_case(None):
            rows.clear(keys, [going], asked.room)
        return made

    monkeypatch.setattr(subprocess_call, "call_limited", meanwhile)
    assert computing.compute(asked.id)
    assert len(people()) == 19 and all(one.row.is_counted for one in people())
    assert computing.compute(asked.id) and queries.kept(maps(asked)[1])["counted"] == 19


def test_few_people_are_not_given_away_by_the_plane_or_by_what_changes_between_results(town):
    asked = consultation(MANY, publishes_matrix=True)
    brought(asked, 20)
    assert computing.compute(asked.id)
    brought(asked, 3, first=20)
    assert computing.compute(asked.id)
    first, second = maps(asked)
    assert first.published == {} and second.participants == 20
    assert queries.kept(second)["counted"] == 23
    said = second.published
    assert said["explained"] == [] and said["participants"] == 20 and said["about"]["bases"] == {}
    assert sum(size or 0 for size in said["groups"].values()) <= 20
    for one in said["statements"]:
        assert (one["components"], one["extremity"], one["priority"]) == ([], None, None)


@pytest.mark.parametrize("numbers, said", [
    ({"가산동": 42, "독산1동": 8}, {"가산동": 42, "독산1동": 8}), ({"가산동": 42, "독산1동": 7}, {}),
    ({"": 40, "가": 12, "나": 7, "다": 2}, {"가": 12, "나": 7, "*": 42}),
    ({"": 5, "가": 5, "나": 50, "다": 2}, {"나": 50, "*": 12}),
    ({"": 3, "가": 12, "나": 50}, {"나": 50, "*": 15}), ({"": 60, "가": 3}, {}), ({}, {})])
def test_few_people_of_a_kind_are_told_with_others(numbers, said):
    assert not_few(numbers) == said


def test_lines_about_people_stand_in_no_table_of_answers(town):
    asked = consultation(MANY, publishes_matrix=True, lasts=timedelta(hours=2))
    brought(asked, 120)
    queries.statement(asked.id, 3).is_meta = True
    db.session.commit()
    clock.shift(7200)
    assert computing.compute(asked.id)
    said = maps(asked)[0].published
    assert len(said["matrix"]) == 120 and not any("3" in row["responses"] for row in said["matrix"])
    assert next(one["total"] for one in said["statements"] if one["id"] == "3")[2] == 120, "its counts are told"
    table = b"".join(exchange.files(asked.id)["participants-votes.csv"]).decode("utf-8-sig").splitlines()
    assert len(table) == 121 and {row.get("3", "") for row in csv.DictReader(table)} == {""}


@pytest.mark.in_turns(of=5)
def test_a_thousand_browsers_of_one_address_move_no_result(town, app, browse, monkeypatch):
    """So many of them may begin in an hour; they make no new result due, and count for nothing where only verified
    answers do."""
    monkeypatch.setitem(app.config, "LIMIT_DEVICES", 5)
    asked, only = consultation(MANY), consultation(MANY, verified_only=True)
    for one in (asked, only):
        brought(one, 40)
        assert computing.compute(one.id)
    there, given = f"/consultations/{asked.slug}/responses", {"statement": "1", "value": "1"}
    statuses = [browse().post(there, data=given).status_code for _browser in range(9)]
    assert statuses == [303] * 5 + [429] * 4
    for one in (asked, only):
        with use_case(None) as work:
            operations.bring_in(work, queries.locked(one.id), [operations.BroughtIn(
                identities.made(one.id, Basis.DEVICE, str(n)).value, Basis.DEVICE, {1: 1, 2: -1})
                for n in range(1_000)])
    assert computing.due() == [], "however many browsers come, a result waits for its day"
    before = maps(only)[0].published
    assert computing.compute(only.id)
    assert [maps(only)[-1].published[name] for name in ("participants", "statements", "groups")] == [
        before[name] for name in ("participants", "statements", "groups")]


@pytest.mark.both
def test_people_who_answer_all_alike_are_set_apart_in_what_is_published(town):
    asked = consultation(MANY)
    brought(asked, 40)
    with use_case(None) as work:
        operations.bring_in(work, queries.locked(asked.id), [operations.BroughtIn(
            identities.made(asked.id, Basis.KIOSK, str(n)).value, Basis.KIOSK,
            dict.fromkeys(range(1, 13), value)) for value, first in ((1, 0), (-1, 6)) for n in range(first, first + 6)])
    assert computing.compute(asked.id)
    said = maps(asked)[0].published
    assert said["apart"] == {"agree": 6, "disagree": 6, "pass": 0} and said["participants"] == 52
    assert said["k"] == 2 and sum(size or 0 for size in said["groups"].values()) <= 40
    assert not any(one.point.group for one in people() if one.row.basis is Basis.KIOSK)
