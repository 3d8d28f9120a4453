"""Pytest plugin of `bin/test`: order and turns of the tests, their seconds, and a summary of what a run left out."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from . import order, turns
from .seconds import BUDGET, LARGER, Meter, by_folder, over_budget

KEPT = Path(__file__).parents[1] / "kept" / "seconds.json"
"""Seconds of processor time of each scope from ten seconds on, in a usual run and in `bin/test long`."""
KIND = "long" if turns.LONG else "usual"
DEAREST = 10


def pytest_addoption(parser):
    parser.addoption("--keep-seconds", action="store_true", help="keep what the files of this run took, for its order")
    parser.addoption("--part", metavar="K/N", help="the K-th of N parts of all files, each about as dear")


def pytest_configure(config):
    config.pluginmanager.register(Run(config), "the run")


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # the order is that of `Run.pytest_collection_modifyitems`
    return order.ByFile(config, log)


class Run:
    """One run of the tests, in the process that hands them out or in one that takes them."""

    def __init__(self, config):
        self.config, self.meter = config, Meter()
        self.seconds, self.skipped = {}, Counter()
        self.kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        self.known = self.kept.get("usual", {}) | self.kept.get(KIND, {})

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        yield  # others mark and deselect
        if not turns.LONG and ("PYTEST_XDIST_WORKER" in os.environ or self.config.getoption("-n")):
            waiting = turns.waiting(items)
            self.config.hook.pytest_deselected(items=waiting)
            items[:] = [item for item in items if item not in set(waiting)]
            self.skipped["variants of tests that take turns"] += len(waiting)
        scopes = sorted({order.scope_of(item.nodeid) for item in items})
        if part := self.config.getoption("--part"):
            number, of = map(int, part.split("/"))
            scopes = sorted(order.part(scopes, self.known, number, of))
        place = {scope: number for number, scope in enumerate(order.in_order(scopes, self.known))}
        items[:] = sorted((item for item in items if order.scope_of(item.nodeid) in place),
                          key=lambda item: place[order.scope_of(item.nodeid)])

    def pytest_deselected(self, items):
        self.skipped["tests marked long"] += sum(1 for item in items if item.get_closest_marker("long"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        if call.when == "teardown":
            item.user_properties.append(("seconds", self.meter.lap()))
        return (yield)

    def pytest_runtest_logreport(self, report):
        if report.failed and self.config.getoption("-n"):
            self.config.get_terminal_writer().line(f"\nFAILED {report.nodeid}")  # a long run is not awaited to know
        if report.when == "teardown":
            for name, said in report.user_properties:
                if name == "seconds":
                    self.seconds[report.nodeid] = said
                elif name == "left out":
                    self.skipped[said] += 1

    def pytest_sessionfinish(self):
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["left out"] = dict(self.skipped)
        elif self.config.getoption("--part"):
            return  # the parts of one run are parts by the same seconds
        elif self.seconds and (turns.LONG and self.config.getoption("-n") or self.config.getoption("--keep-seconds")):
            self._keep()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        self.skipped |= Counter(getattr(node, "workeroutput", {}).get("left out", {}))

    def _keep(self):
        scopes = Counter()
        for node, spent in self.seconds.items():
            scopes[order.scope_of(node)] += spent
        known = self.kept.get(KIND, {}) | {scope: round(spent) for scope, spent in scopes.items()}
        self.kept[KIND] = {scope: spent for scope, spent in sorted(known.items()) if spent >= 10}
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(self.kept, indent=0, sort_keys=True) + "\n")

    def pytest_terminal_summary(self, terminalreporter):
        if len(self.seconds) < DEAREST:
            return
        folders, say = by_folder(self.seconds), terminalreporter.write_line
        terminalreporter.section("seconds of processor time")
        over = over_budget(folders)
        for folder, spent in folders.items():
            tests = sum(node.split("/")[1] == folder for node in self.seconds)
            budget = f", over its {LARGER.get(folder, BUDGET)}" if folder in over else ""
            say(f"{spent:8.0f}  {folder} ({tests} tests{budget})")
        say(f"{sum(folders.values()):8.0f}  together")
        for node, spent in sorted(self.seconds.items(), key=lambda one: -one[1])[:DEAREST]:
            say(f"{spent:8.1f}  {node}")
        if not turns.LONG:
            terminalreporter.section("left to other runs (docs/testing.md)")
            say(f"{turns.turn():08x}  is the turn of what takes turns")
            for what, times in sorted(self.skipped.items()):
                say(f"{times:8}  {what}")
