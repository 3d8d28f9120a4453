"""The detector must see what runs, or its silence means nothing."""

import html

import pytest

from .strings import DETECTOR_INIT_SCRIPT, RUNNING, injected, ran

PAGE = "<!doctype html><html lang=ko><title>x</title><body><main>{}</main></body></html>"
# Need no click, no other frame and no network, and end with themselves.
AT_ONCE = [case for case in RUNNING if case.name in {
    "element: script", "element: script in capitals", "element: script after a NUL", "element: script out of a title",
    "element: image that is missing", "element: image with slashes for spaces", "element: folded text",
    "element: frame of html", "element: focus at once", "svg: onload", "svg: script", "svg: animation that begins",
    "breakout: double quote", "breakout: comment", "encoding: event in base64",
    "encoding: event without brackets", "element: dialogue", "element: event and title",
}]


pytestmark = pytest.mark.page_errors("https://detector.test/x", "Content Security Policy")


@pytest.fixture
def page(window):
    page = window()
    page.add_init_script(DETECTOR_INIT_SCRIPT)
    page.goto("about:blank")
    return page


def shows(page, body, headers=None):
    page.route("https://detector.test/", lambda route: route.fulfill(
        body=PAGE.format(body), headers={"Content-Type": "text/html; charset=utf-8"} | (headers or {})))
    page.goto("https://detector.test/")
    page.wait_for_timeout(150)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("case", AT_ONCE, ids=lambda case: case.name)
def test_the_detector_sees(case, page):
    shows(page, case.text)
    assert f"ran {case.runs}" in ran(page)


def test_the_detector_sees_what_the_policy_stops(page):
    shows(page, "<script>window.__pwned(1)</script>", {"Content-Security-Policy": "default-src 'self'"})
    assert [what.split()[:2] for what in ran(page)] == [["blocked", "script-src-elem"]]


def test_the_detector_is_silent_where_everything_is_escaped(page):
    shows(page, "".join(f"<p title=\"{html.escape(case.text)}\">{html.escape(case.text)}</p>" for case in RUNNING))
    assert ran(page) == []
    assert injected(page) == []


def test_markup_that_waits_for_a_click_is_found(page):
    shows(page, "<a href='java&Tab;script:1'>x</a><b onclick=1>x</b><form action='data:text/html,1'></form>")
    assert [found.split(":")[0] for found in injected(page)] == ["address", "event", "address"]


def test_a_template_is_found_and_in_that_of_our_forms_whatever_else_it_holds(page):
    shows(page, "<template><p>x</p></template><template data-personal-offer onclick=1></template>"
                "<template data-personal-offer><div class=personal><p onclick=1>x</p></div></template>")
    assert [found.split(":")[0] for found in injected(page)] == ["template", "template", "event", "event"]
    shows(page, "<template data-personal-offer><div class=personal><p>x</p></div></template>")
    assert injected(page) == []
