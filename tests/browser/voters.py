"""Somebody who votes at a window, and what they save and check."""

import re
from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import expect

from civic_forum.ballots.models import Promise
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.servers import axe, chromium

from .test_accessibility import RING

STANDARD = [*axe.STANDARD, "best-practice"]
WIDTHS = [chromium.PHONE, chromium.DESKTOP]
TABS = 250
TRACKER = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}")


class Voter:
    """Somebody at a window."""

    def __init__(self, page, ballot):
        self.page, self.ballot, self.main = page, ballot, page.get_by_role("main")

    def opens(self, path=None):
        self.page.goto(path or self.ballot)

    def chooses(self, *numbers):
        for number in numbers:
            self.page.locator(f"#option-{number}").check()

    def looks(self):
        self.main.get_by_role("button", name="확인하기").click()

    def casts(self):
        self.page.locator("[data-cast]").click()

    def number(self) -> str:
        """Of the receipt that is shown."""
        expect(self.main.get_by_role("heading", level=1)).to_have_text("투표했어요")
        return TRACKER.search(self.page.locator(".tracker").inner_text())[0]

    def is_clean(self):
        """Nothing for axe, and nobody scrolls sideways."""
        assert axe.violations(self.page, STANDARD) == [] and chromium.overflow(self.page) == 0

    def tabs_to(self, selector):
        """Goes on with the tab key until this has the focus; every stop on the way is seen."""
        for _stop in range(TABS):
            self.page.keyboard.press("Tab")
            seen = self.page.evaluate(RING)
            if seen is not None:
                assert seen["ring"] and seen["open"], seen["what"]
            if self.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard never comes to {selector}")

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)


def ballots():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Promise))


def closes():
    clock.shift(int(timedelta(days=8).total_seconds()))


def saves(ada, folder, *chosen):
    """Votes for these and keeps the file of the receipt."""
    ada.opens()
    ada.chooses(*chosen)
    ada.looks()
    ada.casts()
    number = ada.number()
    ada.main.get_by_text("자세한 기록 보기").click()
    with ada.page.expect_download() as saving:
        ada.main.get_by_role("link", name="확인증 파일 저장하기").click()
    assert saving.value.suggested_filename == f"receipt-{number}.json"
    path = folder / saving.value.suggested_filename
    saving.value.save_as(path)
    return path


def checks(ada, *files):
    """The verdict on these files, and the lines beneath it by what comes of them."""
    place = ada.page.locator("[data-found]")
    ada.page.locator("#file").evaluate("it => it.click()")
    place.evaluate("it => it.replaceChildren()")  # what stands there of another file
    ada.page.locator("#file").set_input_files(files)
    expect(place.locator("h3, .err").first).to_be_visible()
    lines = {outcome: place.locator(f"li.{outcome}").count() for outcome in ("ok", "wait", "no")}
    return place.locator("h3, .err").first.inner_text(), lines
