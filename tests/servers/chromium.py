"""Debian's headless shell of Chromium through Playwright: windows as people have them, and pictures of them."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import expect, sync_playwright

from tests.running.machine import patience

from . import console

LANGUAGE = "ko-KR"
PHONE, DESKTOP, NARROWEST = 390, 1280, 320
HEIGHT = 900
PAPER = 718
"""A4 between the margins that Chromium leaves by itself."""
CUT = "tables => tables.filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.textContent)"

# A page that has what its scripts add, or loads none of them (app.js comes with every page of the site).
ENHANCED = "html[data-enhanced], html:not(:has(script[src*='/app.js']))"

# The debugger's connection that keeps the scripts of a page switched off.
_switches = WeakKeyDictionary()


@contextmanager
def running():
    """A Playwright browser."""
    expect.set_options(timeout=patience(5_000))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program())
        try:
            yield browser
        finally:
            browser.close()


def program():
    return os.environ.get("CIVIC_FORUM_CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"


def new_window(browser, width=DESKTOP, javascript=True, language=LANGUAGE, **options):
    """A page in a context of its own: own cookies, own display settings. Its `goto` returns when what scripts add is
    there.

    Close it with `window.context.close()`; the fixture `window` does so by itself. Without
    `javascript` the page itself is switched off, not its context: nothing could switch that on
    again, and axe-core needs scripts after the page is loaded. Service workers come only where `options` allow them:
    what goes through one is hidden from routes of Playwright.
    """
    options.setdefault("service_workers", "block")
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, locale=language,
                                  timezone_id="Asia/Seoul", **options)
    context.set_default_timeout(patience(15_000))
    console.listen(context)
    page = context.new_page()
    if not javascript:
        _switches[page] = context.new_cdp_session(page)
        _switch_scripts(page, off=True)
    else:
        _go_until_enhanced(page)
    return page


def _go_until_enhanced(page):
    go = page.goto

    def goto(*args, **options):
        answer = go(*args, **options)
        page.wait_for_selector(ENHANCED, state="attached")
        return answer

    page.goto = goto


@contextmanager
def scripts_allowed(page):
    """Let the debugger run scripts in a page without JavaScript; its own have had their chance."""
    if page in _switches:
        _switch_scripts(page, off=False)
    try:
        yield
    finally:
        if page in _switches:
            _switch_scripts(page, off=True)


def _switch_scripts(page, off):
    _switches[page].send("Emulation.setScriptExecutionDisabled", {"value": off})


def picture(page, name, whole=True):
    """Save what the page looks like as `name`.png and return the path.

    Pictures go to CIVIC_FORUM_PICTURES, or to `pictures/` of the project.
    """
    chosen = os.environ.get("CIVIC_FORUM_PICTURES")
    folder = Path(chosen) if chosen else Path(__file__).parents[2] / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    return path


def overflow(page):
    """By how many pixels the page is wider than its window; 0 when nobody has to scroll sideways."""
    session = page.context.new_cdp_session(page)
    try:
        sizes = session.send("Page.getLayoutMetrics")
    finally:
        session.detach()
    return max(0, sizes["cssContentSize"]["width"] - sizes["cssLayoutViewport"]["clientWidth"])


def paper_faults(page):
    """Controls that a printed page still shows, and tables that it hides or cuts; its window is as wide as paper."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": HEIGHT})
    shown = page.locator("main :is(button, input, select, .krds-btn, .chip, .chart-fold > summary):visible")
    tables = page.locator("main table")
    faults = [*shown.all_inner_texts(), *(one.inner_text() for one in tables.all() if not one.is_visible()),
              *tables.evaluate_all(CUT), *["the page"] * (overflow(page) > 0)]
    page.emulate_media(media="screen")
    return faults


PALE = """() => {
  const light = (colour) => {
    const [red, green, blue, solid = 1] = colour.match(/[\\d.]+/g).map(Number);
    const part = (one) => one / 255 <= .04045 ? one / 255 / 12.92 : ((one / 255 + .055) / 1.055) ** 2.4;
    return [.2126 * part(red) + .7152 * part(green) + .0722 * part(blue), solid];
  };
  const found = new Set(), texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, words = texts.currentNode.textContent.trim();
    if (!words || !element.getClientRects().length || element.closest('svg, .sr-only')) continue;
    let ground = 1;
    for (let one = element; one; one = one.parentElement) {
      const [lightness, solid] = light(getComputedStyle(one).backgroundColor);
      if (solid > .5) { ground = lightness; break; }
    }
    const ink = light(getComputedStyle(element).color)[0];
    const ratio = (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05);
    if (ratio < 4.5) found.add(`${element.className}: ${words.slice(0, 30)}`);
  }
  return [...found];
}"""


def pale_on_paper(page):
    """Texts of the page that hardly stand out from their ground when it is printed."""
    page.emulate_media(media="print", reduced_motion="reduce")
    found = page.evaluate(PALE)
    page.emulate_media(media="screen", reduced_motion="null")
    return found
