"""The desk on which a moderator prepares a forum, from the first form to its opening."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.agendas.models import Agenda
from civic_forum.agendas.rules import AgendaState
from civic_forum.ballots.models import ElectionSeason
from civic_forum.forums.models import Forum, ForumDuty, ForumEvent, ProgrammeItem
from civic_forum.forums.preparing import services as stages
from civic_forum.forums.preparing.process import DOCUMENTS, PROCESS
from civic_forum.forums.rules import Duty, ForumEventKind, Stage
from civic_forum.journeys.models import Journey, JourneyEntry
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied
from civic_forum.platform.i18n import local
from tests.common import form_of, main_of, picture, stamp
from tests.factories import saved
from tests.forums.scene import announced_forum, live_forum
from tests.picking import chosen

DESK = "/desk/forums"


def made(page, slug="night-walk", starts=None, hours=2) -> str:
    """A forum as the first form makes it; its address on the desk."""
    starts = starts or clock.now() + timedelta(minutes=30)
    answer = page.post(f"{DESK}/new", data={
        "form": "forum", "title": "밤에도 걷기 좋은 골목", "question": "무엇부터 밝힐까요?", "slug": slug,
        "place": "구청 대강당과 온라인",
        "starts_at": stamp(starts), "ends_at": stamp(starts + timedelta(hours=hours))})
    assert answer.status_code == 303 and answer.location == f"{DESK}/{slug}"
    return answer.location


def sent_to(page, address, **change):
    """The answer when the large form of a page is sent as it stands, but for this."""
    return page.post(address, data=form_of(page, address) | change)


def filled(page, host, slug="night-walk", **facts) -> str:
    here = made(page, slug, **facts)
    assert sent_to(page, f"{here}/items", title="발제", minutes="40").status_code == 303
    assert page.post(f"{here}/duties", data=form_of(page, f"{here}/duties") | {
        "duty": "host", "sign_in_name": host.sign_in_name.upper()}).status_code == 303
    assert sent_to(page, f"{here}/times", on_site_places="40", online_places="1,000").status_code == 303
    assert page.post(f"{here}/access", data=form_of(page, f"{here}/access") | {
        "accessibility": "실시간 자막\n수어 통역\n실시간 자막\n", "recording_note": "동의한 분의 얼굴만 나와요.",
        "video_url": "https://youtu.be/dQw4w9WgXcQ"}).status_code == 303
    return here


@pytest.mark.in_turns(of=5)
def test_a_moderator_makes_a_forum_from_nothing_to_one_that_runs(town, browse):
    page, host = browse(town.moderator()), town.resident(nickname="별밤지기")
    here = made(page)
    assert "빠진 것 4가지" in main_of(page.get(here))
    assert browse().get("/forums/night-walk").status_code == 404
    here = filled(page, host, "lights")
    sent = form_of(page, f"{here}/items")
    assert page.post(f"{here}/items", data=sent | {"title": "논의", "minutes": "90", "text": "둘러앉아요."}).status_code == 303
    assert "10분이 넘쳐요" in main_of(page.get(f"{here}/items"))
    sent = form_of(page, f"{here}/documents") | {"file": (picture(), "map.png"), "description": "어두운 곳을 적은 지도"}
    assert page.post(f"{here}/documents", data=sent).status_code == 303
    sent = form_of(page, f"{here}/duties") | {"duty": "interpreter", "name": "수어 통역사 두 분"}
    assert page.post(f"{here}/duties", data=sent).status_code == 303

    assert "모두에게 알리기" in main_of(page.get(here))
    assert page.post(f"{here}/announcements").status_code == 303
    public = main_of(browse().get("/forums/lights"))
    for said in ("무엇부터 밝힐까요?", "별밤지기", "수어 통역사 두 분", "실시간 자막", "동의한 분의 얼굴만 나와요.",
                 "어두운 곳을 적은 지도", "발제", "논의", "40분", "1,000자리 가운데 0명"):
        assert said in public
    assert main_of(browse().get("/forums/lights")).count("실시간 자막") == 1

    answer = page.post(f"{here}/openings")
    assert answer.status_code == 303 and answer.location == "/forums/lights/host"
    forum = db.session.scalar(sa.select(Forum).filter_by(slug="lights"))
    assert forum.stage is Stage.LIVE and forum.last_number == 1
    assert db.session.scalar(sa.select(ForumEvent)).kind is ForumEventKind.FORUM_OPENED
    actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"forums.made", "forums.edited", "forums.announced", "forums.opened"} <= actions


@pytest.mark.both
def test_items_keep_their_order_while_they_are_moved_and_taken_out(town, browse):
    page = browse(town.moderator())
    here = made(page)
    for title in ("하나", "둘", "셋"):
        page.post(f"{here}/items", data=form_of(page, f"{here}/items") | {"title": title, "minutes": "10"})

    def titles():
        db.session.rollback()
        return list(db.session.scalars(sa.select(ProgrammeItem.title).order_by(ProgrammeItem.number)))

    def version():
        return db.session.scalar(sa.select(Forum.version))

    assert page.post(f"{here}/items/3/moves", data={"version": version(), "to": "1"}).status_code == 303
    assert titles() == ["셋", "하나", "둘"]
    assert page.post(f"{here}/items/2/removals", data={"version": version()}).status_code == 303
    assert titles() == ["셋", "둘"]
    assert page.post(f"{here}/items/1/moves", data={"version": version(), "to": "9"}).status_code == 422
    assert page.post(f"{here}/items/7/removals", data={"version": version()}).status_code == 404
    sent = form_of(page, f"{here}/items/1") | {"minutes": "12", "title": "넷"}
    assert page.post(f"{here}/items/1", data=sent).status_code == 303 and titles() == ["넷", "둘"]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("part", "change", "said"), [
    ("wording", {"title": " "}, "여기를 채워 주세요"),
    ("wording", {"question": "가" * 301}, "300자까지"),
    ("wording", {"agenda_slug": "no-such"}, "이런 주소의 공개한 의제가 없어요"),
    ("wording", {"title": "900101-1234568"}, "주민등록번호"),
    ("times", {"ends_at": "2020-01-01T00:00"}, "10분 뒤여야"),
    ("times", {"starts_at": "어제"}, "날짜와 시각을 다시 확인"),
    ("times", {"online_places": "많이"}, "숫자로 적어 주세요"),
    ("times", {"online_places": "1000000"}, "100,000"),
    ("access", {"video_url": "http://x.org"}, "https://로 시작하는 주소"),
    ("access", {"accessibility": "\n".join(f"것 {n}" for n in range(13))}, "12가지까지"),
    ("items", {"title": "발제", "minutes": "0"}, "몇 분인지"),
    ("items", {"title": "", "minutes": "5"}, "여기를 채워 주세요"),
    ("duties", {"duty": "host", "name": "이름만"}, "로그인 이름을 적어 주세요"),
    ("duties", {"duty": "panel", "sign_in_name": "nobody-here"}, "이런 로그인 이름을 쓰는 사람이 없어요"),
    ("duties", {"duty": "king", "name": "왕"}, "하나를 골라 주세요"),
    ("documents", {"description": "무엇"}, "파일을 골라 주세요"),
])
def test_a_fault_is_said_at_its_field_and_the_typed_text_stays(town, browse, part, change, said):
    page = browse(town.moderator())
    here = made(page)
    answer = page.post(f"{here}/{part}", data=form_of(page, f"{here}/{part}") | change)
    assert answer.status_code == 422 and said in main_of(answer)
    typed = [one for one in change.values() if one.strip()]
    shown = html.fromstring(answer.text).xpath("//main//form[contains(@class, 'form')]")[0]
    values = {value.strip() for _name, value in shown.form_values()}
    assert all(one.strip() in values or one == "king" for one in typed)


def test_an_address_that_is_taken_or_of_the_site_is_refused(town, browse):
    page = browse(town.moderator())
    made(page)
    now = clock.now() + timedelta(days=1)
    for slug, status in (("night-walk", 409), ("new", 422), ("Bad Slug", 422)):
        answer = page.post(f"{DESK}/new", data={
            "form": "forum", "title": "제목", "question": "질문", "slug": slug, "place": "곳",
            "starts_at": stamp(now), "ends_at": stamp(now + timedelta(hours=1))})
        assert answer.status_code == status


@pytest.mark.both
def test_in_election_season_a_forum_is_announced_only_by_somebody_who_answers_for_it(town, browse):
    moderator = town.moderator(nickname="달빛")
    page = browse(moderator)
    here = filled(page, town.resident())
    today = local(clock.now()).date()
    saved(ElectionSeason(name="지방선거", first_day=today, last_day=today + timedelta(days=3), set_by_id=moderator.id,
                         set_at=clock.now()))
    assert "확인하러 가기" in main_of(page.get(here))
    assert page.post(f"{here}/announcements").status_code == 409
    assert "공직선거법" in main_of(page.get(f"{here}/season"))
    assert page.post(f"{here}/season").status_code == 303
    assert page.post(f"{here}/season").status_code == 409
    assert page.post(f"{here}/announcements").status_code == 303
    assert "달빛 님이 확인하고" in main_of(browse().get("/forums/night-walk"))
    moved = clock.now() + timedelta(minutes=40)
    assert sent_to(page, f"{here}/times", starts_at=stamp(moved),
                   ends_at=stamp(moved + timedelta(hours=1))).status_code == 303
    assert page.post(f"{here}/openings").status_code == 409


@pytest.mark.both
def test_a_forum_is_opened_by_its_host_at_its_time_and_not_before(town):
    forum = announced_forum(town)
    host = town.resident()
    saved(ForumDuty(forum_id=forum.id, duty=Duty.HOST, user_id=host.id))
    with pytest.raises(Denied, match="부터 시작할 수 있어요"):
        stages.open_forum(forum.id, by=host)
    forum.starts_at = clock.now() + timedelta(minutes=59)
    db.session.commit()
    with pytest.raises(Denied, match="진행자와 운영자만"):
        stages.open_forum(forum.id, by=town.resident())
    assert stages.open_forum(forum.id, by=host).stage is Stage.LIVE
    with pytest.raises(Denied, match="이미 시작했"):
        stages.open_forum(forum.id, by=host)


@pytest.mark.both
def test_a_running_forum_is_edited_but_its_times_are_not_and_one_that_is_over_stays(town, browse):
    scene = live_forum(town)
    page, here = browse(scene.moderator), f"{DESK}/{scene.forum.slug}"
    assert sent_to(page, f"{here}/access", recording_note="새 글").status_code == 303
    db.session.rollback()
    kinds = list(db.session.scalars(sa.select(ForumEvent.kind)))
    assert kinds == [ForumEventKind.FORUM_CHANGED]
    assert page.post(f"{here}/times", data=form_of(page, f"{here}/times")).status_code == 403
    assert page.post(f"{here}/items", data={"title": "더", "minutes": "5", "version": "1"}).status_code == 403
    stages.close_forum(scene.forum.id, by=scene.host)
    assert page.post(f"{here}/access", data={"version": "2", "recording_note": "더 새 글"}).status_code == 403
    with pytest.raises(Denied):
        stages.close_forum(scene.forum.id, by=scene.host)


@pytest.mark.both
def test_a_document_on_the_screen_leaves_it_when_it_is_taken_away(town, browse):
    page = browse(town.moderator())
    here = made(page)
    page.post(f"{here}/documents", data=form_of(page, f"{here}/documents") | {
        "file": (picture(), "map.png"), "description": "지도"})
    db.session.rollback()
    forum = db.session.scalar(sa.select(Forum))
    key = html.fromstring(page.get(f"{here}/documents").text).xpath("//main//ul//a/@href")[0].rsplit("/", 1)[1]
    assert browse().get(f"/attachments/{key}").status_code == 404
    forum.shown_id = DOCUMENTS.of(forum)[0].id
    db.session.commit()
    assert page.post(f"{here}/documents/{key}/removals", data={"version": forum.version}).status_code == 303
    db.session.rollback()
    assert db.session.scalar(sa.select(Forum.shown_id)) is None
    text = page.post(f"{here}/documents", data=form_of(page, f"{here}/documents") | {
        "file": (BytesIO("가나다".encode()), "a.txt"), "description": "글"})
    assert text.status_code == 422


@pytest.mark.both
def test_an_announced_forum_is_a_step_of_its_agenda_and_can_be_found(town, browse):
    journey = saved(Journey())
    moderator = town.moderator()
    agenda = saved(Agenda(
        slug="lights", question="골목을 어떻게 밝힐까요?", summary="", summary_html="", state=AgendaState.IN_DELIBERATION,
        journey_id=journey.id, created_at=clock.now(), published_at=clock.now(), created_by_id=moderator.id))
    page = browse(moderator)
    here = filled(page, town.resident())
    page.post(f"{here}/wording", data=form_of(page, f"{here}/wording") | chosen("agenda_slug", "lights", "agenda"))
    assert page.post(f"{here}/announcements").status_code == 303
    db.session.rollback()
    steps = list(db.session.scalars(sa.select(JourneyEntry.step).filter_by(journey_id=journey.id)))
    assert steps == ["forum_announced"]
    assert "밤에도 걷기 좋은 골목" in main_of(browse().get(f"/agendas/{agenda.slug}"))
    assert "밤에도 걷기 좋은 골목" in main_of(browse().get("/search?q=걷기"))


@pytest.mark.both
def test_a_forum_that_misses_something_is_not_announced(town):
    forum = announced_forum(town, announced_at=None)
    with pytest.raises(Conflict, match="진행할 사람"):
        PROCESS.announce(forum.id, by=town.moderator())
