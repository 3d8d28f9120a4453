"""Numbers that tell who somebody is, while a comment is typed: said aloud, masked by keyboard, nothing sent for it."""

import pytest

from tests.servers import axe, chromium

pytestmark = pytest.mark.one_database


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_it_is_noticed_said_and_masked_by_keyboard(town, signed_in, width):
    page = signed_in(town.user(), width=width)
    page.goto(f"/proposals/{town.proposal().number}")
    sent = []
    page.on("request", lambda request: "/static/" in request.url or sent.append(request.url))
    field = page.locator("#text")
    field.fill("제 번호는 010-0000-1234예요.")
    box = page.locator(".personal")
    box.get_by_text("전화번호로 보이는 숫자가 있어요.").wait_for()
    assert box.get_attribute("role") == "status"
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
    field.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "숫자 가리기"
    page.keyboard.press("Enter")
    assert field.input_value() == "제 번호는 010-＊＊＊＊-1234예요."
    assert page.evaluate("document.activeElement.id") == "text"
    assert box.inner_text().strip() == "숫자를 가렸어요."
    field.fill("접수번호 2026-0412, 마을자치과-1234")
    page.wait_for_function("() => document.querySelector('.personal').innerText.trim() === ''")
    assert sent == []


def test_the_script_that_notices_them_comes_when_somebody_begins_to_write(town, signed_in):
    page, brought = signed_in(town.user()), []
    page.on("request", lambda request: "personal-numbers.js" in request.url and brought.append(request.url))
    page.goto(f"/proposals/{town.proposal().number}", wait_until="networkidle")
    assert brought == []
    page.locator("#text").focus()
    page.locator("form .personal").wait_for(state="attached")
    assert len(brought) == 1


def test_a_text_that_stands_there_already_is_read_at_once(town, signed_in):
    author = town.resident()
    proposal = town.proposal(author=author, problem="제 번호는 010-0000-1234예요. 골목이 어두워요.")
    page = signed_in(author)
    page.goto(f"/proposals/{proposal.number}/edit")
    page.locator(".personal").get_by_text("전화번호로 보이는 숫자가 있어요.").wait_for()


def test_without_javascript_the_server_asks(town, signed_in):
    page = signed_in(town.user(), width=chromium.PHONE, javascript=False)
    page.goto(f"/proposals/{town.proposal().number}")
    page.locator("#text").fill("제 번호는 010-0000-1234예요.")
    page.get_by_role("button", name="의견만 등록", exact=True).click()
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
    page.get_by_role("button", name="숫자를 가리고 보내기").click()
    page.wait_for_url("**/proposals/**")
    assert page.get_by_text("010-＊＊＊＊-1234").count() == 1
