"""The processes of a run: the tests are collected once, then the process forks, and its children share the work.

A child takes whole scopes (`order.scope_of`) one after another, so that what a file makes for its tests is made once;
it hears of the next scope before it runs the last test of this one, so that what lives as long as the session lives
on. What measures is handed out when all others have ended. A child that dies fails the test it was at, and another
one goes on behind it.
"""

import gc
import os
import signal
import traceback
from collections import deque
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait

import pytest
from _pytest.reports import TestReport

from .order import ALONE, scope_of

MOST_S = 60
"""Seconds in which an interrupted child puts away what its tests have made."""


class Hooks:
    """Hooks by which plugins of `bin/test` ask and say something between the processes of a run."""

    def pytest_worker_begins(self):
        """Begin anew what a child does not take over from its parent."""

    def pytest_worker_tells(self, told: dict):
        """Put into `told`, in a child that has run its last test, what the parent is to know."""

    def pytest_worker_told(self, told: dict):
        """Take in what a child says at its end."""


class Worker:
    """A child, as its parent sees it; `items` are the tests that it has and has not said to have ended."""

    def __init__(self, run: "Workers", number: int, items=()):
        self.number, self.items = number, deque(items)
        self.waits = self.dismissed = self.ended = False
        self.why = "the process of this test ended"
        self.line, line = Pipe()
        self.process = os.fork()
        if not self.process:
            for other in [self, *run.workers]:
                other.line.close()  # with their parent they end
            Child(run.session, line, number, items).run()
        line.close()


class Workers:
    """The plugin of a run in several processes."""

    def __init__(self, many: int):
        self.many, self.workers = many, []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if session.testsfailed or session.config.option.collectonly:
            return None  # pytest's own loop says so
        self.session, self.config, self.hook = session, session.config, session.config.hook
        self.config.pluginmanager.getplugin("terminalreporter").showfspath = False  # of many at once
        scopes: dict[str, list[int]] = {}
        for place, item in enumerate(session.items):
            scopes.setdefault(scope_of(item.nodeid), []).append(place)
        self.scopes = deque(scopes.items())
        gc.collect()
        gc.freeze()
        try:
            for number in range(min(self.many, len(scopes))):
                self.workers.append(Worker(self, number))
            while alive := {worker.line: worker for worker in self.workers if not worker.line.closed}:
                for line in wait(alive):
                    self._hear(alive[line])
                    self._hand_out()
                if session.shouldfail:
                    raise session.Failed(session.shouldfail)
        finally:
            for worker in self.workers:
                if not worker.line.closed:
                    with suppress(ProcessLookupError):
                        os.kill(worker.process, signal.SIGINT)
            for worker in self.workers:
                os.waitpid(worker.process, 0)
        return True

    def _hear(self, worker: Worker) -> None:
        try:
            kind, message = worker.line.recv()
        except (EOFError, OSError):
            worker.line.close()
            if worker.items:  # it died
                item = worker.items.popleft()
                self.hook.pytest_runtest_logreport(report=TestReport(
                    item.nodeid, item.location, {}, "failed", worker.why, "call"))
                if worker.items or self.scopes:
                    self.workers.append(Worker(self, worker.number, list(worker.items)))
            elif not worker.ended:
                self.session.shouldfail = f"a process of the run ended without a test at hand: {worker.why}"
            worker.ended = True
            return
        if kind == "report":
            report = self.hook.pytest_report_from_serializable(config=self.config, data=message)
            self.hook.pytest_runtest_logreport(report=report)
        elif kind == "over":
            worker.items.popleft()
        elif kind == "told":
            worker.ended = True
            self.hook.pytest_worker_told(told=message)
        else:
            setattr(worker, kind, message)  # it waits, or says why it dies

    def _hand_out(self) -> None:
        """Give a scope to each worker that waits for one; what measures goes to the last that is left."""
        for worker in self.workers:
            if not worker.waits or worker.ended:
                continue
            others = [other for other in self.workers if other is not worker and not other.ended]
            alone = self.scopes and self.scopes[0][0] == ALONE
            if alone and others and all(other.dismissed for other in others):
                continue  # until they have ended
            places = self.scopes.popleft()[1] if self.scopes and not (alone and others) else ()
            worker.items.extend(self.session.items[place] for place in places)
            worker.waits, worker.dismissed = False, not places
            with suppress(OSError):  # it has died meanwhile, and is heard of
                worker.line.send(places)


class Child:
    """A process that runs tests and says what became of them."""

    def __init__(self, session, line: Connection, number: int, items):
        self.session, self.line, self.items, self.hook = session, line, deque(items), session.config.hook
        self.number = number

    def _begin(self) -> None:
        gc.set_threshold(100_000, 20, 50)  # what lives as long as a run is many objects, and stays
        plugins, folders = self.session.config.pluginmanager, self.session.config._tmp_path_factory
        capture = plugins.getplugin("capturemanager")
        capture.stop_global_capturing()
        capture.start_global_capturing()  # with a file of its own
        plugins.unregister(name="terminalreporter")
        plugins.register(self)
        folders._basetemp = folders.getbasetemp() / f"worker{self.number}"
        folders._basetemp.mkdir(exist_ok=True)
        self.hook.pytest_worker_begins()

    def run(self):
        try:
            self._begin()
            self._fill()
            while self.items:
                item = self.items.popleft()
                if not self.items:
                    self._fill()
                self.hook.pytest_runtest_protocol(item=item, nextitem=self.items[0] if self.items else None)
                self.line.send(("over", None))
            told: dict = {}
            self.hook.pytest_worker_tells(told=told)
            self.line.send(("told", told))
        except BaseException:
            with suppress(OSError):
                self.line.send(("why", traceback.format_exc()))
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches it twice, by the terminal and its parent
            signal.alarm(MOST_S)  # what cannot be put away is left
            with suppress(BaseException):
                self.session._setupstate.teardown_exact(None)  # sites and servers, where somebody interrupts
            os._exit(0)

    def _fill(self) -> None:
        self.line.send(("waits", True))
        self.items.extend(self.session.items[place] for place in self.line.recv())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        data = self.hook.pytest_report_to_serializable(config=self.session.config, report=report)
        self.line.send(("report", data))
