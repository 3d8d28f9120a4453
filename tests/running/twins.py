"""Tests of pages that need no run on PostgreSQL, since others send the same statements there.

Most tests run on SQLite and on PostgreSQL. `bin/test` leaves out the PostgreSQL run of those in LISTED: they open pages
(they ask for `browse`), and every statement that they send is sent on PostgreSQL, with the same outcome, by a test of
their feature that does run there. `bin/test long` runs all and writes the list anew, feature by feature; a test that
is not on it runs on both, and so do all tests of a feature that has changed since.
"""

import re
from collections import defaultdict
from functools import cache
from hashlib import sha256
from threading import get_ident, main_thread

import pytest
import sqlalchemy as sa

from . import turns

TESTS = turns.ROOT / "tests"
LISTED = TESTS / "kept" / "only_sqlite.txt"
PARAMETER = re.compile(r"%\(\w+\)s(::[A-Z_]+(\(\d+\))?(\[\])?)?")
REPEATED = re.compile(r"(\?|\([?, ]+\))(, \1)+")
SAVEPOINT = re.compile(r"(?<=sa_savepoint_)\d+")


def spared(staying: dict[str, set], candidates: dict[str, set]) -> set[str]:
    """The candidates without which the others still send every statement; the most telling are kept first."""
    told, left = set().union(*staying.values()), dict(candidates)
    while left:
        best = max(sorted(left), key=lambda name: len(left[name] - told))
        if left[best] <= told:
            break
        told |= left.pop(best)
    return set(left)


def normal(statement: str) -> str:
    """The statement without the names and numbers of what is put into it, however many that are."""
    plain = SAVEPOINT.sub("", PARAMETER.sub("?", statement))
    return REPEATED.sub(r"\1", REPEATED.sub(r"\1", plain))


def function_of(nodeid: str) -> str:
    return nodeid.partition("[")[0]


def feature_of(path: str) -> str:
    return path.split("/")[1]


@cache
def digest(feature: str) -> str:
    """A digest of the code, the templates and the tests of a feature, as they are now."""
    files = [path for folder in ("civic_forum", "templates", "tests") for path in sorted(
        (turns.ROOT / folder / feature).rglob("*")) if path.suffix in (".py", ".html")]
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def kept() -> tuple[dict[str, str], set[str]]:
    """Of each feature the digest with which its tests were listed, and the tests."""
    lines = LISTED.read_text("utf-8").splitlines()
    return dict(line.split() for line in lines if " " in line), {line for line in lines if " " not in line}


def is_twin(item) -> bool:
    """True if it is the PostgreSQL run of a test that every run makes on both."""
    return (hasattr(item, "callspec") and item.callspec.params.get("app") == "postgres"
            and not item.get_closest_marker("long") and not item.get_closest_marker("in_turns"))


class Recorder:
    """The statements of each test on PostgreSQL, as digests, and whether it passed."""

    def __init__(self):
        self.statements, self.passed, self.staying = defaultdict(set), set(), set()
        self.test = None
        sa.event.listen(sa.Engine, "before_cursor_execute", self.sent)
        sa.event.listen(sa.Engine, "handle_error", self.refused)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        if is_twin(item):
            self.test = function_of(item.nodeid)
            if "browse" not in item.fixturenames:
                self.staying.add(self.test)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        answer = yield
        if self.test:
            self.passed.add(item.nodeid)
        return answer

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self):
        self.test = None  # what empties the tables is nobody's

    def sent(self, connection, _cursor, statement, *_rest):
        if self.test and connection.dialect.name == "postgresql":
            self.note(normal(statement))
            if get_ident() != main_thread().ident:  # threads meet each other differently on each database
                self.staying.add(self.test)

    def refused(self, context):
        if self.test and context.dialect.name == "postgresql":
            self.note(f"{type(context.original_exception).__name__}: {normal(context.statement or '')}")

    def note(self, statement: str):
        self.statements[self.test].add(sha256(statement.encode()).hexdigest()[:12])


class Twins:
    """Leaves out what is listed, or writes the list; of several processes the one that has started them does that."""

    def __init__(self, config):
        self.config, self.collected = config, {}
        self.reports: list[dict] = []
        self.recorder = Recorder() if turns.LONG else None
        if self.recorder:
            config.pluginmanager.register(self.recorder)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(self, items):
        everything = list(items)
        yield  # others mark and deselect
        digests, listed = kept()
        listed = {test for test in listed if digests.get(feature_of(test)) == digest(feature_of(test))}
        named = any("::" in argument for argument in self.config.args)
        out = {item for item in items if is_twin(item) and function_of(item.nodeid) in listed
               and not (turns.LONG or named)}
        if out:
            self.config.hook.pytest_deselected(items=list(out))
            items[:] = [item for item in items if item not in out]
        self.collected = {"left_out": len(out), "files": sorted({item.nodeid.split("::")[0] for item in everything}),
                          "twins": [item.nodeid for item in everything if is_twin(item)]}

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self):
        report = dict(self.collected)
        if report and self.recorder:
            report |= {"passed": sorted(self.recorder.passed), "staying": sorted(self.recorder.staying),
                       "statements": {test: sorted(some) for test, some in self.recorder.statements.items()}}
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["twins"] = report
        elif report:
            self.reports.append(report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        if report := getattr(node, "workeroutput", {}).get("twins"):
            self.reports.append(report)

    def pytest_terminal_summary(self, terminalreporter):
        if left_out := max((report["left_out"] for report in self.reports), default=0):
            terminalreporter.line(f"{left_out} tests of pages ran on SQLite alone (tests/kept/only_sqlite.txt).")
        if self.recorder and self.reports:
            write(merged(self.reports))


def merged(reports: list[dict]) -> dict:
    """One report of what all processes have found; each has collected everything."""
    statements = defaultdict(set)
    for report in reports:
        for test, some in report["statements"].items():
            statements[test] |= set(some)
    return {"files": set(reports[0]["files"]), "twins": set(reports[0]["twins"]), "statements": statements,
            **{name: set().union(*(report[name] for report in reports)) for name in ("passed", "staying")}}


def write(found: dict) -> None:
    """The list anew for each feature of which everything was run and passed; the others as they were."""
    digests, listed = kept()
    for feature in {feature_of(nodeid) for nodeid in found["twins"]}:
        twins = {nodeid for nodeid in found["twins"] if feature_of(nodeid) == feature}
        files = {str(path.relative_to(turns.ROOT)) for path in (TESTS / feature).rglob("test_*.py")}
        if twins <= found["passed"] and files <= found["files"]:
            sent = {test: found["statements"][test] for test in map(function_of, twins)}
            staying = {test: sent[test] for test in sent if test in found["staying"]}
            listed = {test for test in listed if feature_of(test) != feature}
            listed |= spared(staying, {test: sent[test] for test in sent if test not in staying})
            digests[feature] = digest(feature)
    lines = [f"{feature} {digests[feature]}" for feature in sorted(digests)] + sorted(listed)
    LISTED.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def pytest_configure(config):
    config.pluginmanager.register(Twins(config))
