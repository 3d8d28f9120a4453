"""Turns: each check is made in one run of so many, the same again for the same content."""

import subprocess
from types import SimpleNamespace

import pytest

from . import examples, turns


def test_so_many_runs_in_a_row_look_at_every_case_once(monkeypatch):
    monkeypatch.setattr(examples, "LONG", False)
    seen = []
    for number in range(4_294_967_290, 4_294_967_295):
        monkeypatch.setattr(examples, "turn", lambda number=number: number)
        seen += examples.some(range(23), 5)
    assert sorted(seen) == list(range(23))


def test_a_long_run_looks_at_every_case(monkeypatch):
    monkeypatch.setattr(examples, "LONG", True)
    assert examples.some(range(23), 5) == range(23) and examples.share(100) == 100


@pytest.mark.parametrize(("of", "taken"), [(None, 1), (3, 2)])
def test_so_many_runs_in_a_row_take_every_variant_once(monkeypatch, of, taken):
    mark = SimpleNamespace(kwargs={"of": of} if of else {})
    variants = [SimpleNamespace(nodeid=f"tests/a.py::test_b[{name}]", get_closest_marker=lambda _name: mark)
                for name in "abcdef"]
    other = SimpleNamespace(nodeid="tests/a.py::test_c", get_closest_marker=lambda _name: None)
    seen = []
    for number in range(4_294_967_290, 4_294_967_290 + (of or len(variants))):
        monkeypatch.setattr(turns, "turn", lambda number=number: number)
        waiting = turns.waiting([*variants, other])
        left = [one for one in variants if one not in waiting]
        assert len(left) == taken and other not in waiting
        seen += left
    assert sorted(one.nodeid for one in seen) == [one.nodeid for one in variants]


def test_the_turn_follows_from_the_content_and_not_from_the_commit(tmp_path, monkeypatch):
    def git(*words):
        return subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words], cwd=tmp_path,
                              check=True, capture_output=True, text=True).stdout.strip()

    monkeypatch.setattr(turns, "ROOT", tmp_path)
    git("init", "-q")
    found = []
    for text in ("one", "two", "one"):
        (tmp_path / "file").write_text(text)
        git("add", ".")
        git("commit", "-qm", text, "--allow-empty")
        found.append(turns.turn.__wrapped__())
    assert found[0] == found[2] != found[1]
