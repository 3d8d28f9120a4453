"""Turns: each check is made in one run of so many, the same again for the same content."""

import subprocess
from types import SimpleNamespace

import pytest

from . import turns


def test_so_many_runs_in_a_row_look_at_every_case_once(monkeypatch):
    monkeypatch.setattr(turns, "LONG", False)
    seen = []
    for number in range(4_294_967_290, 4_294_967_295):
        monkeypatch.setattr(turns, "landings", lambda number=number: number)
        seen += turns.some(range(23), 5)
    assert sorted(seen) == list(range(23))


def test_a_long_run_looks_at_every_case(monkeypatch):
    monkeypatch.setattr(turns, "LONG", True)
    assert turns.some(range(23), 5) == range(23) and turns.share(100) == 100


@pytest.mark.parametrize(("of", "taken"), [(None, 1), (3, 2)])
def test_so_many_runs_in_a_row_take_every_variant_once(monkeypatch, of, taken):
    mark = SimpleNamespace(kwargs={"of": of} if of else {})
    variants = [SimpleNamespace(nodeid=f"tests/a.py::test_b[{name}]", get_closest_marker=lambda _name: mark)
                for name in "abcdef"]
    other = SimpleNamespace(nodeid="tests/a.py::test_c", get_closest_marker=lambda _name: None)
    seen = []
    for number in range(4_294_967_290, 4_294_967_290 + (of or len(variants))):
        monkeypatch.setattr(turns, "landings", lambda number=number: number)
        waiting = turns.waiting([*variants, other])
        left = [one for one in variants if one not in waiting]
        assert len(left) == taken and other not in waiting
        seen += left
    assert sorted(one.nodeid for one in seen) == [one.nodeid for one in variants]


def test_tests_that_are_dear_together_have_a_turn_of_their_own(monkeypatch):
    marks = [SimpleNamespace(kwargs={"of": 10, "together": name}) for name in ("cluster", "floor", "forum")]
    items = [SimpleNamespace(nodeid="a.py::b", get_closest_marker=lambda _name, mark=mark: mark) for mark in marks]
    taken = []
    for number in range(10):
        monkeypatch.setattr(turns, "landings", lambda number=number: number)
        taken.append(3 - len(turns.waiting(items)))
    assert sorted(taken) == [0] * 7 + [1] * 3


def test_the_turn_is_the_number_of_landings(tmp_path, monkeypatch):
    def git(*words):
        return subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words], cwd=tmp_path,
                              check=True, capture_output=True, text=True).stdout.strip()

    monkeypatch.delenv("CIVIC_TESTS_TURN", raising=False)
    monkeypatch.setattr(turns, "ROOT", tmp_path)
    git("init", "-q", "-b", "main")
    for number in range(1, 13):
        git("commit", "-qm", str(number), "--allow-empty")
        if number == 5:
            git("checkout", "-qb", "side")
            git("commit", "-qm", "more", "--allow-empty")
            git("checkout", "-q", "main")
        if number == 8:
            git("merge", "-q", "--no-ff", "-m", "landed", "side")
        assert turns.landings.__wrapped__() == number + (number >= 8)


def item(nodeid, app=None, *marks):
    return SimpleNamespace(nodeid=nodeid, callspec=SimpleNamespace(params={"app": app}),
                           get_closest_marker=lambda name: name in marks or None)


def test_a_run_on_postgresql_is_left_out_where_another_one_is_on_sqlite_and_nothing_marks_it(monkeypatch):
    items = [item("a::test_x[sqlite-1]", "sqlite"), item("a::test_x[postgres-1]", "postgres"),
             item("a::test_y[sqlite]", "sqlite", "both"), item("a::test_y[postgres]", "postgres", "both"),
             item("a::test_z[postgres]", "postgres")]
    monkeypatch.setattr(turns, "OF_BOTH", 1)
    assert [left.nodeid for left in turns.on_another_database(items)] == ["a::test_x[postgres-1]"]


def test_a_test_for_both_databases_runs_on_sqlite_in_every_fifth_turn(monkeypatch):
    items, left = [item(f"a::test_y[{app}]", app, "both") for app in ("sqlite", "postgres")], []
    for number in range(10):
        monkeypatch.setattr(turns, "landings", lambda number=number: number)
        left += turns.on_another_database(items)
    assert [item.nodeid for item in left] == 8 * ["a::test_y[sqlite]"]
