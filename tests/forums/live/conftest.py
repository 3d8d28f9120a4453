"""Live forums need a real site, and clients from another process."""

import pytest

from . import halls


@pytest.fixture
def crowd():
    """Clients in a process of their own."""
    with halls.crowd() as clients:
        yield clients


@pytest.fixture
def hall(request, tmp_path):
    """Makes a hall on SQLite or PostgreSQL: `hall("postgres", people=3)`."""

    def make(database="sqlite", **given):
        if database == "postgres":
            from tests.servers.postgres import fresh_database

            given["DATABASE_URL"] = fresh_database(request.getfixturevalue("postgres"))
        made.append(halls.settle(tmp_path / f"hall{len(made)}" / "data", **given))
        return made[-1]

    made = []
    yield make
