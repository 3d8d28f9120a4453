"""Every kind of page before axe-core, a narrow window, a keyboard and a phone."""

import html
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from inspect import getsource

import pytest

from civic_forum.sample_data.people import SIGN_IN
from tests.running import turns
from tests.servers import axe, chromium, site as real_site

from . import digests
from .pages import PAGES, PAST_VOTE, VOTED
from .visits import VIEWS

STANDARD = [*axe.STANDARD, "best-practice"]
WIDTHS = {"normal": (chromium.DESKTOP, chromium.PHONE), "xl text": (chromium.PHONE,),
          "high contrast": (chromium.DESKTOP,), "dark": (chromium.PHONE,),
          "narrow": (chromium.NARROWEST,)}
LOOKING = (digests.file("tests/browser/axe.min.js"), axe.RUN, getsource(chromium.overflow), STANDARD, VIEWS, WIDTHS,
           chromium.NARROWEST)
DAY = datetime(2026, 11, 10, 1, tzinfo=UTC)
"""A Tuesday morning in Seoul, on which the district of these tests is loaded, so that its pages do not change by
themselves."""
IN_TURN = ("dark", "narrow")
"""Views that the main pages too have in turns alone."""
APART = len(VIEWS)
"""Of the pages that are not among the main ones, one of so many is looked at with larger text, others with high
contrast, dark and in the narrowest window, so that after so many turns each was seen in every view; `long` looks at all
of them in every view, and at the main ones at both widths."""
PLAIN, SERVED = ", without scripts", ", as served"
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


