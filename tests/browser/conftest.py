"""One site and one Chromium for all tests of this folder."""

import pytest

from tests.polls.making import opened, options, voter
from tests.servers import chromium, in_process

from .visits import Visits
from .voters import Voter


@pytest.fixture(scope="module")
def visits(browser, site):
    """Windows of people who are signed in, kept open for the module."""
    visits = Visits(browser, site)
    yield visits
    visits.close()


@pytest.fixture
def voting(app, town, served, window):
    """Opens a window of a voter of a vote: `voting(width=, javascript=, kind=…)`."""

    def open_window(width=chromium.DESKTOP, javascript=True, **facts):
        ada = voter(town)
        poll = opened(town, **{"kind": "up_to_k", "max_choices": 2, "options": options(5)} | facts)
        page = window(width=width, javascript=javascript, base_url=served)
        in_process.sign_in(page, app, served, ada)
        return Voter(page, f"/polls/{poll.slug}/ballot")

    return open_window
