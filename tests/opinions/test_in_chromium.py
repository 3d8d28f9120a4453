"""Consultations in a browser: keys, both widths, dark and large, on 320 pixels, without script."""

import pytest

from tests.servers import axe, chromium, in_process

from .making import consultation, people, place_all, verified
from .published import result

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
VIEWS = [(390, "look=dark"), (1280, "look=light"), (320, "text=xl"), pytest.param(
    1280, "contrast=1", marks=pytest.mark.long), pytest.param(390, "language=en", marks=pytest.mark.long)]


def given() -> list[int]:
    """Answers of the one who answered, in the order of the statements."""
    return [value for one in people() for _number, value in sorted(one.content.answers.items())]


def first_answered(asked, page) -> None:
    page.goto(f"/consultations/{asked.slug}/answer")
    page.get_by_role("button", name="그래요").click()
    page.wait_for_url("**last=*")


def test_keys_answer_without_a_whole_page_and_all_of_it_is_on_a_phone(app, town, window):
    asked = consultation()
    with in_process.served(app) as address:
        page = window(width=390, base_url=address)
        page.goto(f"/consultations/{asked.slug}/answer")
        page.set_viewport_size({"width": 390, "height": 844})
        page.evaluate("window.same = true")
        for number, key in enumerate("123", 1):
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
            assert not page.locator("button[aria-current=true]").count()
            page.keyboard.press(key)
            page.get_by_text(f"{number + 1} / 6").wait_for()
            assert page.evaluate("window.same && document.activeElement.id === 'statement'")
        assert sorted(given()) == [-1, 0, 1]
        page.get_by_role("link", name="이전 의견").click()
        assert page.locator("button[aria-current=true]").inner_text().startswith("모르겠어요")
        for _left in range(3):
            page.goto(f"/consultations/{asked.slug}/answer")
            page.get_by_role("button", name="그래요").click()
            page.wait_for_load_state()
            page.wait_for_timeout(100)
        page.wait_for_url("**/mine")
        assert len(given()) == 6 and page.get_by_role("heading", name="답해 주셔서 고마워요").is_visible()


def test_all_of_it_works_without_script(app, town, window):
    asked = consultation()
    with in_process.served(app) as address:
        page = window(base_url=address, javascript=False)
        first_answered(asked, page)
        page.get_by_role("link", name="여기까지 할게요").click()
        page.get_by_text("답 1개").click()
        page.get_by_role("link", name="바꾸기").click()
        page.get_by_role("button", name="아니에요").click()
        assert page.url.endswith("/mine#s" + page.url.rpartition("s")[2]) and given() == [-1]
        page.get_by_role("link", name="내 답 모두 지우기").click()
        page.get_by_role("button", name="모두 지우기").click()
        assert "모두 지웠어요" in page.get_by_role("status").inner_text() and not given()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width, view", VIEWS)
def test_pages_can_be_read_by_everybody(app, town, window, width, view):
    asked, user = consultation(), verified(town.user())
    result(asked)
    with in_process.served(app) as address:
        page = in_process.sign_in(window(width=width, base_url=address), app, address, user)
        page.goto(f"/display?{view}&back=/consultations")
        here = f"/consultations/{asked.slug}"
        page.goto(f"{here}/answer")
        page.locator(".three-answers button").first.click()
        page.wait_for_url("**last=*")
        place_all(asked, "0", -1.0, 0.5)
        for path in ("/consultations", here, f"{here}/answer", f"{here}/answer?statement=1", f"{here}/mine",
                     f"{here}/mine/removal", f"{here}/statements", f"{here}/result"):
            assert page.goto(path).status == 200, path
            page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
            assert axe.violations(page) == [], path
            assert chromium.overflow(page) == 0, path
        page.goto(f"{here}/statements")
        page.locator("textarea").fill("밤길 등을 낮게 달아 주면 좋겠어요.")
        page.locator("main button[type=submit]").click()
        page.locator(".alike").wait_for()
        assert axe.violations(page) == [] and chromium.overflow(page) == 0
