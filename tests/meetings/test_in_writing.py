"""Members who answer in writing: each answer stands in the record, and only seats that vote decide."""

from datetime import date, timedelta

import pytest

from civic_forum.blocks.seats import SeatSide, SeatWay
from civic_forum.bodies import services as bodies
from civic_forum.bodies.parts import Appointment, SeatFacts
from civic_forum.bodies.rules import BodyAccess
from civic_forum.meetings import services
from civic_forum.meetings.models import Meeting, MeetingItem, Presence
from civic_forum.meetings.rules import Answer, ItemKind, ItemResult, Votes
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import day, local

from ..factories import count
from ..bodies.making import appointed
from .making import body, item, members_of, record, signed

ANSWERS = (Answer.YES, Answer.YES, Answer.NO, Answer.ABSTAINED)


@pytest.fixture
def secretary(town):
    return town.user()


def answered(council, answers=ANSWERS, **facts):
    ids = [member.id for member in members_of(council.id)]
    return item("돌봄 의자 놓기", **{"answers": dict(zip(ids, answers, strict=False)), "result": ItemResult.CARRIED} | facts)


def written(*items, **facts):
    return record(*items, title="2026년 4차 서면 의결", place="서면", written=True, **facts)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("access", (BodyAccess.OPEN, BodyAccess.RESULTS))
def test_each_answer_is_counted_and_read_as_the_access_says(town, secretary, browse, access):
    council = body(town, access=access, secretary=secretary)
    named = members_of(council.id)[0]
    named.consent, name = True, named.name
    db.session.commit()
    meeting = services.keep(council.id, written(answered(council)), by=secretary)
    if access is BodyAccess.OPEN:
        signed(meeting)
    [kept] = meeting.items
    assert (kept.yes, kept.no, kept.abstained, kept.present, meeting.needed) == (2, 1, 1, 4, 3)
    assert count(Presence) == 0 and {number for _id, _answer, number in kept.named} <= {1, 2, 3, 4, 5}
    page = browse().get(f"/forums/{meeting.forum.slug}").text
    assert "가결" in page and "찬성이 절반을 넘지 않는데 가결로 적혀 있어요." in page and ">위원 1<" not in page
    is_open = access is BodyAccess.OPEN
    seen = page.count(">민간 위원 "), page.count(f">{name}<"), "위원의 답" in page
    assert seen == ((3, 1, True) if is_open else (0, 0, False))
    inside = browse(secretary).get(f"/forums/{meeting.forum.slug}").text
    assert all(f">위원 {number}<" in inside for number in range(4)) and ">위원 4<" not in inside
    minutes = browse().get(f"/forums/{meeting.forum.slug}/minutes").text
    assert (minutes.count("- 민간 위원 "), f"- {name}" in minutes) == ((4, False) if is_open else (0, False))


@pytest.mark.in_turns(of=5)
def test_nobody_decides_without_a_vote(town, secretary):
    council = body(town, secretary=secretary)
    bodies.add_seats(council.id, "guest", SeatFacts(name="자문", number=1, side=SeatSide.EXPERT, way=SeatWay.CALL),
                     by=town.administrator())
    guest = appointed(council.id, Appointment(seat="guest", name="자문 위원", way=SeatWay.CALL, begins=date(2020, 1, 1)),
                      by=town.administrator())
    stranger = members_of(body(town, name="청년분과").id)[0]
    ids = [member.id for member in members_of(council.id)]
    for wrong in ({guest.id: Answer.YES}, {stranger.id: Answer.YES}, {ids[0]: Answer.YES, 999_999: Answer.NO}):
        with pytest.raises(Refusal):
            services.keep(council.id, written(item(answers=wrong)), by=secretary)
    with pytest.raises(Refusal):
        services.keep(council.id, written(answered(council), days=-9_000), by=secretary)
    assert count(Meeting) == 0


