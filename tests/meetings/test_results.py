"""Results of single items: noted once while a meeting runs, corrected by two people once the record is out."""

import pytest
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.commitments.models import Commitment
from civic_forum.forums.record.models import Decision
from civic_forum.journeys.models import JourneyEntry
from civic_forum.meetings import queries, services
from civic_forum.meetings.models import Meeting, MeetingItem
from civic_forum.meetings.records import DecisionRecord
from civic_forum.meetings.results import services as results
from civic_forum.meetings.rules import ItemResult, Votes
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from tests.racing import all_at_once

from ..agendas.test_branching import begun
from ..bodies.making import another
from ..factories import count
from .making import body, item, record, signed
from .test_undoing import carried

TITLES = ("공원 문을 밤에 닫기", "의자 놓기", "예산 보고")


@pytest.fixture
def secretary(town):
    return town.user()


@pytest.fixture
def council(town, secretary):
    return body(town, secretary=secretary)


def running(council, by, **facts):
    """A meeting that began a moment ago and ends in an hour."""
    meeting = services.give_notice(council.id, record(*map(item, TITLES), days=4, **facts), by=by)
    clock.shift((meeting.forum.starts_at - clock.now()).total_seconds() + 60)
    return meeting


@pytest.mark.in_turns(of=10)
def test_a_noted_result_is_typed_once(council, secretary, browse):
    meeting = services.give_notice(council.id, record(*map(item, TITLES), days=4), by=secretary)
    desk, page = browse(secretary), f"/forums/{meeting.forum.slug}"
    first, second, third = (f"/desk/bodies/meetings/items/{each.id}/result" for each in meeting.items)
    carried = {"result": "carried", "yes": "3", "no": "1", "present": "4"}
    assert first not in desk.get(page).text and desk.post(first, data=carried).status_code == 409
    clock.shift((meeting.forum.starts_at - clock.now()).total_seconds() + 60)
    assert first in desk.get(page).text and first not in browse().get(page).text
    assert "5명 가운데 3명이 있어야" in desk.get(first).text
    for wrong in ({}, {"result": "sold"}, {"result": "carried", "yes": "many"}, {"result": "carried", "present": "6"}):
        answer = desk.post(first, data={"no": "1"} | wrong)
        assert answer.status_code == 422 and 'value="1"' in answer.text, wrong
    assert desk.post(first, data=carried).location == f"{page}#item-1"
    again = desk.post(first, data={"result": "rejected", "yes": "7"})
    assert again.status_code == 409 and "이미 적은 결과예요: 가결" in again.text and 'value="7"' in again.text
    assert desk.post(second, data={"result": "rejected", "yes": "0", "no": "2", "present": "2"}).status_code == 303
    seen = browse().get(page).text
    assert "가결" in seen and "안건 2 앞에서 정족수를 잃었어요" in seen and first not in desk.get(page).text
    cancel = desk.post(f"/desk/bodies/meetings/{meeting.id}/cancellation", data={"reason": "눈이 와요."})
    assert cancel.status_code == 409 and desk.post(third, data={"result": "noted"}).status_code == 303
    clock.shift(5 * 86_400)
    here = f"/desk/bodies/{council.slug}/meetings/record?meeting={meeting.id}"
    form, = (form for form in html.fromstring(desk.get(here).text).forms if "items-0-title" in form.fields)
    filled = dict(form.form_values())
    assert [filled[f"items-0-{name}"] for name in ("result", "yes", "no", "abstained", "present")] == [
        "carried", "3", "1", "0", "4"]
    lost = desk.post(here, data=filled | {"items-1-title": ""})
    assert lost.status_code == 422 and "회의에서 결과를 적은 안건이 빠졌어요: 의자 놓기" in lost.text
    assert desk.post(here, data=filled | {"items-2-result": "", "items-0-opinions": "등부터 찾자."}).status_code == 303
    db.session.rollback()
    kept = db.session.query(MeetingItem).order_by(MeetingItem.number).all()
    assert [(each.result, each.votes, each.present) for each in kept] == [
        (ItemResult.CARRIED, Votes(3, 1, 0), 4), (ItemResult.REJECTED, Votes(0, 2, 0), 2),
        (ItemResult.NOTED, None, None)]
    assert "안건 2 앞에서 정족수를 잃었어요" in browse().get(page).text
    assert desk.post(first, data=carried).status_code in (404, 409)


