"""Faults happen to real sites; these tests need PostgreSQL, Redis and processes of their own."""

from pathlib import Path

import pytest

from . import towns

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.servers)
            if not item.get_closest_marker("in_turns"):
                item.add_marker(pytest.mark.in_turns(of=10))


@pytest.fixture
def settle(tmp_path):
    """Makes towns that are put away after the test: `settle(people=4, DATABASE_URL=…)`."""
    made = []

    def make(**given):
        made.append(towns.settle(tmp_path / f"town{len(made)}", **given))
        return made[-1]

    yield make
    for town in made:
        towns.leave(town.app)