def test_sums_and_forms_that_contradict_each_other_are_refused(town, secretary):
    council = body(town, secretary=secretary)
    services.keep(council.id, written(answered(council, votes=Votes(2, 1, 1)), days=-9), by=secretary)
    for wrong in (written(answered(council, votes=Votes(3, 1, 0))), written(item(result=ItemResult.CARRIED)),
                  written(answered(council), item("둘째")), record(answered(council)),
                  written(answered(council, kind=ItemKind.ELECTION))):
        with pytest.raises(Refusal):
            services.keep(council.id, wrong, by=secretary)
    assert count(Meeting) == 1


@pytest.mark.both
def test_the_secretary_writes_the_answers_down_on_a_page(town, secretary, browse):
    council, desk = body(town, secretary=secretary), browse(secretary)
    address = f"/desk/bodies/{council.slug}/meetings/written"
    ids = [member.id for member in members_of(council.id)]
    page = desk.get(address).text
    assert "1차 교육·문화분과 서면 의결" in page and page.count("답하지 않음") >= 5 and "누가 왔나요" not in page
    sent = {"title": "1차 서면 의결", "starts_at": "2026-08-20T09:00", "ends_at": "2026-08-24T18:00",
            "items-0-title": "돌봄 의자 놓기", "items-0-kind": "decision", "items-0-result": "carried"}
    nobody = desk.post(address, data=sent)
    assert nobody.status_code == 422 and "안건마다 위원의 답을" in nobody.text and count(Meeting) == 0
    again = desk.post(address, data=sent | {f"items-0-named-{ids[0]}": "yes", "items-0-kind": ""})
    assert again.status_code == 422 and again.text.count('value="yes" selected') == 1
    answer = desk.post(address, data=sent | {f"items-0-named-{ids[0]}": "yes", f"items-0-named-{ids[1]}": "no"})
    assert answer.status_code == 303
    page = browse().get(answer.location).text
    assert "까지 서면으로 답했어요" in page and "정할 수 있는 수보다 적게 있었어요." in page
    db.session.rollback()
    assert db.session.query(MeetingItem).one().votes == Votes(1, 1, 0)


@pytest.mark.in_turns(of=5)
def test_members_hear_until_when_they_answer_in_writing(town, browse, secretary):
    member = town.user()
    council = body(town, members=0, secretary=secretary)
    appointed(council.id, Appointment(seat="civil", sign_in_name=member.sign_in_name, way=SeatWay.CALL,
                                      begins=date(2020, 1, 1)), by=town.administrator())
    with pytest.raises(Refusal):
        services.give_notice(council.id, written(days=-1), by=secretary)
    address, now = f"/desk/bodies/{council.slug}/meetings", local(clock.now())
    sent = {"title": "1차 서면 의결", "starts_at": f"{now:%Y-%m-%dT%H:%M}", "written": "y", "items-0-kind": "decision",
            "items-0-title": "등 달기", "ends_at": f"{now + timedelta(days=20):%Y-%m-%dT18:00}"}
    answer = browse(secretary).post(f"{address}/notice", data=sent)
    assert answer.status_code == 303
    words = f"{day(now.date() + timedelta(days=20))}까지 서면으로 답해"
    [notice] = db.session.query(Notice).filter_by(user_id=member.id, step="resolution_noticed")
    assert notice.details == {"until": (now.date() + timedelta(days=20)).isoformat()}
    meeting = db.session.query(Meeting).one()
    clock.shift(18 * 86_400)
    assert words in browse(member).get("/me/meetings").text
    page = browse(secretary).get(answer.location).text
    assert words in page and "일 늦" not in page and f"{address}/written?meeting={meeting.id}" in page
    clock.shift(21 * 86_400)
    assert f"{address}/written?meeting={meeting.id}" in browse(secretary).get(f"/desk/bodies/{council.slug}").text
    forum = meeting.forum
    answers = {members_of(council.id)[0].id: Answer.YES}
    kept = services.keep(council.id, written(item(answers=answers), starts_at=forum.starts_at,
                                             ends_at=forum.ends_at), by=secretary)
    assert kept.id == meeting.id and kept.written and count(Meeting) == 1
