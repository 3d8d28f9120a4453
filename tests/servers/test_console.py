"""Errors of pages, which fail the test that opens them."""

import pytest

from tests.servers import console

HERE = "http://pages.test"
PAGES = {"/refused": (404, ""), "/broken": (500, ""), "/picture": (200, "<img src=missing.png>"),
         "/logs": (200, "<script>console.warn('careful'); console.error('wrong')</script>"),
         "/throws": (200, "<script>throw new Error('away')</script>"), "/conflict": (409, ""),
         "/asks": (200, "<script>fetch('/conflict'); fetch('/missing')</script>")}


@pytest.mark.parametrize("path, error", [
    ("/refused", None), ("/broken", f"500 for the document {HERE}/broken"), ("/throws", "thrown: away"),
    ("/picture", f"404 for the image {HERE}/missing.png"), ("/logs", f"wrong ({HERE}/logs)"),
    ("/asks", f"404 for the fetch {HERE}/missing")])
def test_an_error_of_a_page_is_known_unless_a_mark_names_it(window, path, error):
    page = window()
    page.route(f"{HERE}/**", lambda route: route.fulfill(content_type="text/html", **dict(zip(
        ("status", "body"), PAGES.get(route.request.url.removeprefix(HERE), (404, "")), strict=True))))
    for marks, errors in (([], [error] if error else []), ([pytest.mark.page_errors("^[5t4w]").mark], [])):
        page.goto(f"{HERE}{path}", wait_until="networkidle")
        assert [line.partition("\n")[0] for line in console.unexpected(marks)] == errors
