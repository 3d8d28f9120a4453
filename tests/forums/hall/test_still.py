"""The hall and the console while much happens: nothing moves under the finger, what one sent stays in sight, tabs are
true, the bar covers no button."""

import pytest
from playwright.sync_api import expect

from civic_forum.accounts.models import User
from civic_forum.forums.chat import services as chat
from civic_forum.forums.floor import queries as floors
from civic_forum.forums.floor import services as floor
from civic_forum.forums.models import Forum
from civic_forum.forums.pulses import services as pulses
from civic_forum.forums.questions import services as questions
from civic_forum.forums.record import captions
from civic_forum.forums.rules import Duty, PulseKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.forums.live import halls
from tests.forums.scene import key
from tests.running.machine import patience
from tests.servers import axe
from tests.servers.chromium import DESKTOP, NARROWEST, PHONE, overflow

pytestmark = pytest.mark.servers
SOON = patience(20_000)
A_PHONE = 844
WAITING = 30
STANDARD = [*axe.STANDARD, "best-practice"]
WATCH = """() => { window.moved = []; new PerformanceObserver((list) => { for (const one of list.getEntries())
  if (!one.hadRecentInput) moved.push([one.value, one.sources.map((where) => where.node && (where.node.id ||
  where.node.className || where.node.parentElement?.id || where.node.nodeName))])
}).observe({ type: "layout-shift" }) }"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """Thirty wait for the floor, ten questions stand there, a pulse is open, somebody speaks."""
    made = halls.settle(tmp_path_factory.mktemp("still") / "data", people=WAITING + 4)
    made.change(lambda: _fill(made))
    with halls.running(made) as site:
        made.origin, made.url = site.url, f"{site.url}/forums/{made.slug}"
        yield made


def _fill(hall):
    user = lambda number: db.session.get_one(User, hall.users[number])
    hall.speaks = hall.scene.with_duty(Duty.CAPTIONER).id
    for number in range(WAITING):
        floor.ask(hall.forum, f"{number + 1}번째로 골목 이야기를 할게요", by=user(number))
    floor.call_next(hall.forum, None, by=db.session.get_one(User, hall.scene.host.id))
    hall.asked = [questions.ask(hall.forum, f"{number + 1}번째 질문이에요. 가로등은 언제 고치나요?", by=user(number)).id
                  for number in range(10)]
    for number in range(10):
        for one in range(10 - number):
            questions.support(hall.forum, hall.asked[number], True, by=user(20 + one))
        chat.say(hall.forum, f"{number + 1}번째 말이에요. 잘 들려요.", by=user(number))
        captions.write(hall.forum, f"{number + 1}번째 줄이에요.", key(), by=db.session.get_one(User, hall.speaks))
    hall.pulse = pulses.begin(hall.forum, PulseKind.YES_NO_UNSURE, "낮에 비는 주차면을 나눠 쓸 수 있나요?",
                              by=db.session.get_one(User, hall.scene.host.id)).id


@pytest.fixture
def enter(hall, window):
    def open_page(cookie=None, path="", width=PHONE, **options):
        page = window(width=width, **options)
        page.set_viewport_size({"width": width, "height": A_PHONE})
        if cookie:
            page.context.add_cookies([{"name": "session", "value": cookie, "url": hall.origin}])
        assert page.goto(hall.url + path).status == 200
        return page

    return open_page


def _happens(hall, number):
    """One of what happens in a hall, ten a second."""
    user = lambda one: db.session.get_one(User, hall.users[one % WAITING])
    kind = number % 7
    if kind < 3:
        chat.say(hall.forum, f"{number}: 저희 골목도 그래요. 어두워요.", by=user(number))
    elif kind == 3:
        questions.ask(hall.forum, f"{number}: 새로 묻는 것이 있어요. 언제 시작하나요?", by=user(number))
    elif kind == 4:
        questions.support(hall.forum, hall.asked[5 + number % 5], None, by=user(number + 3))
    elif kind == 5:
        captions.write(hall.forum, f"{number}: 낮에는 비어 있는데 표지판이 없어서 아무도 몰라요.", key(),
                       by=db.session.get_one(User, hall.speaks))
    elif number % 2:
        _floor_moves(hall)
    else:
        pulses.answer(hall.forum, hall.pulse, ("yes", "no", "unsure")[number % 3], by=user(number))


def _floor_moves(hall):
    """The last of the queue takes it back, or asks again."""
    line = floors.read(db.session.get_one(Forum, hall.forum), clock.now()).line
    waits = {one.request.user_id for one in line}
    free = next((one for one in hall.users[1:WAITING] if one not in waits), None)
    if free:
        floor.ask(hall.forum, "다시 신청해요", by=db.session.get_one(User, free))
    else:
        last = line[-1].request
        floor.withdraw(hall.forum, last.id, by=db.session.get_one(User, last.user_id))


def test_nothing_moves_while_ten_things_a_second_arrive(hall, enter):
    own = hall.cookies[WAITING + 1]
    pages = {f"hall, {tab}": enter(own, f"?tab={tab}") for tab in ("now", "questions", "pulse", "chat")}
    pages |= {"hall, wide": enter(own, width=DESKTOP), "console": enter(hall.host, "/host", DESKTOP),
              "console, phone": enter(hall.host, "/host?tab=questions")}
    for page in pages.values():
        expect(page.locator("#forum-present")).not_to_have_text("0명 참여 중", timeout=SOON)
        page.evaluate(WATCH)
    heard = {name: page.locator("#forum").get_attribute("data-last") for name, page in pages.items()}
    for number in range(40):
        hall.change(lambda number=number: _happens(hall, number))
        next(iter(pages.values())).wait_for_timeout(20)
    for name, page in pages.items():
        page.wait_for_timeout(700)
        assert page.locator("#forum").get_attribute("data-last") > heard[name], f"{name} heard nothing"
        assert page.evaluate("moved") == [], name


def test_an_own_question_stays_in_sight_and_says_how_it_is(hall, enter):
    page = enter(hall.cookies[WAITING + 2], "?tab=questions")
    page.locator("#question-text").fill("휠체어로도 지나갈 수 있게 폭을 정해 두나요?")
    page.locator(".bar-ask button").click()
    expect(page.locator("[data-told]")).to_have_text("질문을 올렸어요.", timeout=SOON)
    mine = page.locator("#my-questions li").first
    expect(mine).to_contain_text("휠체어로도 지나갈 수 있게", timeout=SOON)
    expect(mine).to_contain_text("올렸어요. 답을 기다려요")
    expect(mine).to_be_in_viewport()
    page.reload()
    expect(mine).to_be_in_viewport()
    number = int(mine.get_attribute("data-question"))
    hall.change(lambda: questions.answer(hall.forum, number, "교통과", "네, 120센티미터예요.",
                                         by=db.session.get_one(User, hall.scene.host.id)))
    expect(mine).to_contain_text("답했어요", timeout=SOON)
    assert axe.violations(page, STANDARD) == []
    other = enter(hall.cookies[WAITING + 3], "?tab=questions")
    expect(other.locator("#my-questions")).to_be_hidden()
    expect(other.locator(".state").first).to_be_hidden()


def test_without_script_an_own_question_and_its_state_come_back_with_the_page(hall, enter):
    page = enter(hall.cookies[WAITING + 3], "?tab=questions", javascript=False)
    page.locator("#question-text").fill("비 오는 날은 어떻게 하나요?")
    page.locator(".bar-ask button").click()
    expect(page.locator("[role=status]").first).to_contain_text("질문을 올렸어요.")
    expect(page.locator("#my-questions")).to_contain_text("비 오는 날은 어떻게 하나요?")
    expect(page.locator("#my-questions")).to_contain_text("올렸어요. 답을 기다려요")
    expect(page.locator(".hall-tabs [aria-current]")).to_contain_text("질문")


def test_tabs_say_where_one_is_and_lead_there_without_script(hall, enter):
    for javascript in (True, False):
        page = enter(hall.cookies[WAITING], javascript=javascript)
        bar = page.locator(".hall-tabs.narrow")
        assert bar.locator("a").evaluate_all("all => all.every(one => one.getBoundingClientRect().right <= innerWidth)")
        for word, part in (("질문", "#questions"), ("설문", "#pulse"), ("대화", "#chat"), ("모둠", "#tables"),
                           ("지금", "#floor")):
            bar.get_by_role("link", name=word).click()
            expect(bar.locator("[aria-current=page]")).to_contain_text(word)
            expect(page.locator(part)).to_be_visible()
            assert page.locator("#questions, #pulse, #chat, #tables, #floor").locator("visible=true").count() == 1
            assert page.evaluate("document.documentElement.scrollHeight") <= 4 * A_PHONE, word
            assert overflow(page) == 0


@pytest.mark.parametrize("width", [PHONE, NARROWEST])
def test_the_bar_is_low_and_covers_no_button(hall, enter, width):
    for tab, bar in (("now", ".bar-fix"), ("questions", ".bar-ask"), ("pulse", ".bar-fix"), ("chat", ".chat .ask")):
        page = enter(hall.cookies[WAITING], f"?tab={tab}", width=width)
        assert page.locator(bar).bounding_box()["height"] <= 80, tab
        covered = page.evaluate("""(bar) => { const low = document.querySelector(bar);
          return [...document.querySelectorAll("main :is(button, a, summary, input:not([type=hidden]))")]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }))
            .filter((one) => !low.contains(one) && one.offsetHeight > 1)
            .filter((one) => { one.scrollIntoView({ block: "nearest", behavior: "instant" });
              const box = one.getBoundingClientRect();
              const edge = low.getBoundingClientRect();
              return box.bottom > edge.top + 1 && box.top < edge.bottom; })
            .map((one) => one.outerHTML.slice(0, 90)); }""", bar)
        assert covered == [], tab


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_console_keeps_clock_speaker_next_and_new_in_sight(hall, enter, width):
    page = enter(hall.host, "/host", width)
    expect(page.locator("#floor-queue li[id]")).to_have_count(20)
    parts = ["#now [data-clock=spent]", "#now > div:nth-child(2) h2", "#floor-next .name", ".hbar form button",
             "#question-newest a", "#now [data-clock=left]"]
    for tab in ("발언", "질문", "설문") if width == PHONE else ("대화", "마무리", "설문"):
        page.locator(f".hall-tabs.{'narrow' if width == PHONE else 'wide'}").get_by_role("link", name=tab).click()
        for down in (0, 300, 10_000):
            page.evaluate("down => scrollTo({ top: down, behavior: 'instant' })", down)
            for part in parts:
                box = page.locator(part).bounding_box()
                assert 0 <= box["y"] and box["y"] + box["height"] <= A_PHONE, (tab, down, part)
                assert page.locator(part).evaluate("""one => { const box = one.getBoundingClientRect();
                  const top = document.elementFromPoint(box.x + 3, box.y + box.height / 2);
                  return one.contains(top) || top.contains(one); }"""), (tab, down, part)
    assert axe.violations(page, STANDARD) == []
    assert overflow(page) == 0
    if width == DESKTOP:
        boxes = [page.locator(f".hcols > :nth-child({number})").bounding_box() for number in (1, 2, 3)]
        assert len({(box["y"], box["height"]) for box in boxes}) == 1, "no column is longer than another"
        tall = page.locator("#floor-host .hscroll")
        assert tall.evaluate("one => one.scrollHeight > one.clientHeight + 500"), "the queue scrolls by itself"


def test_a_new_question_is_in_the_bar_of_the_console_at_once_and_on_top_when_asked_for(hall, enter):
    page = enter(hall.host, "/host", DESKTOP)
    asked = hall.change(lambda: questions.ask(hall.forum, "방금 묻는 것이에요?",
                                              by=db.session.get_one(User, hall.users[WAITING])).id)
    expect(page.locator("#question-newest")).to_contain_text("방금 묻는 것이에요?", timeout=SOON)
    page.locator("[data-release=questions-list]").click()
    expect(page.locator("#questions-list > li").first).to_have_attribute("id", f"question-{asked}")
