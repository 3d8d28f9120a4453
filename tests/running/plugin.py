"""Pytest plugin of `bin/test`: order and turns of the tests, their units, and a summary of what a run left out."""

import os
from collections import Counter

import pytest

from . import machine, order, turns
from .seconds import Meter, by_folder, over_budget
from .statements import Statements
from .workers import Hooks, Workers

DEAREST = 10
MOST_UNITS = "CIVIC_TESTS_MOST_UNITS"
"""The variable that says how many units a whole run may take; `.ci/run` sets it."""


def pytest_addoption(parser):
    parser.addoption("--workers", type=int, default=1, help="how many processes share the work of this run")
    parser.addoption("--part", metavar="K/N", help="the K-th of N parts of all files, each about as dear")


def pytest_addhooks(pluginmanager):
    pluginmanager.add_hookspecs(Hooks)


def pytest_configure(config):
    machine.factors()
    config.pluginmanager.register(Run(config), "the run")
    if config.option.workers > 1:
        config.pluginmanager.register(Workers(config.option.workers), "its processes")
        if not turns.LONG:
            config.pluginmanager.register(Statements(), "its statements")


class Run:
    """One run of the tests."""

    def __init__(self, config):
        self.config, self.meter = config, Meter()
        self.seconds, self.left_out = {}, Counter()
        self.whole = config.option.workers > 1 and not turns.LONG

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        yield  # others mark and deselect
        if self.whole:
            self._leave_out(items, turns.on_sqlite_alone(items), "runs on PostgreSQL of tests that are not marked both")
            self._leave_out(items, turns.waiting(items), "variants of tests that take turns")
        scopes = sorted({order.scope_of(item.nodeid) for item in items})
        costs = order.costs(items)
        if part := self.config.getoption("--part"):
            number, of = map(int, part.split("/"))
            scopes = sorted(order.part(scopes, costs, number, of))
        place = {scope: number for number, scope in enumerate(order.in_order(scopes, costs))}
        items[:] = sorted((item for item in items if order.scope_of(item.nodeid) in place),
                          key=lambda item: place[order.scope_of(item.nodeid)])

    def _leave_out(self, items: list, out: list, why: str) -> None:
        self.config.hook.pytest_deselected(items=out)
        gone = set(out)
        items[:] = [item for item in items if item not in gone]
        self.left_out[why] += len(out)

    def pytest_deselected(self, items):
        self.left_out["tests marked long"] += sum(1 for item in items if item.get_closest_marker("long"))

    def pytest_worker_begins(self):
        self.meter = Meter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        if call.when == "teardown":
            item.user_properties.append(("seconds", self.meter.lap()))
        return (yield)

    def pytest_runtest_logreport(self, report):
        if report.failed and self.config.option.workers > 1:
            self.config.get_terminal_writer().line(f"\nFAILED {report.nodeid}")  # a long run is not awaited to know
        if report.when == "teardown":
            for name, value in report.user_properties:
                if name == "seconds":
                    self.seconds[report.nodeid] = value
                elif name == "left out":
                    self.left_out[value] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        most = float(os.environ.get(MOST_UNITS, "inf"))
        if self.whole and sum(self.seconds.values()) / machine.factors()[0] > most and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if len(self.seconds) < DEAREST:
            return
        (factor, waiting), say = machine.factors(), terminalreporter.write_line
        units = {node: spent / factor for node, spent in self.seconds.items()}
        folders = by_folder(units)
        over = over_budget(folders) if self.whole else {}
        terminalreporter.section("units")
        say(f"A unit is {factor:.2f} s of processor time here; waits last {waiting:.1f} times as long.")
        for folder, spent in folders.items():
            tests = sum(node.split("/")[1] == folder for node in units)
            say(f"{spent:8.0f}  {folder} ({tests} tests)")
        say(f"{sum(folders.values()):8.0f}  together, {sum(self.seconds.values()):.0f} s of processor time")
        for node, spent in sorted(units.items(), key=lambda pair: -pair[1])[:DEAREST]:
            say(f"{spent:8.1f}  {node}")
        if self.whole:
            terminalreporter.section("left to other runs (docs/testing.md)")
            say(f"Turn {turns.turn()} of {turns.TURNS}.")
            for what, times in sorted(self.left_out.items()):
                say(f"{times:8}  {what}")
        for folder, budget in over.items():
            say(f"OVER ITS BUDGET: {folder} took {folders[folder]:.0f} units of {budget}")
        most = float(os.environ.get(MOST_UNITS, "inf"))
        if self.whole and sum(folders.values()) > most:
            say(f"FAILED: the whole took {sum(folders.values()):.0f} units, more than {most:.0f}")
