"""Money of a commitment that a body moved in a meeting: an entry on the desk of its department."""

import pytest

from civic_forum.bodies.rules import BodyAccess
from civic_forum.commitments.models import CommitmentEntry
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, EntryState
from civic_forum.commitments.services import entries as services
from civic_forum.meetings import services as meetings
from civic_forum.meetings.records import Money
from civic_forum.meetings.rules import ItemResult
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from tests.meetings.making import body, item, members_of, record

from .making import accepted, told

SAID = "1억 1,500만 원 가운데 3,640만 원을 옮김"
LINES = {"total": 200_000_000, "lines": [[2031, "district", "행사운영비", 150_000_000, None, None],
                                         [2031, "district", "사무관리비", 50_000_000, None, None]]}


@pytest.fixture
def secretary(town):
    return town.user()


def moved(council, one, by, *, result=ItemResult.CARRIED, whole=115_000_000, days=-3):
    money = Money(source="행사운영비", target="사무관리비", whole=whole, moved=36_400_000)
    return meetings.keep(council.id, record(item(
        "행사비를 자막에 쓰기", about=("commitment", str(one.id)), money=money, result=result), days=days), by=by)


def waiting():
    db.session.rollback()
    return db.session.query(CommitmentEntry).filter_by(kind=EntryKind.SHIFT).all()


@pytest.mark.both
def test_it_waits_for_the_department_and_names_the_decision(town, pair, secretary, browse):
    one = told(accepted(town, *pair), EntryKind.MONEY, LINES, *pair)
    meeting = moved(body(town, secretary=secretary), one, secretary)
    [entry] = waiting()
    assert (entry.state, entry.by_id, entry.on) == (EntryState.WAITING, secretary.id, meeting.starts_on)
    origin, public = f"/forums/{meeting.forum.slug}#item-1", f"/commitments/{one.id}"
    desk = f"/desk{public}"
    assert SAID not in browse().get(public).text and origin not in browse().get(public).text
    page = browse(pair[0]).get(desk).text
    assert SAID in page and origin in page and "행사비를 자막에 쓰기" in page
    assert f'href="{desk}"' in browse(pair[0]).get("/desk").text
    for stranger in (secretary, town.official(department=town.department("도로과"))):
        with pytest.raises(Denied):
            services.approve(one.id, entry.number, seen=queries.commitment(one.id).version, by=stranger)
    services.approve(one.id, entry.number, seen=queries.commitment(one.id).version, by=pair[0])
    page = browse().get(public).text
    assert SAID in page and origin in page
    assert queries.ledger(one.id).shifts == (("행사운영비", "사무관리비", 36_400_000),)
    assert f'href="{public}"' in browse().get(f"/forums/{meeting.forum.slug}").text
    for why, sum_moved in (("한 자리를 잘못 옮겼어요.", 30_000_000), ("다시 셌어요.", 31_000_000)):
        content = {name: entry.content[name] for name in ("item_from", "item_to", "of", "why")} | {"moved": sum_moved}
        told(one, EntryKind.SHIFT, content, *pair, on=meeting.starts_on, corrects=entry.number, why=why)
    assert [correction.content["link"] for correction in waiting()] == [origin] * 3
    page = browse().get(public).text
    assert "3,100만 원을 옮김" in page and origin in page


@pytest.mark.in_turns(of=5)
def test_a_secretary_who_is_an_official_there_approves_nothing_of_the_own_hand(town, pair):
    one, council = told(accepted(town, *pair), EntryKind.MONEY, LINES, *pair), body(town, secretary=pair[0])
    members_of(council.id)[0].user_id = pair[1].id  # a member, and the other official of the department
    db.session.commit()
    moved(council, one, pair[0])
    [entry] = waiting()
    with pytest.raises(Denied):
        services.approve(one.id, entry.number, seen=queries.commitment(one.id).version, by=pair[0])
    services.approve(one.id, entry.number, seen=queries.commitment(one.id).version, by=pair[1])


@pytest.mark.in_turns(of=5)
def test_a_contradiction_of_the_ledger_is_written_down_and_refused_by_the_department(town, pair, secretary):
    one = told(accepted(town, *pair), EntryKind.MONEY, LINES, *pair)
    moved(body(town, secretary=secretary), one, secretary, whole=160_000_000)
    [entry] = waiting()
    with pytest.raises(Refusal):
        services.approve(one.id, entry.number, seen=queries.commitment(one.id).version, by=pair[0])
    services.send_back(one.id, entry.number, "있던 돈이 달라요.", by=pair[0])
    assert queries.ledger(one.id).shifts == () and queries.commitment(one.id).waiting == 0


@pytest.mark.in_turns(of=5)
def test_nothing_follows_from_what_did_not_pass_or_is_not_public(town, pair, secretary):
    one, council = accepted(town, *pair), body(town, secretary=secretary)
    for days, result in enumerate((ItemResult.REJECTED, ItemResult.DEFERRED, None), -9):
        moved(council, one, secretary, result=result, days=days)
    moved(body(town, access=BodyAccess.CLOSED, secretary=secretary), one, secretary)
    assert waiting() == []
    moved(council, one, secretary, result=ItemResult.NO_OBJECTION)
    assert len(waiting()) == 1


@pytest.mark.in_turns(of=5)
def test_the_form_of_a_record_names_the_promise_and_the_sums(town, pair, secretary, browse):
    one, council = accepted(town, *pair), body(town, secretary=secretary)
    address, desk = f"/desk/bodies/{council.slug}/meetings/record", browse(secretary)
    sent = {"title": "2차 회의", "place": "소회의실", "starts_at": "2026-08-20T15:00", "ends_at": "2026-08-20T16:00",
            "items-0-title": "행사비를 자막에 쓰기", "items-0-kind": "decision", "items-0-result": "carried",
            "items-0-page": f"https://forum.example/commitments/{one.id}#story", "items-0-source": "행사운영비",
            "items-0-target": "사무관리비", "items-0-whole": "115,000,000", "items-0-moved": "36,400,000"}
    for wrong in ({"items-0-target": ""}, {"items-0-moved": "115,000,001"}, {"items-0-whole": "많이"},
                  {"items-0-moved": ""}, {"items-0-page": "/commitments/999999"}, {"items-0-page": "/"},
                  {"items-0-source": "가" * 61}):
        assert desk.post(address, data=sent | wrong).status_code == 422, wrong
    assert waiting() == []
    assert desk.post(address, data=sent).status_code == 303
    [entry] = waiting()
    assert entry.content["of"] == 115_000_000 and entry.commitment_id == one.id
