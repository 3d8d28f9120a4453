"""Clock and queue as people see them, in Chromium on the real site."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from civic_forum.accounts.models import User
from civic_forum.forums.floor import queries as floors
from civic_forum.forums.floor import services as floor
from civic_forum.forums.floor.models import Turn
from civic_forum.forums.models import Forum
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.forums.live import halls
from tests.running.machine import patience
from tests.servers import axe
from tests.servers.chromium import DESKTOP, PHONE

STANDARD = [*axe.STANDARD, "best-practice"]
pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    hall = halls.settle(tmp_path_factory.mktemp("floor") / "data", people=4)
    with halls.running(hall) as site:
        hall.url = f"{site.url}/forums/{hall.slug}"
        hall.origin = site.url
        yield hall


@pytest.fixture
def enter(hall, window):
    """Opens the page of the forum as somebody: `enter(hall.cookies[0], "/host")`."""

    def open_page(cookie=None, path="", **options):
        page = window(**options)
        if cookie:
            page.context.add_cookies([{"name": "session", "value": cookie, "url": hall.origin}])
        page.goto(hall.url + path)
        return page

    return open_page


def ask(hall, who):
    hall.change(lambda: floor.ask(hall.forum, by=db.session.get_one(User, hall.users[who])))


def seconds(text):
    minutes, rest = text.strip("+").split(":")
    return 60 * int(minutes) + int(rest)


def test_the_clock_runs_without_moving_anything_and_is_not_read_aloud(enter):
    for page in (enter(), enter(width=PHONE)):
        clock = page.locator("#now [data-clock=left]")
        expect(clock).to_have_text(re.compile(r"^\d+:\d\d$"))
        before, box = seconds(clock.inner_text()), page.locator("#now").bounding_box()
        began = page.evaluate("Date.now()")
        page.wait_for_timeout(2300)
        shown, passed = clock.evaluate("one => [one.innerText, Date.now()]")
        assert abs(before - seconds(shown) - (passed - began) / 1000) < 2, "it goes as the clock of the window does"
        assert page.locator("#now").bounding_box() == box
        assert (clock.get_attribute("role"), clock.get_attribute("aria-live")) == ("timer", None), "a timer is not read"


def test_the_dashed_row_says_where_one_would_be_and_becomes_solid(hall, enter):
    ann, host = enter(hall.cookies[0]), enter(hall.host, "/host")
    row = ann.locator("#floor .queue .me")
    expect(row).to_contain_text("지금 신청하면 1번째예요.")
    ask(hall, 1)
    expect(row).to_contain_text("지금 신청하면 2번째예요.")
    ann.get_by_role("button", name="발언 신청하기").first.focus()
    ann.keyboard.press("Enter")
    expect(ann.locator("#floor .queue .mine")).to_contain_text("나")
    expect(row).to_have_count(0)
    expect(ann.get_by_role("button", name="신청 거두기")).to_be_focused()
    expect(ann.locator("#forum > [role=status].sr-only")).to_have_text("내 차례는 2번째")

    host.get_by_role("button", name="다음 분 모시기").click()
    expect(ann.locator("#now [data-clock=spent]")).to_have_text(re.compile(r"^0:0\d$"))
    expect(ann.locator("#floor .queue .mine > i")).to_have_text("1")
    host.get_by_role("form", name="발언 시간 늘리기").get_by_role("button", name="1분 더").click()
    expect(ann.locator("#now")).to_contain_text("/ 4분")
    host.get_by_role("button", name="다음 분 모시기").click()
    expect(ann.locator("#now")).to_contain_text("지금 내 차례예요")
    expect(ann.locator("#floor .queue .me")).to_contain_text("지금 신청하면 1번째예요.")

    ask(hall, 2)
    ask(hall, 3)
    host.locator(".queue li").nth(1).get_by_role("button", name="먼저 부르기").click()
    expect(host.locator("#floor-call-why")).to_be_focused()
    host.locator("#floor-call-why").fill("곧 버스가 끊겨요")
    host.locator(".queue li").nth(1).get_by_role("button", name="먼저 부르기").click()
    expect(host.locator(".queue li")).to_have_count(1)
    host.get_by_role("button", name="발언 마치기").click()
    expect(ann.locator("#now")).to_contain_text("다음 발언을 기다리고 있어요")
    hall.change(lambda: floor.call_next(hall.forum, None, by=db.session.get_one(User, hall.scene.host.id)))
    whys = hall.change(lambda: [turn.why for turn in db.session.query(Turn).order_by(Turn.id)])
    assert whys == ["first_time", "first_time", "called", "first_time"]


def test_at_one_minute_and_at_the_end_a_sentence_is_said_once_and_the_clock_goes_on(hall, enter):
    def begin(limit_s):
        turn = floor.give(hall.forum, running(), name="도로과", by=db.session.get_one(User, hall.scene.host.id))
        turn.limit_s = limit_s
        db.session.commit()

    hall.change(lambda: begin(63))
    page = enter(hall.cookies[0])
    said = page.locator("#forum > [role=status].sr-only")
    expect(said).to_have_text("")
    expect(said).to_have_text("발언 시간이 1분 남았어요.")
    hall.change(lambda: begin(4))
    page.reload()
    expect(said).to_have_text("발언 시간이 다 되었어요.", timeout=patience(8000))
    expect(page.locator("#now")).to_contain_text("시간이 넘었어요")
    expect(page.locator("#now [data-clock=spent]")).to_have_text("0:06")
    hall.change(lambda: floor.end(hall.forum, running(), by=db.session.get_one(User, hall.scene.host.id)))


def running():
    return db.session.scalar(sa.select(Turn.id).filter_by(ended_at=None))


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_axe_finds_nothing_in_stage_queue_console_and_ledger(hall, enter, width):
    ask(hall, 1)
    for cookie, path in ((hall.cookies[0], ""), (hall.host, "/host"), (None, "/ledger"), (None, "/large")):
        page = enter(cookie, path, width=width)
        found = axe.violations(page, STANDARD)
        mine = [one for one in found
                if any(part in one for part in ("floor", "queue", "now", "agenda", "programme", "ledger", "bar-fix"))]
        assert mine == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    hall.change(lambda: floor.withdraw(hall.forum,
                                       floors.read(db.session.get_one(Forum, hall.forum),
                                                   clock.now()).line[0].request.id,
                                       by=db.session.get_one(User, hall.scene.host.id)))


def test_without_javascript_one_asks_and_takes_back_by_forms(hall, enter):
    page = enter(hall.cookies[0], javascript=False, width=PHONE)
    page.get_by_role("button", name="발언 신청하기").first.click()
    expect(page.locator("#floor .queue .mine")).to_contain_text("나")
    page.get_by_role("button", name="신청 거두기").click()
    expect(page.locator("#floor .queue .me")).to_contain_text("지금 신청하면")
