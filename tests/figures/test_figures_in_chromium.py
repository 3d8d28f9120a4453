"""Figures in a browser: at both widths, in large text and high contrast, with all tables open, without scripts."""

import pytest

from civic_forum.forums.rules import AgeGroup
from tests.forums.scene import announced_forum
from tests.servers import chromium, in_process

from .making import before, living, registered, replied, supported, voted

pytestmark = pytest.mark.one_database
NAMES = ("가산동", "독산1동", "독산2동", "독산3동", "독산4동", "시흥1동", "시흥2동", "시흥3동", "시흥4동", "시흥5동")


@pytest.fixture
def lived_in(town):
    """A district of ten neighbourhoods, three of them hidden."""
    proposal, forum = town.proposal(published_at=before()), announced_forum(town)
    for number, name in enumerate(NAMES):
        people = living(town, name, 2 + number)
        supported(proposal, people, days=2 + 30 * number)
        for user in people:
            registered(forum, user, age_group=list(AgeGroup)[number % 4])
    voted(online=1_234, assisted=56, paper=78)
    replied(town, proposal, took=12)


@pytest.mark.browser
def test_the_figures_are_printed_with_their_tables(app, town, lived_in, window):
    official = town.official()
    with in_process.served(app) as address:
        page = in_process.sign_in(window(base_url=address), app, address, official)
        for path in ("/figures", "/desk/figures"):
            assert page.goto(path).status == 200
            assert page.locator("main table").count() > 3
            assert chromium.paper_faults(page) == [], path


@pytest.mark.browser
def test_the_tables_open_without_scripts(app, lived_in, window):
    with in_process.served(app) as address:
        page = window(javascript=False, base_url=address)
        page.goto("/figures")
        fold = page.locator("details", has_text="동마다 참여한 사람")
        fold.locator("summary").click()
        assert fold.locator("tbody tr").count() == len(NAMES)
        assert fold.locator("td", has_text="가림").count() == 9
