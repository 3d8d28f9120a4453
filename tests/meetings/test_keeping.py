"""A meeting that was held is written down once, by its secretary, and read as its body's access says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.blocks.seats import MemberFunction, SeatWay
from civic_forum.bodies import services as bodies
from civic_forum.bodies.parts import Appointment, BodyFacts
from civic_forum.bodies.rules import BodyAccess
from civic_forum.commitments.models import Commitment
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.models import Forum
from civic_forum.forums.record.models import Decision
from civic_forum.journeys.models import JourneyEntry
from civic_forum.meetings import queries, services
from civic_forum.meetings.models import Meeting, MeetingItem, Presence
from civic_forum.meetings.records import DecisionRecord, Money
from civic_forum.meetings.rules import UNREAD, Attendance, ItemResult, Votes
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal

from ..agendas.test_branching import begun
from ..bodies.making import appointed
from ..factories import count
from .making import body, item, members_of, record, signed

OPINION = "처음 안보다 줄었는데 줄인 이유를 적어 주세요."


@pytest.fixture
def secretary(town):
    return town.user()


@pytest.fixture
def council(town, secretary):
    return body(town, secretary=secretary)


def told(user):
    db.session.rollback()
    return {notice.step for notice in db.session.query(Notice).filter_by(user_id=user.id)}


def whole(town, **facts):
    return record(
        item(result=ItemResult.CARRIED, votes=Votes(3, 1, 0), present=4, opinions=(OPINION,), papers=("2차안",),
             money=Money(source="행사운영비", target="사무관리비", whole=115_000_000, moved=36_400_000),
             decisions=(DecisionRecord(text="밤길을 함께 걸어요.", department_id=town.department().id),)),
        item("분과 간사 뽑기", result=ItemResult.NO_OBJECTION, present=2), **facts)


@pytest.mark.both
def test_a_meeting_is_written_down_once(town, council, secretary, browse):
    members = members_of(council.id)
    meeting = services.keep(council.id, whole(town, report="보고서", present={
        members[0].id: Attendance.ON_SITE, members[1].id: Attendance.ONLINE, members[2].id: Attendance.ABSENT}),
        by=secretary)
    assert (meeting.number, meeting.members, meeting.needed) == (1, 5, 3)
    assert count(Presence) == 3 and count(Minutes) == 0 and count(Decision) == 1
    signed(meeting)
    page = browse().get(f"/forums/{meeting.forum.slug}")
    for words in (OPINION, "가결", "안건 2개를 다뤄 2개를 정했어요.", "안건 2 앞에서 정족수를 잃었어요", "7,860만 원",
                  "정할 수 있는 수보다 적게 있었어요.", "밤길을 함께 걸어요."):
        assert words in page.text, words
    assert "위원 0" not in page.text and "위원마다 보기" not in page.text
    assert "위원마다 보기" in browse(secretary).get(f"/forums/{meeting.forum.slug}").text
    minutes = browse().get(f"/forums/{meeting.forum.slug}/minutes").text
    assert OPINION in minutes and f'<a href="/bodies/{meeting.body.slug}">' in minutes
    assert "안건 2개를 다뤄 2개를 정했어요." in browse().get(f"/bodies/{council.slug}/meetings").text
    assert browse().get(f"/bodies/{council.slug}").text.count("약속 보기") == 1 == page.text.count('id="commitments"')
    for again in (whole(town), whole(town, report="보고서", days=-9)):
        with pytest.raises(Conflict):
            services.keep(council.id, again, by=secretary)
    assert count(Meeting) == count(Forum) == 1


@pytest.mark.both
def test_a_notice_becomes_the_record_of_what_was_dealt_with(town, council, secretary, browse):
    for wrong in ("http://meet.example/1", "https://a@meet.example/1", "https://", f"https://meet.example/{'a' * 500}"):
        with pytest.raises(Refusal):
            services.give_notice(council.id, record(days=4, video_url=wrong), by=secretary)
    room = "https://meet.example/1"
    coming = record(days=4, video_url=room)
    meeting = services.give_notice(council.id, coming, by=secretary)
    address = f"/forums/{meeting.forum.slug}"
    assert room in browse().get(address).text
    coming_page = browse(secretary).get(address).text
    assert "규칙보다 3일 늦게 알렸어요." in coming_page and f"{address}/calendar.ics" in coming_page
    assert "결과 적기" not in coming_page
    with pytest.raises(Conflict):
        services.give_notice(council.id, coming, by=secretary)
    with pytest.raises(Refusal):
        services.keep(council.id, coming, by=secretary)
    clock.shift(5 * 86_400)
    held = browse(secretary).get(address).text
    assert "결과는 아직 적지 않았어요." in held and "결과 적기" in held and "calendar.ics" not in held
    assert room not in held
    kept = services.keep(council.id, record(item(result=ItemResult.NOTED), item("새 안건"), days=0,
                                            starts_at=coming.starts_at, ends_at=coming.ends_at), by=secretary)
    assert kept.id == meeting.id and count(MeetingItem) == 2 and "새 안건" in browse().get(address).text
    inside = body(town, name="인사위원회", access=BodyAccess.MINUTES, secretary=secretary)
    address = f"/forums/{services.give_notice(inside.id, record(days=4, video_url=room), by=secretary).forum.slug}"
    readers = (None, town.administrator(), secretary)
    assert [room in browse(reader).get(address).text for reader in readers] == [False, False, True]


@pytest.mark.both
def test_opinions_and_minutes_wait_for_a_second_person_who_signs(town, secretary, browse):
    official, chair = town.official(), town.user()
    council = body(town, secretary=secretary, department_id=town.department().id)
    member = members_of(council.id)[0]
    member.user_id, member.name, member.function = chair.id, None, MemberFunction.CHAIR
    db.session.commit()
    meeting = services.keep(council.id, whole(town), by=secretary)
    address, act = f"/forums/{meeting.forum.slug}", f"/desk/bodies/meetings/{meeting.id}/minutes"
    seen = services.MINUTES.pending(services.signed_as(meeting.id)).fingerprint.hex()
    page = browse().get(address).text
    assert "가결" in page and "다른 사람이 확인하면" in page and OPINION not in page
    assert OPINION not in browse().get(f"{address}/minutes").text and act not in browse(secretary).get(address).text
    assert browse(town.moderator()).post(f"{address}/minutes").status_code == 403 and count(Minutes) == 0
    for person, status in ((secretary, 403), (town.moderator(), 403), (town.user(), 403)):
        assert browse(person).post(act, data={"seen": seen}).status_code == status
    assert f"{address}#minutes" in browse(official).get("/desk").text
    assert f"{address}#minutes" in browse(chair).get("/me/meetings").text
    for person in (official, chair):
        page = browse(person).get(address).text
        assert OPINION in page and act in page
    assert browse(official).post(act, data={"seen": "00" * 32}).status_code == 409 and count(Minutes) == 0
    assert browse(chair).post(act, data={"seen": seen}).status_code == 303
    assert browse(official).post(act, data={"seen": seen}).status_code == 404 and count(Minutes) == 1
    page = browse().get(f"{address}/minutes").text
    assert OPINION in page and f"서명했어요</b> {council.name}" in page and OPINION in browse().get(address).text
    assert f"{address}#minutes" not in browse(official).get("/desk").text


@pytest.mark.both
def test_minutes_that_are_sent_back_are_mended_and_wait_again(town, secretary, browse):
    council = body(town, secretary=secretary, department_id=town.department().id)
    official, desk = browse(town.official()), browse(secretary)
    meeting = services.keep(council.id, record(item(reported="지난 일", opinions=(OPINION,)), item("등"), item(
        "사람", closed_by="법 제9조", opinions=("김 아무개가 알맞다.",))), by=secretary)
    address, act = f"/forums/{meeting.forum.slug}", f"/desk/bodies/meetings/{meeting.id}/minutes"
    seen = services.MINUTES.pending(services.signed_as(meeting.id)).fingerprint.hex()
    assert f"{act}/return" in official.get(address).text and f"{act}/return" not in desk.get(address).text
    assert desk.get(f"{act}/text").status_code == 404
    for stranger in (town.moderator(), town.user()):
        assert browse(stranger).post(f"{act}/return", data={"seen": seen, "reason": "틀려요."}).status_code == 403
    for wrong, status in (({"reason": " "}, 422), ({"seen": "00"}, 409)):
        answer = official.post(f"{act}/return", data={"seen": seen, "reason": "둘째 줄이 틀려요."} | wrong)
        assert answer.status_code == status
    assert seen in official.get(f"{act}/return").text and "minutes_sent_back" not in told(secretary)
    assert official.post(f"{act}/return", data={"seen": seen, "reason": "둘째 줄이 틀려요."}).status_code == 303
    assert official.post(act, data={"seen": seen}).status_code == 404 and "minutes_sent_back" in told(secretary)
    assert f"{address}#minutes" not in official.get("/desk").text and OPINION in official.get(address).text
    for page in (desk.get("/me/meetings"), desk.get(f"/desk/bodies/{council.slug}"), desk.get(address)):
        assert f"{act}/text" in page.text
    for reader in (official, browse(town.user()), browse(town.administrator())):
        assert ("둘째 줄이 틀려요." in reader.get(address).text) is (reader.get(f"{act}/text").status_code == 200)
    assert "김 아무개" in desk.get(f"{act}/text").text
    assert "김 아무개" not in browse(town.administrator()).get(f"{act}/text").text
    mended = {"items-0-reported": "지난 일", "items-0-opinions": "- 고친 말", "items-1-reported": "",
              "items-2-opinions": "남은 말"}
    wrong = desk.post(f"{act}/text", data=mended | {"items-0-opinions": "고친 말 " * 200})
    assert wrong.status_code == 422 and "고친 말 고친 말" in wrong.text and "남은 말" in wrong.text
    assert desk.post(f"{act}/text", data={"items-0-opinions": "하나뿐"}).status_code == 409
    assert desk.post(f"{act}/text", data=mended).status_code == 303
    assert desk.post(f"{act}/text", data=mended).status_code == 404 and OPINION not in desk.get(address).text
    assert "고친 말" not in browse().get(address).text and "둘째 줄이 틀려요." not in desk.get(address).text
    assert official.post(f"{act}/return", data={"seen": seen, "reason": "전의 글이에요."}).status_code == 409
    signed(meeting, by=town.official())
    text = browse().get(f"{address}/minutes").text
    assert "고친 말" in text and OPINION not in text and "남은 말" not in text


def test_nobody_but_the_secretary_writes_a_meeting_down(town, council, secretary):
    for stranger in (town.user(), town.moderator(), town.official()):
        with pytest.raises(Denied):
            services.keep(council.id, whole(town), by=stranger)
    for wrong in ({"came": [("민간", 6, 5)]}, {"ends_at": record().starts_at - timedelta(hours=1)}, {"title": " "},
                  {"place": "900101-1234568"}):
        with pytest.raises(Refusal):
            services.keep(council.id, whole(town, **wrong), by=secretary)
    with pytest.raises(Refusal):
        services.keep(council.id, record(item(opinions=("주민번호 900101-1234568",))), by=secretary)
    assert count(Meeting) == count(Forum) == 0


def test_a_result_is_a_step_of_the_journey_of_its_subject(town, council, secretary, browse):
    proposal = town.proposal()
    agenda = begun(town.moderator(), "night-walks", town.proposal())
    meeting = services.keep(council.id, record(
        item(about=("agenda", agenda.slug), result=ItemResult.DEFERRED),
        item("제안 하나", about=("proposal", str(proposal.number)), result=ItemResult.CARRIED)), by=secretary)
    for number, (subject, word) in enumerate(((agenda, "보류"), (proposal, "가결")), 1):
        entries = db.session.query(JourneyEntry).filter_by(
            journey_id=db.session.get(type(subject), subject.id).journey_id, step="in_meeting").all()
        assert [entry.link for entry in entries] == [f"/forums/{meeting.forum.slug}#item-{number}"]
        assert word in entries[0].evidence
    for wrong in (("agenda", "nothing-there"), ("nothing", "1")):
        with pytest.raises(Refusal):
            services.keep(council.id, record(item(about=wrong), days=-9), by=secretary)


READ = {BodyAccess.OPEN: (200, True, True), BodyAccess.MINUTES: (200, True, True),
        BodyAccess.RESULTS: (200, True, False), BodyAccess.CLOSED: (404, False, False)}


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("access", BodyAccess)
def test_each_access_opens_what_it_says(town, browse, secretary, access):
    council = body(town, access=access, secretary=secretary)
    meeting = services.keep(council.id, whole(town), by=secretary)
    if access not in UNREAD:
        signed(meeting)
    address = f"/forums/{meeting.forum.slug}"
    for actor in (None, town.user(), town.moderator(), town.official()):
        status, results, opinions = READ[access]
        page = browse(actor).get(address)
        assert page.status_code == status
        assert (("가결" in page.text), (OPINION in page.text)) == (results, opinions)
        assert browse(actor).get(f"{address}/minutes").status_code == status
        assert (OPINION in browse(actor).get(f"{address}/minutes").text) is opinions
        assert meeting.forum.title not in browse(actor).get("/forums?form=meeting").text  # bodies list their meetings
        for listing in ("/bodies", f"/bodies/{council.slug}/meetings", "/search?q=교육·문화분과회의"):
            assert (meeting.forum.title in browse(actor).get(listing).text) <= (status == 200), listing
    inside = browse(secretary).get(address)
    assert inside.status_code == 200 and OPINION in inside.text


def test_a_closed_item_keeps_its_result_and_says_why(town, council, secretary, browse):
    meeting = services.keep(council.id, record(item(
        "심사위원 정하기", closed_by="정보공개법 제9조 제1항 제6호", opinions=("김 아무개가 알맞다.",), result=ItemResult.CARRIED)),
        by=secretary)
    signed(meeting)
    for path in ("", "/minutes", "/record"):
        text = browse().get(f"/forums/{meeting.forum.slug}{path}").text
        assert "김 아무개" not in text
    page = browse().get(f"/forums/{meeting.forum.slug}").text
    assert "제9조 제1항 제6호" in page and "가결" in page
    assert "김 아무개" in browse(secretary).get(f"/forums/{meeting.forum.slug}").text


def test_members_hear_of_notice_and_record_and_not_who_wrote_them(town, browse):
    secretary, member = town.user(), town.user()
    council = body(town, members=0, secretary=secretary)
    appointed(council.id, Appointment(seat="civil", sign_in_name=member.sign_in_name, way=SeatWay.CALL,
                                      begins=date(2020, 1, 1)), by=town.administrator())
    services.give_notice(council.id, record(days=4), by=secretary)
    services.keep(council.id, whole(town), by=secretary)
    both = {"meeting_noticed", "meeting_kept"}
    assert told(member) >= both and not told(secretary) & both


@pytest.mark.both
def test_nothing_of_a_closed_meeting_stands_at_any_desk(town, browse, secretary):
    council = body(town, access=BodyAccess.CLOSED, secretary=secretary)
    meeting = services.keep(council.id, whole(town, title="아무도 모를 회의"), by=secretary)
    for actor in (town.moderator(), town.official(), town.clerk()):
        assert "아무도 모를 회의" not in browse(actor).get("/desk/forums").text
        assert browse(actor).get(f"/desk/forums/{meeting.forum.slug}").status_code in (403, 404)


def test_a_body_that_is_closed_later_closes_its_meetings(town, browse, council, secretary):
    meeting = services.keep(council.id, whole(town), by=secretary)
    address = f"/forums/{meeting.forum.slug}"
    assert browse().get(address).status_code == 200
    facts = replace(BodyFacts.of_record(council), access=BodyAccess.CLOSED, access_reason="정보공개법 제9조")
    bodies.edit(council.id, facts, version=1, by=town.administrator())
    for path in ("", "/minutes", "/record"):
        for actor in (None, town.moderator()):
            assert browse(actor).get(address + path).status_code == 404
    assert meeting.forum.title not in browse().get("/search?q=교육·문화분과회의").text
    assert browse(secretary).get(address).status_code == 200
    [promise] = db.session.scalars(sa.select(Commitment)).all()
    page = browse().get(f"/commitments/{promise.id}").text
    assert "밤길을 함께 걸어요." in page and address not in page


@pytest.mark.both
def test_a_meeting_that_is_cancelled_says_why_and_its_items_wait_again(town, browse):
    secretary, member = town.user(), town.user()
    council, agenda = body(town, members=0, secretary=secretary), begun(town.moderator(), "lights", town.proposal())
    appointed(council.id, Appointment(seat="civil", sign_in_name=member.sign_in_name, way=SeatWay.CALL,
                                      begins=date(2020, 1, 1)), by=town.administrator())
    services.put(council.id, ("agenda", agenda.slug), by=secretary)
    coming = record(item("등 달기", about=("agenda", agenda.slug)), item("간사 뽑기"), days=9)
    meeting = services.give_notice(council.id, coming, by=secretary)
    assert not queries.waiting(council.id)
    address, act = f"/forums/{meeting.forum.slug}", f"/desk/bodies/meetings/{meeting.id}/cancellation"
    assert act in browse(secretary).get(address).text and act not in browse(member).get(address).text
    assert browse(member).post(act, data={"reason": "눈이 와요."}).status_code == 403
    assert browse(secretary).post(act, data={"reason": " "}).status_code == 422 and not queries.waiting(council.id)
    assert browse(secretary).post(act, data={"reason": "눈이 많이 와요."}).status_code == 303
    assert browse(secretary).post(act, data={"reason": "눈이 많이 와요."}).status_code == 409
    assert {matter.title for matter in queries.waiting(council.id)} == {agenda.question, "간사 뽑기"}
    page = browse(secretary).get(address).text
    assert "취소했어요: 눈이 많이 와요." in page and act not in page and "일 늦었어요" not in page
    assert "취소했어요" in browse().get(f"/bodies/{council.slug}/meetings").text
    assert "다음 회의" not in browse().get(f"/bodies/{council.slug}").text and "meeting_cancelled" in told(member)
    assert meeting.forum.title not in browse(member).get("/me/meetings").text
    for file in ("/calendar.ics", f"/share/forums/{meeting.forum.slug}/calendar.ics"):
        text = browse().get(file).text
        assert "STATUS:CANCELLED" in text and "STATUS:CONFIRMED" not in text and "SEQUENCE:2" in text, file
    assert "기록할 회의" not in browse(secretary).get(f"/desk/bodies/{council.slug}").text
    clock.shift(10 * 86_400)
    services.keep(council.id, replace(coming, place="시장실"), by=secretary)
    assert "취소했어요" not in browse().get(address).text and not queries.waiting(council.id)
