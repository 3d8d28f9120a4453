"""The plugin of pytest that makes the map and tries mutants, as the plan named by CIVIC_MUTANTS says.

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

from tests.running.alone import MEASURES

from . import active, hook
from .mapping import PLAYED

PLAN = json.loads(Path(os.environ["CIVIC_MUTANTS"]).read_text("utf-8"))
NEEDS = {"browser", "window", "site", "cluster"}
ALL_AT_ONCE = (f"{PLAYED}::test_every_", "tests/access/test_hostile_fields.py")
"""Tests that play the whole table at once; each address by itself finds as much."""
CPU_S, WALL_S, AGAIN_S = 20, 45, 5
"""A test that takes so much longer than it did in the map loops or waits for ever: it found the mutant. What it waits
for at its end, too, is given up after AGAIN_S."""
MEMORY = 4 << 30
"""Bytes that a process may fill: a loop that only grows ends, instead of the machine."""
resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.RLIM_INFINITY))
hook.install(set(PLAN["paths"]))
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
def pytest_collection_modifyitems(config, items):
    kept = [item for item in items if not NEEDS & set(getattr(item, "fixturenames", ()))
            and not (PLAN["sqlite"] and item.get_closest_marker("servers"))
            and not item.get_closest_marker("long")
            and not item.nodeid.startswith((*ALL_AT_ONCE, *MEASURES))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def pytest_runtestloop(session):
    if session.testsfailed:
        raise session.Interrupted("something could not be collected")
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGPROF, _too_long)
    {"map": make_map, "try": try_all, "preset": try_preset}[PLAN["mode"]](session)
    return True


def _too_long(_signal, _frame):
    raise TooLong


@contextmanager
def limited(usual_s: float):
    signal.setitimer(signal.ITIMER_PROF, CPU_S + 10 * usual_s)
    signal.setitimer(signal.ITIMER_REAL, WALL_S + 20 * usual_s, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def passes(item, usual_s: float = 1) -> bool:
    """Run one test. Fixtures of its module are made anew, those of the session live on, and those of the table."""
    kept = item.listchain()[:-1] if _is_played(item) else [item.session]
    item.session._setupstate.teardown_exact(SimpleNamespace(listchain=lambda: kept))
    try:
        with limited(usual_s):
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


# The map

_of_module: dict[str, tuple[set[str], float]] = {}
"""Mutants that the fixtures of a whole module reach, and their seconds: every test of it has need of them."""


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    if fixturedef.scope in ("function", "session") or active.reached is None and not _is_played(request.node):
        return (yield)
    if active.reached is None:  # it is kept for other mutants
        mutant, active.active = active.active, None
        try:
            return (yield)
        finally:
            active.active = mutant
    before, active.reached, began = active.reached, set(), time.perf_counter()
    try:
        return (yield)
    finally:
        known, seconds = _of_module.get(request.node.nodeid, (set(), 0))
        _of_module[request.node.nodeid] = known | active.reached, max(seconds, time.perf_counter() - began)
        active.reached |= before


def make_map(session):
    """The mutants that each test reaches: one line of JSON a test."""
    with open(PLAN["answers"], "a", encoding="utf-8") as answers:
        for item, following in zip(session.items, [*session.items[1:], None]):
            active.reached = set()
            began = time.perf_counter()
            with limited(60):
                reports = runtestprotocol(item, log=False, nextitem=following)
            seconds = time.perf_counter() - began
            for node in item.listchain():
                reached, more = _of_module.get(node.nodeid, (set(), 0))
                if not _is_played(node):
                    active.reached |= reached
                    seconds = max(seconds, more)
            answers.write(json.dumps({"test": item.nodeid, "s": round(seconds, 3), "reached": sorted(active.reached),
                                      "passed": not any(report.failed for report in reports)}) + "\n")
            answers.flush()
            active.reached = None


# Trying

def try_all(session):
    """Each mutant of the plan that nobody has taken yet, with the tests that reach it."""
    items = {item.nodeid: item for item in session.items}
    with open(PLAN["answers"], "a", encoding="utf-8") as answers:
        def say(answer: dict) -> None:
            answers.write(json.dumps(answer) + "\n")
            answers.flush()

        for number, one in _work(items):
            begun = {"number": number, "name": one["name"]}
            say(begun | {"found_by": "the end of the process", "run": 0})  # overwritten unless it is the last word
            answer, clean = _try(one, items)
            say(begun | answer)
            if not clean:
                pytest.exit("a test fails with every mutant off", active.UNCLEAN)


def _work(items: dict):
    """The mutant after which a test failed with every mutant off, if that test fails in a new process as well; then
    those that nobody has taken yet."""
    if PLAN["doubt"]:
        number, nodeid = PLAN["doubt"]
        if not passes(items[nodeid]):
            del items[nodeid]
            yield number, PLAN["mutants"][number]
    for number, one in enumerate(PLAN["mutants"]):
        if _taken(number):
            yield number, one


def _taken(number: int) -> bool:
    """True if this process is the first to take this mutant."""
    try:
        os.close(os.open(Path(PLAN["taken"]) / str(number), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _try(one: dict, items: dict) -> tuple[dict, bool]:
    """The fate of one mutant, and whether the process is as it was before."""
    began, cpu, run = time.monotonic(), time.process_time(), 0
    found_by, clean = None, True
    active.switch(one["name"])
    for nodeid, usual_s in one["tests"]:
        if nodeid not in items:
            continue
        if run >= PLAN["least"] and time.monotonic() - began > PLAN["seconds"]:
            break
        run += 1
        if not passes(items[nodeid], usual_s):
            found_by = nodeid
            break
    used = active.used
    active.switch(None)
    if found_by:
        clean = passes(items[found_by])
    return {"found_by": found_by, "run": run, "used": used, "cpu": round(time.process_time() - cpu, 2)}, clean


def try_preset(session):
    """One mutant that is on since before anything was imported."""
    known = dict(PLAN["tests"])
    items = {item.nodeid: item for item in session.items}
    ordered = [items[nodeid] for nodeid in known if nodeid in items]
    ordered += [item for item in session.items if item.nodeid not in known] if PLAN["others"] else []
    began, answer = time.monotonic(), {"found_by": None, "run": 0}
    for item in ordered:
        if answer["run"] >= PLAN["least"] and time.monotonic() - began > PLAN["seconds"]:
            break
        answer["run"] += 1
        if not passes(item, known.get(item.nodeid, 5)):
            answer["found_by"] = item.nodeid
            break
    Path(PLAN["answers"]).write_text(json.dumps(answer), "utf-8")
