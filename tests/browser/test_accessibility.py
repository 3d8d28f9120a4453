"""Every kind of page before axe-core, a narrow window, a keyboard and a phone."""

import html
import re

import pytest

from civic_forum.sample_data.people import SIGN_IN
from tests.servers import axe, chromium

from .budget_pages import VOTED
from .pages import MAIN, PAGES
from .shown import PAST_VOTE
from .visits import VIEWS

STANDARD = [*axe.STANDARD, "best-practice"]
MAIN_PAGES = [shown for shown in PAGES if shown.name in MAIN]
OTHERS = [shown for shown in PAGES if shown.name not in MAIN]
WIDTHS = {"normal": chromium.PHONE, "xl text": chromium.PHONE, "high contrast": chromium.DESKTOP,
          "dark": chromium.PHONE, "desktop": chromium.DESKTOP}
"""The width at which a page is looked at in each view; whether it fits into the narrowest window is asked in all."""
PLAIN = "without scripts"
TITLE = re.compile(r"<title>(.*?)</title>", re.S)
TABS = 400
GATHERING_PROPOSAL = next(shown for shown in PAGES if shown.name == "proposal")
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


def test_every_main_page_stands_in_the_list():
    assert {shown.name for shown in PAGES} >= MAIN and len(MAIN) == 40 < len(PAGES)


def test_pages_are_looked_at_by_accounts_that_can_sign_in():
    assert [shown.name for shown in PAGES if shown.who and not shown.who.startswith(SIGN_IN)] == []


BURSTING = """[...document.querySelectorAll('main .krds-btn')].filter((button) => button.getClientRects().length &&
  button.scrollHeight > button.clientHeight + 1).map((button) => `${button.innerText} does not fit in its button`)"""


def faults(visits, shown, view: str) -> list[str]:
    """Faults that axe finds in the page, the pixels by which it is wider than the narrowest window, and buttons that
    are smaller there than their words."""
    scripts, width = view != PLAIN, WIDTHS.get(view, chromium.PHONE)
    choose = visits.fresh if shown.alone else visits.page
    page = choose(shown.who, view if view in VIEWS else "normal", width=width, javascript=scripts)
    shown.visit(page, visits.site.url)
    if scripts:
        page.wait_for_selector(chromium.ENHANCED, state="attached")
    found = axe.violations(page, STANDARD)
    page.set_viewport_size({"width": chromium.NARROWEST, "height": chromium.HEIGHT})
    if wider := chromium.overflow(page):
        found.append(f"{wider} px wider than a window of {chromium.NARROWEST}")
    found += page.evaluate(BURSTING)
    if shown.alone:
        page.context.close()
    return found


@pytest.mark.in_turns(of=4)
@pytest.mark.parametrize("shown", MAIN_PAGES, ids=str)
def test_axe_finds_nothing_in_a_main_page(visits, shown):
    assert faults(visits, shown, "normal") == []


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("shown", OTHERS, ids=str)
def test_nor_in_any_other_page(visits, shown):
    assert faults(visits, shown, "normal") == []


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("shown", "view"), [
    pytest.param(shown, view, id=f"{shown}, {view}") for shown in MAIN_PAGES
    for view in (*list(WIDTHS)[1:], *([PLAIN] if shown.plain else ()))])
def test_nor_in_another_view_of_a_main_page(visits, shown, view):
    assert faults(visits, shown, view) == []


@pytest.mark.long
@pytest.mark.parametrize("shown", OTHERS, ids=str)
def test_nor_in_another_view_of_any_page(visits, shown):
    views = [*list(WIDTHS)[1:], *([PLAIN] if shown.plain else ())]
    assert {view: some for view in views if (some := faults(visits, shown, view))} == {}


SHEET = re.compile(r'<link rel="stylesheet"(?![^>]* media="print")')
UNMARKED = re.compile(r'"(/static/[^"?]+)"')
UNSIZED = re.compile(r'<img (?![^>]*\bwidth="\d+"[^>]*\bheight="\d+")[^>]*>')


def slow_to_load(text: str) -> list[str]:
    """More sheets than three, files that are asked for anew each time, pictures that move what is below when they come.
    """
    sheets = len(SHEET.findall(re.sub(r"<noscript>.*?</noscript>", "", text, flags=re.S)))
    return [*([f"{sheets} sheets"] if sheets > 3 else ()), *UNMARKED.findall(text), *UNSIZED.findall(text)]


