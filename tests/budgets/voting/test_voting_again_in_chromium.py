"""The page of all envelopes for somebody who has voted in one of them, and its tray on a phone."""

import pytest
from playwright.sync_api import expect

from tests.servers import chromium

from .test_ballot_in_chromium import ballots, voting  # noqa: F401
from .test_voting_again import FIRST, SECOND

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_in_a_browser(voting, width, javascript):  # noqa: F811
    ada = voting(width, javascript=javascript)
    ada.opens(f"{FIRST}/ballot")
    ada.option(1).check()
    ada.page.locator("[data-next]").click()
    ada.page.locator("[data-cast]").click()
    expect(ada.main.get_by_role("heading", level=1)).to_have_text("투표했어요")
    ada.opens("ballot/all")
    ada.is_clean()
    assert ada.option(1, FIRST).is_hidden() and ada.option(1, SECOND).is_visible()
    ada.page.locator(f"#{SECOND}-blank").check()
    ada.main.get_by_label("투표를 바꿀래요").check()
    assert ada.option(1, FIRST).is_visible()
    ada.is_clean()
    if javascript:
        ada.page.locator("[data-next]").click()
        expect(ada.page.locator("[data-said]")).to_contain_text("하나 이상 골라 주세요")
        ada.main.get_by_label("투표를 바꿀래요").uncheck()
    else:
        ada.main.get_by_label("투표를 바꿀래요").uncheck()
    ada.page.locator("[data-next]").click()
    if javascript:
        expect(ada.page.locator("[data-look-kept]")).to_be_visible()
        assert ada.page.locator("[data-look] li").all_inner_texts() == ["기권"]
    else:
        assert ada.page.locator(".look-list li:visible").all_inner_texts() == ["기권"]
    ada.page.locator("[data-cast]").click()
    expect(ada.main.get_by_role("heading", level=1)).to_have_text("투표했어요")
    assert ada.page.locator(".tracker").count() == 1 and ballots() == 2


def test_on_a_phone_the_sum_stays_in_sight_and_says_what_to_do_at_the_limit(voting):  # noqa: F811
    ada = voting(chromium.PHONE)
    ada.page.goto("/display?text=xl&back=/budgets")
    ada.opens("ballot/all")
    tray, first, second = (ada.page.locator(one)
                           for one in (".tray", f"[data-tray='{FIRST}']", f"[data-tray='{SECOND}']"))
    for number in (1, 5, 6):
        ada.option(number, FIRST).check()
        expect(first).to_be_in_viewport()
        expect(second).to_be_hidden()
    why = first.locator("[data-why-not]")
    expect(why).to_have_text("3개를 모두 골랐어요. 바꾸려면 고른 것을 한 번 더 눌러 빼 주세요.")
    expect(first.get_by_role("status")).to_contain_text("3개 가운데 3개를 골랐어요. 합계")
    expect(first.get_by_role("status")).to_contain_text("빼 주세요")
    for number in (1, 2, 4, 5):
        ada.option(number, SECOND).check()
    expect(second).to_be_in_viewport()
    expect(first).to_be_hidden()
    assert tray.bounding_box()["height"] < chromium.HEIGHT * .45
    ada.option(1, FIRST).scroll_into_view_if_needed()
    ada.page.evaluate(f"document.querySelector('#{FIRST}-option-1').scrollIntoView({{block: 'center'}})")
    expect(first).to_be_visible()
    ada.is_clean()
