"""A run in several processes: each test once, what measures at the end, a process that dies, what is told."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .order import MEASURES

ROOT = Path(__file__).parents[2]
MADE = """
import os, pytest

@pytest.fixture(scope="session")
def process():
    with open({log!r}, "a") as log:
        log.write(f"made {{os.getpid()}} 0 0\\n")
    return os.getpid()
"""
NOTED = """
import os, time, pytest

@pytest.mark.parametrize("number", range({tests}))
def test_it(number, process, tmp_path):
    began = time.time()
    time.sleep(0.1)
    with open({log!r}, "a") as log:
        log.write(f"{name} {{os.getpid()}} {{began}} {{time.time()}}\\n")
    {act}
"""


@pytest.fixture
def tests(tmp_path):
    """Writes a file of tests: `tests(path, many, act)`; `.run(*options)` runs them in two processes."""
    log = tmp_path / "log"
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(MADE.format(log=str(log)))

    def write(name, many, act="pass"):
        path = tmp_path / name.partition("::")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NOTED.format(log=str(log), name=name.split("/")[1], tests=many, act=act))

    def run(*options, **settings):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--workers", "2", "-p", "tests.running.plugin",
             "--import-mode=importlib", "-p", "no:cacheprovider", *options], cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | settings, capture_output=True, text=True, timeout=120)
        return done, [line.split() for line in log.read_text().splitlines()]

    write.run = run
    return write


def test_each_runs_once_and_what_measures_when_everything_else_has_ended(tests):
    for name in ("tests/first/test_it.py", "tests/second/test_it.py", "tests/third/test_it.py"):
        tests(name, 3)
    tests(MEASURES[0], 6)
    done, rows = tests.run(CIVIC_TESTS="long")
    assert done.returncode == 0 and "15 passed" in done.stdout, done.stdout + done.stderr
    assert len([row for row in rows if row[0] == "made"]) == len({row[1] for row in rows}) == 2
    ran = [row for row in rows if row[0] != "made"]
    ended = max(float(row[3]) for row in ran if row[0] != "servers")
    assert len(ran) == 15 and all(float(row[2]) >= ended for row in ran if row[0] == "servers")


def test_a_process_that_dies_fails_the_test_it_was_at_and_another_goes_on(tests):
    tests("tests/first/test_it.py", 4, "if number == 1: os._exit(3)")
    tests("tests/second/test_it.py", 4)
    done, rows = tests.run(CIVIC_TESTS="long")
    assert done.returncode == 1 and "1 failed, 7 passed" in done.stdout, done.stdout + done.stderr
    assert "the process of this test ended" in done.stdout
    assert sorted(row[0] for row in rows if row[0] != "made") == ["first"] * 4 + ["second"] * 4


def test_a_failure_is_told_with_its_words_and_what_was_printed(tests):
    tests("tests/first/test_it.py", 2, "print('heard'); assert number == 0, 'wrong number'")
    tests("tests/second/test_it.py", 2)
    done, _rows = tests.run(CIVIC_TESTS="long")
    assert done.returncode == 1 and re.search(r"AssertionError: wrong number", done.stdout)
    assert "heard" in done.stdout and "1 failed, 3 passed" in done.stdout


def test_a_run_that_takes_more_units_than_it_may_fails(tests):
    tests("tests/first/test_it.py", 4, "sum(range(3_000_000))")
    done, _rows = tests.run(CIVIC_TESTS_MOST_UNITS="1000")
    assert done.returncode == 0, done.stdout + done.stderr
    done, _rows = tests.run(CIVIC_TESTS_MOST_UNITS="0.01")
    assert done.returncode == 1 and "more than 0" in done.stdout
