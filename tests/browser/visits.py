"""Contexts of Chromium as people have them: who is signed in, how they see the site, how wide their window is."""

import re
import time
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from civic_forum.accounts.rules import PROOF_LASTS
from tests.servers import chromium

WINDOWS = [pytest.param(chromium.PHONE, False, id="phone, no scripts"),
           pytest.param(chromium.DESKTOP, True, id="desktop, scripts"),
           pytest.param(chromium.PHONE, True, id="phone, scripts"),
           pytest.param(chromium.DESKTOP, False, id="desktop, no scripts")]
"""Windows of whole ways, for tests marked `in_turns`."""
VIEWS = {"normal": {}, "xl text": {"text": "xl"}, "high contrast": {"contrast": "1"}, "dark": {"look": "dark"}}


@dataclass
class Visits:
    """Opens one context for each person and view, and keeps it: signing in takes a while."""

    browser: object
    site: object
    open: dict[tuple, object] = field(default_factory=dict)
    cookies: dict[str, tuple[float, list]] = field(default_factory=dict)
    """By name the second of a sign-in, and its cookie."""

    def page(self, who=None, view="normal", width=chromium.DESKTOP, javascript=True):
        key = who, view, javascript
        if key not in self.open:
            self.open[key] = self.fresh(who, view, javascript=javascript)
        page = self.open[key]
        if who:
            page.context.add_cookies(self.signed_in(who))
        page.set_viewport_size({"width": width, "height": chromium.HEIGHT})
        return page

    def fresh(self, who=None, view="normal", width=chromium.DESKTOP, javascript=True):
        """A page in a context that nobody else uses; the caller closes it."""
        page = chromium.new_window(self.browser, width=width, javascript=javascript)
        chosen = [{"name": name, "value": value, "url": self.site.url} for name, value in VIEWS[view].items()]
        if chosen:
            page.context.add_cookies(chosen)
        if who:
            page.context.add_cookies(self.signed_in(who))
        return page

    def served(self, who: str | None, path: str) -> tuple[int, str, str]:
        """The status, address and HTML that this person is sent, without any window."""
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in (self.signed_in(who) if who else ()))
        asked = Request(self.site.url + quote(path, safe="/?&=%"),
                        headers={"Cookie": cookies, "Accept-Language": chromium.LANGUAGE})
        try:
            answer = urlopen(asked)
        except HTTPError as refused:
            answer = refused
        with answer:
            assert answer.headers.get_content_type() == "text/html" and "Content-Disposition" not in answer.headers
            return answer.status, answer.url, answer.read().decode()

    def signed_in(self, who: str) -> list:
        """Their cookie, anew after some minutes: a sign-in proves for a while who is there."""
        since, cookies = self.cookies.get(who, (0.0, []))
        if not cookies or time.monotonic() - since > PROOF_LASTS.total_seconds() / 2:
            context = self.browser.new_context()
            sign_in(context, self.site.url, who, self.site.password)
            cookies = [one for one in context.cookies() if one["name"] == "session"]
            self.cookies[who] = time.monotonic(), cookies
            context.close()
        return cookies

    def close(self) -> None:
        for page in self.open.values():
            page.context.close()


def sign_in(context, url: str, name: str, password: str) -> None:
    """As the form does it, without opening a window."""
    form = context.request.get(f"{url}/sign-in").text()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    answer = context.request.post(f"{url}/sign-in", max_redirects=0,
                                  form={"csrf_token": token, "name": name, "password": password})
    assert answer.status in (302, 303), f"{name} cannot sign in: {answer.status}"
