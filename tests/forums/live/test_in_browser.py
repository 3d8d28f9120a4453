"""Work of the script for people, in Chromium on the real site: news, forms, a line that is cut, no socket at all."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from civic_forum.accounts.models import UserSession
from civic_forum.forums.chat.models import ForumMute
from civic_forum.forums.questions.models import Question
from civic_forum.platform import clock
from civic_forum.platform.base import db

from tests.running.machine import patience
from . import halls

pytestmark = pytest.mark.servers
NOTED = "addEventListener('forum:news', () => { document.documentElement.dataset.heard = 1 }, true);"
NO_SOCKETS = "window.WebSocket = class { constructor() { throw new DOMException('blocked', 'SecurityError') } }"


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    made = halls.settle(tmp_path_factory.mktemp("browser") / "data", people=4)
    with halls.running(made) as site:
        made.origin, made.url = site.url, f"{site.url}/forums/{made.slug}"
        yield made


@pytest.fixture
def writers(hall):
    with halls.writing(hall, hall.origin) as writers:
        yield writers


@pytest.fixture
def enter(hall, window):
    """Opens the hall as somebody, and waits until the page hears its first news."""

    def open_page(cookie=None, script="", **options):
        page = window(**options)
        if cookie:
            page.context.add_cookies([{"name": "session", "value": cookie, "url": hall.origin}])
        page.add_init_script(NOTED + script)
        page.goto(hall.url)
        expect(page.locator("html[data-heard]")).to_be_attached(timeout=patience(15000))
        return page

    return open_page


def questions(hall):
    return hall.change(lambda: list(db.session.scalars(sa.select(Question.text).order_by(Question.id))))


@pytest.mark.in_turns(of=5)
def test_news_stand_on_the_page_as_if_it_were_loaded_again(enter, writers):
    page = enter()
    writers.write(5)
    lines = page.locator("#caption-lines > p")
    expect(lines.last).to_contain_text(f"{writers.count}번째 줄이에요.", timeout=patience(3000))
    before = lines.evaluate_all("lines => lines.slice(-5).map(line => line.outerHTML)")
    assert len(before) == 5
    page.reload()
    assert lines.evaluate_all("lines => lines.slice(-5).map(line => line.outerHTML)") == before


def test_a_form_is_sent_without_a_new_page_and_what_others_type_stays(enter, hall):
    asking, typing = enter(hall.cookies[0]), enter(hall.cookies[1])
    field = typing.locator("#question-text")
    field.fill("아직 쓰는 중")
    field.evaluate("field => field.setSelectionRange(2, 2)")
    asking.evaluate("window.same = true")
    asking.locator("#question-text").fill("가로등은 언제 켜지나요?")
    asking.locator("#questions form.ask button").dblclick()
    expect(typing.locator("#questions-list")).to_contain_text("가로등은 언제 켜지나요?", timeout=patience(3000))
    expect(asking.locator("#my-questions")).to_contain_text("가로등은 언제 켜지나요?", timeout=patience(3000))
    expect(asking.locator("#question-text")).to_have_value("")
    assert asking.evaluate("window.same") is True
    assert questions(hall).count("가로등은 언제 켜지나요?") == 1
    expect(field).to_have_value("아직 쓰는 중")
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionStart") == 2
    assert asking.locator("#my-questions .mine").count() == 1
    assert typing.locator("#questions .mine").count() == 0


def test_a_refusal_stands_beside_the_form(enter, hall):
    page = enter(hall.cookies[2])
    hall.change(lambda: (db.session.add(ForumMute(forum_id=hall.forum, user_id=hall.users[2], reason="말을 끊었어요.",
                                                  at=clock.now(), by_id=hall.users[2])), db.session.commit()))
    page.locator("#question-text").fill("저도 물어볼게요")
    page.locator("#questions form.ask button").click()
    expect(page.locator("#questions form.ask [data-refusal]")).to_contain_text("멈추게")
    expect(page.locator("#question-text")).to_have_value("저도 물어볼게요")


@pytest.mark.page_errors("ERR_INTERNET_DISCONNECTED")
def test_while_the_line_is_away_the_text_stays_and_goes_out_once(enter, hall, writers):
    page = enter(hall.cookies[3])
    page.context.set_offline(True)
    page.locator("#question-text").fill("굴다리에서 물어봐요")
    page.locator("#questions form.ask button").click()
    expect(page.locator("#questions form.ask [data-refusal]")).to_contain_text("아직 보내지 못했어요")
    expect(page.locator("#question-text")).to_have_value("굴다리에서 물어봐요")
    page.context.set_offline(False)
    expect(page.locator("#my-questions")).to_contain_text("굴다리에서 물어봐요", timeout=patience(10000))
    expect(page.locator("#question-text")).to_have_value("")
    assert questions(hall).count("굴다리에서 물어봐요") == 1


def test_without_sockets_the_page_asks_for_the_same_list(hall, window, writers):
    page = window()
    page.add_init_script(NO_SOCKETS)
    page.goto(hall.url)
    writers.write(3)
    expect(page.locator("#caption-lines")).to_contain_text(f"{writers.count}번째 줄이에요.", timeout=patience(20000))


def test_a_cut_line_is_said_in_a_polite_region_and_so_is_its_return(enter, hall):
    page = enter(script="const Real = WebSocket; window.lines = []; window.WebSocket = class extends Real {"
                        " constructor(...given) { super(...given); lines.push(this); } }")
    page.evaluate("lines.forEach(line => line.close())")
    place = page.locator("[data-connection]")
    expect(place).to_have_text("다시 이어졌어요.", timeout=patience(8000))
    assert place.get_attribute("role") == "status" and place.get_attribute("aria-live") in (None, "polite")


def test_reading_aloud_can_be_paused_and_stays_so(enter, hall):
    page = enter()
    regions = page.locator("#forum [aria-live], #forum [role=log]")
    assert "assertive" not in regions.evaluate_all("all => all.map(one => one.getAttribute('aria-live'))")
    page.locator("[data-pause]").press("Enter")  # shown to the keyboard and to those who listen
    expect(page.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#caption-lines")).to_have_attribute("aria-live", "off")
    page.reload()
    expect(page.locator("#caption-lines")).to_have_attribute("aria-live", "off")
    page.locator("[data-pause]").press("Enter")
    expect(page.locator("#caption-lines")).to_have_attribute("aria-live", "polite")


def test_signing_out_elsewhere_is_felt(enter, hall):
    page = enter(hall.cookies[1])
    expect(page.locator("#forum")).to_have_attribute("data-me", str(hall.users[1]))
    over = db.delete(UserSession).filter_by(user_id=hall.users[1])
    hall.change(lambda: (db.session.execute(over), db.session.commit()))
    expect(page.locator("#forum:not([data-me])")).to_be_attached(timeout=patience(8000))


def test_the_number_of_people_there_is_said_and_follows(enter):
    first, second = enter(), enter()
    for page in (first, second):
        expect(page.locator("#forum-present")).to_contain_text("명 참여 중")
    number = lambda page: int("".join(filter(str.isdigit, page.locator("#forum-present").text_content())))
    first.wait_for_timeout(4000)
    assert number(first) == number(second) >= 2
