"""Hostile texts in every page that shows what people wrote: nothing runs, nothing becomes an element."""

import csv
import io
import json
import zipfile
from urllib.parse import quote

import pytest

from civic_forum.accounts import passwords
from civic_forum.platform.base import db
from tests import factories
from tests.conftest import empty
from tests.hostile.strings import DETECTOR_INIT_SCRIPT, RUNNING, injected, ran
from tests.servers import chromium, in_process

from .hostile_town import WORD, HostileTown

SHORT = [hostile.text for hostile in RUNNING if len(hostile.text) < 1500 and "\0" not in hostile.text]
ECHOES = ("/search?q={}", "/proposals/similar?title={}", "/sign-in?next={}", "/sign-up?next=/{}",
          "/proposals?state={}", "/search?q=x&kind={}", "/desk/people?access={}", "/nothing/{}", "/proposals/{}",
          "/display?back={}&text=x", "/reports/new?about={}", "/password-resets/{}", "/terms/{}",
          "/desk/audit?subject={}", "/desk/audit?actor={}", "/desk/access-log?by={}")
"""Addresses that carry a text, some of which show it again."""


class Looking:
    """A browser in which everything that runs is noticed."""

    def __init__(self, browser, app, url):
        self.app, self.url = app, url
        self.page = chromium.new_window(browser)
        self.page.context.add_init_script(DETECTOR_INIT_SCRIPT)
        self.page.context.set_default_timeout(30_000)
        self.found, self.looked = [], 0

    def as_user(self, user) -> "Looking":
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = factories.signed_in(user), True
        cookie = client.get_cookie("session")
        self.page.context.add_cookies([{"name": "session", "value": cookie.value, "url": self.url}])
        return self

    def at(self, path: str, *, below: int = 500) -> None:
        answer = self.page.goto(self.url + path, wait_until="load")
        assert answer.status < below, f"{path}: {answer.status}"
        self.looked += 1
        self.found += [f"{path}: {what}" for what in (*ran(self.page), *injected(self.page))]

    def all_from(self, path: str) -> int:
        """A page and all that follow it, and their number."""
        pages = 0
        while path:
            self.at(path, below=400)
            pages += 1
            following = self.page.locator("a[rel=next]")
            path = following.first.get_attribute("href") if following.count() else None
        return pages


@pytest.fixture(scope="module")
def hostile(sqlite_app):
    with sqlite_app.app_context():
        town = HostileTown()
        with in_process.served(sqlite_app) as url:
            town.url = url
            yield town
        db.session.rollback()
        empty()


@pytest.fixture
def looking(browser, sqlite_app, hostile):
    looking = Looking(browser, sqlite_app, hostile.url)
    yield looking
    looking.page.context.close()
    assert looking.found == []


@pytest.mark.page_errors("Content Security Policy", "404 for the image .*/x$")
def test_the_detector_notices(looking):
    looking.page.goto(looking.url + "/help")
    looking.page.evaluate("document.querySelector('main').innerHTML = '<img src=x onerror=window.__pwned(1)>'")
    looking.page.wait_for_function("window.__ran.length > 0")
    assert injected(looking.page)


def test_lists_and_search_show_texts_as_texts(looking):
    looking.at("/")
    assert looking.all_from("/proposals") >= 30
    assert looking.all_from(f"/search?q={WORD}&kind=proposal") >= 5
    assert looking.all_from(f"/search?q={WORD}&kind=comment") >= 5


def test_proposals_with_comments_files_and_versions_show_texts_as_texts(looking, hostile):
    first = hostile.proposals[0]
    assert looking.all_from(f"/proposals/{first.number}") >= 3
    for proposal in hostile.proposals:
        if proposal.published_at:
            looking.at(f"/proposals/{proposal.number}", below=400)
            looking.at(f"/proposals/{proposal.number}/versions", below=400)


@pytest.mark.in_turns(of=10)
def test_pages_of_one_s_own_show_texts_as_texts(looking, hostile):
    looking.as_user(hostile.reader)
    for path in ("/me", "/me/profile", "/me/email", "/me/sessions", "/me/residency", "/proposals/drafts",
                 f"/comments/{hostile.comments[0].id}/replies/new", f"/comments/{hostile.comments[0].id}/removal",
                 f"/reports/new?about=comment:{hostile.comments[5].id}"):
        looking.at(path, below=400)
    for proposal in hostile.proposals:
        if proposal.draft_key:
            for step in (1, 2, 3):
                looking.at(f"/proposals/drafts/{proposal.draft_key}/{step}", below=400)


def test_the_desk_shows_texts_as_texts(looking, hostile):
    looking.as_user(hostile.moderator)
    looking.all_from("/desk/held")
    for proposal in hostile.proposals[1:12:4]:
        looking.at(f"/proposals/{proposal.number}", below=400)
    looking.as_user(hostile.administrator)
    for path in ("/desk", "/desk/roles", f"/desk/people/{hostile.reader.id}?access={hostile.access.id}",
                 f"/desk/people/{hostile.reader.id}/codes/new?access={hostile.access.id}"):
        looking.at(path, below=400)
    assert looking.all_from("/desk/audit") >= 5 and looking.all_from("/desk/access-log") >= 5


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("echo", ECHOES)
def test_addresses_that_carry_a_text_show_it_as_a_text(looking, hostile, echo):
    if echo.startswith(("/desk", "/reports")):
        looking.as_user(hostile.administrator)
    for text in SHORT[ECHOES.index(echo)::len(ECHOES)]:
        looking.at(echo.format(quote(text.encode("utf-8", "replace"), safe="")))
    assert looking.looked > 10


def test_a_form_that_comes_back_shows_the_text_as_a_text(looking):
    for place, text in enumerate(SHORT[::12]):
        form, fields, button = (("/sign-in", ("name",), "로그인하기"),
                                ("/sign-up", ("name",), "가입하기"),
                                ("/reset-with-code", ("name", "code"), None))[place % 3]
        looking.page.goto(looking.url + form)
        for field in fields:
            looking.page.locator(f"main [name={field}]").fill(text.replace("\r", "").replace("\n", " "))
        main = looking.page.get_by_role("main")
        (main.get_by_role("button", name=button) if button else main.locator("button[type=submit]")).first.click()
        looking.page.wait_for_load_state()
        looking.found += [f"{form}: {what}" for what in (*ran(looking.page), *injected(looking.page))]


def test_the_table_for_a_spreadsheet_has_no_formula(sqlite_app, hostile):
    for path in ("/desk/audit/exports", "/desk/access-log/exports"):
        answer = signed_in(sqlite_app, hostile.administrator).post(path)
        assert answer.headers["Content-Disposition"].startswith("attachment") and answer.mimetype == "text/csv"
        for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))):
            assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@", "|", "%"))]


@pytest.mark.in_turns(of=5)
def test_one_s_own_data_is_a_file_that_no_browser_opens(sqlite_app, hostile):
    hostile.reader.password_hash = passwords.hashed("seven grey herons")
    db.session.commit()
    answer = signed_in(sqlite_app, hostile.reader).post(
        "/me/download", data={"password": "seven grey herons"}, buffered=True)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        told = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert hostile.reader.nickname in texts_in(told)


def texts_in(told) -> list[str]:
    """Every text somewhere in what was told as JSON."""
    if isinstance(told, dict):
        told = list(told.values())
    return [text for one in told for text in texts_in(one)] if isinstance(told, list) else [told]


def signed_in(app, user):
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = factories.signed_in(user), True
    return client
