"""The plugin of pytest that tries mutants, as the plan in CIVIC_MUTANTS says: loaded before anything of the site."""

import json
import os
import resource
import signal
import sys
import time
from functools import _lru_cache_wrapper
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
LEAST, GIVEN_UP_S = 60, 60
"""After so many tests and so long a mutant is given up."""
MEMORY = 4 << 30
"""Bytes that a process may fill: a loop that only grows ends, instead of the machine."""
resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.RLIM_INFINITY))
install(lambda source, path: sites.weakened(source.decode(), path)[0], set(PLAN["paths"]).__contains__)
active.active = PLAN["mutants"][0]["name"] if PLAN["alone"] else None


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
    items, mutants, doubt = {item.nodeid: item for item in session.items}, PLAN["mutants"], PLAN["doubt"]
    if doubt and passes(items[doubt]):  # it failed with every mutant off, after the first of these mutants only
        del mutants[0]
    elif doubt:
        del items[doubt]
    with open(PLAN["answers"], "a", encoding="utf-8", buffering=1) as answers:
        for mutant in mutants:
            answer = {"name": mutant["name"], "found_by": "the end of the process", "run": 0}
            print(json.dumps(answer), file=answers)  # overwritten unless it is the last word
            weaken(mutant["name"])
            began, answer["found_by"] = time.monotonic(), None
            for nodeid in filter(items.__contains__, mutant["tests"]):
                if answer["run"] >= LEAST and time.monotonic() - began > GIVEN_UP_S:
                    break
                answer["run"] += 1
                if not passes(items[nodeid]):
                    answer["found_by"] = nodeid
                    break
            weaken(None)
            print(json.dumps(answer), file=answers)
            if answer["found_by"] and not PLAN["alone"] and not passes(items[answer["found_by"]]):
                pytest.exit("a test fails with every mutant off", active.UNCLEAN)
    return True


def weaken(name: str | None) -> None:
    """Turn on this mutant alone, or none; its module forgets what it has kept in mind."""
    module = (name or active.active).partition(".py")[0].replace("/", ".")
    active.active = name
    for kept in list(vars(sys.modules.get(module, active)).values()):
        if type(kept) is _lru_cache_wrapper:
            kept.cache_clear()


def _too_long(_signal, _frame):
    raise TooLong


def passes(item) -> bool:
    """Run one test. Fixtures of its module are made anew, those of the session live on, and those of the table."""
    kept = SimpleNamespace(listchain=lambda: item.listchain()[:-1 if item.nodeid.startswith(PLAYED) else 1])
    item.session._setupstate.teardown_exact(kept)
    try:
        signal.setitimer(signal.ITIMER_PROF, CPU_S)
        signal.setitimer(signal.ITIMER_REAL, WALL_S, AGAIN_S)
        return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=kept))
    except TooLong:  # between two phases
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    """Forget findings at an address with another mutant."""
    if item.nodeid.startswith(PLAYED) and "rights" in item.funcargs:
        item.funcargs["rights"].findings.clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """The scene of the table is kept for other mutants: it is made with all of them off."""
    if fixturedef.scope in ("function", "session") or not request.node.nodeid.startswith(PLAYED):
        return (yield)
    mutant, active.active = active.active, None
    try:
        return (yield)
    finally:
        active.active = mutant
