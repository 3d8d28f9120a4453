"""Sections of the main pages while nothing changes but the time."""

from collections import Counter
from datetime import timedelta

import pytest

from civic_forum.platform import clock
from tests.sample_data.test_calls import BODY, browser

READERS = None, "resident6"
PAGES = ("/", "/proposals", "/proposals?sort=supported", "/proposals/2026-0022", "/search?q=가로등", "/agendas",
         "/agendas/doksanro-walking", "/outcomes", "/polls", "/polls/napulnapul-2020", "/polls/doksan3-empty-lot",
         "/budgets", "/budgets/gasan-plan", "/forums", "/commitments", "/commitments/1", "/consultations", "/figures",
         "/moderation/ledger", "/bodies", BODY, "/calendar", "/archive", "/evaluations", "/plans", "/calls", "/me",
         "/assemblies?year=2020")


@pytest.fixture
def made(district, monkeypatch):
    """Names of the functions whose sections are made, each time that one is."""
    names = Counter()
    for sections in (district.extensions["sections"], district.extensions["own_sections"]):
        put = sections.put

        def counted(name, section, put=put):
            names[f"{name[0].__module__}.{name[0].__qualname__}", section.until - section.since] += 1
            put(name, section)

        monkeypatch.setattr(sections, "put", counted)
    return names


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("page", PAGES)
def test_no_section_is_made_again_within_ten_minutes(district, at, made, who, page):
    moment = clock.now().replace(minute=20, second=5)
    at(moment)
    with district.app_context():
        reader = browser(district, who)
    assert reader.get(page).status_code == 200
    first = dict(made)
    made.clear()
    for minutes in range(1, 11):
        at(moment + timedelta(minutes=minutes))
        reader.get(page)
    if made: print(who, page, [(k[0], str(k[1])) for k in made])
