"""The effect of a press, in sight where its page opens, far below the place of messages."""

import pytest
from playwright.sync_api import expect

from tests.servers import axe, chromium, in_process

from .making import on_the_table, published

pytestmark = pytest.mark.one_database


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_the_message_stands_beside_the_button_that_was_pressed(town, app, window, width, javascript):
    official = town.official()
    proposal = on_the_table(town, official)
    published(proposal, official, town.official())
    with in_process.served(app) as address:
        page = in_process.sign_in(window(base_url=address, width=width, javascript=javascript), app, address,
                                  town.resident())
        page.goto(f"/proposals/{proposal.number}")
        page.get_by_role("button", name="모르겠어요 0").click()
        pressed = page.get_by_role("button", name="모르겠어요 1")
        expect(pressed).to_have_attribute("aria-pressed", "true")
        expect(pressed).to_be_in_viewport()
        message = page.get_by_text("의견을 받았어요. 고마워요.")
        expect(message).to_be_in_viewport()
        assert message.bounding_box()["y"] + message.bounding_box()["height"] <= pressed.bounding_box()["y"]
        expect(page.get_by_role("link", name="무엇을 모르겠는지 댓글로 물어보기")).to_be_in_viewport()
        assert axe.violations(page) == [] and chromium.overflow(page) == 0
