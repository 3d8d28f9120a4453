"""The processes of a run: the tests are collected once, then the process forks, and its children share the work.

A child takes whole scopes (`order.scope_of`) one after another, so that what a file makes for its tests is made once;
it hears of the next scope before it runs the last test of this one, so that what lives as long as the session lives
on. What measures is handed out when all others have ended. A child that dies fails the test it was at, and another
one goes on behind it.
"""

import gc
import os
import pickle
import signal
import socket
import struct
import traceback
from collections import deque
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector

import pytest
from _pytest.reports import TestReport

from .order import ALONE, scope_of

LENGTH = struct.Struct("!I")
NUMBER = "CIVIC_TESTS_WORKER"
"""The variable that tells a child which of the processes of a run it is."""


class Line:
    """Messages from one process to another."""

    def __init__(self, end: socket.socket):
        self.end = end

    def send(self, message) -> None:
        text = pickle.dumps(message)
        self.end.sendall(LENGTH.pack(len(text)) + text)

    def receive(self):
        """The next message; raises EOFError where the other process has ended."""
        return pickle.loads(self._read(LENGTH.unpack(self._read(LENGTH.size))[0]))

    def _read(self, length: int) -> bytes:
        text = b""
        while len(text) < length:
            more = self.end.recv(length - len(text))
            if not more:
                raise EOFError
            text += more
        return text


class Worker:
    """A child, as its parent sees it: `items` are the tests that it has and has not said to have ended."""

    def __init__(self, number: int):
        self.number, self.items = number, deque()
        self.waits = self.dismissed = self.ended = False
        self.why = "the process of this test ended"
        mine, other = socket.socketpair()
        self.line = Line(mine)
        self.process = os.fork()
        if not self.process:
            mine.close()
        else:
            other.close()
        self.other = Line(other)


class Workers:
    """The plugin of a run in several processes."""

    def __init__(self, many: int):
        self.many, self.workers, self.selector = many, [], DefaultSelector()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            raise session.Interrupted(f"{session.testsfailed} errors during collection")
        if session.config.option.collectonly:
            return True
        self.session, self.config, self.hook = session, session.config, session.config.hook
        self.scopes = deque(by_scope(session.items))
        self.config.pluginmanager.getplugin("terminalreporter").showfspath = False  # of many at once
        gc.collect()
        gc.freeze()
        try:
            for number in range(min(self.many, len(self.scopes))):
                self._start(number)
            while self.selector.get_map():
                for key, _events in self.selector.select():
                    self._hear(key.data)
                if session.shouldfail:
                    raise session.Failed(session.shouldfail)
        except BaseException:
            for worker in self.workers:
                with suppress(ProcessLookupError):
                    os.kill(worker.process, signal.SIGINT)
            raise
        finally:
            for worker in self.workers:
                worker.line.end.close()
                with suppress(ChildProcessError):
                    os.waitpid(worker.process, 0)
        return True

    def _start(self, number: int, items=()) -> None:
        worker = Worker(number)
        if not worker.process:
            Child(self.session, worker.other, number, list(items)).run()
        worker.items.extend(items)
        self.workers.append(worker)
        self.selector.register(worker.line.end, EVENT_READ, worker)

    def _hear(self, worker: Worker) -> None:
        try:
            kind, message = worker.line.receive()
        except (EOFError, OSError):
            self._lost(worker)
            return
        if kind == "report":
            report = self.hook.pytest_report_from_serializable(config=self.config, data=message)
            self.hook.pytest_runtest_logreport(report=report)
        elif kind == "began":
            self.hook.pytest_runtest_logstart(nodeid=message, location=worker.items[0].location)
        elif kind == "over":
            done = worker.items.popleft()
            self.hook.pytest_runtest_logfinish(nodeid=done.nodeid, location=done.location)
        elif kind == "told":
            worker.ended = True
            self.hook.pytest_worker_told(told=message)
        elif kind == "broken":
            worker.why = message
        elif kind == "next":
            worker.waits = True
        self._hand_out()

    def _lost(self, worker: Worker) -> None:
        self.selector.unregister(worker.line.end)
        if not worker.ended and worker.items:
            item = worker.items.popleft()
            self.hook.pytest_runtest_logreport(report=TestReport(
                item.nodeid, item.location, {}, "failed", worker.why, "call"))
            if worker.items:
                self._start(worker.number, worker.items)
        worker.ended = True
        self._hand_out()

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
            worker.line.send(places)


def by_scope(items) -> list[tuple[str, list[int]]]:
    """The scopes of these tests in order, each with the places of its tests."""
    scopes: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        scopes.setdefault(scope_of(item.nodeid), []).append(place)
    return list(scopes.items())


class Child:
    """A process that runs tests and says what became of them."""

    def __init__(self, session, line: Line, number: int, items: list):
        self.session, self.line, self.items = session, line, deque(items)
        self.config = session.config
        os.environ[NUMBER] = str(number)
        plugins = self.config.pluginmanager
        capture = plugins.getplugin("capturemanager")
        capture.stop_global_capturing()
        capture.start_global_capturing()  # with a file of its own
        plugins.unregister(name="terminalreporter")
        plugins.register(self)
        place = self.config._tmp_path_factory.getbasetemp() / f"worker{number}"
        place.mkdir(exist_ok=True)
        self.config._tmp_path_factory._basetemp = place
        self.config.hook.pytest_worker_begins()

    def run(self):
        status = 1
        try:
            self._fill()
            while self.items:
                item = self.items.popleft()
                if not self.items:
                    self._fill()
                self.line.send(("began", item.nodeid))
                self.config.hook.pytest_runtest_protocol(item=item, nextitem=self.items[0] if self.items else None)
                self.line.send(("over", item.nodeid))
            told = {}
            self.config.hook.pytest_worker_tells(told=told)
            self.line.send(("told", told))
            status = 0
        except BaseException:
            self.line.send(("broken", traceback.format_exc()))
        finally:
            os._exit(status)

    def _fill(self) -> None:
        self.line.send(("next", None))
        self.items.extend(self.session.items[place] for place in self.line.receive())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        self.line.send(("report", self.config.hook.pytest_report_to_serializable(config=self.config, report=report)))


class Hooks:
    """Hooks by which plugins of `bin/test` ask and say something between the processes of a run."""

    def pytest_worker_begins(self):
        """Begin anew what a child does not take over from its parent."""

    def pytest_worker_tells(self, told: dict):
        """Put into `told`, in a child that has run its last test, what the parent is to know."""

    def pytest_worker_told(self, told: dict):
        """Take in what a child says at its end."""
