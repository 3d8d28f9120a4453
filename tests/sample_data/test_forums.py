"""The sample forums: what was at the one of 2020, what goes on at the live one, who registered for the next."""

import json
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.forums import queries as forums
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.minutes.models import Correction, Minutes
from civic_forum.forums.models import Forum, ForumEvent
from civic_forum.forums.preparing.process import DOCUMENTS
from civic_forum.forums.pulses.models import Pulse, PulseResponse
from civic_forum.forums.questions.models import Question, QuestionSupport
from civic_forum.forums.record.models import Decision
from civic_forum.forums.registration import queries as registering
from civic_forum.forums.registration.models import RecordingConsent, Registration
from civic_forum.forums.rules import Form, ForumEventKind, MinutesKind, Place, RequestState, Stage, Way
from civic_forum.forums.tables.models import ForumTable, Note
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.sample_data import people
from civic_forum.visits.models import VisitRequest

PAST, LIVE, COMING = "night-doksanro-2020", "gvalley-lunch-live", "siheung-alley-parking"
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture(scope="module")
def told() -> dict[str, dict]:
    return {one["slug"]: one for one in json.loads((people.DATA / "forums.json").read_text("utf-8"))["forums"]}


def count(model, **facts) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).filter_by(**facts))


def events(forum) -> list[ForumEvent]:
    return list(db.session.scalars(sa.select(ForumEvent).filter_by(forum_id=forum.id).order_by(ForumEvent.number)))


@pytest.mark.parametrize(("slug", "stage"), [(PAST, Stage.FINISHED), (LIVE, Stage.LIVE), (COMING, Stage.ANNOUNCED)])
def test_each_is_at_its_stage_and_its_events_are_numbered_in_the_order_of_time(slug, stage):
    forum = forums.slugged(slug)
    found = events(forum)
    assert forum.stage is stage and forum.last_number == len(found)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_the_record_of_2020_holds_everything_once(told):
    forum, entry = forums.slugged(PAST), told[PAST]
    notes = [note["text"] for table in entry["tables"] for group in table["groups"] for note in group["notes"]]
    written = db.session.scalars(sa.select(Note.text).join(ForumTable).where(ForumTable.forum_id == forum.id))
    assert sorted(written) == sorted(notes) and len(notes) == 50
    asked = set(db.session.scalars(sa.select(Question.text).filter_by(forum_id=forum.id)))
    assert asked == {one["text"] for one in entry["questions"]}
    assert set(db.session.scalars(sa.select(Decision.text).filter_by(forum_id=forum.id))) == {
        one["text"] for one in entry["decisions"]}
    assert count(Turn, forum_id=forum.id) == len(entry["speakers"]) + len(entry["host_turns"])
    assert count(SpeakingRequest, forum_id=forum.id, state=RequestState.CALLED) == 6
    assert [pulse.counts["no"] for pulse in db.session.scalars(
        sa.select(Pulse).filter_by(forum_id=forum.id).order_by(Pulse.opened_at).limit(2))] == [71, 8]
    kinds = [one.kind for one in events(forum)]
    assert kinds[0] is ForumEventKind.FORUM_OPENED and kinds[-1] is ForumEventKind.FORUM_CLOSED
    assert kinds.count(ForumEventKind.NOTE_WRITTEN) == 50 and kinds.count(ForumEventKind.CAPTION_WRITTEN) == 31


def test_its_minutes_were_corrected_and_signed(told):
    forum = forums.slugged(PAST)
    first, second = db.session.scalars(sa.select(Minutes).filter_by(forum_id=forum.id).order_by(Minutes.version))
    assert (first.kind, second.kind) == (MinutesKind.DRAFT, MinutesKind.SIGNED) and forum.signed_version == 2
    assert "없는 곳은 아홉 군데" in str(first.sections) and "없는 곳은 여섯 군데" in str(second.sections)
    assert second.sections == told[PAST]["minutes"]["sections"] and count(Correction, forum_id=forum.id) == 2


