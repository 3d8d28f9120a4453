"""A letter by its printed address, and two people at a kiosk one after the other, in a browser."""

import pytest

from civic_forum.opinions.rules import Basis
from tests.ballots.kiosks import as_kiosk
from tests.servers import axe, chromium, in_process

from .making import consultation, letters, participants

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


def fits(page) -> None:
    assert axe.violations(page) == [] and chromium.overflow(page) == 0, page.url


def test_a_letter_and_a_kiosk_take_answers_of_one_person_after_another(app, town, window):
    asked, official = consultation(by_letter=True), town.official()
    code, here = letters(asked, 1, town)[0], f"/consultations/{asked.slug}"
    with in_process.served(app) as address:
        phone = window(width=390, base_url=address)
        phone.goto(f"{here}/letter/{code}")
        fits(phone)
        phone.get_by_role("button", name="이 편지로 답하기").click()
        phone.wait_for_url("**/answer")
        phone.get_by_role("button", name="그래요").click()
        phone.get_by_text("2 / 6").wait_for()
        assert participants() == [(Basis.LINK, 1)]

        desk = in_process.sign_in(window(width=1280, base_url=address), app, address, official)
        for path in ("letters", "kiosks/register", "kiosks"):
            desk.goto(f"/desk{here}/{path}")
            fits(desk)
        kiosk = window(width=1280, base_url=address)
        as_kiosk(kiosk, address)
        kiosk.goto("/kiosk")

        def sit_down() -> None:
            desk.goto(f"/desk{here}/kiosks")
            desk.get_by_role("button", name="번호 드리기").click()
            fits(desk)
            kiosk.get_by_label("창구에서 받은 숫자 8자리").fill(desk.locator(".code-huge").inner_text())
            kiosk.get_by_role("button", name="시작하기").click()
            kiosk.get_by_text("1 / 6").wait_for()

        for person, ended_by in enumerate(("button", "nobody"), 1):
            kiosk.get_by_role("button", name="시작하기").wait_for()
            fits(kiosk)
            sit_down()
            fits(kiosk)
            kiosk.get_by_role("button", name="그래요").click()
            kiosk.get_by_text("2 / 6").wait_for()
            assert participants().count((Basis.KIOSK, 1)) == person
            if ended_by == "button":
                kiosk.get_by_role("button", name="여기까지 할게요").click()
            else:
                kiosk.evaluate("document.querySelector('[data-kiosk-end]').click()")
            kiosk.get_by_role("button", name="시작하기").wait_for()
            kiosk.go_back()
            kiosk.get_by_role("button", name="시작하기").wait_for()
            assert not kiosk.get_by_text("지금 내 답").count()
        sit_down()
        kiosk.clock.install()
        kiosk.goto(f"{here}/answer?statement=99")
        kiosk.get_by_role("link", name="첫 화면으로 가기").wait_for()
        fits(kiosk)
        kiosk.clock.run_for(62_000)
        kiosk.get_by_role("button", name="시작하기").wait_for()
