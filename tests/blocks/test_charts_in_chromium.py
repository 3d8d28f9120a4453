"""Charts and the map in a browser: at three widths, in large text and high contrast, with tables folded and open."""

import pytest

from tests.servers import axe, chromium

from . import charts_page

pytestmark = pytest.mark.one_database
HERE = "/charts"
OUTSIDE = """[...document.querySelectorAll('.piece')].flatMap((piece) => {
  const box = piece.querySelector('polygon').getBoundingClientRect()
  return [...piece.querySelectorAll('text')].filter((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect()
    return left < box.left || right > box.right || top < box.top - 4 || bottom > box.bottom + 4
  }).map((text) => text.textContent)
})"""
"""Words of the map that do not fit into their piece."""
VIEWS = [(390, ""), (1280, "contrast=1"), (320, "text=xl")]


@pytest.fixture
def look(app, town, served, window):
    """Opens the page of charts, which no route of the site has, as a display of the site shows it."""
    ids = charts_page.settle()

    def opened(width, display=""):
        page = window(base_url=served, width=width)
        page.goto(f"/display?{display}&back=/data")
        cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
        answer = page.request.get("/data")
        with app.test_request_context(HERE, headers={"Cookie": cookie}):
            app.preprocess_request()
            text = charts_page.page(ids)
        page.route(f"**{HERE}", lambda route, _request: route.fulfill(body=text, headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": answer.headers["content-security-policy"]}))
        page.goto(HERE)
        assert page.locator("html[data-text], html[data-krds-mode]").count() == bool(display)
        return page

    return opened


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("width", "display"), VIEWS)
def test_charts_look_right(look, width, display):
    page = look(width, display)
    assert page.locator(".piece").count() == 30 and page.evaluate(OUTSIDE) == []
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
    for fold in page.locator("summary:visible", has_text="표로 보기").all():
        fold.click()
    assert axe.violations(page) == [] and chromium.overflow(page) == 0


def test_the_keyboard_goes_through_the_map_in_the_districts_order(look):
    page = look(390)
    links = page.locator(".district-map").nth(1).locator("a")
    links.first.focus()
    seen = []
    for _ in range(10):
        seen.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        assert page.evaluate("getComputedStyle(document.activeElement.querySelector('polygon')).strokeWidth") == "7px"
        page.keyboard.press("Tab")
    assert seen[:2] == ["가산동 5개", "독산1동 4개"] and seen[-1] == "시흥5동 3개"
    assert page.locator(".district-map a[aria-current=true]").get_attribute("aria-label") == "시흥4동 3개"
