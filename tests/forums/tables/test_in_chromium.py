"""Tables in a real window: everybody's is shown when people are seated, notes come by themselves, all by keyboard."""

import re
from itertools import count

import pytest
from playwright.sync_api import expect

from civic_forum.forums.rules import Seating, Way
from civic_forum.forums.tables import notes, seating
from civic_forum.forums.tables import services as tables
from civic_forum.forums.tables.models import ForumTable, Note
from civic_forum.platform.base import db
from tests.forums.notes.working import at_work
from tests.forums.scene import key, live_forum
from tests.running.machine import patience
from tests.servers import axe, chromium

pytestmark = [pytest.mark.servers, pytest.mark.one_database]
WIDTHS = (chromium.PHONE, chromium.DESKTOP)
SOON = patience(15_000)
"""Milliseconds: on a busy machine a page that asks for the list waits that long at most."""
IDS = count(101)
"""Of forums: the process that serves them keeps the last stories of each."""


@pytest.fixture
def scene(town):
    scene = at_work(town, id=next(IDS))
    scene.first.name = "가로등 테이블"
    scene.forum.title = "밤에도 걷기 좋은 독산로 공론장"
    db.session.commit()
    written = [notes.write(scene.forum.id, 1, text, key(), by=by).id for text, by in (
        ("발밑만 비추는 등이 좋아요", scene.anna), ("계단 옆에 띠처럼 붙이면 좋겠어요", scene.carl),
        ("기둥 번호를 크게 써 주세요", scene.anna), ("간판이 커서 등이 뒤에 숨었어요!", scene.carl))]
    written.append(notes.type_note(scene.forum.id, 1, "이백 걸음마다 하나 있으면 좋겟어요", key(), by=scene.lead).id)
    notes.make_group(scene.forum.id, 1, "낮은 빛", key(), written[:2], by=scene.anna)
    notes.make_group(scene.forum.id, 1, "고장 알림", key(), written[2:3], by=scene.carl)
    notes.mark(scene.forum.id, 1, written[:1], True, by=scene.lead)
    notes.say(scene.forum.id, 1, "가로등 이야기부터 할까요?", key(), by=scene.anna)
    tables.count_without_device(scene.forum.id, 1, 2, by=scene.lead)
    db.session.rollback()
    return scene


def address(scene, *rest):
    return "/".join(("/forums", scene.forum.slug, *map(str, rest)))


def fine(page, name):
    chromium.picture(page, name)
    assert chromium.overflow(page) == 0
    assert axe.violations(page) == []


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_table_and_all_tables_are_fine_to_look_at_and_to_read_out(scene, signed_in, width):
    for who in ("anna", "lead", "host"):
        page = signed_in(getattr(scene, who), width=width)
        page.goto(address(scene, "tables", 1))
        fine(page, f"table-{who}-{width}")
    page.goto(address(scene, "tables"))
    fine(page, f"tables-host-{width}")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_results_that_were_handed_over_are_fine_for_visitors(scene, window, served, width):
    tables.hand_in(scene.forum.id, 1, "낮은 빛부터 시작해요.\n계단과 건널목을 먼저 밝혀요.", key(), by=scene.lead)
    page = window(width=width, base_url=served)
    page.goto(address(scene, "tables"))
    fine(page, f"tables-visitor-{width}")
    page.goto(address(scene, "tables", 1))
    fine(page, f"table-visitor-{width}")
    expect(page.get_by_text("가로등 이야기부터")).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)


def test_a_note_comes_to_the_others_at_the_table_by_itself_and_what_they_do_stays(scene, signed_in):
    anna, carl = signed_in(scene.anna), signed_in(scene.carl)
    for page in (anna, carl):
        page.goto(address(scene, "tables", 1))
    carl.get_by_label("쪽지 쓰기").fill("쓰다 만 글")
    box = carl.locator(".slip", has_text="좋겟어요").get_by_role("checkbox")
    box.check()
    anna.get_by_label("쪽지 쓰기").fill("노란 빛이 더 따뜻해요")
    anna.get_by_label("쪽지 쓰기").press("Enter")
    expect(anna.get_by_label("쪽지 쓰기")).to_have_value("")
    for page in (anna, carl):
        expect(page.locator(".slip", has_text="노란 빛이 더 따뜻해요")).to_have_count(1, timeout=SOON)
    expect(carl.get_by_label("쪽지 쓰기")).to_have_value("쓰다 만 글")
    expect(box).to_be_checked()
    expect(anna.locator(".slip.mine", has_text="노란 빛")).to_have_count(1)
    expect(carl.locator(".slip.mine", has_text="노란 빛")).to_have_count(0)


