"""Somebody before a window: goes, fills in and presses; each page is looked at (`SHOTS`: folder for pictures)."""

import os

from playwright.sync_api import expect

from tests.servers import axe, chromium


class Seat:
    """A window of somebody, and how its pages look."""

    def __init__(self, page):
        self.page, self.main = page, page.get_by_role("main")

    def goes(self, path):
        assert self.page.goto(path).status == 200, path
        return self.looks()

    def looks(self):
        if folder := os.environ.get("SHOTS"):
            width = self.page.viewport_size["width"]
            name = self.page.url.partition("//")[2].partition("/")[2].replace("/", "-")
            self.page.screenshot(path=f"{folder}/{name}-{width}-{len(os.listdir(folder))}.png", full_page=True)
        assert axe.violations(self.page) == [] and chromium.overflow(self.page) == 0, self.page.url
        return self

    def fills(self, **fields):
        for name, value in fields.items():
            field = self.main.locator(f"[name='{name}']")
            kind = field.first.get_attribute("type") or field.first.evaluate("field => field.tagName")
            if kind == "radio":
                self.main.locator(f"[name='{name}'][value='{value}']").check()
            elif kind == "checkbox":
                field.check()
            elif kind == "SELECT":
                field.select_option(value)
            else:
                field.first.fill(value)
        return self

    def presses(self, words, *, says=None):
        with self.page.expect_navigation():
            self.main.get_by_role("button", name=words).first.click()
        if says:
            expect(self.page.locator("body")).to_contain_text(says)
        return self.looks()

    def follows(self, words):
        with self.page.expect_navigation():
            self.main.get_by_role("link", name=words).first.click()
        return self.looks()
