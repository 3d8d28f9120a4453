"""Questions, pulses, chat and mutes in Chromium: what one does others see, and what is mine is marked, without a new
page."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from civic_forum.accounts.models import User
from civic_forum.forums.chat import mutes
from civic_forum.forums.chat import services as chat
from civic_forum.forums.pulses import services as pulses
from civic_forum.forums.questions import services as questions
from civic_forum.forums.rules import PulseKind
from civic_forum.platform.base import db
from tests.forums.live import halls
from tests.running.machine import patience
from tests.servers import axe, chromium

SOON = patience(20_000)
"""Milliseconds, on a machine that does much else."""


STANDARD = [*axe.STANDARD, "best-practice"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site as people run it, with the application of its database in our own process."""
    hall = halls.settle(tmp_path_factory.mktemp("voices") / "data")
    with halls.running(hall) as running:
        yield SimpleNamespace(app=hall.app, url=running.url)


class Hall:
    """A forum of its own with two people and a host."""

    def __init__(self, site, window):
        self.site, self.window = site, window
        with site.app.app_context():
            self.hall = halls.begin(site.app, people=2)
        self.forum, self.people, self.host = self.hall.forum, self.hall.users, self.hall.scene.host.id
        self.address = f"{site.url}/forums/{self.hall.slug}"

    def does(self, service, *args, by):
        """Act as somebody through another worker; gives the id of what it makes."""
        return self.hall.change(lambda: service(self.forum, *args, by=db.session.get(User, by)).id)

    def sees(self, cookie, path="", **options):
        """A window of whoever has this cookie, at the forum."""
        page = self.window(**options)
        page.context.add_cookies([{"name": "session", "value": cookie, "url": self.site.url}])
        page.goto(self.address + path)
        return page


@pytest.fixture
def hall(site, window):
    return Hall(site, window)


def opens(page, word):
    """Turn to a tab, in a window that has tabs."""
    link = page.locator(".hall-tabs.narrow").get_by_role("link", name=word)
    if link.is_visible():
        link.click()


@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_the_keyboard_comes_to_the_question_field_at_once(hall, width):
    page = hall.sees(hall.hall.cookies[0], width=width)
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="질문 쓰기로 건너뛰기")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#question-text")).to_be_focused()
    page.keyboard.type("언제 끝나나요?")
    page.keyboard.press("Enter")
    newest = page.locator("#my-questions li", has_text="언제 끝나나요?")
    expect(newest).to_be_visible(timeout=SOON)
    said, mine = (one.bounding_box() for one in (page.locator("[data-told]"), newest))
    assert said["y"] + said["height"] < mine["y"]
    page.keyboard.type("언제 끝나나요?")
    page.keyboard.press("Enter")
    expect(page.locator("form[data-live=question] [data-refusal]")).to_contain_text("조금 전에", timeout=SOON)


def test_the_first_question_of_all_is_seen_at_once_and_the_second_waits(hall):
    page = hall.sees(hall.hall.cookies[0], "?tab=questions")
    expect(page.locator("#forum-present")).not_to_have_text("0명 참여 중", timeout=SOON)
    hall.does(questions.ask, "첫 질문이에요?", by=hall.host)
    expect(page.locator("#questions-list > li")).to_contain_text("첫 질문이에요?", timeout=SOON)
    expect(page.locator("#questions-list > li")).to_be_visible()
    expect(page.locator("[data-release=questions-list]")).to_be_hidden()
    hall.does(questions.ask, "둘째 질문이에요?", by=hall.people[1])
    expect(page.get_by_role("button", name="새 질문 1개 보기")).to_be_visible(timeout=SOON)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_an_act_of_one_is_seen_by_others_and_an_own_one_is_marked(hall, width):
    hall.does(questions.ask, "첫 질문이에요?", by=hall.host)
    pulse = hall.does(pulses.begin, PulseKind.YES_NO_UNSURE, "낮에 비는 주차면을 나눠 쓸 수 있나요?", by=hall.host)
    mine, theirs = (hall.sees(cookie, width=width) for cookie in hall.hall.cookies)
    for page in (mine, theirs):
        opens(page, "질문")
    mine.get_by_label("나도 궁금한 것을 물어보세요").fill("밤 10시 뒤에는 누가 지키나요?")
    mine.get_by_role("button", name="질문하기").first.click()
    theirs.get_by_role("button", name="새 질문 1개 보기").click(timeout=SOON)
    asked = theirs.locator(".qs li", has_text="누가 지키나요?")
    expect(asked).to_be_visible(timeout=SOON)
    expect(mine.locator("#question-text")).to_have_value("")
    support = asked.get_by_role("button", name="공감")
    support.click()
    expect(support).to_have_attribute("aria-pressed", "true", timeout=SOON)
    theirs.get_by_role("button", name="새 순서로 보기").click(timeout=SOON)
    expect(theirs.locator(".qs li").first).to_contain_text("누가 지키나요?")
    expect(mine.locator(".qs li").first.locator(".num")).to_have_text("1", timeout=SOON)
    support.click()
    expect(support).to_have_attribute("aria-pressed", "false", timeout=SOON)

    for page in (mine, theirs):
        opens(page, "설문")
    yes, no = (theirs.get_by_role("button", name=name, exact=True) for name in ("그래요", "아니에요"))
    for button, before in ((yes, no), (no, yes)):
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true", timeout=SOON)
        expect(before).to_have_attribute("aria-pressed", "false")
    expect(mine.locator("#pulse-bars")).to_contain_text("100% 1", timeout=SOON)
    expect(yes).to_have_attribute("aria-pressed", "false")
    expect(no).to_have_attribute("aria-pressed", "true")
    for page in (mine, theirs):
        opens(page, "대화")
    theirs.get_by_label("한마디 쓰기").fill("잘 들려요.")
    theirs.get_by_label("한마디 쓰기").press("Enter")
    expect(mine.locator("#chat-list")).to_contain_text("잘 들려요.", timeout=SOON)
    assert chromium.overflow(mine) == chromium.overflow(theirs) == 0
    chromium.picture(mine, f"forum-voices-{width}")

    expect(theirs.locator("[data-muted]")).to_be_hidden()
    hall.does(mutes.mute, hall.people[1], "말씀을 끊었어요.", None, by=hall.host)
    expect(theirs.locator("[data-muted]")).to_be_visible(timeout=SOON)
    expect(mine.locator("[data-muted]")).to_be_hidden()
    theirs.get_by_label("한마디 쓰기").fill("그래도요.")
    theirs.get_by_label("한마디 쓰기").press("Enter")
    expect(theirs.locator("#chat [data-refusal]")).to_contain_text("멈추게 했어요", timeout=SOON)
    expect(theirs.get_by_label("한마디 쓰기")).to_have_value("그래도요.")
    hall.does(pulses.close, pulse, by=hall.host)
    expect(mine.locator("#pulse-now")).to_contain_text("에 마쳤어요", timeout=SOON)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_without_scripts_one_asks_answers_and_says_something(hall, width):
    hall.does(pulses.begin, PulseKind.WORD, "한 낱말로 하면요?", by=hall.host)
    page = hall.sees(hall.hall.cookies[0], width=width, javascript=False)
    opens(page, "질문")
    page.get_by_label("나도 궁금한 것을 물어보세요").fill("언제 시작하나요?")
    page.get_by_role("button", name="질문하기").first.click()
    expect(page.locator("#my-questions")).to_contain_text("언제 시작하나요?")
    opens(page, "설문")
    page.get_by_label("낱말 하나 (12자까지)").fill("안전")
    page.get_by_role("button", name="낱말 보내기").click()
    expect(page.locator("#pulse-bars")).to_contain_text("안전")
    opens(page, "대화")
    page.get_by_label("한마디 쓰기").fill("안녕하세요.")
    page.get_by_role("button", name="보내기", exact=True).click()
    expect(page.locator("#chat-list")).to_contain_text("안녕하세요.")


