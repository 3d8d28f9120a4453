"""Bad input: a status, a sentence, and no trace."""

from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.commitments import labels
from civic_forum.commitments.models import Commitment, CommitmentEntry
from civic_forum.commitments.queries import desk as desk_queries
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, EntryState, Fault
from civic_forum.commitments.services import entries as services
from civic_forum.commitments.services.entries import Given
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests import limits
from tests.common import today
from tests.racing import all_at_once

from .making import accepted, newest, planned, reached, told

NUMBER = "900101-1234568"
"""A registration number whose last digit fits."""
TWO_LINES = {"total": None, "lines": [[2030, "district", "", 7_400_000, 7_400_000, 1_000_000],
                                      [2031, "district", "", 5_000_000, None, None]]}


@pytest.fixture
def one(town, pair) -> Commitment:
    """A commitment with two steps, of which the first is reached, and money of two years."""
    return told(reached(planned(accepted(town, *pair), *pair), "m1", *pair), EntryKind.MONEY, TWO_LINES, *pair,
                given={"confirmed": True})


def traces() -> list:
    """Everything that a refused entry could have left."""
    db.session.expire_all()
    found = [db.session.scalar(sa.select(sa.func.count()).select_from(model))
             for model in (Commitment, CommitmentEntry, AuditEntry)]
    shown = [(one.version, one.waiting, one.progress, one.status, one.planned, one.executed, one.due_on, one.title)
             for one in db.session.scalars(sa.select(Commitment).order_by(Commitment.id))]
    db.session.rollback()
    return [found, shown]


def steps(*rows: tuple[str, str]) -> dict:
    keys = ("m1", "m2", "", "", "")
    return {"milestones_key": list(keys[:len(rows)]), "milestones_title": [row[0] for row in rows],
            "milestones_weight": [row[1] for row in rows], "milestones_due": [""] * len(rows)}


def money(*rows: tuple[str, ...], total: str = "") -> dict:
    names = ("year", "source", "item", "planned", "secured", "executed")
    return {"total": total, **{f"lines_{name}": [row[at] for row in rows] for at, name in enumerate(names)}}


def quarter(won: str, *, year: str = "2030", **facts) -> dict:
    return {"quarter": "2026-1", "text": "의자를 놓았어요.", "executed_year": year, "executed_source": "district",
            "executed_item": "", "executed_won": won} | facts


