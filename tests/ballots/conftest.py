"""Fixtures that tests of votes at desks have in common."""

import pytest

from .desk_scene import Vote


@pytest.fixture
def vote(town):
    return Vote(town)
