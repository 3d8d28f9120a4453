"""Statements of a run: those sent on SQLite that no test sends on PostgreSQL in the same run are named and fail it;
those that read a table that grows from end to end are named.

A statement is compared by the text that it has on SQLite, whichever database it is sent to; of rows that are changed by
their key each column counts for itself. On SQLite those count that the site sends in tests that run every time and send
the same each time.
"""

import re
import sys
from weakref import WeakKeyDictionary

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import CompileError
from sqlalchemy.sql.compiler import SQLCompiler

SQLITE = sqlite.dialect()
PARAMETER = re.compile(r"\?|__\[POSTCOMPILE_\w+\]")
REPEATED = re.compile(r"(\?|\(\?\))(, \1)+")
CHANGE = re.compile(r"UPDATE (\S+) SET ((?:\S+=\?(?:, )?)+) (WHERE .+)", re.S)
OWN_WAYS = {
    "search_index": "PostgreSQL has a text search of its own; tests/search run on both",
    "changes()": "PostgreSQL says the number of rows with its answer",
    "sqlite_": "of SQLite alone",
    "_alembic_tmp": "SQLite copies a table to change it; tests/migrations run on both",
}
"""Words of statements that have another text on PostgreSQL, and why."""


def plain(statement: str) -> str:
    """The statement without the number of what is put into it."""
    return REPEATED.sub(r"\1", REPEATED.sub(r"\1", PARAMETER.sub("?", statement)))


def parts(statement: str) -> list[str]:
    """Parts of this statement that are compared: itself, or each column that it changes."""
    change = CHANGE.fullmatch(statement)
    if not change:
        return [statement]
    table, columns, where = change.groups()
    return [f"UPDATE {table} SET {column} {where}" for column in columns.split(", ")]


def senders() -> list[str]:
    """The functions of the site behind the statement at hand, the innermost first; none if a test sends it."""
    frame, names = sys._getframe(2), []
    while frame:
        if (module := frame.f_globals.get("__name__", "")).startswith("civic_forum."):
            names.append(f"{module}.{frame.f_code.co_qualname}")
        frame = frame.f_back
    return names


def texts(compiled) -> list[str]:
    """Texts by which a statement is compared."""
    try:
        text = str(compiled.statement.compile(dialect=SQLITE, column_keys=compiled.column_keys))
    except (CompileError, AttributeError):  # of PostgreSQL alone
        return []
    return [] if any(word in text for word in OWN_WAYS) else parts(plain(text))


class Statements:
    """The plugin of a whole run: by database the statements that tests sent, each with the first test."""

    def __init__(self):
        self.sent: dict[str, dict[str, str]] = {"sqlite": {}, "postgresql": {}}
        self.known: WeakKeyDictionary = WeakKeyDictionary()
        self.by: dict[str, list[str]] = {}
        """Statement as SQLite gets it → its senders."""
        self.test, self.counts, self.walked = "", True, {}
        sa.event.listen(sa.Engine, "before_cursor_execute", self.note)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        turns = item.get_closest_marker("in_turns")
        self.test = item.nodeid
        self.counts = not (item.get_closest_marker("sqlite_alone") or turns and turns.kwargs.get("of") != 1
                           or hasattr(item.obj, "hypothesis"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self):
        self.test = ""

    def note(self, connection, _cursor, statement, _parameters, context, _many):
        compiled = context and context.compiled
        if not self.test or not self.counts or not isinstance(compiled, SQLCompiler):
            return
        sent = self.sent[connection.dialect.name]
        if compiled not in self.known:
            self.known[compiled] = texts(compiled)
        if (new := [text for text in self.known[compiled] if text not in sent]) and (names := senders()):
            sent.update(dict.fromkeys(new, self.test))
            if connection.dialect.name == "sqlite":
                self.by[statement] = names

    def pytest_worker_tells(self, told):
        told["statements"], told["senders"] = self.sent, self.by

    def pytest_worker_told(self, told):
        self.by = told.get("senders", {}) | self.by
        for database, sent in told["statements"].items():
            for text, test in sent.items():
                self.sent[database].setdefault(text, test)

    def missing(self) -> dict[str, str]:
        """Statements that no test sent on PostgreSQL, each with a test that sends it on SQLite."""
        return {text: test for text, test in self.sent["sqlite"].items() if text not in self.sent["postgresql"]}

    def walks(self) -> dict[str, str]:
        """Walks of tables that grow, each with its statement."""
        if not self.by:
            return {}
        from tests.statements import walks  # here: a run of a few tests knows no table
        return walks.walks({text: walks.sender(names) for text, names in self.by.items()})

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        self.walked = self.walks()
        if self.missing() and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        for walk, text in sorted(self.walked.items()):
            terminalreporter.write_line(f"WALK: {walk} is read from end to end (tests/statements/walks.py)")
            terminalreporter.write_line(f"        {' '.join(text.split())[:200]}")
        if not (missing := self.missing()):
            return
        terminalreporter.section("sent on SQLite and not on PostgreSQL (docs/testing.md, both)")
        by_test: dict[str, list[str]] = {}
        for text, test in missing.items():
            by_test.setdefault(test, []).append(text)
        for test, texts in sorted(by_test.items(), key=lambda pair: -len(pair[1])):
            terminalreporter.write_line(f"{len(texts):6}  {test}")
            terminalreporter.write_line(f"        {' '.join(texts[0].split())[:200]}")
        terminalreporter.write_line(f"FAILED: {len(missing)} statements were sent on SQLite alone")