FACTS = {"title": "정류장 의자", "unit_of_money": "thousand"}
THERE = ("2031", "district", "", "5,000", "", "")
BAD = {
    "weights": ("milestones", steps(("자리", "40"), ("의자", "50")), Fault.WEIGHTS),
    "no weight": ("milestones", steps(("자리", "100"), ("의자", "")), Fault.WEIGHTS),
    "a weight in words": ("milestones", steps(("자리", "마흔"), ("의자", "60")), "몫은 1부터 100까지"),
    "no steps": ("milestones", {}, Fault.FEW_MILESTONES),
    "a reached step gone": ("milestones", {"milestones_key": ["m2"], "milestones_title": ["의자"],
                                           "milestones_weight": ["100"], "milestones_due": [""]}, Fault.REACHED_GONE),
    "a day that is none": ("milestones", steps(("자리", "40"), ("의자", "60")) | {"milestones_due": ["", "2031-02-30"]},
                           "2027-03-31처럼"),
    "a number of somebody": ("milestones", steps((f"{NUMBER} 자리", "40"), ("의자", "60")), "주민등록번호"),
    "no evidence": ("reached", {"milestone": "m2", "text": " ", "link": ""}, Fault.NO_EVIDENCE),
    "a word as evidence": ("reached", {"milestone": "m2", "text": "끝"}, "5자 이상"),
    "reached again": ("reached", {"milestone": "m1", "text": "또 놓았어요."}, Fault.ALREADY_REACHED),
    "an unknown step": ("reached", {"milestone": "m9", "text": "놓았어요."}, Fault.UNKNOWN_MILESTONE),
    "a script as address": ("reached", {"milestone": "m2", "link": "javascript:alert(1)"}, "https://로 시작하는"),
    "tomorrow": ("reached", {"milestone": "m2", "text": "놓았어요.", "on": (today() + timedelta(days=1)).isoformat()},
                 "오늘까지의 날짜"),
    "evidence of nothing withdrawn": ("withdrawn", {"milestone": "m2", "why": "잘못된 사진이에요."}, Fault.NOT_REACHED),
    "withdrawn without a reason": ("withdrawn", {"milestone": "m1", "why": ""}, "5자 이상"),
    "the same day": ("slip", {"milestone": "m2", "to": "2031-03-31", "why": "비가 왔어요."}, Fault.SAME_DAY),
    "a day that has passed": ("slip", {"milestone": "m2", "to": "2020-01-01", "why": "비가 왔어요."}, Fault.PASSED),
    "no day": ("slip", {"milestone": "m2", "to": "", "why": "비가 왔어요."}, "옮길 날을"),
    "a day moved of a reached step": ("slip", {"milestone": "m1", "to": "2032-01-01", "why": "비가 왔어요."},
                                      Fault.ALREADY_REACHED),
    "done too early": ("status", {"status": "done", "why": "모두 했어요."}, Fault.NOT_ALL_REACHED),
    "an unknown status": ("status", {"status": "great", "why": "모두 했어요."}, "하나를 골라"),
    "the same status": ("status", {"status": "on_track", "why": "그대로예요."}, Fault.SAME_STATUS),
    "a total that is none": ("money", money(("2030", "district", "", "7,400", "7,400", ""), THERE, total="12,000"),
                             Fault.TOTAL),
    "more spent than secured": ("money", money(("2030", "district", "", "7,400", "7,400", "7,401"), THERE),
                                Fault.MORE_EXECUTED),
    "a line twice": ("money", money(THERE, THERE), Fault.TWICE),
    "a sum in words": ("money", money(("2030", "district", "", "많이", "", "")), "천원 단위 숫자로"),
    "half a won": ("money", money(("2030", "district", "", "0.5원", "", "")), "천원 단위 숫자로"),
    "a year of another world": ("money", money(("1999", "district", "", "1", "", "")), "연도를 2026처럼"),
    "an unknown source": ("money", money(("2030", "bank", "", "1", "", "")), "재원을 골라"),
    "another unit": ("money", money(("2030", "district", "", "7,400,000", "7,400,000", "1,000"), THERE), "천 배쯤"),
    "another unit below": ("money", money(("2030", "district", "", "7.4", "7.4", "1"), THERE), "천 배쯤"),
    "more moved than there was": ("shift", {"item_from": "행사운영비", "item_to": "사무관리비", "of": "115,000",
                                            "moved": "115,001", "why": "의결했어요."}, Fault.MORE_MOVED),
    "more moved than the promise has": ("shift", {"item_from": "행사운영비", "item_to": "사무관리비", "of": "115,000",
                                                  "moved": "36,400", "why": "의결했어요."}, Fault.MORE_THAN_THERE),
    "a quarter of another unit": ("quarter", quarter("1", year="2030") | {"executed_won": "1"}, "천 배쯤"),
    "a quarter with more than there is": ("quarter", quarter("7,401"), Fault.MORE_EXECUTED),
    "a quarter of an unknown line": ("quarter", quarter("1", year="2040"), Fault.UNKNOWN_LINE),
    "a quarter of a year without an end": ("quarter", quarter("1,000", year="9" * 5_000), "연도와 재원이"),
    "a quarter without a word": ("quarter", quarter("1,000", text=""), "5자 이상"),
    "a quarter to come": ("quarter", quarter("1,000", quarter="2099-1"), "오늘까지의 날짜"),
    "more content than asked": ("survey", {"text": "질문", "respondents": "4", "satisfied": "5"}, Fault.MORE_SATISFIED),
    "nobody asked": ("survey", {"text": "질문", "respondents": "0", "satisfied": "0"}, Fault.MORE_SATISFIED),
    "no department": ("facts", FACTS | {"department": ""}, "맡을 부서를"),
    "an unknown department": ("facts", FACTS | {"department": "99999"}, "목록에 있는 것을"),
    "a short title": ("facts", {"title": "의자", "department": "1"}, "자 이상"),
    "an end before the beginning": ("facts", FACTS | {"begins_on": "2030-01-02", "ends_on": "2030-01-01"}, "시작하는 날보다"),
    "a log with a number of somebody": ("log", {"text": f"{NUMBER} 씨가 왔어요."}, "주민등록번호"),
}


@pytest.mark.in_turns(of=5)
def test_bad_input_gets_a_sentence_and_leaves_nothing(one, pair, browse):
    official, before, here, seen = browse(pair[0]), traces(), f"/desk/commitments/{one.id}", str(one.version)
    for name, (act, sent, expected) in BAD.items():
        limits.forget()
        answer = official.post(f"{here}/{act}", data={"seen": seen} | sent)
        sentence = str(labels.FAULT[expected]) if isinstance(expected, Fault) else expected
        assert answer.status_code == 422 and sentence in unescape(answer.text), name
        assert traces() == before, name


def test_a_sum_in_another_unit_is_taken_once_it_is_confirmed(one, pair, browse):
    sent = BAD["another unit"][1] | {"seen": str(one.version)}
    asked = browse(pair[0]).post(f"/desk/commitments/{one.id}/money", data=sent)
    assert "7,400천원" in asked.text and 'name="confirmed"' in asked.text
    assert browse(pair[0]).post(f"/desk/commitments/{one.id}/money", data=sent | {"confirmed": "y"}).status_code == 303