def test_notes_are_put_into_a_group_by_keyboard_alone(scene, signed_in):
    page = signed_in(scene.anna)
    page.goto(address(scene, "tables", 1))
    box = page.locator(".slip", has_text="간판이 커서").get_by_role("checkbox")
    box.focus()
    page.keyboard.press("Space")
    choice = page.get_by_label("묶음 고르기")
    choice.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="고른 묶음으로 옮기기").focus()
    page.keyboard.press("Enter")
    signs = page.locator(".note-group", has_text="고장 알림")
    expect(signs.locator(".slip", has_text="간판이 커서")).to_have_count(1, timeout=SOON)
    expect(page.get_by_role("checkbox", name="고르기", checked=True)).to_have_count(0)
    page.get_by_role("button", name="고른 묶음으로 옮기기").click()
    expect(page.locator("#arrange [data-refusal]")).to_have_text("먼저 쪽지를 골라 주세요.")


def test_everybody_in_the_hall_sees_their_table_when_people_are_seated(town, signed_in):
    scene = live_forum(town, id=next(IDS))
    person, other = scene.person(Way.ONLINE), scene.person(Way.ON_SITE)
    scene.table(1, way=Way.ONLINE), scene.table(2, way=Way.ON_SITE)
    one, two = signed_in(person, width=chromium.PHONE), signed_in(other)
    for page in (one, two):
        page.goto(address(scene, "tables"))
        expect(page.get_by_role("link", name="내 테이블로 가기")).to_have_count(0)
    seating.seat(scene.forum.id, Seating.MIXED, 5, by=scene.host)
    for page, number in ((one, 1), (two, 2)):
        link = page.get_by_role("link", name="내 테이블로 가기")
        expect(link).to_have_count(1, timeout=SOON)
        expect(link).to_have_attribute("href", re.compile(f"/tables/{number}$"))
    link.click()
    expect(two.get_by_role("heading", level=1)).to_have_text("2번 테이블")


def test_without_javascript_a_table_works_from_seat_to_result(town, signed_in):
    scene = live_forum(town, id=next(IDS))
    host, person = signed_in(scene.host, javascript=False), signed_in(scene.person(), javascript=False)
    host.goto(address(scene, "tables"))
    host.get_by_label("모든 테이블에 물을 질문").fill("꼭 하나만 바꾼다면 무엇을 바꿀까요?")
    for button in ("질문 정하기", "테이블 만들기", "자리 나누기", "모둠 시간 시작하기"):
        host.get_by_role("button", name=button, exact=True).click()
    person.goto(address(scene, "tables"))
    person.get_by_role("link", name="내 테이블로 가기").click()
    person.get_by_label("쪽지 쓰기").fill("밤 열 시까지 처마 불을 켜요")
    person.get_by_role("button", name="쪽지 붙이기").click()
    expect(person.locator(".slip", has_text="처마 불")).to_have_count(1)
    host.goto(address(scene, "tables", 1))
    host.get_by_label("우리 테이블의 결과").fill("처마 불부터 켜요.")
    host.get_by_role("button", name="결과 내기").click()
    expect(host.locator(".table-result")).to_contain_text("처마 불부터 켜요.")
    db.session.rollback()
    assert (db.session.query(Note).count(), db.session.query(ForumTable).one().handed_at is not None) == (1, True)


def test_somebody_who_waits_at_a_table_writes_as_soon_as_the_host_opens_them(town, signed_in):
    scene = live_forum(town, id=next(IDS))
    person = scene.person()
    scene.table(1, None, person)
    tables.ask_tables(scene.forum.id, "꼭 하나만 바꾼다면 무엇을 바꿀까요?", by=scene.host)
    page, host = signed_in(person), signed_in(scene.host)
    page.goto(address(scene, "tables", 1))
    expect(page.locator("#tables-state")).to_contain_text("진행자가 시작하면 테이블에서 쪽지를 쓸 수 있어요.")
    expect(page.get_by_label("쪽지 쓰기")).to_be_hidden()
    host.goto(f"{address(scene, 'host')}?tab=tables")
    host.get_by_label("모둠 시간 (분)").fill("20")
    host.get_by_role("button", name="모둠 시간 시작하기").click()
    expect(host.get_by_role("button", name="모둠 시간 마치기")).to_have_count(1)
    expect(page.locator("#tables-state")).to_contain_text("남음", timeout=SOON)
    page.get_by_label("쪽지 쓰기").fill("이제 써요")
    page.get_by_role("button", name="쪽지 붙이기").click()
    expect(page.locator(".slip", has_text="이제 써요")).to_have_count(1, timeout=SOON)
    host.get_by_role("button", name="모둠 시간 마치기").click()
    expect(host.get_by_role("button", name="모둠 시간 다시 시작하기")).to_have_count(1)
