"""The sheet and the poster in a browser: over the page, as a page without JavaScript, and on paper."""

import pytest

from civic_forum.platform.base import db
from tests.servers import axe

from .papers import codes
from .things import made

pytestmark = pytest.mark.one_database
STANDARD = [*axe.STANDARD, "best-practice"]
LONG = "아주 긴 제목을 가진 제안이 좁은 화면에서도 넘치지 않고 끝까지 읽히는지 보려고 일부러 길게 적은 한 문장이에요"
SHARING = """window.given = [];
Object.defineProperty(navigator, 'share', {value: async (what) => { window.given.push(what); }});"""


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_sheet_comes_over_the_page_and_goes_again(served, town, window, width):
    proposal, path = made(town, "proposal", title=LONG)
    page = window(width=width, base_url=served)
    assert page.goto(f"/proposals/{proposal.number}").status == 200
    button = page.locator("a[data-share]")
    button.click()
    sheet = page.locator("dialog[open] .share-sheet")
    assert sheet.locator("img").evaluate("async one => { await one.decode(); return one.naturalWidth }") == 1200
    assert axe.violations(page, STANDARD) == [] and fits(page)
    assert page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.querySelector('dialog'))")
    assert not sheet.locator("[data-send]").is_visible()  # this browser has no sheet of its own
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert button.evaluate("one => one === document.activeElement")
    assert page.url.endswith(f"/proposals/{proposal.number}")
    assert page.goto(path).status == 200
    assert axe.violations(page, STANDARD) == [] and fits(page)
    assert page.goto(f"{path}/poster").status == 200
    assert axe.violations(page, STANDARD) == [] and fits(page)


def test_the_phone_gets_title_sentence_and_address(served, town, window):
    proposal, _path = made(town, "proposal")
    page = window(width=390, base_url=served)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(SHARING)
    assert page.goto(f"/proposals/{proposal.number}").status == 200
    page.locator("a[data-share]").click()
    page.locator("dialog [data-send]").click()
    whole = f"http://127.0.0.1:8000/proposals/{proposal.number}"
    assert page.evaluate("window.given") == [{"title": proposal.title, "text": "9명만 더 공감하면 구청이 답해요.", "url": whole}]
    page.locator("dialog [data-copy]").click()
    page.get_by_role("status").filter(has_text="복사했어요").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == whole


def test_all_of_it_without_javascript(served, town, window):
    proposal, path = made(town, "proposal")
    page = window(width=390, javascript=False, base_url=served)
    assert page.goto(f"/proposals/{proposal.number}").status == 200
    page.locator("a[data-share]").click()
    assert page.url == f"{served}{path}"
    assert page.get_by_label("주소").input_value() == f"http://127.0.0.1:8000/proposals/{proposal.number}"
    assert [one.get_attribute("href") for one in page.locator(".share-more a").all()][:2] == [
        f"{path}/poster", f"{path}/poster.pdf"]
    assert page.locator("[data-send], [data-copy]").filter(visible=True).count() == 0


def test_a_printed_poster_is_one_sheet_with_a_code_that_reads(served, town, window, tmp_path):
    proposal, path = made(town, "proposal", title=LONG)
    page = window(width=1280, base_url=served)
    assert page.goto(f"{path}/poster").status == 200
    page.locator(".poster-code img").screenshot(path=tmp_path / "code.png")
    assert codes(tmp_path / "code.png") == [f"http://127.0.0.1:8000/proposals/{proposal.number}"]
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert paper.count(b"/Type /Page\n") == 1


def test_a_hidden_thing_has_no_button(served, town, window):
    proposal, _path = made(town, "proposal")
    proposal.hidden_at, proposal.hidden_rule = proposal.created_at, "privacy"
    db.session.commit()
    page = window(width=390, base_url=served)
    assert page.goto(f"/proposals/{proposal.number}").status == 200
    assert page.locator("a[data-share]").count() == 0
