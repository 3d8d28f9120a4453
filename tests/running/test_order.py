"""Order of the tests among the processes of a run."""

from . import order
from .order import ALONE, MEASURES, SHARED, in_order, part, scope_of


def test_a_file_stays_together_and_what_measures_is_one_whole():
    assert scope_of("tests/polls/test_making.py::test_it[sqlite]") == "tests/polls/test_making.py"
    assert scope_of("tests/sample_data/test_votes.py::test_it") == "tests/sample_data/"
    assert scope_of(f"{MEASURES[0]}::test_it") == ALONE


def test_each_worker_of_a_long_run_takes_some_of_the_hostile_texts(monkeypatch):
    tests = [f"{SHARED}::test_it[{number}]" for number in range(30)]
    for is_long, scopes in ((False, 1), (True, 3)):
        monkeypatch.setattr(order, "LONG", is_long)
        assert len({scope_of(test) for test in tests}) == scopes


def test_the_dearest_come_first_and_what_measures_last():
    assert in_order([ALONE, "new", "cheap", "dear"], {ALONE: 900, "cheap": 10, "dear": 20}) == [
        "dear", "cheap", "new", ALONE]


def test_of_those_that_wait_for_one_thing_the_first_makes_it_while_others_do_something_else():
    units = {"a": 9, "b": 8, "c": 7, "d": 6, "e": 5}
    assert in_order(list(units), units, ["a", "b", "c"]) == ["a", "b", "c", "d", "e"]
    assert in_order([*"abcdefgh", ALONE], units, ["a", "b", ALONE]) == ["a", "c", "b", *"defgh", ALONE]


def test_the_parts_are_all_scopes_once():
    scopes = [f"tests/{name}.py" for name in "abcdefgh"]
    parts = [part(scopes, number, 3) for number in (1, 2, 3)]
    assert sorted(sum(parts, [])) == scopes and max(map(len, parts)) - min(map(len, parts)) <= 1
