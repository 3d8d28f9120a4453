"""axe and pictures, on pages of our own in a real Chromium."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from . import axe, chromium

PAGE = """<!doctype html><html lang="ko"><head><title>시험</title>
<meta name="viewport" content="width=device-width">
<style>body { background: #ffffff; color: #111111; margin: 0 }</style></head>
<body><main><h1>주민 제안</h1><p id="where">처음</p>%s
<script>document.getElementById("where").textContent = "스크립트"</script></main></body></html>"""


@contextmanager
def pages(body=""):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            text = (PAGE % body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", len(text))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_a_picture_is_taken_at_the_width_of_a_phone(window, tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIC_FORUM_PICTURES", str(tmp_path))
    with pages() as port:
        page = window(width=chromium.PHONE)
        page.goto(f"http://127.0.0.1:{port}")
        assert page.evaluate("[innerWidth, navigator.language]") == [390, "ko-KR"]
        assert page.locator("#where").inner_text() == "스크립트"
        taken = chromium.picture(page, "phone")
    assert taken.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("javascript", [True, False])
def test_axe_finds_a_picture_without_words_with_and_without_scripts(window, javascript):
    with pages('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">') as port:
        page = window(javascript=javascript)
        page.goto(f"http://127.0.0.1:{port}")
        found = axe.violations(page)
        assert [sentence.split(":")[0] for sentence in found] == ["image-alt"]
        page.reload()
        assert page.locator("#where").inner_text() == ("스크립트" if javascript else "처음")


def test_axe_has_nothing_to_say_about_a_plain_page(window):
    with pages() as port:
        page = window()
        page.goto(f"http://127.0.0.1:{port}")
        assert axe.violations(page) == []


def test_a_page_that_is_too_wide_is_noticed(window):
    with pages() as narrow, pages('<table width="500"><tr><td>표</td></tr></table>') as wide:
        page = window(width=chromium.NARROWEST)
        page.goto(f"http://127.0.0.1:{narrow}")
        assert chromium.overflow(page) == 0
        page.goto(f"http://127.0.0.1:{wide}")
        assert chromium.overflow(page) == 180
