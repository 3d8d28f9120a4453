"""The plugin of pytest that tries mutants, as the plan named by CIVIC_MUTANTS says.

It is loaded before anything of the site is imported: `pytest -p tests.mutants.plugin`.
"""

import json
import os
import resource
import signal
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase
from hypothesis import settings as examples

from tests.running.order import MEASURES
from tests.running.importing import install

from . import active, sites
from .__main__ import PLAYED

PLAN = json.loads(Path(os.environ["CIVIC_MUTANTS"]).read_text("utf-8"))
NEEDS = {"browser", "window", "site", "cluster"}
ALL_AT_ONCE = (f"{PLAYED}::test_every_", "tests/access/test_hostile_fields.py")
"""Tests that play the whole table at once; each address by itself finds as much."""
CPU_S, WALL_S, AGAIN_S = 25, 60, 5
"""A test that takes so long loops or waits for ever: it found the mutant. What it waits for at its end, too, is given
up after AGAIN_S."""
MEMORY = 4 << 30
"""Bytes that a process may fill: a loop that only grows ends, instead of the machine."""
resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.RLIM_INFINITY))
install(lambda source, path: sites.weakened(source.decode(), path)[0], set(PLAN["paths"]).__contains__)
active.switch(PLAN.get("preset"))


class TooLong(BaseException):
    """Not an Exception: nothing that is tried may catch it."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session):
    """The same examples each time, and no time lost in making a failing one small."""
    examples.register_profile("mutants", examples.get_profile(examples._current_profile), derandomize=True,
                              database=None, phases=(Phase.explicit, Phase.generate))
    examples.load_profile("mutants")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if not NEEDS & set(getattr(item, "fixturenames", ()))
                and not item.get_closest_marker("long") and not item.nodeid.startswith((*ALL_AT_ONCE, *MEASURES))]


def pytest_runtestloop(session):
    if session.testsfailed:
        raise session.Interrupted("something could not be collected")
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGPROF, _too_long)
    items = {item.nodeid: item for item in session.items}
    with open(PLAN["answers"], "a", encoding="utf-8") as answers:
        def say(answer: dict) -> None:
            answers.write(json.dumps(answer) + "\n")
            answers.flush()

        if PLAN["mode"] == "preset":
            say(_tried(PLAN["tests"], items)[0])
        for number, mutant in _work(items) if PLAN["mode"] == "try" else ():
            begun = {"number": number, "name": mutant["name"]}
            say(begun | {"found_by": "the end of the process", "run": 0})  # overwritten unless it is the last word
            active.switch(mutant["name"])
            answer, clean = _tried(mutant["tests"], items)
            say(begun | answer)
            if not clean:
                pytest.exit("a test fails with every mutant off", active.UNCLEAN)
    return True


def _too_long(_signal, _frame):
    raise TooLong


@contextmanager
def limited():
    signal.setitimer(signal.ITIMER_PROF, CPU_S)
    signal.setitimer(signal.ITIMER_REAL, WALL_S, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def passes(item) -> bool:
    """Run one test. Fixtures of its module are made anew, those of the session live on, and those of the table."""
    kept = item.listchain()[:-1] if _is_played(item) else [item.session]
    item.session._setupstate.teardown_exact(SimpleNamespace(listchain=lambda: kept))
    try:
        with limited():
            reports = runtestprotocol(item, log=False, nextitem=SimpleNamespace(listchain=lambda: kept))
    except TooLong:  # between two phases
        return False
    return not any(report.failed for report in reports)


def _is_played(node) -> bool:
    return node.nodeid.startswith(PLAYED)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    """Forget findings at an address with another mutant."""
    if _is_played(item) and "rights" in item.funcargs:
        item.funcargs["rights"].findings.clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """The scene of the table is kept for other mutants: it is made with all of them off."""
    if fixturedef.scope in ("function", "session") or not _is_played(request.node):
        return (yield)
    mutant, active.active = active.active, None
    try:
        return (yield)
    finally:
        active.active = mutant


def _work(items: dict):
    """The mutant after which a test failed with every mutant off, if that test fails in a new process as well; then
    those that nobody has taken yet."""
    if PLAN["doubt"]:
        number, nodeid = PLAN["doubt"]
        if not passes(items[nodeid]):
            del items[nodeid]
            yield number, PLAN["mutants"][number]
    for number, mutant in enumerate(PLAN["mutants"]):
        if _taken(number):
            yield number, mutant


def _taken(number: int) -> bool:
    """True if this process is the first to take this mutant."""
    try:
        os.close(os.open(Path(PLAN["taken"]) / str(number), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _tried(tests: list[str], items: dict) -> tuple[dict, bool]:
    """The fate of the mutant that is on, and whether the process is as it was before."""
    began, run = time.monotonic(), 0
    for nodeid in tests:
        if nodeid not in items:
            continue
        if run >= PLAN["least"] and time.monotonic() - began > PLAN["seconds"]:
            break
        run += 1
        if not passes(items[nodeid]):
            active.switch(None)
            return {"found_by": nodeid, "run": run}, PLAN["mode"] == "preset" or passes(items[nodeid])
    active.switch(None)
    return {"found_by": None, "run": run}, True
