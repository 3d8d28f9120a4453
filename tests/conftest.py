"""A fresh, empty district for every test, on SQLite and on a real PostgreSQL."""

import os
import shutil
from functools import cache
from datetime import timedelta
from pathlib import Path
from threading import get_ident

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, current_app
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as examples
from jinja2 import FileSystemBytecodeCache

import config
from civic_forum.accounts import passwords
from civic_forum.app import create_app
from civic_forum.platform import clock
from civic_forum.platform.base import db, is_sqlite
from tests import factories, limits
from tests.running.turns import share

pytest_plugins = ["tests.servers.fixtures", "tests.budgets.elections"]
examples.register_profile("timings never fail a test", deadline=None, suppress_health_check=[HealthCheck.too_slow],
                          max_examples=share(100))
examples.load_profile("timings never fail a test")
if room := os.environ.get("PYTEST_DEBUG_TEMPROOT"):  # the processes of a run read each template once together
    Flask.jinja_options["bytecode_cache"] = FileSystemBytecodeCache(room)
SETTINGS = {"SECRET_KEY": "only for the tests", "LIMIT_ADDRESS": 100_000, "LIMIT_FAILURES_ADDRESS": 100_000,
            "LIMIT_TAKEDOWNS": 100_000, "LIMIT_DEVICES": 100_000, "LIMIT_PAGES_ADDRESS": 0,
            "LIMIT_REPORTS_USER": 100_000, "LEAST_ELECTORATE": 1, "LEAST_OFFICERS": 0, "URL": "http://127.0.0.1:8000"}
REAL_HASHER, WEAK_HASHER = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ALMOST_AN_HOUR = timedelta(minutes=50)
APPS = []
"""Applications that live as long as the session."""
LARGEST_LOG = 200_000_000
"""Bytes of what SQLite has not written back: it grows without end while anybody still reads what was before."""


class Browser(FlaskClient):
    """Each request gets its own context, so no test lends a page its session."""

    owner, since = None, None
    """Id of who signs in again as time goes by, if they have a role, and when they did last."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            if self.owner and clock.now() - self.since >= ALMOST_AN_HOUR:
                self.since = clock.now()
                factories.signed_in_anew(self.owner)
            return super().open(*args, **kwargs)


def build(data, **given):
    """An application of the tests on this data directory, its tables made."""
    config.mark_as_sample(data)
    app = create_app(config.load({}, DATA=str(data), **(SETTINGS | given)))
    app.config |= {"TESTING": True, "WTF_CSRF_ENABLED": False, "PROPAGATE_EXCEPTIONS": True, "PAGE_CACHE": False}
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
        factories.put_categories()
    return app


def closed_at_the_end(app):
    APPS.append(app)
    yield app
    APPS.remove(app)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory):
    yield from closed_at_the_end(build(tmp_path_factory.mktemp("sqlite")))


@pytest.fixture(scope="session")
def postgres_app(tmp_path_factory, postgres):
    yield from closed_at_the_end(build(tmp_path_factory.mktemp("postgres"), DATABASE_URL=postgres))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def app(request):
    """The application on each database in turn; tests that ask for it run twice."""
    return request.getfixturevalue(f"{request.param}_app")


@pytest.fixture
def csrf(app, monkeypatch):
    """Forms have to be those of the site, as in a browser."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def hash_with(hasher):
    passwords._hasher = hasher
    passwords._stand_in.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def weak_hashes():
    """Passwords are hashed with the least parameters in this process, for a real hash takes 0.2 s."""
    hash_with(WEAK_HASHER)
    yield
    hash_with(REAL_HASHER)


@pytest.fixture
def real_hashes():
    """The parameters that the site uses."""
    hash_with(REAL_HASHER)
    yield
    hash_with(WEAK_HASHER)


@pytest.fixture(autouse=True)
def real_time_and_settings():
    """Neither a clock nor a setting that a test changes is left to the next one."""
    before = [(app, dict(app.config)) for app in APPS]
    yield
    clock.shift(0)
    for app, settings in before:
        app.config.update(settings)  # what an extension has put beside them stays


@pytest.fixture
def town(app):
    """The people and papers of an empty district, inside an application context."""
    with app.app_context():
        limits.forget()
        assert not Path(app.config["KEYS"], "master-2.key").exists(), "a test before this one has rotated a key"
        yield factories.Town()
        db.session.rollback()
        empty()
        log = Path(f"{db.engine.url.database}-wal")
        assert not log.exists() or log.stat().st_size < LARGEST_LOG, "a test before this one holds a snapshot open"


@pytest.fixture
def moderator(town):
    return town.moderator()


@pytest.fixture
def official(town):
    return town.official()


@pytest.fixture
def pair(town):
    """Two officials of one department."""
    return town.official(), town.official()


@pytest.fixture
def clerk(town):
    return town.clerk()


def empty():
    """Delete every row, and what was signed or kept for the boxes among them; most tests fill few of the tables."""
    tables, read = _tables()
    filled = set(db.session.connection().exec_driver_sql(read).scalars())
    if is_sqlite():
        db.session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    else:
        db.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        if "search_entry" in filled:  # a replica does not look after what follows them by a reference
            db.session.execute(sa.text("DELETE FROM search_index"))
    gone = [table for table in tables if table.name in filled]
    for table in gone:
        db.session.execute(table.delete())
    _number_from_one(gone)
    factories.put_categories(empty=True)
    db.session.remove()
    keys = Path(current_app.config["KEYS"])
    for folder in ("heads", "audit", "opinions"):
        shutil.rmtree(keys / folder, ignore_errors=True)
    for path in keys.glob("box-*"):
        path.unlink()


@cache
def _tables():
    """Every table, what others refer to last, and a statement that names those with rows."""
    tables = list(reversed(db.metadata.sorted_tables))
    return tables, " UNION ALL ".join(f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\")"
                                      for table in tables)


def _number_from_one(tables):
    """SQLite does so by itself."""
    numbered = [f"setval(pg_get_serial_sequence('\"{table.name}\"', '{table.autoincrement_column.name}'), 1, false)"
                for table in tables if table.autoincrement_column is not None]
    if numbered and not is_sqlite():
        db.session.connection().exec_driver_sql(f"SELECT {', '.join(numbered)}")


@pytest.fixture
def at(monkeypatch):
    """Stop the clock at a moment: `at(factories.MAY)`."""
    return lambda moment: monkeypatch.setattr(clock, "read", lambda: moment)


@pytest.fixture
def browse(app):
    """A browser, signed in as the given user if there is one; whoever has a role signs in again after an hour, unless
    the test is about that (`again=False`)."""

    def open_browser(user=None, *, again=True):
        client = app.test_client()
        if user is not None:
            secret = factories.signed_in(user)
            if again:
                client.owner, client.since = user.id, clock.now()
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = secret, True
        return client

    return open_browser


@pytest.fixture
def queries(app):
    """Counts the statements that the block sends, and no thread beside it: `with queries() as seen: …; len(seen)`. No
    minute is about to end then, as what is kept of a page is made anew in another."""
    from contextlib import contextmanager

    if (left := 60 - clock.now().second) < 10:
        clock.shift(left)
    @contextmanager
    def watch():
        seen, here = [], get_ident()

        def note(_connection, _cursor, statement, *_rest):
            if get_ident() == here and not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT")):
                seen.append(statement)

        engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return watch
