"""Contexts of Chromium as people have them: who is signed in, how they see the site, how wide their window is."""

from dataclasses import dataclass, field

from tests.servers import chromium

VIEWS = {"normal": {}, "xl text": {"text": "xl"}, "high contrast": {"contrast": "1"}}


@dataclass
class Visits:
    """Opens one context for each person and view, and keeps it: signing in takes a while."""

    browser: object
    site: object
    open: dict[tuple, object] = field(default_factory=dict)
    cookies: dict[str, list] = field(default_factory=dict)

    def page(self, who=None, view="normal", width=chromium.DESKTOP, javascript=True):
        key = who, view, javascript
        if key not in self.open:
            self.open[key] = self.fresh(who, view, javascript=javascript)
        page = self.open[key]
        page.set_viewport_size({"width": width, "height": chromium.HEIGHT})
        return page

    def fresh(self, who=None, view="normal", width=chromium.DESKTOP, javascript=True):
        """A page in a context that nobody else uses; the caller closes it."""
        page = chromium.new_window(self.browser, width=width, javascript=javascript)
        chosen = [{"name": name, "value": value, "url": self.site.url} for name, value in VIEWS[view].items()]
        if chosen:
            page.context.add_cookies(chosen)
        if who:
            page.context.add_cookies(self._signed_in(who))
        return page

    def _signed_in(self, who: str) -> list:
        if who not in self.cookies:
            page = chromium.new_window(self.browser)
            sign_in(page, self.site.url, who, self.site.password)
            self.cookies[who] = [one for one in page.context.cookies() if one["name"] == "session"]
            page.context.close()
        return self.cookies[who]

    def close(self) -> None:
        for page in self.open.values():
            page.context.close()


def sign_in(page, url: str, name: str, password: str) -> None:
    page.goto(f"{url}/sign-in")
    main = page.get_by_role("main")
    main.get_by_label("로그인 이름").fill(name)
    main.get_by_label("비밀번호", exact=True).fill(password)
    main.get_by_role("button", name="로그인하기").click()
    page.wait_for_url(f"{url}/")
