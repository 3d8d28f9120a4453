"""Host, panel, participant, captioner and projector at one forum at once, by keyboard, in a wide and in a narrow
window."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from civic_forum.forums.rules import Duty
from civic_forum.forums.tables.models import ForumTable, Seat
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.browser.keyboard import Hands
from tests.factories import saved
from tests.forums.live import halls
from tests.running.machine import patience
from tests.servers import axe, chromium

SOON = patience(20_000)
STANDARD = [*axe.STANDARD, "best-practice"]
MOVING = "() => document.getAnimations().filter((one) => one.playState === 'running').length"
WIDTHS = (chromium.PHONE, chromium.DESKTOP)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    hall = halls.settle(tmp_path_factory.mktemp("together") / "data")
    with halls.running(hall) as running:
        yield SimpleNamespace(app=hall.app, url=running.url)


@pytest.fixture
def hall(site):
    with site.app.app_context():
        hall = halls.begin(site.app, people=1)
        panel = hall.scene.with_duty(Duty.PANEL, topic="밤길을 서른 번 걸어 보니")
        return hall | SimpleNamespace(panel=hall.cookie(panel), url=f"{site.url}/forums/{hall.slug}", origin=site.url)


@pytest.fixture
def enters(hall, window):
    def enter(cookie, path="", **options) -> Hands:
        page = window(reduced_motion="reduce", **options)
        if cookie:
            page.context.add_cookies([{"name": "session", "value": cookie, "url": hall.origin}])
        page.goto(hall.url + path)
        return Hands(page, path or "hall")

    return enter


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_sees_the_same_at_once(hall, enters, width):
    host, panel = enters(hall.host, "/host", width=width), enters(hall.panel, width=width)
    person, captioner = enters(hall.cookies[0], width=width), enters(hall.writers[0], "/captioner", width=width)
    projector = enters(None, "/projector", width=width)
    everybody = (host, panel, person, captioner, projector)
    asks_for_the_floor(person, host)
    for sees in (panel, person, projector):
        expect(sees.page.locator("#forum-stage, .stage").first).to_contain_text(host.called, timeout=SOON)
    says(captioner, "낮에는 비어 있는데 표지판이 없어요.")
    for sees in (panel, person, projector):
        expect(sees.page.locator("#caption-lines > p").last).to_contain_text("표지판이 없어요.", timeout=SOON)
    feels_the_pulse(host, person, (panel, projector))
    pauses(person)
    for one in everybody:
        assert axe.violations(one.page, STANDARD) == [], one.name
        assert chromium.overflow(one.page) == 0, one.name
        assert one.page.evaluate(MOVING) == 0, f"{one.name} moves, though its reader asked for less motion"


def opens(hands: Hands, word: str) -> None:
    """Turn to a tab, in a window that has tabs."""
    if hands.page.locator(".hall-tabs.narrow").is_visible():
        hands.link(word)


def asks_for_the_floor(person: Hands, host: Hands) -> None:
    """And the host calls the next one, who is that person."""
    person.to(person.main.get_by_role("button", name="발언 신청하기"))
    person.press("Enter")
    row = host.page.locator("#floor-queue li[id]").first
    expect(row).to_be_visible(timeout=SOON)
    expect(person.page.locator("[data-asked]")).to_be_visible(timeout=SOON)
    host.called = row.locator("b").inner_text().strip()
    host.to(host.main.get_by_role("button", name="다음 분 모시기"))
    host.press("Enter")


def says(captioner: Hands, line: str) -> None:
    captioner.to(captioner.main.locator("[name=text]").first)
    captioner.page.keyboard.type(line)
    captioner.press("Enter")


def feels_the_pulse(host: Hands, person: Hands, others) -> None:
    for one in (host, person):
        opens(one, "설문")
    host.to(host.main.locator("form[data-live='pulse-open'] [name=text]"))
    host.page.keyboard.type("밤길이 편한가요?")
    host.to(host.main.locator("form[data-live='pulse-open'] [type=radio]").first)
    host.press("Space")
    host.to(host.main.get_by_role("button", name="즉석 설문 열기"))
    host.press("Enter")
    answer = person.main.get_by_role("button", name="그래요", exact=True)
    expect(answer).to_be_visible(timeout=SOON)
    person.to(answer)
    person.press("Enter")
    for one in (person, *others):
        expect(one.page.locator("#pulse")).to_contain_text("100%", timeout=SOON)


def pauses(person: Hands) -> None:
    """Nothing is read aloud any more until it is switched on again."""
    log = person.page.locator("#caption-lines")
    expect(log).to_have_attribute("aria-live", "polite")
    person.to(person.main.locator("[data-pause]"))
    person.press("Enter")
    expect(log).to_have_attribute("aria-live", "off")
    person.press("Enter")
    expect(log).to_have_attribute("aria-live", "polite")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_one_follows_asks_answers_and_writes(hall, enters, width):
    with hall.app.app_context():
        db.session.add(hall.scene.forum)
        hall.scene.forum.tables_opened_at, hall.scene.forum.tables_minutes = clock.now(), 30
        db.session.commit()
        table = saved(ForumTable(forum_id=hall.forum, number=1, host_name="이끔이"))
        saved(Seat(forum_id=hall.forum, table_id=table.id, user_id=hall.users[0], at=clock.now()))
        halls.leave()
    host = enters(hall.host, "/host", width=width, javascript=False)
    opens(host, "설문")
    person = enters(hall.cookies[0], width=width, javascript=False)
    person.link("15초마다 저절로 새로 고치기")
    expect(person.page.locator("meta[http-equiv=refresh]")).to_be_attached()
    person.link("저절로 새로 고치기 멈추기")
    expect(person.page.locator("meta[http-equiv=refresh]")).not_to_be_attached()
    host.to(host.main.locator("form[data-live='pulse-open'] [name=text]"))
    host.page.keyboard.type("밤길이 편한가요?")
    host.to(host.main.locator("form[data-live='pulse-open'] [type=radio]").first)
    host.press("Space")
    host.clicks("즉석 설문 열기")
    opens(person, "설문")
    person.page.reload()
    person.clicks("아니에요")
    expect(person.page.locator("#pulse")).to_contain_text("100%")
    opens(person, "질문")
    person.to(person.main.locator("#question-text"))
    person.page.keyboard.type("등은 언제 고치나요?")
    person.clicks("질문하기")
    expect(person.page.locator("#my-questions")).to_contain_text("등은 언제 고치나요?")
    opens(person, "지금")
    person.clicks("발언 신청하기")
    expect(person.main.get_by_role("button", name="신청 거두기")).to_be_visible()
    person.page.goto(f"{hall.url}/tables/1")
    person.to(person.main.locator("[name=text]").first)
    person.page.keyboard.type("의자를 놓아요.")
    person.clicks("쪽지 붙이기")
    expect(person.main).to_contain_text("의자를 놓아요.")
    assert axe.violations(person.page, STANDARD) == []
