"""The servers as fixtures, for `pytest_plugins`; each process of the tests has its own, as long as it runs.

A test that asks for one is marked by itself: `servers`, `browser` for Chromium, `district` for an empty district.
"""

import pytest

from . import chromium as chromium_browser, clamd
from . import postgres as postgres_server, redis as redis_server, smtp as mail_server
from . import cluster as real_cluster
from . import console, in_process, sample
from . import site as real_site

MARKS = {"postgres": "servers", "scanner": "servers", "redis": "servers", "site": "servers", "cluster": "servers",
         "browser": "browser", "window": "browser", "app": "district", "sqlite_app": "district"}
IN_TURNS = 10
"""Of tests that open a browser and say nothing else so many take turns; those of a cluster have one turn of ten."""
THOROUGH = ("tests/access/", "tests/ballots/attack/", "tests/ballots/test_restoring.py", "tests/migrations/",
            "tests/attachments/test_hostile_files.py", "tests/attachments/test_any_bytes.py",
            "tests/platform/test_subprocess_call.py", "tests/petition/", "tests/running/", "tests/mutants/",
            "tests/budgets/pabulib/test_round_trips.py", "tests/sample_data/")
"""Tests that go through long tables, or start programs: `thorough`, so that the quick tests stay under a minute."""


def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if not (item.get_closest_marker("one_database") and hasattr(item, "callspec")
                                               and item.callspec.params.get("app") == "postgres")]
    for item in items:
        for mark in sorted({MARKS[name] for name in getattr(item, "fixturenames", ()) if name in MARKS}):
            item.add_marker(mark)
        if "cluster" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.in_turns(of=10, together="cluster"), append=False)
        elif item.get_closest_marker("browser") and not item.get_closest_marker("in_turns"):
            item.add_marker(pytest.mark.in_turns(of=IN_TURNS))
        if item.nodeid.startswith(THOROUGH):
            item.add_marker("thorough")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Nothing that a page of the test logs or does not get is wrong."""
    try:
        yield
    finally:
        errors = console.unexpected(item.iter_markers("page_errors")) if item.get_closest_marker("browser") else []
    if errors:
        pytest.fail("\n".join(["Errors of pages:", *errors]), pytrace=False)


@pytest.fixture(scope="session")
def postgres():
    """The URL of an empty PostgreSQL database; `fresh_database(postgres)` makes more."""
    with postgres_server.running() as url:
        yield url


@pytest.fixture(scope="session")
def redis():
    """The URL of a Redis with a password."""
    with redis_server.running() as url:
        yield url


@pytest.fixture(scope="session")
def scanner():
    """A virus scanner: `.by_socket`, `.by_port` are its addresses (tests/servers/clamd.py says what it finds)."""
    with clamd.running() as addresses:
        yield addresses


@pytest.fixture(scope="session")
def mail_server_of_the_run():
    with mail_server.running() as postbox:
        yield postbox


@pytest.fixture
def postbox(mail_server_of_the_run):
    """A mail server with an empty postbox: `.port`, `.letters`, `.letters_to(address)`."""
    mail_server_of_the_run.letters.clear()
    return mail_server_of_the_run


@pytest.fixture(scope="session")
def sample_copy():
    """Copies of the sample district: `sample_copy(folder, kind=Site)` is the data directory of one."""
    return lambda folder, kind=real_site.Site: sample.copy(sample.loaded(kind), folder)


@pytest.fixture(scope="session")
def site(sample_copy, tmp_path_factory):
    """The real site with the sample district: `.url`, `.password`, `.stop()`, `.kill()`."""
    with real_site.running(sample_copy(tmp_path_factory.mktemp("site"))) as site:
        yield site


@pytest.fixture(scope="session")
def cluster(sample_copy, tmp_path_factory):
    """bin/cluster with the sample district: what a `site` has, and its servers (tests/servers/cluster.py says how).

    Every test finds it whole: leave it so, with Redis and PostgreSQL answering.
    """
    with real_cluster.running(sample_copy(tmp_path_factory.mktemp("cluster"), real_cluster.Cluster)) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, as a Playwright browser."""
    with chromium_browser.running() as browser:
        yield browser


@pytest.fixture
def window(browser):
    """Opens pages: `window(width=390, javascript=False)`; all are closed after the test."""
    opened = []

    def open_window(*args, **options):
        opened.append(chromium_browser.new_window(browser, *args, **options))
        return opened[-1]

    yield open_window
    for page in opened:
        page.context.close()


@pytest.fixture
def served(app, town):
    """The address of the application of the tests, served to browsers from this process."""
    with in_process.served(app) as address:
        yield address


@pytest.fixture
def signed_in(app, served, window):
    """Opens windows of somebody signed in there: `signed_in(user, width=…)`."""

    def open_window(user, **options):
        return in_process.sign_in(window(base_url=served, **options), app, served, user)

    return open_window
