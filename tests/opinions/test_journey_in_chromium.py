"""From making to agenda: an official asks, people answer by account, once verified and on paper, and it goes on."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.opinions import computing, queries
from civic_forum.opinions.paper import services as paper
from civic_forum.opinions.rules import Basis
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.accounts.providers.servers import EXAMPLE
from tests.common import stamp
from tests.servers import axe, chromium, in_process

from .making import LINES, people, values, verified

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
PEOPLE = 15
"""On paper of each of two ways of thinking."""
SETTLED = ("Promise.allSettled(document.getAnimations().filter(one => one instanceof CSSTransition)"
           ".map(one => one.finished)).then(() => 0)")


class Seat:
    """Somebody at a window. On a telephone there is no script; at a wide window nobody has a mouse."""

    def __init__(self, window, app, site, width, user=None):
        self.phone = width == 390
        self.script = not self.phone
        self.page = window(width=width, base_url=site, javascript=self.script)
        if user is not None:
            db.session.rollback()  # what was read would stand in the way of a session's row
            in_process.sign_in(self.page, app, site, user)

    def opens(self, path: str) -> None:
        assert self.page.goto(path).status == 200, path
        self.looks_right()

    def looks_right(self) -> None:
        if "/oauth2" in self.page.url:
            return
        if self.script:
            self.page.evaluate(SETTLED)
        assert axe.violations(self.page) == [], self.page.url
        assert chromium.overflow(self.page) == 0, self.page.url

    def presses(self, name: str, role: str = "button", inside: str = "main") -> None:
        """Presses what bears this name to a screen reader: with a finger, or with the keyboard alone."""
        self.uses(self.page.locator(inside).get_by_role(role, name=name).first, role)

    def uses(self, here, role: str = "button") -> None:
        here.wait_for()
        if self.phone:
            here.click()
        elif role in ("checkbox", "radio"):
            here.press("Space")
        else:
            with self.page.expect_navigation():
                here.press("Enter")

    def types(self, button: str, **fields: str) -> None:
        main = self.page.get_by_role("main")
        for name, text in fields.items():
            main.locator(f"[name={name}]").fill(text)
        self.presses(button)

    def answers(self, keys: str) -> None:
        """Answers the statements as they come: 1 agrees, 2 disagrees, 3 passes."""
        for key in keys:
            line = self.page.get_by_role("heading", level=1).inner_text()
            if self.phone:
                self.presses(("그래요", "아니에요", "모르겠어요")[int(key) - 1])
            else:
                self.page.keyboard.press(key)
            self.page.wait_for_function("line => document.querySelector('main h1')?.innerText !== line", arg=line
                                        ) if self.script else self.page.wait_for_load_state()
            self.looks_right()
        self.page.wait_for_url("**/mine")


def bases() -> dict[Basis, int]:
    return dict(Counter(one.row.basis for one in people()))


def next_step(seat: Seat, name: str) -> None:
    region = seat.page.get_by_role("main").get_by_role("region", name="다음에 할 일")
    seat.uses(region.get_by_role("link", name=name).or_(region.get_by_role("button", name=name)))


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.in_turns(of=10))])
def test_a_consultation_from_its_making_to_an_agenda(app, town, window, site, at, width):
    place = town.neighbourhood("가산동")
    official, clerk, moderator, now = town.official(), town.clerk(), town.moderator(), clock.now()
    resident = verified(town.user(), place=place)
    at(now - timedelta(days=2))  # the provider's clock goes as it does when somebody is verified

    desk = Seat(window, app, site, width, official)
    desk.opens("/desk/consultations")
    desk.presses("새로 묻기", "link")
    desk.presses("확인된 주민", "radio")
    desk.types("만들고 이어서 채우기", title="둔치, 어떻게 나눠 쓸까요?", question="무엇을 바꾸고 무엇을 그대로 둘까요?",
               opens_at=stamp(now - timedelta(days=1)), closes_at=stamp(now + timedelta(days=9)))
    next_step(desk, "채우러 가기")
    desk.types("저장하기", background="둔치는 모두의 것이에요.", follow_up="30일 안에 답해요.")
    next_step(desk, "채우러 가기")
    desk.presses("표나 CSV 파일로 한꺼번에 넣기", "link")
    desk.types("넣기", table="한 줄 의견\n" + "\n".join(LINES))
    here = db.session.scalar(sa.select(queries.Consultation.slug))
    desk.opens(f"/desk/consultations/{here}")
    next_step(desk, "모두에게 알리기")
    asked = queries.by_slug(here)
    assert [one.text for one in asked.statements] == list(LINES)

    at(now)
    by_account = Seat(window, app, site, width, resident)
    by_account.opens("/")
    by_account.presses("답하기", "link")
    by_account.presses("답하기", "link")
    by_account.answers("113213")
    assert bases() == {Basis.VERIFIED: 1}

    once = Seat(window, app, site, width)
    once.opens(f"/consultations/{here}")
    once.presses("답하기", "link")
    once.presses("계정 없이 한 번 참여하기")
    once.presses("개인정보 수집과 이용에 동의해요 (필수)", "checkbox")
    once.presses(EXAMPLE)
    once.presses("가산동에 살아요", inside="body")
    once.looks_right()
    once.page.wait_for_url(f"**/consultations/{here}/answer*")
    once.answers("122311")
    assert bases() == {Basis.VERIFIED: 2}

    clerks = Seat(window, app, site, width, clerk)
    clerks.opens(f"/desk/consultations/{here}/paper")
    clerks.types("인쇄할 종이 만들기", count=str(2 * PEOPLE + 1))
    for typist in (clerks, Seat(window, app, site, width, official)):
        typist.opens(f"/desk/consultations/{here}/paper")
        typist.types("적기", sheet="1", typed="112 3-1")
    assert bases() == {Basis.VERIFIED: 2, Basis.PAPER: 1}
    for sheet in range(2, 2 * PEOPLE + 2):
        for typist in (clerk, moderator):
            paper.type_in(asked.id, sheet, "112112" if sheet % 2 else f"1221{sheet % 3 + 1}1", by=typist)
    db.session.rollback()

    at(now + timedelta(days=9, hours=1))
    assert computing.compute_due() == 1
    reader = Seat(window, app, site, width)
    reader.opens(f"/consultations/{here}")
    reader.presses("결과 보기", "link")
    reader.looks_right()
    said = reader.page.get_by_role("main").inner_text()
    assert LINES[0] in said and f"{2 * PEOPLE + 3}명" in said
    assert len(values()) == 6 * (2 * PEOPLE + 2) + 5

    moderators = Seat(window, app, site, width, moderator)
    moderators.opens(f"/desk/consultations/{here}")
    next_step(moderators, "의제 만들기")
    moderators.presses("의제 만들기")
    moderators.looks_right()
    db.session.rollback()
    agenda = db.session.get_one(Agenda, queries.by_slug(here).agenda_id)
    assert LINES[0] in agenda.summary and f"/desk/agendas/{agenda.slug}" in moderators.page.url
