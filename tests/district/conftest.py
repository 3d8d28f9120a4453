"""Two administrators, and days that pass."""

from datetime import timedelta

import pytest

from civic_forum.desk.services import district as lists
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.polls import making


@pytest.fixture
def two(town):
    """Two administrators who were verified at a desk, neither of whom gave the other the role."""
    return [making.administrator(town), making.administrator(town)]


@pytest.fixture
def later(at):
    """Midnight of so many days from now, with what is due then carried out."""
    start = clock.now()

    def pass_by(days):
        at(start + timedelta(days=days))
        db.session.rollback()
        return lists.apply_due()

    return pass_by
