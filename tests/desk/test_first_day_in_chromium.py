"""The first day of an empty site in a browser, from two links to a list on which nothing but days is left, with the
number of presses that it takes."""

import re
from datetime import timedelta

import pytest

from civic_forum.accounts.services import first_links
from civic_forum.desk.services import district as lists
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import day, local
from civic_forum.platform.outbox import OutgoingMail
from tests.accounts.people import PASSWORD
from tests.accounts.virtual import authenticator
from tests.common import rows
from tests.polls.making import voter

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
MOST_PRESSES = 60
FIRST_DAY = "/desk/first-day"


class Walk:
    """Somebody at a browser. Every click, choice and address that is opened is a press; typing is none."""

    presses = 0

    def __init__(self, page):
        self.page = page

    def opens(self, address):
        Walk.presses += 1
        assert self.page.goto(address).status == 200, address

    def presses_on(self, name, *, role="button", nth=0):
        Walk.presses += 1
        self.page.get_by_role(role, name=name).nth(nth).click()
        self.page.wait_for_load_state()

    def chooses(self, name, choice):
        Walk.presses += 1
        self.page.locator(f"select#{name}").select_option(label=choice)

    def ticks(self, label):
        Walk.presses += 1
        self.page.get_by_label(label, exact=True).check()

    def types(self, **texts):
        for name, text in texts.items():
            self.page.locator(f"#{name}").fill(text)

    def is_told(self, words):
        self.page.get_by_text(words).first.wait_for()


@pytest.fixture
def site(app, served, monkeypatch):
    """An empty site that is no sample, by a name, as passkeys need it."""
    address = served.replace("127.0.0.1", "localhost")
    for name, setting in {"URL": address, "SAMPLE": False, "STAFF_TOTP": "required"}.items():
        monkeypatch.setitem(app.config, name, setting)
    return address


def opens_an_account(walk, token, name, nickname):
    """By a first link, with a passkey."""
    walk.opens(f"/first/{token}")
    walk.types(name=name, nickname=nickname, email=f"{name}@example.org", password=PASSWORD)
    walk.presses_on("계정 만들기")
    walk.presses_on("패스키 만들기", role="link")
    walk.presses_on("패스키 만들기")
    walk.is_told("패스키를 만들었어요.")


def confirms_the_mail(walk, name):
    db.session.rollback()
    [letter] = [letter for letter in rows(OutgoingMail) if letter.recipient == f"{name}@example.org"][-1:]
    walk.opens(re.search(r"/email-confirmations/[\w-]+", letter.body)[0])
    walk.presses_on("내 주소로 확인하기")
    walk.is_told("이메일 주소를 확인했어요.")


def decides(walk, name, label, tomorrow, **texts):
    walk.presses_on(re.compile(f"^바꾸기 {label}"), role="link")
    walk.types(from_day=tomorrow, why="처음 문을 열어요.", **texts)
    walk.presses_on(re.compile("정하기|승인 부탁하기"))
    walk.page.wait_for_url("**/desk/district/settings")


def makes_a_list(walk, button, names):
    walk.presses_on(button, role="link")
    walk.types(names=names, why="처음 문을 열어요.")
    walk.presses_on("더하기")
    walk.is_told("만들었어요")


def gives(walk, name, role, place=None):
    walk.types(sign_in_name=name)
    walk.ticks(role)
    if place:
        walk.chooses(*place)
    walk.presses_on("권한 주기")
    walk.is_told(f"({name}) 님에게 권한을 줬어요")


def waits_for(walk, officers):
    """The page on which so many officers wait to be confirmed."""
    walk.page.wait_for_function(
        "number => document.querySelectorAll('[aria-labelledby=proposed] article').length === number", arg=officers)


@pytest.mark.in_turns(of=4)
def test_the_whole_first_day_takes_a_browser_and_sixty_presses(app, town, site, window):
    Walk.presses = 0
    tokens = first_links.make()
    db.session.rollback()
    tomorrow = f"{local(clock.now()).date() + timedelta(days=1)}"
    first, second = (Walk(window(base_url=site, width=width)) for width in (1280, 390))
    with authenticator(first.page), authenticator(second.page):
        opens_an_account(first, tokens[0], "kim.haneul", "김하늘")
        first.opens(FIRST_DAY)
        first.presses_on("이름 정하기", role="link")
        for label, texts in {"누리집 이름": {"text": "한빛마을", "text_en": "Hanbit Town"},
                             "구 이름": {"text": "한빛구", "text_en": "Hanbit-gu"},
                             "구청 이름": {"text": "한빛구청", "text_en": "Hanbit-gu Office"},
                             "문의 전화": {"text": "02-000-1111"}, "문의 메일": {"text": "help@hanbit.example"},
                             "개인정보 보호책임자": {"text": "기획과장, 02-000-1112"}}.items():
            decides(first, label, label, tomorrow, **texts)
        first.opens(FIRST_DAY)
        makes_a_list(first, "동 만들기", "가람동, Garam-dong\n누리동\n다솜동\n라온동\n마루동")
        makes_a_list(first, "부서 목록에 더하기", "교통과, Traffic\n민원과\n청소과")
        first.presses_on("바꾸기 교통", role="link", nth=-1)
        first.chooses("department", "교통과")
        first.types(from_day=tomorrow, why="처음 문을 열어요.")
        first.presses_on("정하기")
        db.session.rollback()
        people = [voter(town, place="가람동", passkey_since=clock.now()) for _person in range(5)]
        names = [person.sign_in_name for person in people]
        db.session.rollback()
        clerk, moderator, observer, *officials = names
        first.opens("/desk/roles")
        gives(first, clerk, "동 담당자", ("neighbourhood", "가람동"))
        gives(first, moderator, "운영자")
        gives(first, observer, "참관인")
        for official in officials:
            gives(first, official, "부서 담당자", ("department", "교통과"))
        first.opens("/desk/officers")
        officers = [moderator, *officials]
        for number, officer in enumerate(officers, 1):
            first.types(sign_in_name=officer, position=f"구청 담당 {number}")
            first.presses_on("제안하기")
            waits_for(first, number)
        opens_an_account(second, tokens[1], "lee.bada", "이바다")
        confirms_the_mail(second, "lee.bada")
        second.opens(FIRST_DAY)
        second.presses_on("읽고 확인하기", role="link")
        second.presses_on("모두 확인하기")
        second.presses_on("확인하고 이어 하기")
        second.is_told("모두 확인했어요.")
        second.opens("/desk/officers")
        for number in (2, 1, 0):
            second.presses_on("확인하고 담당관으로 정하기")
            waits_for(second, number)
        opened_from = day(clock.now() + timedelta(days=7))
        clock.shift(24 * 60 * 60)
        db.session.rollback()
        assert lists.apply_due() == 7
        db.session.rollback()
        second.opens(FIRST_DAY)
        second.presses_on("패스키로 로그인하기")
        second.page.wait_for_url(f"{site}{FIRST_DAY}")
        left = second.page.locator("section[aria-labelledby=left] li")
        assert left.count() == 1 and "투표 담당관 3명" in left.inner_text() and opened_from in left.inner_text()
        assert second.page.locator("#next").inner_text() == "첫 투표 만들기"
        second.is_told(f"첫 투표는 빨라도 {opened_from}부터 열 수 있어요")
    assert Walk.presses <= MOST_PRESSES, Walk.presses
