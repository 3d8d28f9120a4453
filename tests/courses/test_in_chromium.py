"""A course in Chromium, from the application to a certificate that a stranger looks up."""

import re

import pytest
from playwright.sync_api import expect

from civic_forum.calls.judging import services as judging
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.rules import Applicants, CallKind, Step
from civic_forum.courses.models import CourseSession
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.browser.seat import Seat
from tests.calls.making_applying import QUESTIONS, open_call
from tests.calls.making_judging import REASON
from tests.factories import saved
from tests.polls.making import voter
from tests.servers import chromium

from .making import session

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
DAY = 86_400


def decided(call, number, official, second):
    """The call closes, and who applied is chosen."""
    clock.shift(clock.offset_seconds() + DAY)
    judging.pass_rest(call.slug, Step.COMPLETE, by=official)
    judging.propose(call.slug, number, Proposed(won=0), REASON, by=official)
    judging.propose_decision(call.slug, by=official)
    judging.DECISION.confirm(judging.subject_of(call), by=second)


@pytest.mark.in_turns(of=10)
def test_a_course_goes_from_an_application_to_a_certificate_that_a_stranger_looks_up(town, signed_in, window, served):
    official, second, person = town.official(), town.official(), voter(town)
    call = open_call(town, slug="school", days=1, title="주민자치학교", kind=CallKind.COURSE, hours=2,
                     applicants=Applicants.PERSON, asked=QUESTIONS[:1], created_by_id=official.id)
    taught = session(town, days=2)
    saved(CourseSession(call_id=call.id, forum_id=taught.id))
    mine = Seat(signed_in(person, width=chromium.PHONE)).goes("/calls/school").follows("신청하기")
    mine.presses("쓰기 시작하기").fills(title="배우고 싶어요")
    mine.main.get_by_label("질문 1").fill("무엇이 정해지는지 알고 싶어요.")
    mine.presses("내기", says="접수번호")
    own = mine.page.url.partition("/calls")[2]
    decided(call, own.rpartition("/")[2], official, second)
    db.session.rollback()
    desk = Seat(signed_in(official, width=chromium.PHONE)).goes("/desk/calls/school/decision").follows("회차와 출석")
    desk.presses("뽑힌 사람 모두 신청하기", says="자리 1개를 잡고 알렸어요")
    clock.shift(clock.offset_seconds() + (taught.starts_at - clock.now()).total_seconds())
    desk = Seat(signed_in(official, width=chromium.PHONE)).goes("/desk/calls/school/sessions").follows("우리 동네는 누가 정하나")
    desk.main.get_by_label(f"고르기 {person.name}").focus()
    desk.page.keyboard.press("Space")
    desk.presses("고른 사람이 왔어요", says="2시간 가운데 2시간")
    mine.goes("/me").main.locator("summary", has_text="내 교육").click()
    mine.follows("주민자치학교").presses("마침 쪽지 받기", says="2시간을 마쳤어요")
    [number] = re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", mine.main.inner_text())
    stranger = Seat(window(base_url=served, width=chromium.PHONE, javascript=False)).goes("/certificates")
    stranger.fills(number=number[:-1]).presses("확인하기", says="이 번호의 마침 쪽지가 없어요")
    stranger.main.locator("[name=number]").fill(number)
    stranger.page.keyboard.press("Enter")
    expect(stranger.main).to_contain_text("맞는 마침 쪽지예요")
    stranger.fills(name="남의 이름").presses("확인하기", says="적은 이름과 달라요")
