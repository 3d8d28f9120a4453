"""First visits of a phone, as Chromium counts them: bytes, requests, letters, and what moves while they come slowly."""

import pytest

from tests.servers.loading import loaded

FONTS, SHEETS, SHIFT = 120_000, 3, .05
PAGES = {
    "/": (None, 60_000, 12),
    "/forums/gvalley-lunch-live": (None, 90_000, 16),
    "/proposals/2022-0005": (None, 60_000, 16),
    "/polls/doksan3-empty-lot/ballot": ("resident5", 110_000, 16),
}
"""Address → who looks, most bytes without fonts, most requests."""


@pytest.mark.in_turns(of=1)
@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_is_light_and_nothing_moves(visits, path):
    who, most_bytes, most_requests = PAGES[path]
    load = loaded(visits.browser, visits.site.url + path, slow=True, cookies=visits.signed_in(who) if who else ())
    assert load.without_fonts <= most_bytes and load.requests <= most_requests
    assert load.fonts <= FONTS and load.sheets <= SHEETS and load.shift <= SHIFT
