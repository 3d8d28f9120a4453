"""A plan in Chromium: a table of 17 actions is looked at, decided, and becomes 17 commitments by two people."""

import pytest
from playwright.sync_api import expect

from tests.browser.seat import Seat
from tests.servers import chromium

from .making import many, passed, written

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.usefixtures("csrf")]


@pytest.mark.in_turns(of=10)
def test_seventeen_actions_become_commitments_and_a_later_version_is_compared(town, pair, signed_in, window, served):
    _council, thing = passed(town, town.user())
    desk = Seat(signed_in(pair[0], width=chromium.PHONE)).goes("/desk/plans").follows("새 계획 만들기")
    desk.fills(kind="innovation", title="2031년 지역사회혁신계획", year="2031").presses("만들기").follows("표로 과제 담기")
    desk.fills(pasted=many(17)).presses("달라지는 것 보기", says="달라지는 것 17개").presses("이대로 담기").presses("이 판을 묻기")
    desk.fills(about=thing).presses("정했다고 적기", says="정한 곳을 적었어요").presses("이 판을 쓰자고 하기")
    here = desk.page.url.partition("/desk")[2]
    Seat(signed_in(pair[1], width=chromium.PHONE)).goes(f"/desk{here}").presses("나도 확인했어요", says="17개")
    public = here.rpartition("/")[0]
    reader = Seat(window(base_url=served, width=chromium.PHONE, javascript=False)).goes("/plans").goes(public)
    expect(reader.main.locator("a[href^='/commitments/']")).to_have_count(17)
    desk.goes(f"/desk{here}").main.locator("summary", has_text="새 판 만들기").click()
    desk.presses("이 판을 바탕으로", says="2판")
    changed = many(16).replace('"1,000"', "700", 3) + "\n18,전략,새로 하는 일,교통행정과,\"2,000\","
    written(public.rpartition("/")[2], 2, changed, pair[0])
    desk.goes(f"/desk{public}/2").presses("이 판을 묻기")
    reader.goes(f"{public}/changes").goes(f"{public}/2")
