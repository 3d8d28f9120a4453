from pathlib import Path

import pytest

from civic_forum.accounts import documents
from civic_forum.accounts.documents import REQUIRED, VERSIONS, Document

TEXTS = Path(__file__).resolve().parents[2] / "templates" / "accounts" / "documents"
EVERY_VERSION = [(document, version.number) for document in REQUIRED for version in VERSIONS[document]]


def main_of(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("document", "number"), EVERY_VERSION)
def test_every_version_is_a_page_in_both_languages(town, browse, document, number):
    korean, english = browse(), browse()
    english.get("/display?language=en")
    pages = [client.get(documents.path(document, number)) for client in (korean, english)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].text != pages[1].text and "Korean text is binding" in pages[1].text


@pytest.mark.parametrize("document", REQUIRED)
def test_the_newest_version_has_an_address_of_its_own(town, browse, document):
    newest = documents.path(document, documents.current(document).number)
    pages = [browse().get(address) for address in (documents.path(document), newest)]
    assert [page.status_code for page in pages] == [200, 200]
    assert main_of(pages[0]) == main_of(pages[1])


@pytest.mark.parametrize("path", ["/terms/99", "/privacy/../1", "/consents/age", "/consents/news", "/terms/%00"])
def test_other_versions_are_not_found(town, browse, path):
    assert browse().get(path).status_code == 404


def test_a_visitor_gets_no_cookie_from_a_document(town, browse):
    page = browse().get("/privacy")
    assert "Set-Cookie" not in page.headers and page.headers["ETag"]


def test_no_text_lies_about_without_a_version():
    known = {f"{document}/{number}{language}.html" for document, number in EVERY_VERSION for language in ("", ".en")}
    assert {str(path.relative_to(TEXTS)) for path in TEXTS.rglob("*.html")} == known


def test_retention_in_the_policy_is_that_of_the_settings(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "RETAIN_MAIL_DAYS", 4321)
    assert "4321" in browse().get("/privacy/1?fresh").text


def test_versions_are_in_order():
    for versions in VERSIONS.values():
        assert list(versions) == sorted(versions, key=lambda version: version.since)
    assert documents.current(Document.TERMS) == VERSIONS[Document.TERMS][-1]
