"""Items typed, read, sorted, printed for and found by people who have a keyboard alone."""

import pytest
from playwright.sync_api import expect

from civic_forum.intake.models import IntakeItem
from civic_forum.platform.base import db
from tests.browser.keyboard import Hands
from tests.servers import chromium, in_process

TEXTS = ("장 보러 오면 앉을 데가 없다", "가로등이 두 달째 꺼져 있다")


@pytest.mark.browser
@pytest.mark.one_database
@pytest.mark.in_turns(of=10)
def test_a_keyboard_is_enough_from_the_note_to_its_end(town, app, window, csrf):
    with in_process.served(app) as address:
        def hands(name, user=None):
            page = window(base_url=address, width=chromium.DESKTOP)
            return Hands(in_process.sign_in(page, app, address, user) if user else page, name)

        typist, other, visitor = hands("typist", town.moderator()), hands("other", town.moderator()), hands("visitor")
        typist.opens("/desk/intake")
        typist.page.wait_for_selector("form[data-ready]", state="attached")
        for text in TEXTS:
            typist.page.keyboard.insert_text(text)
            typist.press("Enter")
        expect(typist.page.locator("[data-queue] .tag.ok")).to_have_count(2)
        typist.link("종이 인쇄하기")
        typist.types(notes="1")
        typist.clicks("종이 만들기")
        assert typist.main.locator(".n16 li").count() == 16
        other.opens("/desk/intake")
        other.link("한꺼번에 확인하기")
        other.to(other.main.get_by_label("달라요").last)
        other.press("Space")
        other.looks("reading")
        other.clicks("고른 것 말고는 맞아요")
        assert other.main.locator(".words").all_inner_texts() == [TEXTS[1]]
        db.session.rollback()
        item = db.session.query(IntakeItem).order_by(IntakeItem.id).first()
        other.opens("/desk/intake/sorting")
        other.to(other.main.locator(f"[name=to-{item.id}]"))
        other.looks("sorting")
        other.page.keyboard.insert_text("들어 뒀어요: 걸상을 놓을 자리를 찾고 있어요")
        with other.page.expect_navigation():
            other.press("Enter")
        visitor.opens("/intake")
        visitor.types(number=item.number)
        with visitor.page.expect_navigation():
            visitor.press("Enter")
        visitor.reads("걸상을 놓을 자리")
        visitor.looks("its end")