def test_pages_are_looked_at_by_accounts_that_can_sign_in():
    assert [shown.name for shown in PAGES if shown.who and not shown.who.startswith(SIGN_IN)] == []


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site on one and the same day: which pages there are and what they say depends on it."""
    offset = int((DAY - datetime.now(UTC)).total_seconds())
    with real_site.running(tmp_path_factory.mktemp("site") / "data", CIVIC_FORUM_CLOCK_OFFSET_S=offset) as site:
        yield site


@pytest.fixture(scope="module")
def looking(visits):
    """Pages seen so far; the digests of those in which `bin/test long` finds no fault are kept."""
    looking = Looking(visits)
    yield looking
    if turns.LONG:
        digests.keep({name: digest for shown in PAGES for name in (shown.name, shown.name + PLAIN, shown.name + SERVED)
                      if (digest := looking.to_keep(shown, name))})


@dataclass
class Looking:
    """Every page is opened once in each view, and asked everything there."""

    visits: object
    kept: dict[str, str] = field(default_factory=digests.kept)
    digests: dict[str, str] = field(default_factory=dict)
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    looked_at: set = field(default_factory=set)
    faultless: set = field(default_factory=set)
    left_out: set = field(default_factory=set)
    """Pages that are what they were when they were looked at."""

    def to_keep(self, shown, name: str) -> str | None:
        """The digest of a page in which nothing is wrong, as of now or, where it was not looked at, as of before."""
        if shown in self.looked_at - self.faultless:
            return None
        known = self.digests if shown in self.faultless or self.as_before(shown) else self.kept
        return known.get(name)

    def as_before(self, shown) -> bool:
        """True if it was opened and is the page that was looked at."""
        names = [shown.name, shown.name + PLAIN] if shown.plain else [shown.name]
        return all(name in self.digests and self.digests[name] == self.kept.get(name) for name in names)

    def is_known(self, shown) -> bool:
        """True if the site sends what it sent when the page was looked at: then no window needs to open it."""
        if shown.then or shown.alone or shown.varies or callable(shown.path):
            return False
        status, url, text, policy = self.visits.served(shown.who, shown.path)
        assert status == shown.status, f"{shown.name}: {status}"
        at_first = re.sub(r"<template.*?</template>", "", text, flags=re.S)
        assert at_first.count("<h1") == at_first.count("<main") == 1
        if "data-forum=" in text or "data-replay=" in text:
            return False  # its scripts ask for more
        name = shown.name + SERVED
        self.digests[name] = digests.of_served(text, (policy, *LOOKING))
        self.titles[shown.name] = html.unescape(TITLE.search(text)[1]).strip(), url
        return self.digests[name] == self.kept.get(name)

    @contextmanager
    def opened(self, shown, view="normal", **options):
        choose = self.visits.fresh if shown.alone else self.visits.page
        page = choose(shown.who, view, **options)
        shown.visit(page, self.visits.site.url)
        if options.get("javascript", True):
            page.wait_for_selector(chromium.ENHANCED, state="attached")
        assert page.locator("h1").count() == 1 and page.locator("main").count() == 1
        yield page
        if shown.alone:
            page.context.close()

    def read(self, shown) -> None:
        """Open it for its title alone."""
        with self.opened(shown) as page:
            self.titles[shown.name] = page.title(), page.url

    def changed(self, shown, how: str, page) -> bool:
        """True if the open page is another than the one that was looked at under this name."""
        if shown.varies:
            return True
        name = shown.name + how
        self.digests[name] = digests.of_page(page, LOOKING)
        return self.digests[name] != self.kept.get(name)

    def faults(self, shown, views: dict, always=False) -> list[str]:
        """Faults in these views at their widths; where nothing has changed only if it is `always` asked."""
        if self.is_known(shown) and not always and not turns.LONG:
            self.left_out.add(shown)
            return []
        with self.opened(shown) as page:
            self.titles[shown.name] = page.title(), page.url
            look = self.changed(shown, "", page) or always
            found = seen(page, views["normal"], "normal") if look else []
        if not look:
            self.left_out.add(shown)
        for view in views.keys() - {"normal"} if look else ():
            with self.opened(shown, view) as page:
                found += seen(page, views[view], view)
        if shown.plain:
            with self.opened(shown, width=chromium.PHONE, javascript=False) as page:
                if self.changed(shown, PLAIN, page) or always:
                    found += seen(page, (chromium.PHONE,), "without scripts")
        return found


def seen(page, widths, view) -> list[str]:
    """Faults that axe finds at each of the widths, and the pixels by which the page is too wide."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": chromium.HEIGHT})
        found += [f"{view}, {width}: {sentence}" for sentence in axe.violations(page, STANDARD)]
    page.set_viewport_size({"width": chromium.NARROWEST, "height": chromium.HEIGHT})
    if wider := chromium.overflow(page):
        found.append(f"{view}: {wider} px wider than a window of {chromium.NARROWEST}")
    return found


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_axe_finds_nothing_and_nobody_scrolls_sideways(looking, shown, record_property):
    turn = (PAGES.index(shown) + turns.turn()) % APART
    views = {view: WIDTHS[view] for place, view in enumerate(VIEWS)
             if view == "normal" or shown.plain and view not in IN_TURN or place == turn}
    assert looking.faults(shown, views) == []
    if shown in looking.left_out:
        record_property("left out", "pages that have not changed since they were looked at")


@pytest.mark.long
@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_nor_in_any_other_view(looking, shown):
    views = {view: WIDTHS["normal"] if shown.plain and view != "narrow" else WIDTHS[view] for view in VIEWS}
    looking.looked_at.add(shown)
    assert looking.faults(shown, views, always=True) == []
    looking.faultless.add(shown)


def test_every_address_has_a_title_of_its_own(looking):
    titles = {}
    for shown in PAGES:
        if shown.then or shown.alone:
            continue
        if shown.name not in looking.titles:
            looking.read(shown)
        title, url = looking.titles[shown.name]
        address = url.split("?")[0] if "/proposals/2" in url or "/sign-in" in url else url
        titles.setdefault(title, set()).add(address)
    assert {title: sorted(urls) for title, urls in titles.items() if len(urls) > 1} == {}


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
