"""Sheets of meetings say what a neighbouring district's report prints, and no more than their pages."""

import pytest

from civic_forum.bodies.rules import BodyAccess
from civic_forum.meetings import services
from civic_forum.meetings.rules import ItemResult
from civic_forum.plans import services as plans
from tests.meetings.making import body, item, record, signed
from tests.meetings.test_neighbouring_district import (CUT, OFFICIALS, OPINIONS, ORDER, PARTS, PLAN, SESSIONS, TOTAL,
                                                       opinions, sessions)
from tests.plans.making import plan, table

from . import differences

__all__ = ["sessions"]


@pytest.mark.in_turns(of=10)
@pytest.mark.both
def test_the_report_of_a_month_says_every_figure(browse, sessions):
    council, meetings = sessions
    words = [f"{council.name} 회의(9월) 개최 결과 보고",
             *(f"{title} {budget:,}천원 {department}" for _, title, budget, department in PLAN),
             *(f"{kind} {budget:,}천원" for kind, budget in PARTS.items()), f"{TOTAL:,}천원", f"{CUT}%", "결과: 이견 없음",
             *opinions(*OPINIONS), ", ".join(OFFICIALS), "행사운영비 115,000천원 가운데 36,400천원을 사무관리비에 옮겨요.",
             "다른 분과 위원 1명", "14:00~14:05", "14:05~14:20", "14:20~14:40", "14:40~14:50", "10:30~10:35",
             *(f"{minutes}분" for minutes in ORDER), "2020. 9. 14.", "2020. 9. 15.",
             *(f"민간 위원 {members}명 가운데 {came}명" for _at, members, came, _away in SESSIONS.values()),
             *(f"2020년 3차 {name}분과회의" for name in SESSIONS)]
    for name, sheet in differences.of(browse(), f"/sheets/meetings/{council.slug}_2020-09").items():
        assert sheet.missing(words) == [], name
        assert sheet.text.count("에 나온 의견") == 3 * sum(OPINIONS.values()), name
    own = differences.of(browse(), f"/sheets/meeting/{meetings['역량강화'].forum.slug}")["hwpx"]
    assert own.missing(["2020년 3차 역량강화분과회의 개최 결과 보고", "민간 위원 5명 가운데 4명"]) == []
    assert "행사운영비" not in own.text and "위원 0" not in own.text, "money of another session, or a member's name"
    for wrong in ("2020-08", "2020-13", "x"):
        assert browse().get(f"/sheets/meetings/{council.slug}_{wrong}").status_code == 404


@pytest.mark.both
def test_an_item_shows_the_version_that_it_decided(town, pair, browse):
    first, _second = pair
    secretary = town.user()
    council = body(town, secretary=secretary)
    made = plan(first, body_id=council.id, text=table(
        *(f'{number},{section},{title},{lead},"{won:,}",'
          for number, (section, title, won, lead) in enumerate(PLAN, 1)),
        '합계,,,,"850,000",'))
    meeting = signed(services.keep(council.id, record(item(
        "2021년 계획을 정해요", result=ItemResult.NO_OBJECTION, reported="모두 8.5억 원이에요.")), by=secretary))
    plans.ask(made.slug, 1, by=first)
    address = f"/sheets/meeting/{meeting.forum.slug}"
    assert PLAN[0][1] not in browse().get(address).text
    plans.decide(made.slug, 1, f"meeting_item:{meeting.items[0].id}", meeting.starts_on, by=first)
    rows = [*((section, title, lead, f"{won:,}") for section, title, won, lead in PLAN), ("합계", "850,000")]
    sheet = differences.read("page", browse().get(address).data)
    assert sheet.missing(["8.5억", "결과: 이견 없음"]) == [] and sheet.rows_missing(rows) == []


@pytest.mark.both
def test_no_sheet_says_more_than_is_public(town, browse):
    secretary = town.user()
    council = body(town, secretary=secretary)
    meeting = services.keep(council.id, record(item(reported="아직 확인하지 않은 말", opinions=["안에서 나온 의견"])), by=secretary)
    slug = meeting.forum.slug
    page = browse().get(f"/sheets/meeting/{slug}").text
    assert "아직 확인하지 않은 말" not in page and "안에서 나온 의견" not in page
    assert browse().get(f"/sheets/minutes/{slug}").status_code == 404
    assert "아직 확인하지 않은 말" in browse(secretary).get(f"/sheets/meeting/{slug}").text
    signed(meeting)
    minutes = differences.of(browse(), f"/sheets/minutes/{slug}")
    assert all(sheet.missing(["아직 확인하지 않은 말", "안에서 나온 의견"]) == [] for sheet in minutes.values())
    coming = services.give_notice(council.id, record(days=9, noticed_on=None), by=secretary)
    assert browse().get(f"/sheets/meeting/{coming.forum.slug}").status_code == 404
    for access in (BodyAccess.RESULTS, BodyAccess.CLOSED):
        hidden = body(town, secretary=secretary, access=access, name=f"평가 {access}")
        kept = services.keep(hidden.id, record(item(reported="밖에서 못 읽는 말")), by=secretary)
        answer = browse().get(f"/sheets/meeting/{kept.forum.slug}")
        assert answer.status_code == (404 if access is BodyAccess.CLOSED else 200) and "밖에서 못 읽는 말" not in answer.text
        month = f"{kept.starts_on:%Y-%m}"
        assert "밖에서 못 읽는 말" not in browse().get(f"/sheets/meetings/{hidden.slug}_{month}").text
