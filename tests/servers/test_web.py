"""axe and pictures, on pages of our own in a real Chromium."""

import pytest

from . import axe, chromium

HERE = "http://pages.test/"
PAGE = """<!doctype html><html lang="ko"><head><title>시험</title>
<meta name="viewport" content="width=device-width">
<style>body { background: #ffffff; color: #111111; margin: 0 }</style></head>
<body><main><h1>주민 제안</h1><p id="where">처음</p>%s
<script>document.getElementById("where").textContent = "스크립트"</script></main></body></html>"""


def show(page, body=""):
    page.route(HERE, lambda route: route.fulfill(body=PAGE % body, content_type="text/html; charset=utf-8"))
    page.goto(HERE)


def test_a_picture_is_taken_at_the_width_of_a_phone(window, tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIC_FORUM_PICTURES", str(tmp_path))
    show(page := window(width=chromium.PHONE))
    assert page.evaluate("[innerWidth, navigator.language]") == [390, "ko-KR"]
    assert page.locator("#where").inner_text() == "스크립트"
    assert chromium.picture(page, "phone").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("javascript", [True, False])
def test_axe_finds_a_picture_without_words_with_and_without_scripts(window, javascript):
    show(page := window(javascript=javascript), '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    assert [sentence.split(":")[0] for sentence in axe.violations(page)] == ["image-alt"]
    page.reload()
    assert page.locator("#where").inner_text() == ("스크립트" if javascript else "처음")


def test_axe_has_nothing_to_say_about_a_plain_page(window):
    show(page := window())
    assert axe.violations(page) == []


def test_a_page_that_is_too_wide_is_noticed(window):
    show(page := window(width=chromium.NARROWEST))
    assert chromium.overflow(page) == 0
    show(page, '<table width="500"><tr><td>표</td></tr></table>')
    assert chromium.overflow(page) == 180