def test_an_old_form_is_refused_and_keeps_what_was_typed(one, pair, browse):
    before = traces()
    answer = browse(pair[0]).post(f"/desk/commitments/{one.id}/log", data={"seen": str(one.version - 1),
                                                                          "text": "의자를 셋 놓았어요."})
    assert answer.status_code == 409 and "다른 담당자가" in answer.text and "의자를 셋 놓았어요." in answer.text
    assert traces() == before


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("corrects, status", [("1", 409), ("99", 404)])
def test_only_an_approved_entry_of_its_kind_is_corrected(one, pair, browse, corrects, status):
    before = traces()
    answer = browse(pair[0]).post(f"/desk/commitments/{one.id}/log", data={
        "seen": str(one.version), "text": "다른 글이에요.", "corrects": corrects, "corrected_why": "잘못 적었어요."})
    assert answer.status_code == status and traces() == before


@pytest.mark.in_turns(of=5)
def test_an_address_that_is_none_is_refused(one, pair, browse):
    official = browse(pair[0])
    for address, status in (
            ("/desk/commitments/99/log", 404), ("/desk/commitments/99", 404), ("/commitments/99", 404),
            ("/commitments?standing=great", 400), ("/commitments?department=x", 400), ("/commitments?after=x", 400),
            ("/desk/commitments/1/great", 404), ("/desk/commitments/1/log?corrects=1", 404)):
        assert official.get(address).status_code == status, address


@pytest.mark.both
def test_a_stranger_neither_reads_nor_writes_nor_approves(one, town, pair, browse):
    one = told(one, EntryKind.LOG, {"text": "의자를 셋 놓았어요."}, pair[0])
    [entry] = queries.entries(one.id, EntryState.WAITING)
    here, before = f"/desk/commitments/{one.id}", traces()
    for who, status in ((town.official(department=town.department("청소과")), 403), (town.resident(), 403), (None, 401)):
        client = browse(who)
        for act in ("log", f"entries/{entry.number}/approvals", f"entries/{entry.number}/returns"):
            answer = client.post(f"{here}/{act}", data={"seen": str(one.version), "text": "글이에요.", "why": "이유예요."})
            assert answer.status_code == status, (act, status)
    assert browse(pair[0]).post(f"{here}/entries/{entry.number}/approvals",
                                data={"seen": str(one.version)}).status_code == 403
    assert traces()[1] == before[1]


@pytest.mark.both
def test_a_code_belongs_to_one_commitment(town, one, pair):
    other = accepted(town, *pair)
    facts = {"title": "정류장 의자", "department": one.department_id, "code": "소통행정-3", "due_on": None}
    told(one, EntryKind.FACTS, facts, *pair)
    before = traces()
    with pytest.raises(Refusal, match="이미 쓰는 코드") as refusal:
        told(other, EntryKind.FACTS, facts, *pair)
    assert refusal.value.field == "code" and traces() == before
    told(one, EntryKind.FACTS, facts | {"title": "정류장 의자 셋"}, *pair)


@pytest.mark.in_turns(of=5)
def test_evidence_of_a_kept_promise_is_withdrawn_once_it_is_opened_again(one, pair):
    one = told(reached(one, "m2", *pair), EntryKind.STATUS, {"status": "done", "why": "모두 놓았어요."}, *pair)
    withdrawn = {"milestone": "m1", "why": "다른 곳 사진이었어요."}
    with pytest.raises(Refusal, match="끝난 약속"):
        told(one, EntryKind.WITHDRAWN, withdrawn, *pair)
    one = told(one, EntryKind.STATUS, {"status": "late", "why": "사진을 다시 찍어요."}, *pair)
    one = told(one, EntryKind.WITHDRAWN, withdrawn, *pair)
    assert one.progress == 60 and one.done_on is None and one in desk_queries.of_departments(pair[1]).items


@pytest.mark.in_turns(of=5)
def test_a_correction_that_takes_the_ground_from_later_entries_is_refused(one, pair):
    [plan] = [entry for entry in queries.entries(one.id) if entry.kind is EntryKind.MILESTONES]
    rows = [{"key": "m9", "title": "다른 단계", "weight": 100, "due_on": None}]
    before = traces()
    with pytest.raises(Refusal):
        told(one, EntryKind.MILESTONES, {"milestones": rows}, *pair, corrects=plan.number, why="다시 나눴어요.")
    assert traces() == before


@pytest.mark.in_turns(of=5)
def test_a_correction_is_corrected_in_the_same_place(one, pair):
    [entry] = [entry for entry in queries.entries(one.id) if entry.kind is EntryKind.REACHED]
    for text in ("자리를 셋 세었어요.", "자리를 넷 세었어요."):
        content = {"milestone": "m1", "text": text, "link": "", "files": []}
        one = told(one, EntryKind.REACHED, content, *pair, corrects=entry.number, why="잘못 세었어요.")
        entry = queries.entries(one.id)[-1]
    assert queries.ledger(one.id).milestone("m1").evidence == "자리를 넷 세었어요." and one.progress == 40


