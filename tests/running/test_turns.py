"""Turns: each check is made in one run of so many, the same again for the same content."""

import subprocess

import pytest

from . import turns


@pytest.fixture
def usual(monkeypatch):
    monkeypatch.setattr(turns, "LONG", False)


def test_of_any_turns_in_a_row_one_makes_the_check(usual, monkeypatch):
    for first in (0, 7, 4_294_967_290):
        made = []
        for number in range(first, first + 5):
            monkeypatch.setattr(turns, "turn", lambda number=number: number)
            made.append(turns.mine("a check", 5))
        assert sum(made) == 1


def test_a_long_run_makes_every_check(monkeypatch):
    monkeypatch.setattr(turns, "LONG", True)
    assert all(turns.mine(str(number), 7) for number in range(50))


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
