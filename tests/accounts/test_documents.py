from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from civic_forum.accounts import documents
from civic_forum.accounts.documents import REQUIRED, VERSIONS, Document
from civic_forum.accounts.models import Consent
from civic_forum.platform import clock
from tests.factories import saved

TEXTS = Path(__file__).resolve().parents[2] / "templates" / "accounts" / "documents"
FIRST_DAY = datetime(2026, 11, 1, tzinfo=timezone.utc)
EVERY_VERSION = [(document, version.number) for document in REQUIRED for version in VERSIONS[document]]


def main_of(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("document", "number"), EVERY_VERSION)
def test_every_version_is_a_page_in_both_languages(town, browse, document, number):
    town.user(created_at=FIRST_DAY)
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


def test_a_visitor_gets_no_cookie_from_a_document(town, browse):
    page = browse().get("/privacy")
    assert "Set-Cookie" not in page.headers and page.headers["ETag"]


def test_no_text_lies_about_without_a_version():
    known = {f"{document}/{number}.html" for document, number in EVERY_VERSION}
    assert {str(path.relative_to(TEXTS)) for path in TEXTS.rglob("*.html")} == known


def test_retention_in_the_policy_is_that_of_the_settings(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "RETAIN_MAIL_DAYS", 4321)
    assert "4321" in browse().get("/privacy?fresh").text


def test_versions_are_in_order(town):
    for versions in VERSIONS.values():
        assert list(versions) == sorted(versions, key=lambda version: version.since)
    assert documents.current(Document.TERMS) == VERSIONS[Document.TERMS][-1]


@pytest.mark.parametrize(("opened", "editions"), [
    (date(2026, 1, 5), {"1": ("1", date(2026, 11, 20)), "2": ("2", date(2026, 11, 26)),
                        "3": ("3", date(2026, 11, 27)), "4": ("4", date(2026, 11, 28))}),
    (date(2026, 11, 26), {"2": ("1", date(2026, 11, 26)), "3": ("2", date(2026, 11, 27)),
                          "4": ("3", date(2026, 11, 28))}),
    (date(2027, 3, 2), {"4": ("1", date(2027, 3, 2))}),
])
def test_a_district_has_the_editions_of_its_own_time(town, opened, editions):
    assert {number: (edition.number, edition.since)
            for number, edition in documents.editions(Document.PRIVACY, opened).items()} == editions


def test_a_district_of_today_has_one_edition_that_changed_nothing(town, browse):
    page = main_of(browse().get("/privacy"))
    assert "1판" in page and "2판" not in page and "앞 판에서 달라진 것" not in page


def test_an_edition_that_was_never_in_force_here_is_there_for_whoever_agreed_to_it(town, browse):
    user = town.user()
    assert browse().get("/privacy/1").status_code == browse(user).get("/privacy/1").status_code == 404
    saved(Consent(user_id=user.id, document="privacy", version="1", given=True, at=clock.now()))
    assert browse(user).get("/privacy/1").status_code == 200 and browse().get("/privacy/1").status_code == 404


def test_a_district_that_is_older_reads_what_changed_and_when(town, browse):
    town.user(created_at=FIRST_DAY)
    page = main_of(browse().get("/privacy"))
    assert "4판, 2026. 11. 28.(토)부터" in page and "파일로 들여온 투표인 명부에" in page and "앞 판에서 달라진 것" in page


def test_the_policy_names_who_is_responsible_here(app, town, browse, monkeypatch):
    assert main_of(browse().get("/privacy")).count("아직 적지 않았어요") == 2
    for name, value in {"PRIVACY_OFFICER": "부구청장 한솔, 02-111-2222", "PRIVACY_DESK": "민원여권과",
                        "PROCESSORS": ("솔메일(이메일)", "가람문자(문자)")}.items():
        monkeypatch.setitem(app.config, name, value)
    page = main_of(browse().get("/privacy?fresh"))
    assert all(words in page for words in ("부구청장 한솔, 02-111-2222", "민원여권과", "솔메일(이메일)<br>가람문자(문자)"))
    assert "아직 적지 않았어요" not in page
