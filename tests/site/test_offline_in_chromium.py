"""A page for when there is no connection: a service worker keeps that one alone, and nothing of anybody."""

import pytest

from civic_forum.platform.static_files import joined
from civic_forum.styles import FRAME
from tests.browser.visits import sign_in

PATHS = """async () => {
  const found = [];
  for (const name of await caches.keys()) found.push(...await (await caches.open(name)).keys());
  return found.map((request) => new URL(request.url).pathname).sort();
}"""
WORKERS = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
HEADING = "인터넷이 끊겼어요"
OFFLINE = ["/offline", "/static/img/mark.svg", f"/static/{joined(FRAME.split())}"]


@pytest.fixture
def page(window):
    return window(width=390, service_workers="allow")


def heading(page, address):
    page.goto(address)
    return page.locator("h1").inner_text()


def ready(page, url):
    assert page.goto(url).status == 200
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()


def test_without_a_connection_the_page_says_so_and_opens_again_with_one(site, page):
    ready(page, f"{site.url}/proposals")
    page.context.set_offline(True)
    assert heading(page, f"{site.url}/polls") == HEADING and page.url == f"{site.url}/polls"
    assert page.locator("body").evaluate("body => getComputedStyle(body).wordBreak") == "keep-all"
    page.context.set_offline(False)
    page.get_by_role("link", name="다시 열기").click()
    page.wait_for_selector("h1:has-text('투표')")


def test_nothing_but_that_page_is_kept_and_signing_out_leaves_it_working(site, page):
    sign_in(page.context, site.url, "resident6", site.password)
    ready(page, f"{site.url}/me")
    page.goto(f"{site.url}/me/notices")
    assert page.evaluate(PATHS) == OFFLINE
    page.get_by_role("button", name="내 정보").or_(page.locator("details.menu summary")).last.click()
    page.get_by_role("button", name="로그아웃하기").last.click()
    page.wait_for_url(site.url + "/")
    page.wait_for_function(f"() => {WORKERS}")
    ready(page, f"{site.url}/proposals")
    assert page.evaluate(PATHS) == OFFLINE
    page.context.set_offline(True)
    assert heading(page, f"{site.url}/me") == HEADING


def test_neither_the_desk_nor_a_kiosk_has_one(site, page):
    sign_in(page.context, site.url, "moderator1", site.password)
    for path in ("/desk", "/kiosk"):
        assert page.goto(site.url + path).status == 200
        assert page.evaluate(WORKERS) == 0
