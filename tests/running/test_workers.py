"""A run in several processes: each test once, what measures at the end, a process that dies, what is told."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .machine import patience
from .order import MEASURES

ROOT = Path(__file__).parents[2]
MADE = """
import os, pytest

@pytest.fixture(scope="session")
def process():
    with open({log!r}, "a") as log:
        log.write(f"made {{os.getpid()}} 0 0\\n")
    yield os.getpid()
    open(f"{log}.ended-{{os.getpid()}}", "w").close()
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
    """Writes a file of tests: `tests(path, many, act)`; `.run()` runs them in two processes."""
    log = tmp_path / "log"
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(MADE.format(log=str(log)))

    def write(name, many, act="pass"):
        path = tmp_path / name.partition("::")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NOTED.format(log=str(log), name=name.split("/")[1], tests=many, act=act))

    def begin(**settings):
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "--workers", "2", "-p", "tests.running.plugin",
             "--import-mode=importlib", "-p", "no:cacheprovider"], cwd=tmp_path, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""} | settings,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # a run in the background ignores it

    def run(**settings):
        with begin(**settings) as process:
            words, _nothing = process.communicate(timeout=patience(120))
        return process.returncode, words, [line.split() for line in log.read_text().splitlines()]

    write.run, write.begin, write.log = run, begin, log
    return write


def test_each_runs_once_and_what_measures_when_everything_else_has_ended(tests):
    for name in ("tests/first/test_it.py", "tests/second/test_it.py", "tests/third/test_it.py"):
        tests(name, 3)
    tests(MEASURES[0], 6)
    code, words, rows = tests.run(CIVIC_TESTS="long")
    assert code == 0 and "15 passed" in words, words
    assert len([row for row in rows if row[0] == "made"]) == len({row[1] for row in rows}) == 2
    ran = [row for row in rows if row[0] != "made"]
    ended = max(float(row[3]) for row in ran if row[0] != "servers")
    assert len(ran) == 15 and all(float(row[2]) >= ended for row in ran if row[0] == "servers")


def test_a_process_that_dies_fails_the_test_it_was_at_and_another_goes_on(tests):
    tests("tests/first/test_it.py", 4, "if number == 1: os._exit(3)")
    tests("tests/second/test_it.py", 4)
    code, words, rows = tests.run(CIVIC_TESTS="long")
    assert code == 1 and "1 failed, 7 passed" in words, words
    assert "the process of this test ended" in words
    assert sorted(row[0] for row in rows if row[0] != "made") == ["first"] * 4 + ["second"] * 4


def test_processes_that_cannot_begin_fail_the_run(tests):
    tests("tests/first/test_it.py", 2)
    with (tests.log.parent / "conftest.py").open("a") as more:
        more.write("\n\ndef pytest_worker_begins():\n    raise OSError('no room')\n")
    with tests.begin() as process:
        words, _nothing = process.communicate(timeout=patience(60))
    assert process.returncode and "no room" in words, words


def test_a_failure_is_told_with_its_words_and_what_was_printed(tests):
    tests("tests/first/test_it.py", 2, "print('heard'); assert number == 0, 'wrong number'")
    tests("tests/second/test_it.py", 2)
    code, words, _rows = tests.run(CIVIC_TESTS="long")
    assert code == 1 and re.search(r"AssertionError: wrong number", words)
    assert "heard" in words and "1 failed, 3 passed" in words


def test_a_run_that_takes_more_units_than_it_may_fails(tests):
    tests("tests/first/test_it.py", 4, "sum(range(3_000_000))")
    code, words, _rows = tests.run(CIVIC_TESTS_MOST_UNITS="1000")
    assert code == 0, words
    code, words, _rows = tests.run(CIVIC_TESTS_MOST_UNITS="0.01")
    assert code == 1 and "more than 0" in words


def test_a_run_that_is_interrupted_puts_away_what_its_tests_have_made(tests):
    for name in ("tests/first/test_it.py", "tests/second/test_it.py"):
        tests(name, 2, "time.sleep(60 if number else 0)")
    with tests.begin() as run:
        while not tests.log.exists() or len(tests.log.read_text().splitlines()) < 6:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=patience(30))
    assert len(list(tests.log.parent.glob("log.ended-*"))) == 2
