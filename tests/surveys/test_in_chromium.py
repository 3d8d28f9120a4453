"""A survey in Chromium, from the first form of the desk to its results, answered by four ways."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.platform import clock
from civic_forum.surveys import queries
from tests.browser.keyboard import Hands
from tests.browser.seat import Seat
from tests.forums.preparing.test_desk import stamp
from tests.opinions.making import verified
from tests.servers import chromium

from .making import FINDINGS, SATISFACTION, on_paper

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
HOUR = 3_600
TITLE = "모두가 함께 쓰는 마을 공간 커뮤니티센터 만족도 조사"
QUESTIONS = ({"label": "얼마나 만족하나요?", "type": "choice", "options": "\n".join(SATISFACTION), "needed": "y"},
             {"label": "이웃에게 권하고 싶은가요?", "type": "scale", "options": "전혀\n꼭"},
             {"label": "무엇을 바꾸면 좋을까요?", "type": "text", "reader": "office", "keep_days": "30"})


def is_made(official, second, opens):
    official.goes("/desk/surveys").follows("새 설문 만들기").fills(
        title=TITLE, text="내년에 여는 시간을 정하려고 물어요.", opens_at=stamp(opens), closes_at=stamp(opens + timedelta(hours=1)))
    official.presses("만들고 이어서 채우기")
    here = official.page.url
    official.goes(f"{here}/ways").fills(by_letter="y", by_paper="y", freely="y").presses("저장하기")
    for question in QUESTIONS:
        official.goes(f"{here}/questions").fills(**{"reader": "public"} | question).presses("질문 넣기")
    second.goes(here).presses("모두에게 알리기")
    return here.rpartition("/")[2]


def answers(who, choice="매우 만족", step="5 꼭"):
    who.main.get_by_label(choice, exact=True).check()
    who.main.get_by_label(step, exact=True).check()
    return who


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_a_survey_goes_from_its_first_form_to_its_results(town, signed_in, window, served, width):
    staff = town.official(), town.official()
    official, second = (Seat(signed_in(user, width=width)) for user in staff)
    slug = is_made(official, second, clock.now() + timedelta(minutes=10))
    here, page = f"/desk/surveys/{slug}", f"/surveys/{slug}"
    official.goes(here).fills(count="1").presses("편지 인쇄하기")
    code = official.main.locator(".letter-code").inner_text()
    clock.shift(HOUR / 3)
    member = Seat(signed_in(verified(town.user(), "김독산"), width=width)).goes(page)
    answers(member)
    Hands(member.page, "member").clicks("답 보내기")
    expect(member.looks().main).to_contain_text("이미 답했어요")
    stranger = Seat(window(base_url=served, width=width, javascript=False)).goes(page).presses("답 보내기", says="고쳐 주세요")
    answers(stranger).presses("답 보내기", says="답했어요")
    answers(stranger.goes(page)).fills(code=code).presses("답 보내기")
    for typist, says in ((official, "똑같이 적으면"), (second, "두 사람이 똑같이")):
        answers(typist.goes(f"{here}/paper").fills(sheet="77"), "만족", "4").presses("저장하기", says=says)
    on_paper(queries.by_slug(slug), [(3 + sheet % 2, 4 + sheet % 2) for sheet in range(12)], *staff)
    clock.shift(3 * HOUR)
    official, second = (Seat(signed_in(user, width=width)) for user in staff)
    official.goes(here).follows("결과 공개하기").fills(**vars(FINDINGS)).presses("공개 부탁하기")
    second.goes(f"{here}/results").presses("결과 공개하기")
    stranger.goes("/surveys").follows(TITLE)
    expect(stranger.main).to_contain_text("15명이 답했어요")
    expect(stranger.main).to_contain_text("누구나 확인 없이 1번 답했어요.")
    stranger.goes(f"/display?text=xl&language=en&back={page}")
