"""Words in their boxes: none leaves its button, is cut, lies on a neighbour or is broken within, however large and in
whichever language."""

from pathlib import Path

import pytest

from civic_forum.platform.i18n import Language
from tests.servers import chromium

FAULTS = Path(__file__).with_name("overflow.js").read_text("utf-8").partition("\n")[2]
NARROW = 360
SETTINGS = {"extra large": (NARROW, {"text": "xl"})} | {
    f"{language}": (chromium.PHONE, {"language": f"{language}"}) for language in Language}
"""Name → width of the window, cookies of the display."""
PAGES = {None: """/ /proposals /proposals/2022-0005 /proposals/2026-0022 /agendas/doksanro-walking /polls
    /polls/doksan3-empty-lot /budgets/gasan-plan /budgets/2026/results /outcomes /commitments /figures /forums
    /forums/gvalley-lunch-live /consultations/anyangcheon-together /consultations/alley-bins/result /sign-in
    /search?q=가로등 /help /calendar""".split(),
         "resident5": ["/polls/doksan3-empty-lot/ballot", "/me", "/proposals/new"]}
"""Who looks → addresses."""
FORMER = """() => {
  document.querySelector(".now.vote .act-row").style.gridTemplateColumns = "1fr 1fr";
  for (const button of document.querySelectorAll(".now.vote .krds-btn")) button.style.height = "5.6rem";
}"""
"""Buttons as they were: two beside each other, of one height whatever stands in them."""


@pytest.fixture(scope="module", params=SETTINGS)
def look(request, visits):
    """Opens a page in a setting: `look(who, path)`."""
    width, cookies = SETTINGS[request.param]
    pages = {who: visits.fresh(who, width=width) for who in PAGES}

    def look(who, path):
        page = pages[who]
        page.context.add_cookies([{"name": name, "value": value, "url": visits.site.url}
                                  for name, value in cookies.items()])
        page.goto(visits.site.url + path)
        page.evaluate("document.fonts.ready")
        return page

    look.setting = request.param
    yield look
    for page in pages.values():
        page.context.close()


@pytest.mark.in_turns(of=2)
def test_words_keep_to_their_boxes(look):
    faults = {path: some for who, paths in PAGES.items() for path in paths
              if (some := look(who, path).evaluate(FAULTS))}
    assert faults == {}


@pytest.mark.in_turns(of=1)
def test_a_button_of_one_height_is_found(look):
    if look.setting == "extra large":
        page = look(None, "/polls/doksan3-empty-lot")
        page.evaluate(FORMER)
        assert "leaves its box: 계정 없이 한 번 참여하기" in page.evaluate(FAULTS)
