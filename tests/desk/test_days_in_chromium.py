"""The usual day of a clerk, an official and a moderator on an old phone, by keyboard alone: from the desk to the thing
and back, and the list is shorter by one."""

from datetime import date

import pytest

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.services import letters
from civic_forum.answers.services import texts as answers
from civic_forum.platform.base import db
from civic_forum.proposals.rules import State
from tests.answers.making import TEXT, on_the_table, owed, text
from tests.desk.test_desk_work import held
from tests.servers import chromium
from tests.servers.axe import looks_right

pytestmark = pytest.mark.one_database
MOST_TABS = 120
IS_SHOWN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), label = one.nextElementSibling;
  const drawn = [one, one.closest('li'), label].filter(Boolean).map(each => getComputedStyle(each));
  return box.bottom > 0 && box.top < innerHeight
    && drawn.some(style => style.outlineStyle !== 'none' || style.boxShadow !== 'none');
}"""
"""True if the element with the focus is in sight and somebody sees that it has it."""
LONG = "마을버스 정류장에 의자와 지붕을 놓고 밤에도 환하게 불을 켜서 어르신과 아이가 함께 기다릴 수 있게 해 주세요 " * 2


@pytest.fixture
def phone(signed_in):
    """The desk on a phone of 390 px with very large text."""

    def open_desk(user):
        db.session.rollback()
        page = signed_in(user, width=chromium.PHONE)
        page.goto("/display?text=xl&back=/desk")
        page.wait_for_url("**/desk")
        return page

    return open_desk


def tab_to(page, words: str) -> None:
    """Press Tab until what has the focus says this; it is in sight and has an outline."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement.innerText || document.activeElement.name || '')"
                             " + ' ' + (document.activeElement.getAttribute('aria-label') || '')")
        if words in said and page.evaluate("document.activeElement !== document.body"):
            assert page.evaluate(IS_SHOWN), words
            return
    raise AssertionError(f"no Tab leads to {words}")


def press(page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill(page, name: str, words: str) -> None:
    tab_to(page, name)
    page.locator(":focus").fill(words)


def left(page) -> int:
    """The amount that waits, as the desk says and as it lists."""
    listed = page.locator(".todo-list > li").count()
    shown = page.locator(".counts li:last-child b")
    assert not shown.count() or int(shown.inner_text().replace(",", "")) == listed
    return listed


def test_a_clerk_prints_a_letter(town, phone):
    clerk = town.clerk()
    for name in ("이도윤", "박하린"):
        letters.request(Identity(name, date(1990, 7, 9)), "금하로 00길 12, 3층", town.neighbourhood().id, by=town.user())
    page = phone(clerk)
    looks_right(page)
    assert left(page) == 2
    press(page, "우편 1")
    tab_to(page, "letter")
    page.keyboard.press("Space")
    press(page, "고른 우편 인쇄하기")
    page.goto("/desk/letters")
    press(page, "업무 화면")
    assert left(page) == 1
    looks_right(page)


def test_an_official_writes_and_a_colleague_approves(town, phone):
    official, second = town.official(), town.official()
    one = on_the_table(town, official, title=LONG[:100].strip())
    on_the_table(town, official, title="턱을 낮춰요")
    page = phone(official)
    looks_right(page)
    assert left(page) == 2
    press(page, one.title[:30])
    looks_right(page)
    tab_to(page, "outcome")
    page.keyboard.press("Space")
    fill(page, "text", TEXT)
    fill(page, "by_when", "2031-03-31")
    fill(page, "document_number", "교통행정과-4121")
    press(page, "승인 요청하기")
    press(page, "업무 화면")
    assert left(page) == 1
    page = phone(second)
    assert left(page) == 2
    press(page, "답변 승인")
    assert left(page) == 1
    press(page, one.title[:30])
    press(page, "승인하고 공개하기")
    press(page, "업무 화면")
    assert left(page) == 2, "the other proposal, and the promise that was made"
    db.session.rollback()
    db.session.refresh(one)
    assert one.state is State.ANSWERED


def test_a_moderator_opens_a_proposal_and_gives_one_to_a_department(town, phone):
    town.department()
    moderator, waits, one = town.moderator(), held(town, title="가로등을 켜 주세요"), owed(town, title="의자를 놓아 주세요")
    page = phone(moderator)
    looks_right(page)
    assert left(page) == 2
    press(page, waits.title)
    looks_right(page)
    press(page, "공개하기")
    press(page, "업무 화면")
    assert left(page) == 1
    press(page, one.title)
    press(page, "맡을 부서 정하기")
    looks_right(page)


def test_the_way_past_the_list_and_a_long_day(town, phone, signed_in):
    """Skip links work, a full page fits at every width, and the other forms of work are one jump away."""
    official, second = town.official(), town.official()
    for number in range(24):
        one = on_the_table(town, official, title=(LONG if number % 3 else "턱")[:80].strip())
        if number % 4 == 0:
            answers.submit(one.id, text(), seen=0, by=second)
    page = phone(official)
    looks_right(page)
    tab_to(page, "본문")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "바로 시작하는 일")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "begin"
    page.goto("/desk")
    press(page, "다음 목록 보기")
    assert page.locator(".todo-list > li").count() == 4
    db.session.rollback()
    for width in (320, 1280):
        wide = signed_in(official, width=width)
        for address in ("/desk", "/desk?due=late", "/desk?kind=answers.approve"):
            wide.goto(address)
            looks_right(wide)
        chromium.picture(wide, f"desk-{width}")
    chromium.picture(phone(official), "desk-390-xl")
