"""A decision that a later one of the same body, or of the council that it belongs to, undoes."""

from datetime import timedelta

import pytest

from civic_forum.bodies.rules import BodyAccess, BodyKind
from civic_forum.journeys.models import JourneyEntry
from civic_forum.meetings import services
from civic_forum.meetings.models import Meeting
from civic_forum.meetings.rules import ItemKind, ItemResult
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal

from ..agendas.test_branching import begun
from ..factories import count
from .making import body, item, record, signed

CHANGED, UNDONE = "회의에서 정한 것을 바꿨어요.", "회의에서 바뀌었어요."


@pytest.fixture
def secretary(town):
    return town.user()


def carried(council, by, *, days=-9, title="공원 문을 밤에 닫기", **facts):
    meeting = services.keep(council.id, record(item(title, result=ItemResult.CARRIED, **facts), days=days), by=by)
    if council.access is BodyAccess.OPEN:
        signed(meeting)
    return meeting.forum.slug, meeting.items[0].id


@pytest.mark.both
def test_both_meetings_say_what_was_undone(town, secretary, browse):
    council = body(town, secretary=secretary)
    agenda = begun(town.moderator(), "night-walks", town.proposal())
    first, old = carried(council, secretary, about=("agenda", agenda.slug))
    second, _new = carried(council, secretary, days=-3, title="공원 문을 밤에도 열기", undoes_id=old)
    earlier, later = (browse().get(f"/forums/{slug}").text for slug in (first, second))
    assert UNDONE in earlier and f"/forums/{second}#item-1" in earlier and CHANGED not in earlier
    assert CHANGED in later and f"/forums/{first}#item-1" in later and UNDONE not in later
    assert CHANGED in browse().get(f"/forums/{second}/minutes").text
    listed = browse().get(f"/bodies/{council.slug}").text
    assert listed.count("뒤에 바뀜") == 1 and listed.index("열기") < listed.index("닫기") < listed.index("뒤에 바뀜")
    steps = [entry.evidence for entry in db.session.query(JourneyEntry).filter_by(step="in_meeting").order_by(
        JourneyEntry.at)]
    assert len(steps) == 2 and CHANGED not in steps[0] and CHANGED in steps[1]


@pytest.mark.both
def test_a_decision_is_undone_once_and_by_a_later_one_that_passed(town, secretary):
    council, other = body(town, secretary=secretary), body(town, name="청년분과", secretary=secretary)
    _slug, old = carried(council, secretary)
    for wrong in ({"days": -12}, {"result": ItemResult.REJECTED}, {"result": None}, {"kind": ItemKind.DISCUSSION}):
        days = wrong.pop("days", -3)
        facts = {"result": ItemResult.CARRIED, "undoes_id": old} | wrong
        with pytest.raises(Refusal):
            services.keep(council.id, record(item(**facts), days=days), by=secretary)
    for unknown in (0, 999_999):
        with pytest.raises(Refusal):
            carried(council, secretary, days=-3, undoes_id=unknown)
    with pytest.raises(Refusal):
        carried(other, secretary, days=-3, undoes_id=old)
    assert count(Meeting) == 1
    carried(council, secretary, days=-6, undoes_id=old)
    with pytest.raises(Conflict):
        carried(council, secretary, days=-3, undoes_id=old)
    with pytest.raises(Conflict):
        services.keep(council.id, record(*[item(result=ItemResult.CARRIED, undoes_id=old)] * 2), by=secretary)
    assert count(Meeting) == 2


@pytest.mark.in_turns(of=5)
def test_a_council_undoes_what_its_division_decided_and_nothing_of_a_closed_one_is_told(town, secretary, browse):
    council = body(town, name="협치회의", members=0, secretary=secretary)
    for access, words in ((BodyAccess.OPEN, 1), (BodyAccess.CLOSED, 0)):
        division = body(town, name=f"분과 {access}", kind=BodyKind.DIVISION, parent_id=council.id, access=access,
                        secretary=secretary)
        first, old = carried(division, secretary)
        second, _new = carried(council, secretary, days=-3 - words, undoes_id=old)
        page = browse().get(f"/forums/{second}").text
        assert page.count(CHANGED) == words and (first in page) == bool(words)
        assert browse().get(f"/forums/{second}/minutes").text.count(CHANGED) == words


@pytest.mark.in_turns(of=5)
def test_the_form_of_a_record_offers_decisions_that_still_stand(town, secretary, browse):
    council, desk = body(town, secretary=secretary), browse(secretary)
    address = f"/desk/bodies/{council.slug}/meetings"
    assert "앞선 결정" not in desk.get(f"{address}/record").text
    _slug, old = carried(council, secretary)
    page = desk.get(f"{address}/record").text
    assert "공원 문을 밤에 닫기" in page and "앞선 결정" not in desk.get(f"{address}/notice").text
    held = (db.session.query(Meeting).one().starts_on + timedelta(days=1)).isoformat()
    sent = {"title": "2차 회의", "place": "소회의실", "starts_at": f"{held}T15:00", "ends_at": f"{held}T16:00",
            "items-0-title": "공원 문 열기", "items-0-kind": "decision", "items-0-result": "carried"}
    assert desk.post(f"{address}/record", data=sent | {"items-0-undoes": "nothing"}).status_code == 422
    assert desk.post(f"{address}/record", data=sent | {"items-0-undoes": str(old)}).status_code == 303
    page = desk.get(f"{address}/record").text
    assert "공원 문 열기" in page and "공원 문을 밤에 닫기" not in page