@pytest.mark.both
def test_of_two_who_note_a_result_at_once_one_does(app, town, council, secretary):
    meeting = running(council, secretary)
    number, ids = meeting.items[0].id, [secretary.id, town.administrator().id]
    db.session.commit()
    answers = all_at_once(app, *(lambda by=by: results.note(
        number, ItemResult.CARRIED, Votes(3, 0, 0), 3, by=db.session.get_one(User, by)).id for by in ids))
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "int"]
    # Nobody undoes what is only noted: the record replaces it.
    assert queries.undoable([council.id]) == []
    with pytest.raises(Refusal):
        services.keep(council.id, record(item(result=ItemResult.CARRIED, undoes_id=number), days=-3), by=secretary)
    assert count(Meeting) == 1


def test_nothing_is_noted_of_what_is_answered_in_writing(council, secretary):
    meeting = running(council, secretary, written=True, place="서면")
    with pytest.raises(Conflict):
        results.note(meeting.items[0].id, ItemResult.CARRIED, None, None, by=secretary)


@pytest.mark.both
@pytest.mark.in_turns(of=10)
def test_a_wrong_result_is_corrected_by_two_people_with_what_followed(town, council, secretary, browse):
    agenda, department = begun(town.moderator(), "night-walks", town.proposal()), town.department()
    second = another(secretary)
    _first, old = carried(council, secretary)
    meeting = services.keep(council.id, record(item(
        about=("agenda", agenda.slug), result=ItemResult.CARRIED, votes=Votes(3, 1, 0), present=4, undoes_id=old,
        decisions=(DecisionRecord(text="밤길을 함께 걸어요.", department_id=department.id),))), by=secretary)
    number, page = meeting.items[0].id, f"/forums/{meeting.forum.slug}"
    desk, correction = browse(secretary), f"/desk/bodies/meetings/items/{number}/correction"
    rejected = {"result": "rejected", "yes": "1", "no": "3", "abstained": "0", "present": "4"}
    assert desk.post(correction, data=rejected).status_code == 409 and correction not in desk.get(page).text
    signed(meeting)
    assert 'value="3"' in desk.get(correction).text and correction in desk.get(page).text
    for wrong in ({"result": ""}, {"present": "6"}, {"result": "carried", "yes": "3", "no": "1"}):
        assert desk.post(correction, data=rejected | wrong).status_code == 422, wrong
    assert desk.post(correction, data=rejected).status_code == 303
    act = f"/desk/bodies/meetings/items/{number}/corrections"
    db.session.rollback()
    seen = results.CORRECTIONS.pending(results.corrected_as(number)).fingerprint.hex()
    assert "고칠 결과: 부결" not in browse().get(page).text and act not in desk.get(page).text
    assert f"{page}#item-1" in desk.get(f"/desk/bodies/{council.slug}").text
    checks = browse(second)
    assert "고칠 결과: 부결 (찬성 1, 반대 3, 기권 0), 4명" in checks.get(page).text and seen in checks.get(page).text
    for reader, sent, status in ((desk, seen, 403), (browse(town.moderator()), seen, 403), (checks, "00" * 32, 409)):
        assert reader.post(act, data={"seen": sent}).status_code == status
    assert checks.post(act, data={"seen": seen}).status_code == 303
    assert checks.post(act, data={"seen": seen}).status_code == 404
    text = browse().get(page).text
    for words in ("고치기 전: 가결 (찬성 3, 반대 1, 기권 0), 4명", "부결", "2판"):
        assert words in text, words
    assert "정한 것을 바꿨어요" not in text and "일 늦었어요" not in text
    minutes = browse().get(f"{page}/minutes").text
    assert "결과: 부결" in minutes and "안건 1의 결과를 고쳤어요." in minutes
    db.session.rollback()
    assert db.session.query(Decision).one().removed_at and queries.item_of([council.id], old).undone_by is None
    steps = [entry.evidence for entry in db.session.query(JourneyEntry).filter_by(step="in_meeting").order_by(
        JourneyEntry.id)]
    assert len(steps) == 2 and steps[1].endswith("고침: 가결 → 부결")
    assert db.session.query(Commitment).one().origin_lost
