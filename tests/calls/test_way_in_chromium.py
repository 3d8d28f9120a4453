"""A living lab in Chromium, from the first form of the desk to its results: two officials, two jurors, three groups."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from tests.browser.keyboard import Hands
from tests.browser.seat import Seat
from tests.forums.preparing.test_desk import stamp
from tests.servers import chromium

from .making_judging import jury_body

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
HOUR, DAY = 3_600, 86_400
TITLE = "우리 동네 골목에서 아홉 달 동안 해 보는 리빙랩 프로젝트"
GROUPS = {"밤길 반사띠": (50, 40), "빗물 받는 화분": (50, 30), "점심때만 늦추는 신호": (45, 35)}
"""Titles of applications with the points that each juror gives: two of them are equal."""


def is_made(official, second, body, opens):
    """Part by part, with two questions; the second official lets everybody see it."""
    official.goes("/desk/calls").follows("새로 모집하기").fills(title=TITLE, kind="lab", applicants="group")
    official.presses("만들고 이어서 채우기")
    here = official.page.url
    for part, fields in {
            "wording": {"text": "동네의 문제를 주민이 먼저 풀어 봐요.", "elsewhere": "돈은 보탬e에서 다뤄요."},
            "times": {"opens_at": stamp(opens), "closes_at": stamp(opens + timedelta(hours=1))},
            "eligible": {"least_people": "3"},
            "choosing": {"has_scores": "y", "body_id": str(body.id), "criteria": "문제를 잘 아는가, 60\n해 볼 수 있는가, 40",
                         "scores_until": f"{local(opens).date() + timedelta(days=1)}", "scores_shown": "mean"},
            "amounts": {"budget": "20,000,000", "most_won": "15,000,000", "reserves": "1"}}.items():
        official.goes(f"{here}/{part}").fills(**fields).presses("저장하기")
    for question in ({"label": "어떤 문제를 풀고 싶나요?", "type": "text", "needed": "y"},
                     {"label": "무엇에 얼마를 쓰나요?", "type": "money", "most": "15,000,000"}):
        official.goes(f"{here}/questions").fills(reader="public", **question).presses("질문 넣기")
    second.goes(here).presses("모두에게 알리기")
    return here.rpartition("/")[2]


def applies(resident, slug, title):
    """By the button of the call, through its condition, to the receipt number."""
    resident.goes(f"/calls/{slug}").follows("신청하기").fills(group="1", people="2").presses("확인하기", says="이번에는 신청할 수 없어요")
    resident.follows("다시 확인하기").fills(group="1", people="3").presses("확인하기").presses("쓰기 시작하기")
    money = resident.main.locator("[name$='-for']"), resident.main.locator("[name$='-won']")
    resident.fills(title=title, group_name=f"{title} 모임", people="4")
    resident.main.get_by_label("어떤 문제를 풀고 싶나요?").fill("밤에 보이지 않아요.")
    for place, (purpose, won) in enumerate((("재료", "7,000,000"), ("설치", "3,000,000"))):
        money[0].nth(place).fill(purpose)
        money[1].nth(place).fill(won)


def office(signed_in, staff):
    """The two officials at a desk and with a phone: nobody of the office stays signed in for hours."""
    return [Seat(signed_in(user, width=width)) for user, width in zip(staff, (chromium.DESKTOP, chromium.PHONE))]


def judges(juror, slug, away=()):
    """Says first of whom they stay away, then gives points to all the others."""
    juror.goes(f"/desk/calls/{slug}/scores")
    for title in away:
        juror.main.get_by_label(title).fill("같은 모임이에요.")
        juror.presses(f"빠질게요 {title}")
    juror.presses("신청서 열기").follows("밤길 반사띠")
    for _application in range(len(GROUPS) - len(away)):
        title = juror.main.get_by_role("heading", level=1).inner_text()
        first, second = GROUPS[title]
        juror.fills(points_0=str(first), points_1=str(second)).presses("점수 내고 다음 보기")


@pytest.mark.in_turns(of=10)
def test_a_living_lab_goes_from_its_call_to_its_results(town, signed_in, window, served):
    jurors, groups = [town.resident(), town.resident()], [town.resident(), town.resident()]
    staff = town.official(), town.official()
    official, second = office(signed_in, staff)
    opens = clock.now() + timedelta(minutes=10)
    slug = is_made(official, second, jury_body(town, jurors), opens)
    clock.shift(HOUR / 3)
    plain = Seat(signed_in(groups[0], width=chromium.PHONE, javascript=False))
    applies(plain, slug, "밤길 반사띠")
    plain.presses("내기", says="접수번호")
    typing = Seat(signed_in(groups[1]))
    applies(typing, slug, "빗물 받는 화분")
    expect(typing.main.locator("[data-sum]")).to_have_text("모두 10,000,000원 5,000,000원 더 쓸 수 있어요.")
    Hands(typing.page, "group").clicks("내기")
    typing.looks()
    official.goes(f"/desk/calls/{slug}").follows("신청 대신 적기")
    official.fills(by_way="0", title="점심때만 늦추는 신호", group_name="점심 걷기", people="5", contact="김가산 02-000-0000")
    official.main.get_by_label("어떤 문제를 풀고 싶나요?").fill("신호가 짧아요.")
    official.main.locator("[name$='-for']").first.fill("재는 기계")
    official.main.locator("[name$='-won']").first.fill("10,000,000")
    official.presses("받기", says="접수번호")

    clock.shift(3 * HOUR)
    here, (official, second) = f"/desk/calls/{slug}/decision", office(signed_in, staff)
    official.goes(f"/desk/calls/{slug}").follows("심사와 결정").presses("남은 신청을 모두 통과로 적기")
    official.presses("심사 시작하기")
    judges(Seat(signed_in(jurors[0], width=chromium.PHONE)), slug, away=["점심때만 늦추는 신호"])
    judges(Seat(signed_in(jurors[1], javascript=False)), slug)

    clock.shift(3 * DAY)
    official, second = office(signed_in, staff)
    official.goes(here).presses("점수를 열자고 하기")
    second.goes(here).presses("나도 확인했어요. 점수 열기")
    official.goes(here).presses("점수대로 채우기").follows("아직 정하지 않은 신청 2건")
    applications = official.page.url
    for title, result in (("밤길 반사띠", {"result": "chosen", "won": "10,000,000"}),
                          ("빗물 받는 화분", {"result": "chosen", "won": "10,000,000"}),
                          ("점심때만 늦추는 신호", {"result": "reserve", "reserve_place": "1"})):
        official.goes(applications.partition("?")[0]).follows(title)
        official.fills(**result, result_reason="문제를 잘 알아요. 같은 점수는 추첨으로 정했어요.").presses("적어 두기")
    official.goes(here).presses("이대로 정하자고 하기")
    second.goes(here).presses("나도 확인했어요. 결과 알리기")

    everybody = Seat(window(base_url=served, width=chromium.PHONE))
    everybody.goes(f"/calls/{slug}").follows("결과 보기")
    expect(everybody.main).to_contain_text("3건 가운데 2건을 뽑았어요")
    for sentence in ("90.0점", "80.0점", "예비예요 1번", "모두 1번이에요."):
        expect(everybody.main).to_contain_text(sentence)
    for page in ("", "/results"):
        everybody.goes(f"/display?text=xl&language=en&back=/calls/{slug}{page}")
    plain = Seat(signed_in(groups[0])).goes(f"/calls/{slug}/results")
    expect(plain.main).to_contain_text("내 신청")
