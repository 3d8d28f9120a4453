"""What axe-core, a narrow window, a keyboard and a phone find on every kind of page."""

import pytest

from civic_forum.sample_data.people import SIGN_IN
from tests.servers import axe, chromium

from .pages import PAGES
from .visits import VIEWS

STANDARD = [*axe.STANDARD, "best-practice"]
WIDTHS = {"normal": (chromium.DESKTOP, chromium.PHONE), "xl text": (chromium.PHONE,),
          "high contrast": (chromium.DESKTOP,)}
MAIN = [shown for shown in PAGES if shown.plain]
APART = 4
"""Of the pages that are not among the main ones, one of so many is looked at with larger text, and another one with
high contrast; `long` looks at all of them, and at the main ones in every view at both widths."""
TABS = 400
RING = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const label = element.labels?.length ? element.labels[0].getBoundingClientRect() : box;
  const shown = box.width > 4 && box.height > 4 ? box : label;
  const ring = (one) => (one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2) || one.boxShadow !== 'none';
  const near = [element, element.parentElement, element.nextElementSibling, ...(element.labels ?? [])].filter(Boolean);
  const at = document.elementFromPoint(shown.x + shown.width / 2, shown.y + Math.min(shown.height / 2, 20));
  return {
    what: element.outerHTML.slice(0, 100),
    mark: element.dataset.tabbed ?? (element.dataset.tabbed = 'no', 'new'),
    ring: near.some((one) => ring(getComputedStyle(one))),
    inside: shown.top >= -1 && shown.bottom <= innerHeight + 1 || shown.height > innerHeight / 2,
    open: !at || near.some((one) => one.contains(at) || at.contains(one)),
  };
}"""


def test_pages_are_looked_at_by_accounts_that_can_sign_in():
    assert [shown.name for shown in PAGES if shown.who and not shown.who.startswith(SIGN_IN)] == []


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_axe_finds_nothing_and_nobody_scrolls_sideways(visits, shown):
    turn = PAGES.index(shown) % APART
    views = {"normal", *(view for place, view in enumerate(VIEWS) if shown.plain or place == turn)}
    assert [fault for view in VIEWS if view in views for fault in faults(visits, shown, view, WIDTHS[view])] == []


@pytest.mark.long
@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_nor_in_any_other_view(visits, shown):
    assert [fault for view in VIEWS for fault in faults(
        visits, shown, view, WIDTHS["normal"] if shown.plain else WIDTHS[view])] == []


def faults(visits, shown, view, widths) -> list[str]:
    """What axe finds on this page at each of the widths, and whether it is too wide for the narrowest window."""
    page = visits.fresh(shown.who, view) if shown.alone else visits.page(shown.who, view)
    shown.visit(page, visits.site.url)
    assert page.locator("h1").count() == 1 and page.locator("main").count() == 1
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": chromium.HEIGHT})
        found += [f"{view}, {width}: {sentence}" for sentence in axe.violations(page, STANDARD)]
    page.set_viewport_size({"width": chromium.NARROWEST, "height": chromium.HEIGHT})
    if wider := chromium.overflow(page):
        found.append(f"{view}: {wider} px wider than a window of {chromium.NARROWEST}")
    if shown.alone:
        page.context.close()
    return found


@pytest.mark.parametrize("shown", MAIN, ids=str)
def test_without_javascript_it_is_as_good(visits, shown):
    page = visits.page(shown.who, width=chromium.PHONE, javascript=False)
    shown.visit(page, visits.site.url)
    assert page.locator("h1").count() == 1
    assert axe.violations(page, STANDARD) == []
    page.set_viewport_size({"width": chromium.NARROWEST, "height": chromium.HEIGHT})
    assert chromium.overflow(page) == 0


def test_every_address_has_a_title_of_its_own(visits):
    titles = {}
    for shown in PAGES:
        if shown.then or shown.alone:
            continue
        page = visits.page(shown.who)
        shown.visit(page, visits.site.url)
        address = page.url.split("?")[0] if "/proposals/2" in page.url or "/sign-in" in page.url else page.url
        titles.setdefault(page.title(), set()).add(address)
    assert {title: sorted(urls) for title, urls in titles.items() if len(urls) > 1} == {}


@pytest.mark.parametrize("who", [None, "resident6"])
def test_every_stop_of_the_keyboard_is_seen_on_a_phone(visits, who):
    page = visits.page(who, width=chromium.PHONE)
    next(shown for shown in PAGES if shown.name == "proposal").visit(page, visits.site.url)
    unseen, stops = [], 0
    for _stop in range(TABS):
        page.keyboard.press("Tab")
        seen = page.evaluate(RING)
        if seen is None or seen["mark"] != "new":
            break
        stops += 1
        unseen += [f"{fault}: {seen['what']}" for fault in ("ring", "inside", "open") if not seen[fault]]
    assert stops > 15 and unseen == []


def test_the_skip_link_is_the_first_stop_and_leads_into_the_page(visits):
    page = visits.page()
    page.goto(f"{visits.site.url}/proposals")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="본문 바로가기")
    assert link.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("who", [None, "resident6"])
@pytest.mark.parametrize("javascript", [True, False])
def test_the_menu_of_a_phone_leads_to_the_pages(visits, javascript, who):
    page = visits.page(who, width=chromium.PHONE, javascript=javascript)
    page.goto(visits.site.url)
    menu = page.locator("details.menu")
    link = menu.get_by_role("link", name="제안", exact=False).first
    assert not link.is_visible()
    menu.locator("summary").click()
    link.click()
    page.wait_for_url("**/proposals")
    menu.locator("summary").click()
    assert menu.get_by_role("button" if who else "link", name="로그아웃하기" if who else "로그인").is_visible()


def test_escape_closes_the_menu_and_gives_the_focus_back(visits):
    page = visits.page(width=chromium.PHONE)
    page.goto(visits.site.url)
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    assert not menu.evaluate("menu => menu.open")
    assert menu.locator("summary").evaluate("summary => summary === document.activeElement")
