"""Order of the tests among the processes of a run."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from . import order
from .alone import MEASURES
from .order import ALONE, SHARED, in_order, part, scope_of

ROOT = Path(__file__).parents[2]
FILES = some.dictionaries(some.builds("tests/{}/{}".format, some.sampled_from("abcdef"), some.text("gh", max_size=4)),
                          some.integers(0, 500), max_size=40)
NOTED = """
import time
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test_it(number):
    began = time.time()
    time.sleep(0.1)
    with open({log!r}, "a") as log:
        log.write(f"{name} {{began}} {{time.time()}}\\n")
"""


def test_a_file_stays_together_and_what_measures_is_one_whole():
    assert scope_of("tests/polls/test_making.py::test_it[sqlite]") == "tests/polls/test_making.py"
    assert scope_of("tests/sample_data/test_votes.py::test_it") == "tests/sample_data/"
    assert scope_of(f"{MEASURES[0]}::test_it") == ALONE


def test_each_worker_of_a_long_run_takes_some_of_the_hostile_texts(monkeypatch):
    tests = [f"{SHARED}::test_it[{number}]" for number in range(30)]
    assert {scope_of(test) for test in tests} == {SHARED}
    monkeypatch.setattr(order, "LONG", True)
    assert len({scope_of(test) for test in tests}) == 3


def test_the_dearest_come_first_and_what_measures_last():
    assert in_order([ALONE, "new", "cheap", "dear"], {ALONE: 900, "cheap": 10, "dear": 20}) == [
        "dear", "cheap", "new", ALONE]


@given(FILES, some.integers(1, 5))
def test_the_parts_are_whole_folders_all_of_them_once_and_about_as_dear(seconds, of):
    parts = [part(list(seconds), seconds, number, of) for number in range(1, of + 1)]
    assert sorted(scope for one in parts for scope in one) == sorted(seconds)
    folders = [sorted({scope[:7] for scope in one}) for one in parts]
    assert sum(folders, []) == list(dict.fromkeys(sum(folders, [])))
    sums = [sum(max(seconds[scope], 1) for scope in one) for one in parts]
    dearest = max((sum(max(seconds[scope], 1) for scope in seconds if scope[:7] == folder) for one in folders
                   for folder in one), default=0)
    assert max(sums) - min(sums) <= dearest


def test_the_measuring_tests_start_when_everything_else_has_ended(tmp_path):
    log = str(tmp_path / "log")
    for name in (MEASURES[0].rstrip("/"), "tests/first/test_it.py", "tests/second/test_it.py",
                 "tests/third/test_it.py"):
        path = tmp_path / name.partition("::")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        measures = name.startswith(MEASURES)
        path.write_text(NOTED.format(log=log, name="measures" if measures else name, tests=6 if measures else 3))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "tests.running.plugin", "--import-mode=importlib",
         "-p", "no:cacheprovider", "."], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split() for line in Path(log).read_text().splitlines()]
    assert len(rows) == 15
    ended = max(float(row[2]) for row in rows if row[0] != "measures")
    assert all(float(row[1]) >= ended for row in rows if row[0] == "measures")
