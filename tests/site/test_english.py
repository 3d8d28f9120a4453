"""Pages in English: the words of the site are English, and what people wrote in Korean is marked as Korean."""

import pytest
from lxml import html as lxml_html

from civic_forum.platform.i18n import HANGUL
from tests.site.test_pages import findable


@pytest.fixture
def reader(browse):
    client = browse()
    client.set_cookie("language", "en")
    return client


@pytest.fixture
def lamp(town):
    proposal = town.proposal(title="가로등을 고쳐 주세요", author_id=town.user(nickname="Mai").id)
    findable(proposal)
    return proposal


def unmarked(page: str) -> list[str]:
    """Korean texts that a screen reader would take for English."""
    document = lxml_html.document_fromstring(page)
    assert document.get("lang") == "en"
    for element in document.xpath("//*[@lang='ko'] | //title | //script | //style"):
        element.drop_tree()
    return [text.strip() for text in document.xpath("//body//text() | //body//@aria-label | //body//@placeholder")
            if HANGUL.search(text)]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("path",
                         ["/", "/proposals", "/proposals/{}", "/search?q=lamp", "/help", "/accessibility", "/sign-up",
                                  "/sign-in", "/forgotten-password", "/terms", "/privacy", "/nothing-here"])
def test_a_page_in_english_has_no_korean_that_is_not_marked(lamp, reader, path):
    assert unmarked(reader.get(path.format(lamp.number)).text) == []


def test_found_words_are_marked(lamp, reader):
    page = reader.get("/search?q=가로등").text
    assert "1 result found." in page and lamp.number in page and unmarked(page) == []


def test_a_page_in_korean_marks_nothing(lamp, browse):
    page = lxml_html.document_fromstring(browse().get(f"/proposals/{lamp.number}").text)
    assert page.get("lang") == "ko" and not page.xpath("//main//*[@lang]")
