"""One assembly from finding topics to sharing what was done, in Chromium: a clerk, two officials, residents who vote at
home and in the hall, and what everybody reads in the end. Opening and counting a box are walked in tests/browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.answers.models import Duty
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.budgets.rules import Phase
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from civic_forum.series import queries
from tests.ballots.kiosks import as_kiosk
from tests.ballots.officials import EARLY, bring_to_publication, two_confirm
from tests.browser import voters
from tests.browser.seat import Seat
from tests.budgets import making
from tests.budgets.voting.test_desk_and_kiosk import visit
from tests.common import stamp
from tests.plans.making import table
from tests.polls.making import voter
from tests.servers import chromium

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
PLACE = "시흥1동"
ANSWER = "9월까지 의자를 놓아요. 자리는 주민과 함께 정해요."
PLAN = table(*(f"{number},자치,골목 쉼터 {number},교통행정과,\"10,000\",2031-03~2031-11" for number in (1, 2, 3)))


class Walk:
    """Windows of those who make the assembly, and what they do one after another."""

    def __init__(self, town, signed_in):
        self.town, place, self.signed_in = town, town.neighbourhood(PLACE), signed_in
        self.people = [voter(town) for _one in range(2)]
        self.staff = town.official(), town.official(), town.clerk(neighbourhood=place)
        self.place_id, self.department = place.id, str(town.department().id)

    def comes_back(self, days: int = 0) -> None:
        """So many days later everybody signs in anew."""
        clock.shift(clock.offset_seconds() + days * 86_400)
        db.session.rollback()
        self.official, self.second, self.clerk = (Seat(self.signed_in(user)) for user in self.staff)

    def begin(self) -> None:
        """The clerk begins it; the department that is named there goes on."""
        self.clerk.goes("/desk/series").follows("새 사업 만들기").fills(
            kind="assembly", year=str(today().year), neighbourhood_id=str(self.place_id), department_id=self.department,
            title=f"{today().year} {PLACE} 주민총회", day=str(today() + timedelta(days=3))).presses("만들고 이어서 채우기")
        self.here = self.clerk.page.url.partition("/desk")[2]

    @property
    def series(self):
        db.session.rollback()
        return queries.by_slug(self.here.rpartition("/")[2])

    def links(self, number: int, kind: str, name: str, by: Seat) -> None:
        by.goes(f"/desk{self.here}/steps/{number}").fills(kind=kind, thing=name).presses("잇기").presses(
            "잇기", says="이었어요")

    def holds(self, number: int, form: str, title: str, by: Seat) -> None:
        """A gathering of yesterday is written down, and stands for the step."""
        starts = clock.now() - timedelta(days=1)
        by.goes("/desk/forums/record").fills(
            form=form, title=title, question="무엇을 함께 정할까요?", place=f"{PLACE} 주민센터",
            neighbourhood_id=str(self.place_id), department_id=self.department, starts_at=stamp(starts),
            ends_at=stamp(starts + timedelta(hours=2)), came="41", **{"heard-0-text": "쉼터에 의자가 모자라요."})
        by.presses("기록 남기기", says="기록을 남겼어요")
        self.links(number, "forum", by.page.url.rpartition("/forums/")[2].partition("?")[0], by)

    def plans(self) -> None:
        """The first version of the plan, which everybody may read from the notice on."""
        desk = self.official.goes("/desk/plans").follows("새 계획 만들기")
        desk.fills(kind="neighbourhood", title=f"2031년 {PLACE} 자치계획", year="2031").presses("만들기").follows("표로 과제 담기")
        desk.fills(pasted=PLAN).presses("달라지는 것 보기", says="달라지는 것 3개").presses("이대로 담기").presses("이 판을 묻기")
        self.plan = desk.page.url.partition("/desk/plans/")[2]
        self.links(3, "plan_version", self.plan, self.official)

    def opens_vote(self) -> None:
        """A round of this neighbourhood, whose boxes two officers open."""
        db.session.rollback()  # what it has read is older than what the windows wrote
        made = making.new_round(self.town, phase=Phase.VOTING, programme="주민자치활동", department_id=int(self.department))
        made.envelopes[0].neighbourhood_id = self.place_id
        for _one in range(3):
            making.project(self.town, made, neighbourhood_id=self.place_id, department_id=int(self.department))
        self.round = making.opened(self.town, budget_round=made, voters=8).slug
        self.box_id = made.envelopes[0].box_id
        self.links(5, "budget", self.round, self.official)

    def votes(self, window, served) -> None:
        """One at home, another in the hall: one box."""
        home, hall = self.people
        seat = voters.Voter(self.signed_in(home), f"/budgets/{self.round}/envelope-1")
        seat.opens(f"/budgets/{self.round}/envelope-1/ballot")
        seat.chooses(1, 2)
        seat.looks()
        seat.casts()
        seat.number()
        db.session.rollback()
        clerk = self.town.clerk(neighbourhood=self.town.neighbourhood(PLACE))
        code = kiosk.issue(self.box_id, visit(self.box_id, hall, clerk), by=clerk).code
        seat = voters.Voter(window(width=chromium.PHONE, base_url=served), "/kiosk/ballot")
        as_kiosk(seat.page, served)
        seat.opens("/kiosk")
        seat.page.locator("#code").fill(code)
        seat.main.get_by_role("button", name="시작하기").click()
        seat.page.wait_for_url("**/kiosk/ballot")
        seat.chooses(1)
        seat.page.locator("[data-next]").click()
        seat.casts()
        seat.number()
        db.session.rollback()
        took_part = boxes.participations(self.box_id)
        assert (took_part.online, took_part.assisted) == (1, 1)

    def counts(self) -> None:
        db.session.rollback()
        first, second = self.town.official(), self.town.moderator()
        two_confirm(ConfirmedAction.CLOSE_EARLY, self.box_id, first, second, note=EARLY)
        bring_to_publication(self.box_id, first, second)

    def decides(self) -> None:
        """The vote decides the plan, two people let it be in force, and the departments are asked."""
        desk = self.official.goes(f"/desk/plans/{self.plan}")
        number = desk.main.locator("option", has_text="주민참여예산").first.get_attribute("value")
        desk.fills(about=number).presses("정했다고 적기", says="정한 곳을 적었어요").presses("이 판을 쓰자고 하기")
        self.second.goes(f"/desk/plans/{self.plan}").presses("나도 확인했어요", says="3개")
        self.links(7, "plan_version", self.plan, self.official)
        self.clerk.goes(f"/desk{self.here}").presses("14일 안에", says="부서의 답을 부탁했어요")

    def answers(self) -> None:
        self.official.goes("/desk/answers").follows("골목 쉼터").fills(text=ANSWER).presses("승인 요청하기")
        db.session.rollback()
        duty = db.session.query(Duty).filter_by(about_kind="project").order_by(Duty.id).first()
        self.second.goes(f"/desk/answers/duties/{duty.id}").presses("승인하고 공개하기")


@pytest.mark.in_turns(of=10)
def test_an_assembly_is_made_voted_decided_answered_and_shared(town, signed_in, window, served):
    walk = Walk(town, lambda user: signed_in(user, width=chromium.PHONE))
    walk.comes_back()
    walk.begin()
    walk.holds(1, "visit", f"{PLACE}에 찾아가요", walk.clerk)
    walk.holds(2, "forum", "부서와 함께 살펴보기", walk.official)
    walk.plans()
    walk.opens_vote()
    walk.clerk.goes(f"/desk{walk.here}").presses("모두에게 알리기", says="모두에게 알렸어요")
    resident = Seat(window(base_url=served, width=chromium.PHONE, javascript=False))
    url = walk.series.url
    expect(resident.goes("/assemblies").follows(PLACE).main).to_contain_text("미리 투표")
    resident.follows("투표 자세히 보기").goes(url).follows("자치계획")
    walk.votes(window, served)
    walk.counts()
    walk.comes_back(days=8)
    walk.holds(6, "forum", f"{PLACE} 주민총회 날", walk.official)
    walk.decides()
    walk.answers()
    walk.comes_back(days=220)
    walk.holds(8, "forum", f"{PLACE} 성과공유회", walk.official)
    expect(resident.goes(url).main).to_contain_text(ANSWER)
    chosen = queries.chosen([walk.series.id])
    assert chosen and all(each.is_owed for each in chosen)
    assert {len(step.things) for step in walk.series.steps if step.number != 4} == {1}