def test_the_live_one_is_as_far_as_it_was_told(told):
    forum, entry = forums.slugged(LIVE), told[LIVE]
    assert [one.number for one in forum.items if one.started_at and not one.ended_at] == [3]
    running = db.session.scalars(sa.select(Turn).filter_by(forum_id=forum.id, ended_at=None)).one()
    assert running.user.nickname == "6시45분열차"
    assert count(SpeakingRequest, forum_id=forum.id, state=RequestState.WAITING) == len(entry["queue"])
    pulse = db.session.scalars(sa.select(Pulse).filter_by(forum_id=forum.id)).one()
    assert pulse.closed_at is None and count(PulseResponse, pulse_id=pulse.id) == 70
    here = registering.counts(forum.id)
    assert (here.held[Way.ON_SITE], here.held[Way.ONLINE], here.came) == (23, 61, 84)
    for one in db.session.scalars(sa.select(Question).filter_by(forum_id=forum.id)):
        assert count(QuestionSupport, question_id=one.id) == one.support_count
    last = events(forum)[-1]
    assert timedelta(0) < last.at - forum.opened_at < timedelta(minutes=43)


def test_people_who_registered_for_the_next_one_and_people_who_wait(told):
    forum, entry = forums.slugged(COMING), told[COMING]
    here, counts = registering.counts(forum.id), entry["registration"]["counts"]
    assert here.held == {Way.ON_SITE: counts["on_site"], Way.ONLINE: counts["online"]}
    assert here.waiting == {Way.ON_SITE: counts["waiting_on_site"]}
    by_name = dict(db.session.execute(sa.select(User.sign_in_name, Registration.place).join(
        Registration, Registration.user_id == User.id).where(Registration.forum_id == forum.id)).all())
    assert by_name["resident1"] is Place.HELD and by_name["resident8"] is Place.WAITING
    assert count(RecordingConsent, forum_id=forum.id, given=True) == entry["registration"]["consent_recording"]["yes"]
    assert registering.needed(forum.id)["실시간 자막"] == 9
    assert [one.media_type for one in DOCUMENTS.of(forum)] == ["application/pdf"]
    sealed = db.session.scalars(sa.select(Registration.needs_sealed).where(Registration.needs_sealed.is_not(None)))
    assert "아이 돌봄이 필요해요." in {keys.unseal("forums.needs", one) for one in sealed}


def test_agendas_lead_to_their_forums_and_say_so_in_their_journey():
    for slug in (LIVE, COMING):
        forum = db.session.scalars(sa.select(Forum).filter_by(slug=slug)).one()
        assert db.session.scalar(sa.select(JourneyEntry.id).filter_by(
            journey_id=db.session.get_one(Agenda, forum.about_id).journey_id, step="forum_announced",
            link=f"/forums/{slug}"))


def test_twelve_visits_and_a_session_were_written_down_afterwards(district):
    written = db.session.scalars(sa.select(Forum).where(Forum.recorded_at.is_not(None)).order_by(Forum.starts_at)).all()
    visits = [forum for forum in written if forum.form is Form.VISIT]
    assert [forum.came["on_site"] for forum in visits] == [138, 64, 41, 73, 38, 22, 35, 44, 29, 58, 96, 47]
    assert len({forum.neighbourhood_id for forum in visits}) == 10 and all(forum.went for forum in visits)
    assert Counter(forum.visit_kind for forum in visits) == {
        "동에 번쩍": 8, "주민과의 대화": 2, "목요일에 만나는 골목구청장": 2}
    assert {local(visits[place].starts_at).weekday() for place in (5, 8)} == {3}
    assert "담배꽁초" in district.test_client().get(f"/forums/{visits[4].slug}").text
    assert "비가 와서" in district.test_client().get(f"/forums/{visits[11].slug}").text
    session, = (forum for forum in written if forum.form is Form.SESSION)
    assert "마을자치과" in district.test_client().get(f"/forums/{session.slug}").text and session.came["on_site"] == 24


def test_residents_asked_for_three_visits(district):
    asked = db.session.scalars(sa.select(VisitRequest).order_by(VisitRequest.id)).all()
    assert [(request.names, bool(request.answered_at)) for request in asked] == [(14, True), (7, True), (5, False)]
    assert asked[0].visit.closed_at is not None and asked[1].ask_again_on is not None
    shown = district.test_client().get("/visits").text
    assert "수질 검사 결과가 먼저 나와야 해요." in shown and "초등학교 뒷문 앞" in shown and "밤에 불이 없어요." not in shown


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("address", ["/forums", f"/forums/{PAST}", f"/forums/{LIVE}", f"/forums/{COMING}",
                                     f"/forums/{COMING}/calendar.ics", "/", "/agendas/siheung-alleys"])
def test_their_pages_are_there(district, address):
    assert district.test_client().get(address).status_code == 200
