"""Somebody who has nothing but a keyboard: goes on with Tab, presses Enter and Space, types. Every stop is counted."""

import os
from itertools import count

from playwright.sync_api import expect

from tests.servers import axe, chromium

STANDARD = [*axe.STANDARD, "best-practice"]
MOST_TABS = 260
MOST_CHOICES = 40
FRESH = "a.skip[href='#main']:focus"
_pictures = count(1)


class Hands:
    """A window and the keys that were pressed in it; `stages` keeps how many each stage of the way took."""

    def __init__(self, page, name: str):
        self.page, self.name, self.main = page, name, page.get_by_role("main")
        self.pressed, self.stages = 0, {}

    def press(self, key: str, times: int = 1) -> None:
        for _time in range(times):
            self.page.keyboard.press(key)
            self.pressed += 1

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def to(self, wanted) -> None:
        """Tab until it has the focus; at the head of a page the skip link is taken on the way into its main part."""
        focused = wanted.and_(self.page.locator(":focus"))
        inside = wanted.first.locator("xpath=ancestor::main").count() > 0
        for _stop in range(MOST_TABS):
            self.press("Tab")
            if focused.count():
                return
            if inside and self.page.locator(FRESH).count():
                self.press("Enter")
        raise AssertionError(f"the keyboard never comes to {wanted} at {self.page.url}")

    def follows(self, wanted) -> None:
        """A link or a button that leads to another page."""
        self.to(wanted)
        with self.page.expect_navigation():
            self.press("Enter")

    def clicks(self, words: str) -> None:
        """The first button of the main part with just these words."""
        self.follows(self.main.get_by_role("button", name=words, exact=True).first)

    def link(self, words: str) -> None:
        """The first link of the main part with these words."""
        self.follows(self.main.get_by_role("link", name=words).first)

    def types(self, **fields: str) -> None:
        for name, text in fields.items():
            self.to(self.main.locator(f"[name={name}]").first)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(text)
            self.pressed += len(text)

    def dates(self, name: str, day: str) -> None:
        """Fill a date in at once: the order of its parts is the browser's own matter."""
        field = self.main.locator(f"[name={name}]")
        self.to(field)
        field.fill(day)
        self.pressed += 8

    def ticks(self, wanted) -> None:
        self.to(wanted)
        self.press("Space")

    def picks(self, name: str, value: str) -> None:
        """One of several choices of which one can be taken: Tab to the group, arrows inside."""
        group, wanted = self.main.locator(f"[name={name}]"), self.main.locator(f"[name={name}][value={value}]")
        self.to(group)
        for _choice in range(MOST_CHOICES):
            if wanted.and_(self.page.locator(":focus")).count():
                break
            self.press("ArrowDown")
        if not wanted.is_checked():
            self.press("Space")
        expect(wanted).to_be_checked()

    def chooses(self, name: str, words: str) -> None:
        """From a list that opens."""
        field = self.main.locator(f"select[name={name}]")
        self.to(field)
        self.press("Home")
        for _choice in range(MOST_CHOICES):
            if field.locator("option:checked").inner_text() == words:
                return
            self.press("ArrowDown")
        raise AssertionError(f"nobody can choose {words}")

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    def looks(self, what: str) -> None:
        """Nothing for axe, nobody scrolls sideways; with CIVIC_FORUM_PICTURES set there is a picture of it."""
        assert axe.violations(self.page, STANDARD) == [], f"{self.name}: {what} at {self.page.url}"
        assert chromium.overflow(self.page) == 0, f"{self.name}: {what} at {self.page.url}"
        if os.environ.get("CIVIC_FORUM_PICTURES"):
            width = self.page.viewport_size["width"]
            chromium.picture(self.page, f"{next(_pictures):03d}-{self.name}-{what}-{width}".replace(" ", "-"))

    def stage(self, what: str) -> None:
        """This part of the way is done."""
        self.stages[what] = self.pressed
        self.pressed = 0
