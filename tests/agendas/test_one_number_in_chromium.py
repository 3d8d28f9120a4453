"""공감 on a proposal that carries others on, without a new page: every place of the page goes on saying one number."""

import pytest
from playwright.sync_api import expect

from civic_forum.agendas.services import merging
from civic_forum.proposals.services import supports as proposals
from tests.servers import axe, chromium, in_process

pytestmark = pytest.mark.one_database


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_every_place_follows(town, app, window, width):
    kick, board, both = town.proposal(), town.proposal(threshold=20), town.resident()
    for proposal, people in ((kick, (both, town.resident(), town.user())), (board, (both, town.user()))):
        for person in people:
            proposals.support(proposal.id, by=person)
    merging.merge(kick.id, board.id, "같은 골목의 같은 문제예요.", by=town.moderator())
    with in_process.served(app) as address:
        page = in_process.sign_in(window(base_url=address, width=width), app, address, town.resident())
        page.goto(f"/proposals/{board.number}")
        page.evaluate("window.stays = true")
        button, panel = page.locator("form[data-support] button"), page.locator("section.support")
        for number, own, residents in (("5", 3, "3명"), ("4", 2, "2명")):
            button.click()
            for place in page.locator("[data-support-count]").all():
                expect(place).to_have_text(number)
            expect(panel.locator("[data-support-bar]")).to_have_js_property("value", int(number))
            expect(panel.locator("[data-support-residents]")).to_have_text(residents)
            expect(panel.locator("[data-support-origin]")).to_contain_text(f"이 제안에 {own}명이 공감했고, 합쳐진 제안에서 2명이 더해졌어요.")
        assert page.evaluate("window.stays"), "no new page"
        assert axe.violations(page) == [] and chromium.overflow(page) == 0


def test_a_supporter_counted_by_a_merge_is_told_so_until_they_press(town, app, window):
    kick, board, person = town.proposal(title="점자블록 위 킥보드를 옮겨 주세요"), town.proposal(), town.resident()
    proposals.support(kick.id, by=person)
    merging.merge(kick.id, board.id, "같은 골목의 같은 문제예요.", by=town.moderator())
    with in_process.served(app) as address:
        page = in_process.sign_in(window(base_url=address, width=chromium.PHONE), app, address, person)
        page.goto(f"/proposals/{board.number}")
        counted, button = page.locator("[data-support-through]"), page.locator("form[data-support] button")
        expect(counted).to_contain_text(kick.title)
        for is_counted_alone, said in ((False, "이 제안에도 공감했어요."), (True, "이 제안의 공감을 거두었어요.")):
            button.click()
            expect(page.locator("[data-support-status]")).to_contain_text(said)
            expect(counted).to_be_visible(visible=is_counted_alone)
            expect(page.locator("section.support [data-support-count]").first).to_have_text("1")
        assert axe.violations(page) == [] and chromium.overflow(page) == 0
