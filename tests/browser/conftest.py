"""One site and one Chromium for all tests of this folder."""

import pytest

from .visits import Visits


@pytest.fixture(scope="module")
def visits(browser, site):
    """Windows of people who are signed in, kept open for the module."""
    visits = Visits(browser, site)
    yield visits
    visits.close()
