"""A draw in Chromium, before the lottery and after it, and drawn again without a network."""

import pytest
from playwright.sync_api import expect

from civic_forum.accounts.models import User
from civic_forum.draws.services import chances
from civic_forum.platform.base import db
from tests.browser.seat import Seat
from tests.servers import chromium

from .making import BALLS, BONUS, Drawn

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.usefixtures("csrf")]


@pytest.mark.in_turns(of=10)
def test_a_draw_is_read_before_and_after_the_lottery_and_repeated_on_a_phone(town, signed_in, window, served):
    made = Drawn(town).committed()
    page, number = f"/draws/{made.call.slug}", made.numbers[0]
    chances.reckon()
    owner = db.session.get(User, made.state(number).submission.owner_id)
    mine = Seat(signed_in(owner, width=chromium.PHONE)).goes(page)
    expect(mine.main).to_contain_text("번쯤 뽑혀요")
    mine.goes(f"{page}/mine/{number}").goes("/draws/check").goes(page).follows("명단 확인해 보기")
    made.typed()
    stranger = Seat(window(base_url=served, width=chromium.PHONE, javascript=False)).goes(page)
    expect(stranger.main).to_contain_text("3 11 15 29 35 44 + 7")
    stranger.goes(f"{page}/1/check")
    expect(stranger.main).to_contain_text("draw.py")
    reader = Seat(window(base_url=served, width=chromium.PHONE)).goes(page).follows("직접 다시 뽑아 보기")
    reader.page.context.set_offline(True)
    letter = made.draw.commit.hex()
    for name, typed in (("commit", f"{letter[:8]} {letter[-8:]}"), ("figures", f"{BALLS} {BONUS}")):
        reader.main.locator(f"#draw-{name}").fill(typed)
    reader.main.get_by_role("button", name="다시 뽑기").click()
    expect(reader.main.locator("[data-found] .ok")).to_have_count(3)
    expect(reader.main.locator("[data-found] ol.num li")).to_have_text(
        [str(each) for lot in made.draw.drawn for each in lot["numbers"]])
    reader.looks()