def test_the_host_opens_a_pulse_and_closes_it_on_the_console(hall):
    question = hall.does(questions.ask, "언제 시작하나요?", by=hall.people[0])
    message = hall.does(chat.say, "광고예요.", by=hall.people[1])
    host = hall.sees(hall.hall.host, "/host")
    host.get_by_label("무엇을 물어볼까요").fill("그런가요?")
    host.get_by_role("button", name="즉석 설문 열기").click()
    host.get_by_label("그래요", exact=True).fill("12", timeout=SOON)
    host.get_by_role("button", name="손 든 사람 적기").click()
    expect(host.locator("#pulse-bars")).to_contain_text("손 든 사람은 12명", timeout=SOON)
    host.get_by_role("button", name="설문 마치기").click()
    expect(host.get_by_label("무엇을 물어볼까요")).to_be_visible(timeout=SOON)
    chromium.picture(host, "forum-voices-host")
    host.get_by_role("link", name="답하거나 묶기").click()
    host.wait_for_url(re.compile(f"/questions/{question}$"))
    chromium.picture(host, "forum-question-host")
    host.get_by_label("누가 답했나요").fill("교통과")
    host.get_by_label("답을 짧게 적어 주세요").fill("열 시예요.")
    host.get_by_role("button", name="답했다고 적기").click()
    expect(host.locator(".reply").first).to_contain_text("열 시예요.")
    host.goto(f"{hall.address}/chat/{message}")
    host.get_by_label("이유. 모두에게 보여요").fill("광고라서요.")
    host.get_by_role("button", name="말 가리기").click()
    expect(host.locator(".chat-lines")).to_contain_text("광고라서요.")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_axe_finds_nothing_on_the_pages_of_questions_and_chat(hall, width):
    question = hall.does(questions.ask, "언제 시작하나요?", by=hall.people[0])
    hall.does(questions.answer, question, "교통과", "열 시예요.", by=hall.host)
    hidden = hall.does(questions.ask, "광고 볼래요?", by=hall.people[0])
    hall.does(questions.hide, hidden, "광고예요.", by=hall.host)
    message = hall.does(chat.say, "잘 들려요.", by=hall.people[1])
    page, found = hall.sees(hall.hall.host, width=width), []
    for path in ("/questions", f"/questions/{question}", "/chat", f"/chat/{message}"):
        page.goto(hall.address + path)
        found += [f"{path}: {sentence}" for sentence in axe.violations(page, STANDARD)]
        page.set_viewport_size({"width": chromium.NARROWEST, "height": chromium.HEIGHT})
        assert chromium.overflow(page) == 0, path
        page.set_viewport_size({"width": width, "height": chromium.HEIGHT})
    page.goto(hall.address)
    for part in ("#questions", "#pulse", "#chat"):
        found += [f"{part}: {sentence}" for sentence in axe.violations(page, STANDARD) if part[1:] in sentence]
    assert found == []