def test_the_page_of_one_whose_moved_step_is_gone_still_shows_the_days(one, pair, browse):
    one = told(one, EntryKind.SLIP, {"milestone": "m2", "to": "2031-05-01", "why": "비가 왔어요."}, *pair)
    one = told(one, EntryKind.MILESTONES, {"milestones": [
        {"key": "m1", "title": "자리", "weight": 40, "due_on": None},
        {"key": "m3", "title": "그늘", "weight": 60, "due_on": None}]}, *pair)
    page = browse().get(f"/commitments/{one.id}")
    assert page.status_code == 200 and "비가 왔어요." in page.text and len(queries.ledger(one.id).slips) == 1


def test_an_entry_that_no_longer_fits_is_not_approved(one, pair):
    """Two write at the same step while neither is approved: the second is refused when it comes to count."""
    content = {"milestone": "m2", "text": "의자를 놓았어요.", "link": "", "files": []}
    for by in pair:
        one = told(one, EntryKind.REACHED, content, by)
    first, second = queries.entries(one.id, EntryState.WAITING)
    services.approve(one.id, first.number, seen=newest().version, by=pair[1])
    before = traces()
    with pytest.raises(Refusal, match="이미 마친"):
        services.approve(one.id, second.number, seen=newest().version, by=pair[0])
    assert traces() == before and newest().waiting == 1


# At once


def _later(user_id: int, act):
    """The act of this person, in the thread that asks."""
    return lambda: act(db.session.get(User, user_id))


def test_of_two_who_write_at_once_one_is_told(app, one, pair):
    commitment_id, seen, before = one.id, one.version, len(queries.entries(one.id, EntryState.WAITING))
    ids = [by.id for by in pair]
    db.session.rollback()
    answers = all_at_once(app, *(_later(by, lambda user, number=number: services.propose(
        commitment_id, Given(EntryKind.LOG, today(), {"text": f"의자를 {number}개 놓았어요."}), seen=seen, by=user).number)
        for number, by in enumerate(ids)))
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [refusal.status for refusal in refused] == [409] and "다른 담당자가" in str(refused[0])
    assert len(queries.entries(commitment_id, EntryState.WAITING)) == before + 1 and newest().version == seen + 1


@pytest.mark.both
def test_of_approvals_at_once_one_counts(app, town, one, pair):
    one = told(one, EntryKind.REACHED, {"milestone": "m2", "text": "의자를 놓았어요.", "link": "", "files": []}, pair[0])
    [entry] = queries.entries(one.id, EntryState.WAITING)
    commitment_id, seen, number = one.id, one.version, entry.number
    ids = [pair[1].id, *(town.official().id for _n in range(3))]
    db.session.rollback()
    answers = all_at_once(app, *(_later(by, lambda user: services.approve(
        commitment_id, number, seen=seen, by=user).number) for by in ids))
    assert sorted(getattr(answer, "status", 0) for answer in answers) == [0, 403, 403, 403]
    one = newest()
    assert (one.progress, one.waiting, one.version) == (100, 0, seen + 1)
    places = list(db.session.scalars(sa.select(CommitmentEntry.place).filter_by(commitment_id=commitment_id)))
    assert sorted(places) == list(range(1, len(places) + 1))


@pytest.mark.in_turns(of=5)
def test_approved_and_sent_back_at_once_is_one_of_both(app, one, pair, town):
    one = told(one, EntryKind.LOG, {"text": "의자를 셋 놓았어요."}, pair[0])
    [entry] = queries.entries(one.id, EntryState.WAITING)
    commitment_id, seen, number, other = one.id, one.version, entry.number, town.official().id
    second = pair[1].id
    db.session.rollback()
    answers = all_at_once(
        app, _later(second, lambda user: services.approve(commitment_id, number, seen=seen, by=user).state),
        _later(other, lambda user: services.send_back(commitment_id, number, "다시 적어 주세요.", by=user).state))
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert newest().waiting == 0 and queries.entry(commitment_id, number).state in answers


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("act", ["milestones", "money", "targets"])
def test_every_field_of_a_table_is_named_by_its_row(town, pair, browse, act):
    one = planned(accepted(town, *pair), *pair)
    form = html.fromstring(browse(pair[0]).get(f"/desk/commitments/{one.id}/{act}").text)
    ids = form.xpath("//td//*[self::input or self::select]/@id")
    labels = [label.text_content() for label in form.xpath("//td//label")]
    assert len(ids) == len(set(ids)) == len(labels) == len(set(labels)) > 4
