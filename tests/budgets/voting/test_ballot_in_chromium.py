"""Voting in a round as people do it: by keyboard alone, without JavaScript, on a phone, all envelopes at once."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from civic_forum.ballots.models import Promise
from civic_forum.platform.base import db
from tests.browser import voters as at_a_poll
from tests.budgets import making
from tests.servers import axe, chromium, in_process

from .scene import opened

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
WIDTHS = [chromium.PHONE, chromium.DESKTOP]


@pytest.fixture
def voting(app, town, served, window):
    """Opens a window of somebody who may vote in both envelopes: `voting(width=, javascript=)`."""

    def open_window(width=chromium.DESKTOP, javascript=True, **facts):
        ada = making.voter(town)
        budget_round = opened(town, **facts)
        page = window(width=width, javascript=javascript, base_url=served)
        in_process.sign_in(page, app, served, ada)
        return Voter(page, f"/budgets/{budget_round.slug}")

    return open_window


class Voter(at_a_poll.Voter):
    """Somebody at a window, at the ballots of a round."""

    def opens(self, path):
        super().opens(f"{self.ballot}/{path}")

    def option(self, number, envelope=None):
        key = f"{envelope}-" if envelope else ""
        return self.page.locator(f"#{key}option-{number}")


def ballots():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Promise))


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_groups_are_counted_and_at_a_limit_the_others_say_why(voting, width):
    ada = voting(width)
    ada.opens("envelope-2/ballot")
    ada.is_clean()
    for number in (1, 2):
        ada.option(number).check()
    expect(ada.page.locator("[data-count]")).to_have_text("2")
    expect(ada.page.locator("[data-count-of]").first).to_have_text("2 / 2")
    third = ada.option(3)
    assert third.get_attribute("aria-disabled") == "true" and not third.evaluate("box => box.disabled")
    why = ada.page.locator(f"#{third.get_attribute('aria-describedby')}")
    expect(why).to_contain_text("주민자치회 사업: 2개를 모두 골랐어요")
    third.focus()
    ada.page.keyboard.press("Space")
    expect(ada.page.locator("[data-said]")).to_contain_text("주민자치회 사업: 2개를 모두 골랐어요")
    assert not third.is_checked()
    assert ada.option(4).get_attribute("aria-disabled") is None
    ada.option(4).check()
    expect(ada.page.locator("[data-sum]")).to_have_text("3,000만 원")
    ada.is_clean()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_knapsack_stops_at_its_money(app, town, served, window, width):
    ada = making.voter(town)
    made = making.new_round(town, phase=making.Phase.VOTING, envelopes=0)
    purse = making.envelope(made, amount=30_000_000, within_money=True, max_choices=4)
    for cost in (10_000_000, 15_000_000, 20_000_000, 5_000_000):
        making.project(town, made, envelope=purse, cost=cost)
    made = making.opened(town, budget_round=made)
    page = window(width=width, base_url=served)
    in_process.sign_in(page, app, served, ada)
    page.goto(f"/budgets/{made.slug}/envelope-1/ballot")
    page.locator("#option-1").check()
    page.locator("#option-2").check()
    dear = page.locator("#option-3")
    assert dear.get_attribute("aria-disabled") == "true"
    expect(page.locator(f"#{dear.get_attribute('aria-describedby')}")).to_have_text("1,500만 원이 모자라요")
    dear.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-said]")).to_contain_text("1,500만 원이 모자라요. 고르려면")
    assert not dear.is_checked() and page.locator("#option-4").get_attribute("aria-disabled") is None
    page.locator("#option-4").check()
    expect(page.locator("[data-sum]")).to_have_text("3,000만 원")
    assert axe.violations(page, at_a_poll.STANDARD) == [] and chromium.overflow(page) == 0


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_all_envelopes_at_once(voting, width):
    ada = voting(width)
    asked = []
    ada.page.on("request", lambda request: request.method == "POST" and asked.append(request.url))
    ada.opens("ballot")
    ada.is_clean()
    ada.option(1, "envelope-1").check()
    ada.option(5, "envelope-1").check()
    ada.page.locator("[data-next]").click()
    expect(ada.page.locator("[data-said]")).to_contain_text("주민협치형: 하나 이상 골라 주세요")
    ada.option(1, "envelope-2").check()
    ada.page.locator("[data-next]").click()
    expect(ada.page.locator("[data-said]")).to_contain_text("주민자치회 사업: 1개를 더 골라 주세요")
    expect(ada.page.locator("#envelope-envelope-2-name")).to_be_focused()
    ada.option(2, "envelope-2").check()
    ada.page.locator("[data-next]").click()
    expect(ada.page.locator("[data-review]")).to_be_focused()
    assert ada.page.locator("[data-look] li").count() == 4 and asked == []
    ada.is_clean()
    ada.page.locator("[data-cast]").click()
    expect(ada.main.get_by_role("heading", level=1)).to_have_text("투표했어요")
    codes = ada.page.locator(".tracker").all_inner_texts()
    assert len(set(codes)) == 2 and len(asked) == 1 and ballots() == 2
    ada.is_clean()
    ada.opens("ballot")
    expect(ada.main.get_by_text("이미 투표했어요. 그대로 두면")).to_have_count(2)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_without_javascript(voting, width):
    ada = voting(width, javascript=False)
    ada.opens("ballot/all")
    ada.is_clean()
    ada.option(1, "envelope-1").check()
    ada.option(1, "envelope-2").check()
    ada.looks()
    expect(ada.page.locator("#envelope-envelope-2 .err").first).to_contain_text("2개")
    assert ada.page.locator("input:checked").count() == 2 and ballots() == 0
    ada.is_clean()
    ada.option(3, "envelope-2").check()
    ada.looks()
    ada.is_clean()
    expect(ada.page.locator(".look-sum").first).to_contain_text("2,000만 원")
    assert ada.page.locator(".look-list li:visible").count() == 3 and ballots() == 0
    ada.page.locator("[data-cast]").click()
    expect(ada.main.get_by_role("heading", level=1)).to_have_text("투표했어요")
    assert ballots() == 2
    ada.is_clean()
    ada.opens("envelope-1/ballot")
    ada.page.locator("#blank").check()
    ada.looks()
    ada.page.locator("[data-cast]").click()
    expect(ada.main.get_by_role("heading", level=1)).to_have_text("투표했어요")
    assert ballots() == 3


def test_the_bar_has_two_lines_at_most_in_very_large_text_without_javascript(voting):
    ada = voting(chromium.PHONE, javascript=False)
    ada.page.goto("/display?text=xl&back=/budgets")
    ada.opens("ballot/all")
    with chromium.scripts_allowed(ada.page):
        lines = ada.page.locator(".tray .tray-main:visible").evaluate(
            "line => line.offsetHeight / parseFloat(getComputedStyle(line).lineHeight)")
    assert lines < 2.5


def test_looking_for_projects_hides_cards_and_never_what_is_chosen(voting):
    ada = voting(chromium.PHONE)
    ada.opens("envelope-1/ballot")
    ada.option(1).check()
    ada.page.get_by_text("사업 찾기").click()
    ada.page.get_by_label("동네").select_option("독산3동")
    expect(ada.page.locator("[data-found]")).to_contain_text("3개를 보여 드려요")
    assert ada.page.locator("[data-option]:visible").count() == 3
    ada.page.get_by_label("낱말").fill("없는 낱말")
    expect(ada.page.locator("[data-found]")).to_contain_text("0개를 보여 드려요")
    ada.page.get_by_label("낱말").press("Enter")
    assert ada.page.locator("[data-review]").is_hidden()
    expect(ada.page.locator("[data-count]")).to_have_text("1")
    ada.is_clean()
    ada.page.get_by_label("낱말").fill("")
    ada.page.get_by_label("동네").select_option("")
    expect(ada.page.locator("[data-found]")).to_have_text("")
    assert ada.option(1).is_checked() and ada.page.locator("[data-option]:visible").count() == 6
