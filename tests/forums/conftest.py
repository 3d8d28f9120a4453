"""Fixtures that tests of live forums have in common."""

import pytest

from .scene import live_forum


@pytest.fixture
def scene(town):
    return live_forum(town)
