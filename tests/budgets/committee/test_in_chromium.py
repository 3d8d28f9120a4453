"""The committee's pages in a real window: nothing for axe, no scrolling sideways, marks by keyboard and without
script."""

import pytest
from playwright.sync_api import expect

from civic_forum.budgets.committee import services
from civic_forum.budgets.committee import queries as committee
from civic_forum.platform.base import db
from tests.budgets import making
from tests.servers import axe, chromium, in_process

from .weighted import seated, weighted

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
STANDARD = [*axe.STANDARD, "best-practice"]


def is_clean(page) -> None:
    assert axe.violations(page, STANDARD) == [] and chromium.overflow(page) == 0


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "javascript"), [(chromium.PHONE, False), (chromium.DESKTOP, True)])
def test_a_member_marks_and_finishes(app, town, served, window, width, javascript):
    budget_round = weighted(town)
    a, b = making.project(town, budget_round), making.project(town, budget_round)
    (member, user), = seated(town, budget_round, 1)
    page = window(width=width, javascript=javascript, base_url=served)
    in_process.sign_in(page, app, served, user)
    page.goto(f"/budgets/{budget_round.slug}/committee")
    is_clean(page)
    page.locator(f"#project-{b.code}").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="마치기", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("심사를 마쳤어요")
    is_clean(page)
    db.session.rollback()
    assert committee.own_codes(member.id) == {b.code} and a.code != b.code


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_the_desk_and_the_sums_are_clean(app, town, served, window, width):
    budget_round, moderator = weighted(town), town.moderator()
    a = making.project(town, budget_round)
    seated(town, budget_round, 2)
    desk = f"/desk/budgets/{budget_round.slug}/committee"
    page = window(width=width, base_url=served)
    in_process.sign_in(page, app, served, moderator)
    for address in (desk, f"{desk}/paper"):
        page.goto(address)
        is_clean(page)
    page.get_by_role("button", name="적고 확정하기").click()
    expect(page.get_by_role("alert")).to_be_visible()
    is_clean(page)
    services.enter(budget_round.id, 5, {a.code: 3}, "회의", by=moderator)
    making.project(town, budget_round)
    for address in (desk, f"/budgets/{budget_round.slug}/committee"):
        page.goto(address)
        is_clean(page)