@pytest.mark.in_turns(of=1)
def test_every_address_answers_with_one_heading_and_a_title_of_its_own(visits):
    """Those of a fixed address, without a window."""
    titles, wrong = {}, []
    for shown in PAGES:
        if shown.then or shown.alone or callable(shown.path):
            continue
        status, url, text = visits.served(shown.who, shown.path)
        at_first = re.sub(r"<template.*?</template>", "", text, flags=re.S)
        if status != shown.status or not at_first.count("<h1") == at_first.count("<main") == 1:
            wrong.append(f"{shown.name}: {status}")
        wrong += [f"{shown.name}: {fault}" for fault in slow_to_load(at_first)]
        title = html.unescape(TITLE.search(text)[1]).strip()
        titles.setdefault(title, set()).add(url.split("?")[0] if "/sign-in" in url else url)
    assert wrong == [] and {title: sorted(urls) for title, urls in titles.items() if len(urls) > 1} == {}


@pytest.mark.parametrize("who", [None, "resident6"])
def test_every_stop_of_the_keyboard_is_seen_on_a_phone(visits, who):
    page = visits.page(who, width=chromium.PHONE)
    GATHERING_PROPOSAL.visit(page, visits.site.url)
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
    wanted = ["제안하기", "도움말"] if who else ["제안하기", "도움말", "가입하기"]
    assert all(menu.get_by_role("link", name=name, exact=True).is_visible() for name in wanted)


@pytest.mark.parametrize("javascript", [True, False])
def test_reading_is_made_easier_without_the_menu(visits, javascript):
    page = visits.fresh(width=chromium.PHONE, javascript=javascript)
    page.goto(f"{visits.site.url}/accessibility")
    for name, attribute, value in (("아주 크게", "data-text", "xl"), ("어둡게", "data-look", "dark"),
                                   ("고대비", "data-krds-mode", "high-contrast"), ("English", "lang", "en")):
        page.locator("details.view summary").click()
        page.locator("details.view").get_by_role("link", name=name).click()
        page.wait_for_selector(f"html[{attribute}='{value}']")
        assert page.url == f"{visits.site.url}/accessibility" and chromium.overflow(page) == 0
    page.context.close()


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("device, chosen, dark", [
    ("dark", "", True), ("dark", "light", False), ("light", "dark", True), ("light", "", False)])
def test_pages_are_dark_as_the_device_is_or_as_chosen_and_light_on_paper(visits, window, device, chosen, dark):
    page = window(color_scheme=device)
    page.context.add_cookies([{"name": "look", "value": chosen, "url": visits.site.url}])
    page.goto(f"{visits.site.url}/proposals")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == ("rgb(20, 25, 31)" if dark else "rgb(255, 255, 255)")
    page.emulate_media(media="print", color_scheme=device)
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("view", ["high contrast", "dark"])
def test_every_text_stands_out_on_paper_whatever_the_screen_looks_like(visits, view):
    page = visits.page(view=view)
    for path in (PAST_VOTE, "/outcomes", "/agendas", f"{VOTED}/resident/results"):
        page.goto(visits.site.url + path)
        assert chromium.pale_on_paper(page) == [], path


def test_a_tap_explains_a_hard_word_without_scripts(visits):
    page = visits.page(width=chromium.PHONE, javascript=False)
    GATHERING_PROPOSAL.visit(page, visits.site.url)
    said = page.locator("#term-other-member")
    assert not said.is_visible()
    page.get_by_role("button", name="그 밖의 회원").click()
    assert "확인하지 않은 회원이에요" in said.inner_text()
    page.keyboard.press("Escape")
    assert not said.is_visible()
    page.get_by_role("button", name="그 밖의 회원").click()
    said.get_by_role("link").click()
    page.wait_for_url("**/help/glossary#word-other-member")


def test_escape_closes_the_menu_and_gives_the_focus_back(visits):
    page = visits.page(width=chromium.PHONE)
    page.goto(visits.site.url)
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    assert not menu.evaluate("menu => menu.open")
    assert menu.locator("summary").evaluate("summary => summary === document.activeElement")
