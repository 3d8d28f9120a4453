"""Quarters: fields of their sheet, and those of many commitments told at once."""

from datetime import date, timedelta

import pytest

from civic_forum.commitments import days, operations
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, EntryState
from civic_forum.commitments.services import entries, quarters
from civic_forum.commitments.services.quarters import QuarterText
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.work import use_case

from tests.common import today
from .making import told

LAST = days.quarter_before(today())
BEFORE = days.quarter_before(days.quarter_end(LAST))
NUMBER = "900101-1234568"
ASKS = "서울시 예산이 계속 필요해요.\n다른 구와 함께 하고 싶어요."
ROWS = {"involved_label": ["설명회·공청회", "만족도 조사", ""], "involved_count": ["979", "1", ""]}


def pledge(official, title="여러 단체와 함께 정해요", **facts) -> Commitment:
    with use_case(official) as work:
        return operations.begin(work, "election_pledge", date(today().year - 2, 1, 1), {
            "title": title, "department": min(official.department_ids())} | facts, by_id=official.id)


def approve(one: Commitment, by) -> None:
    db.session.rollback()
    [entry] = queries.entries(one.id, EntryState.WAITING)
    entries.approve(one.id, entry.number, seen=queries.commitment(one.id).version, by=by)


def quarter(text: str, of: str = BEFORE, **content) -> dict:
    return {"quarter": of, "text": text, "next": "", "executed": []} | content


@pytest.mark.both
def test_the_form_asks_what_the_sheet_needs_and_carries_it_on(pair, browse):
    one, desk, second = pledge(pair[0]), browse(pair[0]), browse(pair[1])
    address = f"/desk/commitments/{one.id}/quarter"
    sent = {"seen": one.version, "on": today(), "quarter": BEFORE, "text": "공론장을 두 번 열었어요.", "asks": ASKS,
            "problems": "예산이 한 해씩 정해져요."} | ROWS
    for wrong, sentence in (({"involved_count": ["많이", "1", ""]}, "횟수를 숫자로"),
                            ({"involved_label": ["", "", ""]}, "이름과 횟수"),
                            ({"asks": f"{NUMBER} 씨가 물었어요."}, "주민등록번호"), ({"problems": "가" * 2_001}, "2,000자까지")):
        refused = desk.post(address, data=sent | wrong)
        assert refused.status_code == 422 and sentence in refused.text
        assert not queries.entries(one.id, EntryState.WAITING)
    assert desk.post(address, data=sent).status_code == 303
    approving = second.get(f"/desk/commitments/{one.id}").text
    assert "협업사항: 서울시 예산이 계속 필요해요." in approving and "시민 참여실적: 설명회·공청회 979, 만족도 조사 1" in approving
    approve(one, pair[1])
    page = desk.get(address).text
    assert "다른 구와 함께 하고 싶어요." in page and 'value="979"' in page and "예산이 한 해씩 정해져요." in page


@pytest.mark.in_turns(of=3)
def test_an_event_has_a_kind_and_may_take_days(pair, browse):
    one, desk = pledge(pair[0]), browse(pair[0])
    address, first = f"/desk/commitments/{one.id}/log", today() - timedelta(days=9)
    sent = {"seen": one.version, "on": first, "text": "주민 협치 학교를 열었어요.", "what": ["교육", "없는 것"],
            "until": first + timedelta(days=3)}
    assert desk.post(address, data=sent | {"until": first}).status_code == 422
    assert desk.post(address, data=sent).status_code == 303
    [entry] = queries.entries(one.id, EntryState.WAITING)
    assert entry.content == {"text": sent["text"], "what": ["교육"], "when": f"{first}/{sent['until']}"}
    approve(one, pair[1])
    shown = days.shown(first, entry.content["when"])
    assert shown in browse().get(f"/commitments/{one.id}").text.replace("&#39;", "'")


@pytest.mark.in_turns(of=3)
def test_a_team_stands_on_the_page_and_stays_behind_when_another_department_takes_it(town, pair, browse):
    one = pledge(pair[0])
    facts = {"title": one.title, "department": one.department_id, "team": "금천1번가팀",
             "partners": ["서울시"], "cooperation": "예산"}
    one = told(one, EntryKind.FACTS, facts, *pair)
    page = browse().get(f"/commitments/{one.id}").text
    assert all(words in page for words in ("금천1번가팀", "서울시", "예산"))
    with pytest.raises(Refusal):
        told(one, EntryKind.FACTS, facts | {"partners": ["곳"] * 21}, *pair)
    other = town.official(department=town.department("도로과"))
    one = told(one, EntryKind.FACTS, facts | {"department": min(other.department_ids())}, pair[0], other)
    assert not queries.ledger(one.id).facts["team"] and queries.ledger(one.id).facts["partners"] == ["서울시"]


@pytest.mark.both
def test_quarters_of_many_are_told_at_once(town, pair, browse):
    told_before, silent, left = (pledge(pair[0], title) for title in ("의자를 놓아요", "나무를 심어요", "길을 넓혀요"))
    told_before = told(told_before, EntryKind.QUARTER, quarter("자리를 골랐어요.", asks=ASKS), *pair)
    desk, stranger = browse(pair[0]), town.official(department=town.department("도로과"))
    page = desk.get("/desk/commitments/quarters").text
    assert page.count("달라진 것 없음<") == 3 and "자리를 골랐어요." in page
    rows = {"commitment": [each.id for each in (told_before, silent, left)], "text": ["", "나무를 셋 심었어요.", ""],
            "seen_version": [each.version for each in (told_before, silent, left)], "unchanged": [told_before.id]}

    def untouched() -> bool:
        db.session.expire_all()
        return not any(queries.entries(each.id, EntryState.WAITING) for each in (told_before, silent, left))

    for wrong in ({"unchanged": [silent.id]}, {"unchanged": [], "text": [""] * 3}, {"text": ["", "짧아", ""]}):
        refused = desk.post("/desk/commitments/quarters", data=rows | wrong)
        assert refused.status_code == 422 and untouched()
    stale = desk.post("/desk/commitments/quarters", data=rows | {"seen_version": [told_before.version, 0, 0]})
    assert stale.status_code == 409 and "나무를 심어요" in stale.text and untouched()
    with pytest.raises(Denied):
        quarters.tell([QuarterText(left.id, left.version, None)], by=stranger)
    assert desk.post("/desk/commitments/quarters", data=rows).status_code == 303
    db.session.expire_all()
    [unchanged], [text] = (queries.entries(each.id, EntryState.WAITING) for each in (told_before, silent))
    assert unchanged.content["text"] == "지난 분기와 달라진 것이 없어요." and unchanged.content["asks"] == ASKS
    assert (unchanged.content["quarter"], text.content["text"]) == (LAST, "나무를 셋 심었어요.")
    page = desk.get("/desk/commitments/quarters").text
    assert page.count("달라진 것 없음<") == 1 and "승인을 기다리는 약속은 2개" in page
    with pytest.raises(Conflict):
        quarters.tell([QuarterText(silent.id, queries.commitment(silent.id).version, None)], by=pair[0])
