"""Pytest plugin of `bin/test`: order and turns of the tests, their units, and a summary of what a run left out."""

import os
from collections import Counter
from statistics import fmean

import pytest

from . import changed, machine, order, touched, turns
from .seconds import Meter, by_folder, over_budget
from .statements import Statements
from .workers import Hooks, Workers

DEAREST, LOOK_EVERY_S = 10, 20
MOST_UNITS = "CIVIC_TESTS_MOST_UNITS"
"""The variable that says how many units a whole run may take; `.ci/run` sets it."""


def pytest_addoption(parser):
    parser.addoption("--workers", type=int, default=1, help="how many processes share the work of this run")
    parser.addoption("--changed", metavar="REV", help="the tests that touch what differs from this commit, or `landed`")
    parser.addoption("--part", metavar="K/N", help="the K-th of N parts of all files, each about as dear")


if os.environ.get(touched.VARIABLE):
    touched.install()


def pytest_addhooks(pluginmanager):
    pluginmanager.add_hookspecs(Hooks)


def pytest_configure(config):
    machine.factors()
    run = Run(config)
    config.pluginmanager.register(run, "the run")
    if config.option.workers > 1:
        config.pluginmanager.register(Workers(config.option.workers), "its processes")
    if run.whole:
        config.pluginmanager.register(Statements(), "its statements")
    if os.environ.get(touched.VARIABLE):
        config.pluginmanager.register(touched.Touched(), "what its tests touch")


class Run:
    """One run of the tests."""

    def __init__(self, config):
        self.config, self.meter = config, Meter()
        self.seconds, self.left_out, self.speeds, self.spent = {}, Counter(), [], 0.0
        self.choice = ""
        self.usual = config.option.workers > 1 and not turns.LONG
        chosen = config.option.changed or config.option.keyword or config.option.file_or_dir
        self.whole = self.usual and not chosen and "district" not in config.option.markexpr

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        yield  # others mark and deselect
        if self.usual:
            self._leave_out(items, turns.on_another_database(items), "runs on the other database")
            self._leave_out(items, turns.waiting(items), "variants of tests that take turns")
        if since := self.config.option.changed:
            chosen, self.choice = changed.choose(items, changed.base() if since == "landed" else since)
            self._leave_out(items, list(set(items) - set(chosen)), "tests that touch none of it")
        costs = order.costs(items)
        ordered = order.in_order(sorted(costs), costs, order.waiting_for_the_sample(items))
        if part := self.config.getoption("--part"):
            ordered = order.part(ordered, *map(int, part.split("/")))
        place = {scope: number for number, scope in enumerate(ordered)}
        items[:] = sorted((item for item in items if order.scope_of(item.nodeid) in place),
                          key=lambda item: place[order.scope_of(item.nodeid)])

    def _leave_out(self, items: list, out: list, why: str) -> None:
        self.config.hook.pytest_deselected(items=out)
        gone = set(out)
        items[:] = [item for item in items if item not in gone]
        self.left_out[why] += len(out)

    def pytest_deselected(self, items):
        self.left_out["tests marked long"] += sum(1 for item in items if item.get_closest_marker("long"))

    def pytest_collection_finish(self):
        self.meter = Meter()

    pytest_worker_begins = pytest_collection_finish

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        if call.when == "teardown":
            item.user_properties.append(("seconds", spent := self.meter.lap()))
            self.spent += spent
            if self.spent > LOOK_EVERY_S:  # a machine is shared: it is slower at some times than at the start
                item.user_properties.append(("speed", machine.speed()))
                self.spent = 0.0
                self.meter.lap()
        return (yield)

    def pytest_runtest_logreport(self, report):
        terminal = self.config.pluginmanager.getplugin("terminalreporter")
        if report.failed and self.config.option.workers > 1 and terminal:
            terminal.write_line(f"\nFAILED {report.nodeid}")  # a long run is not awaited to know
        if report.when == "teardown":
            for name, value in report.user_properties:
                if name == "seconds":
                    self.seconds[report.nodeid] = value
                elif name == "speed":
                    self.speeds.append(value)

    @property
    def factor(self) -> float:
        """Seconds of processor time to a unit, in the mean of the run."""
        return fmean(self.speeds or machine.factors()[:1])

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        if sum(self.seconds.values()) / self.factor > most_units() and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        factor, waiting, say = self.factor, machine.factors()[1], terminalreporter.write_line
        units = {node: spent / factor for node, spent in self.seconds.items()}
        folders = by_folder(units)
        if len(units) >= DEAREST:
            terminalreporter.section("units")
            say(f"A unit is {factor:.2f} s of processor time here; waits last {waiting:.1f} times as long.")
            for folder, spent in folders.items():
                tests = sum(node.split("/")[1] == folder for node in units)
                say(f"{spent:8.0f}  {folder} ({tests} tests)")
            say(f"{sum(folders.values()):8.0f}  together, {sum(self.seconds.values()):.0f} s of processor time")
            for node, spent in sorted(units.items(), key=lambda pair: -pair[1])[:DEAREST]:
                say(f"{spent:8.1f}  {node}")
        if self.usual:
            terminalreporter.section("left to other runs (docs/testing.md)")
            say(f"Turn {turns.landings() % turns.TURNS} of {turns.TURNS}. {self.choice}")
            for what, times in sorted(self.left_out.items()):
                say(f"{times:8}  {what}")
        for folder, budget in over_budget(folders).items() if self.whole else ():
            say(f"OVER ITS BUDGET: {folder} took {folders[folder]:.0f} units of {budget}")
        if sum(folders.values()) > (most := most_units()):
            say(f"FAILED: the whole took {sum(folders.values()):.0f} units, more than {most:.0f}")


def most_units() -> float:
    return float(os.environ.get(MOST_UNITS, "inf"))
