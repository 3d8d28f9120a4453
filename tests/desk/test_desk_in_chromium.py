"""The desk in a browser: by keyboard alone, without JavaScript, on paper, and for everybody's eyes."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from civic_forum.accounts import desk_numbers
from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.rules import AffiliationKind, Evidence, Role
from civic_forum.accounts.services import letters, residency
from civic_forum.accounts.services import people as roles
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.servers.axe import looks_right

pytestmark = pytest.mark.one_database
WHO = Identity("김서윤", date(1985, 4, 2))
VIEWS = [(320, "text=xl"), (1280, "contrast=1"), *(pytest.param(*view, marks=pytest.mark.long) for view in (
    (320, ""), (390, "text=xl"), (390, "contrast=1"), (1280, "")))]
PAGES = ["/desk", "/desk/letters"]


@pytest.fixture
def everybody_of_staff(town):
    """A clerk who is administrator too, with letters that wait and a verified resident."""
    place, user = town.neighbourhood(), town.administrator()
    roles.grant(user, Role.CLERK, neighbourhood_id=place.id, by=None)
    first = town.user(sign_in_name="seoyun85")
    residency.verify(first, WHO, affiliations={AffiliationKind.LIVE: place.id}, evidence=Evidence.PASSPORT, by=user)
    for _each in range(2):
        letters.request(Identity("이도윤", date(1990, 7, 9)), "금하로 00길 12, 3층 301호", place.id, by=town.user())
    return user


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width, view", VIEWS)
def test_pages_with_letters_and_a_resident_can_be_read_by_everybody(signed_in, everybody_of_staff, width, view):
    page = signed_in(everybody_of_staff, width=width)
    page.goto(f"/display?{view}&back=/desk")
    for address in PAGES:
        page.goto(address)
        looks_right(page, address)
    page.goto("/desk/people")
    page.fill("[name=reason]", "비밀번호를 잊었다고 창구에 왔어요")
    page.fill("[name=person]", "seoyun85")
    page.click("form.form button[type=submit]")
    looks_right(page, "person")


def test_a_clerk_verifies_somebody_by_keyboard_alone(town, signed_in):
    user = town.user(sign_in_name="newcomer")
    number = desk_numbers.shown(user.id, clock.now()).text
    page = signed_in(town.clerk())
    page.goto("/desk/residents/new")
    page.focus("#account-0")
    press, write = page.keyboard.press, page.keyboard.type
    press("Space")
    for text in (number, "김서윤", "19850402"):
        press("Tab")
        write(text)
    for key in ("Tab", "Space", "Tab", "Tab", "Tab", "Tab", "Space", "Tab", "Enter"):
        press(key)
    page.get_by_text("주민으로 확인했어요").wait_for()
    db.session.expire_all()
    assert db.session.scalar(sa.select(User.is_resident).filter_by(id=user.id))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_namesake_gets_an_account_and_a_slip_on_one_sheet(signed_in, everybody_of_staff, javascript):
    page = signed_in(everybody_of_staff, javascript=javascript)
    page.goto("/desk/residents/new")
    page.check("[name=account][value=none]")
    assert not page.is_visible("[name=desk_number]")
    page.check("[name=consent]")
    page.fill("[name=name]", "김 서윤")
    page.fill("[name=birth_date]", "1985-04-02")
    page.check("[name=kinds][value=live]")
    page.check("[name=evidence][value=passport]")
    page.click("form.at-desk button[type=submit]")
    page.get_by_role("heading", name="같은 이름과 생년월일이 있어요").wait_for()
    looks_right(page)
    page.get_by_role("button", name="다른 사람으로 확인하기").click()
    page.locator(".slip .code-large").wait_for()
    looks_right(page)
    assert sheets(page) == 1
    assert page.is_visible("[data-print]") is javascript


def test_letters_are_printed_one_on_a_sheet_without_anything_else(signed_in, everybody_of_staff):
    page = signed_in(everybody_of_staff)
    page.goto("/desk/letters")
    page.get_by_role("button", name="고른 우편 인쇄하기").click()
    looks_right(page)
    assert sheets(page) == 2
    page.emulate_media(media="print")
    assert page.is_visible(".code-large >> nth=0")
    assert not page.is_visible("header.hd-outer") and not page.is_visible(".no-print >> nth=0")


def sheets(page) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True)))
