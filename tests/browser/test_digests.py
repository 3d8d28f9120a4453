"""Digests of pages: whatever a page looks like or says to anybody changes them, what any day changes does not."""

import json
import re

import pytest

from . import digests

HTML = """<html lang="ko"><meta name="viewport" content="initial-scale=1"><body>
<main tabindex="-1"><h1>제안 12건</h1><label for="field-3">이름</label>
<input id="field-3" name="field-3" class="in-2"><input name="csrf_token" value="abcdefgh">
<a href="/proposals/2026-0012">3일 전</a><img src="/static/a.png?v=abcdef" alt="화단"></main></body></html>"""
RESOURCES = ["http://127.0.0.1:1234/static/css/page.css?v=1", "http://127.0.0.1:1234/static/js/page.js",
             "http://127.0.0.1:1234/proposals/2026-0012/picture"]
LOOKING = "axe", ["wcag2aa"], {"normal": (1280,)}


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tree of files that may be changed, in the place of the repository."""
    for path in (*digests.FRAMES, "static/css/page.css", "static/js/page.js"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("before")
    monkeypatch.setattr(digests, "ROOT", tmp_path)
    digests.file.cache_clear()
    yield tmp_path
    digests.file.cache_clear()


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


@pytest.mark.parametrize("old, new", [
    ("제안 12건", "제안 9,120건"), ("2026-0012", "2027-0001"), ("3일 전", "12일 전"), ('value="abcdefgh"', 'value="hgfedcba"'),
    ("?v=abcdef", "?v=fedcba"), ("field-3", "field-8"),
])
def test_numbers_and_tokens_do_not_count(tree, old, new):
    assert old in HTML
    assert digests.of(HTML.replace(old, new), RESOURCES, LOOKING) == digests.of(HTML, RESOURCES, LOOKING)


@pytest.mark.parametrize("old, new", [
    ("initial-scale=1", "initial-scale=1, maximum-scale=1"), ("initial-scale=1", "initial-scale=3"),
    ('lang="ko"', 'lang="en"'), ('tabindex="-1"', 'tabindex="1"'), ("h1>", "h2>"), ('alt="화단"', 'alt=""'), ("이름", "성명"),
    (' alt="화단"', ""), ('for="field-3"', 'for="field-8"'), ('id="field-3"', 'id="field-8"'), ("in-2", "in-3"),
    ("제안 12건", "제안"), ("<label", '<label hidden=""'), ("</main>", "<p></p></main>"), ("/proposals/", "/polls/"),
])
def test_everything_else_that_the_page_says_does(tree, old, new):
    assert old in HTML
    assert digests.of(HTML.replace(old, new), RESOURCES, LOOKING) != digests.of(HTML, RESOURCES, LOOKING)


@pytest.mark.parametrize("path", ["static/css/page.css", "static/js/page.js", *digests.FRAMES])
def test_so_does_one_byte_of_its_styles_scripts_and_frame(tree, path):
    before = digests.of(HTML, RESOURCES, LOOKING)
    (tree / path).write_text("beforf")
    digests.file.cache_clear()
    assert digests.of(HTML, RESOURCES, LOOKING) != before


def test_so_do_other_files_and_another_way_of_looking(tree):
    found = {digests.of(HTML, RESOURCES, LOOKING), digests.of(HTML, RESOURCES[:1], LOOKING),
             digests.of(HTML, RESOURCES, ("axe", ["wcag2aa"], {"normal": (390,)}))}
    assert len(found) == 3


@pytest.mark.parametrize("javascript", [True, False])
def test_loads_and_contents_of_an_open_page_are_found(town, served, window, javascript):
    page = window(base_url=served, javascript=javascript)
    page.goto("/")
    loaded = {path.split()[0] for path in digests.files(page.evaluate(digests.RESOURCES))}
    assert {"static/vendor/krds/krds.css", "static/css/app.css", "static/js/app.js"} <= loaded
    before = digests.of_page(page, LOOKING)
    assert digests.of_page(page, LOOKING) == before
    page.locator("h1").evaluate("heading => heading.setAttribute('role', 'presentation')")
    assert digests.of_page(page, LOOKING) != before


def test_only_the_frames_tell_the_views_apart():
    speaking = {str(path.relative_to(digests.ROOT)) for path in (digests.ROOT / "templates").rglob("*.html")
                if re.search(r"display\.(text|look|contrast)|tools\(text", path.read_text())}
    assert speaking == set(digests.FRAMES)


def test_the_list_has_a_line_for_each_page_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(digests, "KEPT", tmp_path / "kept" / "pages.json")
    assert digests.kept() == {}
    digests.keep({"votes": "b2", "home": "a1"})
    assert digests.KEPT.read_text().splitlines() == ["{", '"home": "a1",', '"votes": "b2"', "}"]
    assert digests.kept() == json.loads(digests.KEPT.read_text()) == {"home": "a1", "votes": "b2"}
    assert [path.name for path in digests.KEPT.parent.iterdir()] == ["pages.json"]
