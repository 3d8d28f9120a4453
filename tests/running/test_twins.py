"""The choice of the tests that run on SQLite alone."""

import random

import pytest

from . import twins
from .twins import digest, normal, spared


def told(some: dict[str, set]) -> set:
    return set().union(*some.values())


def test_texts_that_others_send_are_spared_and_those_that_nobody_else_sends_are_not():
    staying = {"service": {1, 2}}
    candidates = {"new": {2, 3}, "same": {1}, "of another": {3}, "nothing": set()}
    assert spared(staying, candidates) == {"same", "of another", "nothing"}


def test_the_most_telling_is_kept_and_of_two_alike_the_first():
    assert spared({}, {"a": {1}, "b": {1, 2, 3}, "c": {3}}) == {"a", "c"}
    assert spared({}, {"b": {1}, "a": {1}}) == {"b"}


@pytest.mark.parametrize("seed", range(50))
def test_no_statement_is_lost_and_nobody_who_stays_is_spared(seed):
    chance = random.Random(seed)
    tests = {f"t{number}": set(chance.sample(range(40), chance.randrange(12))) for number in range(30)}
    staying = {name: tests[name] for name in chance.sample(sorted(tests), 8)}
    candidates = {name: tests[name] for name in tests if name not in staying}
    out = spared(staying, candidates)
    assert out <= set(candidates)
    assert told(tests) == told({name: tests[name] for name in tests if name not in out})


def test_a_feature_that_has_changed_runs_whole(tmp_path, monkeypatch):
    (tmp_path / "tests/polls").mkdir(parents=True)
    monkeypatch.setattr(twins.turns, "ROOT", tmp_path)
    file = tmp_path / "tests/polls/test_it.py"
    digests = [file.write_text(text) and digest.__wrapped__("polls") for text in ("a = 1", "a = 2", "a = 1")]
    assert digests[0] == digests[2] != digests[1] != digest.__wrapped__("forums")


def test_statements_differ_by_what_they_say_not_by_what_is_put_in():
    one = "SELECT a FROM t WHERE b IN (%(b_1_1)s) AND c = %(c_1)s::VARCHAR"
    three = "SELECT a FROM t WHERE b IN (%(b_1_1)s, %(b_1_2)s, %(b_1_3)s) AND c = %(c_2)s::VARCHAR"
    assert normal(one) == normal(three) == "SELECT a FROM t WHERE b IN (?) AND c = ?"
    rows = ["INSERT INTO t (a, b) VALUES " + ", ".join(f"(%(a__{n})s, %(b__{n})s)" for n in range(many))
            for many in (1, 2, 5)]
    assert len(set(map(normal, rows))) == 1
    assert normal("SAVEPOINT sa_savepoint_1") == normal("SAVEPOINT sa_savepoint_12")
    assert normal("SELECT a FROM t ORDER BY a") != normal("SELECT a FROM t ORDER BY b")
