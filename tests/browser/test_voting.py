"""Voting as people do it: by keyboard alone, without JavaScript, on a phone, with a bad line, at a kiosk."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Error, expect

from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.models import LogLeaf, Promise
from civic_forum.ballots.models import Voter as VoterRow
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots.desk_scene import Vote
from tests.ballots.kiosks import as_kiosk
from tests.polls.making import opened, options, voter
from tests.servers import axe, chromium, in_process

from .test_accessibility import RING

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
STANDARD = [*axe.STANDARD, "best-practice"]
WIDTHS = [chromium.PHONE, chromium.DESKTOP]
TABS = 250
TRACKER = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}")


@pytest.fixture
def voting(app, town, served, window):
    """Opens a window of a voter of a vote: `voting(width=, javascript=, kind=…)`."""

    def open_window(width=chromium.DESKTOP, javascript=True, **facts):
        ada = voter(town)
        poll = opened(town, **{"kind": "up_to_k", "max_choices": 2, "options": options(5)} | facts)
        page = window(width=width, javascript=javascript, base_url=served)
        in_process.sign_in(page, app, served, ada)
        return Voter(page, f"/polls/{poll.slug}/ballot")

    return open_window


class Voter:
    """Somebody at a window."""

    def __init__(self, page, ballot):
        self.page, self.ballot, self.main = page, ballot, page.get_by_role("main")
        self.faults = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and "Failed to load" not in said.text
                and self.faults.append(said.text))

    def opens(self, path=None):
        self.page.goto(path or self.ballot)

    def chooses(self, *numbers):
        for number in numbers:
            self.page.locator(f"#option-{number}").check()

    def looks(self):
        self.main.get_by_role("button", name="확인하기").click()

    def casts(self):
        self.page.locator("[data-cast]").click()

    def number(self) -> str:
        """Of the receipt that is shown."""
        expect(self.main.get_by_role("heading", level=1)).to_have_text("투표했어요")
        return TRACKER.search(self.page.locator(".tracker").inner_text())[0]

    def is_clean(self):
        """Nothing for axe, nobody scrolls sideways, no script stumbled."""
        assert axe.violations(self.page, STANDARD) == [] and chromium.overflow(self.page) == 0 and self.faults == []

    def tabs_to(self, selector):
        """Goes on with the tab key until this has the focus; every stop on the way is seen."""
        for _stop in range(TABS):
            self.page.keyboard.press("Tab")
            seen = self.page.evaluate(RING)
            if seen is not None:
                assert seen["ring"] and seen["open"], seen["what"]
            if self.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard never comes to {selector}")

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)


def ballots():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Promise))


def closes():
    clock.shift(int(timedelta(days=8).total_seconds()))


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_by_keyboard_alone(voting, width):
    ada = voting(width)
    numbers = []
    for chosen in (("#option-2", "#option-4"), ("#blank",)):
        ada.opens()
        for selector in sorted(chosen, key=lambda one: ada.page.locator(one).bounding_box()["y"]
                               * 10_000 + ada.page.locator(one).bounding_box()["x"]):
            ada.tabs_to(selector)
            ada.keys("Space")
        ada.tabs_to("[data-next]")
        ada.keys("Enter")
        expect(ada.page.locator("[data-review]")).to_be_focused()
        expect(ada.main).to_contain_text("이대로 투표할까요?")
        ada.tabs_to("[data-cast]")
        ada.keys("Enter")
        numbers.append(ada.number())
        expect(ada.main.get_by_role("heading", level=1)).to_be_focused()
    assert len(set(numbers)) == 2 and ballots() == 2
    closes()
    ada.opens("/receipts")
    ada.tabs_to("#tracker")
    ada.page.keyboard.type(numbers[1].lower().replace("-", ""))
    ada.keys("Enter")
    expect(ada.main.get_by_role("heading", level=1)).to_have_text("이 투표지는 공개 기록부에 있어요")
    ada.is_clean()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_without_javascript(voting, width):
    ada = voting(width, javascript=False)
    ada.opens()
    expect(ada.page.locator("noscript .note")).to_be_visible()
    ada.is_clean()
    ada.chooses(1, 2, 3)
    ada.looks()
    expect(ada.main).to_contain_text("2까지만 고를 수 있어요")
    assert ada.page.locator("input:checked").count() == 3 and ballots() == 0
    ada.is_clean()
    ada.page.locator("#option-3").uncheck()
    ada.looks()
    ada.is_clean()
    assert ada.page.locator(".look-list li:visible").count() == 2 and ballots() == 0
    ada.main.get_by_role("button", name="다시 고르기").click()
    assert ada.page.locator("input:checked").count() == 2
    ada.looks()
    ada.casts()
    first = ada.number()
    ada.is_clean()
    with ada.page.expect_download() as saving:
        ada.main.get_by_role("link", name="확인증 파일 저장하기").click()
    assert json.loads(saving.value.path().read_text())["tracker"] == first
    ada.main.get_by_role("link", name="투표 바꾸기").click()
    expect(ada.main).to_contain_text("이미 투표했어요")
    assert ada.page.locator("input:checked").count() == 0
    ada.chooses(5)
    ada.looks()
    ada.casts()
    last = ada.number()
    assert first != last and ballots() == 2
    closes()
    ada.opens("/receipts")
    ada.page.locator("#tracker").fill(last.lower())
    ada.main.get_by_role("button", name="찾아보기").click()
    expect(ada.main).to_contain_text("공개 기록부에 있어요")
    ada.is_clean()


def test_a_receipt_is_still_there_after_the_vote_was_passed_on(voting):
    ada = voting(chromium.PHONE)
    ada.opens()
    ada.chooses(1)
    ada.looks()
    ada.casts()
    number = ada.number()
    ada.main.get_by_role("link", name="공유하기").click()
    expect(ada.page.locator("dialog[open] .share-sheet")).to_be_visible()
    ada.keys("Escape")
    assert ada.number() == number
    ada.is_clean()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_counter_the_limit_and_what_is_taken_out_again(voting, width):
    ada = voting(width)
    ada.opens()
    ada.chooses(2, 3)
    expect(ada.page.locator("[data-count]")).to_have_text("2")
    other = ada.page.locator("#option-4")
    assert other.get_attribute("aria-disabled") == "true" and not other.evaluate("box => box.disabled")
    other.focus()
    ada.keys("Space")
    expect(ada.page.get_by_role("status").filter(has_text="모두 골랐어요")).to_be_visible()
    assert not other.is_checked()
    ada.is_clean()
    ada.page.locator("#option-2").uncheck()
    expect(ada.page.locator("[data-count]")).to_have_text("1")
    assert other.get_attribute("aria-disabled") is None


@pytest.mark.parametrize("kind", ["choose_one", "exactly_k", "yes_no_each"])
def test_every_kind_of_question(voting, kind):
    ada = voting(chromium.PHONE, kind=kind, options=options(3))
    ada.opens()
    ada.looks()
    expect(ada.page.get_by_role("status").filter(has_text=re.compile("골라 주세요|답하지 않은"))).to_be_visible()
    assert not ada.page.locator("[data-review]").is_visible()
    if kind == "yes_no_each":
        for number, word in ((1, 1), (2, 3), (3, 2)):
            ada.page.locator(f"#answer-{number}-{word}").check()
    else:
        ada.chooses(*((1,) if kind == "choose_one" else (1, 3)))
    ada.is_clean()
    ada.looks()
    ada.is_clean()
    if kind == "yes_no_each":
        expect(ada.page.locator("[data-look]")).to_contain_text("반대해요")
    ada.casts()
    ada.number()
    ada.is_clean()
    assert ballots() == 1


HOSTILE = ["\"><img src=x onerror=alert(1)></template>", "가" * 200, "{{ 7*7 }} {title} %(number)s </script>",
           "W" * 200, "'; DROP TABLE ballot_cast; -- \\u0000"]


@pytest.mark.parametrize("kind", ["up_to_k", "yes_no_each"])
def test_hostile_titles_are_text_wherever_they_stand(voting, kind):
    ada = voting(chromium.PHONE, kind=kind, options=[{"number": number, "title": title, "text": title, "cost": 10**9}
                                                     for number, title in enumerate(HOSTILE, 1)])
    asked = []
    ada.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ada.opens()
    for more in ada.page.locator("summary", has_text="자세히").all():
        more.click()
    if kind == "up_to_k":
        ada.chooses(1, 2)
    else:
        for number in range(1, 6):
            ada.page.locator(f"#answer-{number}-1").check()
    for width in (chromium.NARROWEST, chromium.DESKTOP):
        ada.page.set_viewport_size({"width": width, "height": chromium.HEIGHT})
        ada.is_clean()
        for title in HOSTILE[:2]:
            expect(ada.main.locator(".opts")).to_contain_text(title)
    ada.page.locator("[data-next]").click()
    ada.page.set_viewport_size({"width": chromium.NARROWEST, "height": chromium.HEIGHT})
    for title in HOSTILE[:2]:
        expect(ada.page.locator("[data-look]")).to_contain_text(title)
    ada.is_clean()
    ada.casts()
    ada.number()
    assert asked == []


def test_categories_narrow_the_list_and_nothing_that_was_chosen(voting):
    named = [one | {"category": word} for one, word in zip(options(5), ["교통", "교통", "안전", "문화", "안전"], strict=True)]
    ada = voting(chromium.PHONE, options=named)
    ada.opens()
    ada.chooses(1)
    chips = ada.page.get_by_role("group", name="분야로 거르기")
    chips.get_by_role("button", name="안전").click()
    assert chips.get_by_role("button", name="안전").get_attribute("aria-pressed") == "true"
    assert ada.page.locator("[data-option]:visible").count() == 2
    expect(ada.page.get_by_role("status").filter(has_text="2개를 보여 드려요")).to_be_visible()
    ada.is_clean()
    ada.chooses(3)
    expect(ada.page.locator("[data-count]")).to_have_text("2")
    chips.get_by_role("button", name=re.compile("모두")).click()
    assert ada.page.locator("[data-option]:visible").count() == 5 and ada.page.locator("#option-1").is_checked()


def test_going_back_from_the_receipt_opens_a_new_ballot(voting):
    ada = voting()
    ada.opens()
    ada.chooses(1)
    ada.looks()
    ada.casts()
    number = ada.number()
    ada.page.go_back()
    expect(ada.main).to_contain_text("이미 투표했어요")
    assert number not in ada.page.content() and ada.page.locator("input:checked").count() == 0


def test_a_reader_who_does_not_see_the_counter_hears_it(voting):
    ada = voting()
    ada.opens()
    ada.chooses(1, 4)
    expect(ada.page.get_by_role("status").filter(has_text="2개 가운데 2개를 골랐어요")).to_have_count(1)


def test_nothing_goes_to_the_server_before_casting(voting):
    ada = voting()
    ada.opens()
    ada.page.wait_for_load_state("networkidle")
    asked = []
    ada.page.on("request", lambda request: asked.append(request.url))
    ada.chooses(1, 2)
    ada.looks()
    ada.main.get_by_role("button", name="다시 고르기").click()
    ada.page.locator("#option-1").uncheck()
    ada.looks()
    assert asked == [] and ada.page.locator("[data-look] li").count() == 1
    ada.casts()
    ada.number()
    assert "2번 사업" not in ada.page.content() and ada.page.locator("[data-ballot]").count() == 0


def test_a_lost_answer_is_asked_for_again_and_counts_once(voting):
    ada = voting()
    ada.opens()
    answers = []

    def lose(route):
        answers.append(route.fetch().json()["slip"]["tracker"])
        route.abort() if len(answers) == 1 else route.fulfill(response=route.fetch())

    ada.page.route("**/casts", lose)
    ada.chooses(1)
    ada.looks()
    ada.casts()
    assert ada.number() == answers[0] and ballots() == 1


def test_without_a_line_the_ballot_stays_and_can_be_sent_again(voting):
    ada = voting(chromium.PHONE)
    ada.opens()
    ada.page.route("**/casts", lambda route: route.abort())
    ada.chooses(1)
    ada.looks()
    ada.casts()
    expect(ada.main.get_by_role("alert")).to_contain_text("연결이 끊겼어요")
    ada.is_clean()
    ada.page.unroute("**/casts")
    ada.main.get_by_role("button", name="다시 보내기").click()
    ada.number()
    assert ballots() == 1


def test_leaving_asks_only_when_something_was_chosen(voting):
    ada = voting()
    asked = []
    ada.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ada.opens()
    ada.opens("/receipts")
    assert asked == []
    ada.opens()
    ada.page.locator("#option-1").click()
    ada.opens("/receipts")
    assert asked == ["beforeunload"]


def test_a_ballot_that_comes_too_late(voting):
    ada = voting(chromium.PHONE)
    ada.opens()
    ada.chooses(1)
    ada.looks()
    closes()
    ada.casts()
    expect(ada.main.get_by_role("heading", level=1)).to_contain_text("에 마감한 투표예요")
    expect(ada.main).to_contain_text(re.compile(r"\d\d:\d\d:\d\d에 도착해 세지 않았어요"))
    ada.is_clean()
    assert ballots() == 0


def test_a_form_that_another_window_overtook(voting):
    ada = voting()
    ada.opens()
    other = ada.page.context.new_page()
    other.goto(ada.ballot)
    other.locator("#option-5").check()
    other.locator("[data-next]").click()
    other.locator("[data-cast]").click()
    expect(other.locator(".tracker")).to_be_visible()
    ada.chooses(1)
    ada.looks()
    ada.casts()
    expect(ada.main.get_by_role("alert")).to_contain_text("다른 곳에서 투표가 바뀌었어요")
    ada.is_clean()
    assert ballots() == 1


def saves(ada, folder, *chosen):
    """Votes for these and keeps the file of the receipt."""
    ada.opens()
    ada.chooses(*chosen)
    ada.looks()
    ada.casts()
    number = ada.number()
    ada.main.get_by_text("자세한 기록 보기").click()
    with ada.page.expect_download() as saving:
        ada.main.get_by_role("link", name="확인증 파일 저장하기").click()
    assert saving.value.suggested_filename == f"receipt-{number}.json"
    path = folder / saving.value.suggested_filename
    saving.value.save_as(path)
    return path


def checks(ada, *files):
    """The verdict on these files, and the lines beneath it by what comes of them."""
    place = ada.page.locator("[data-found]")
    ada.page.locator("#file").evaluate("it => it.click()")
    place.evaluate("it => it.replaceChildren()")  # what stands there of another file
    ada.page.locator("#file").set_input_files(files)
    expect(place.locator("h3, .err").first).to_be_visible()
    lines = {outcome: place.locator(f"li.{outcome}").count() for outcome in ("ok", "wait", "no")}
    return place.locator("h3, .err").first.inner_text(), lines


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_browser_checks_the_file_itself_and_sends_nothing_of_it(voting, width, tmp_path):
    ada = voting(width)
    first, last = saves(ada, tmp_path, 1), saves(ada, tmp_path, 2)
    asked = []
    ada.page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    ada.opens("/receipts")
    assert checks(ada, last) == ("확인증이 맞아요. 기록부는 마감한 뒤에 볼 수 있어요", {"ok": 2, "wait": 1, "no": 0})
    ada.is_clean()
    closes()
    ada.opens("/receipts")
    assert checks(ada, last) == ("내 표가 기록부에 있고, 이 표를 세요", {"ok": 5, "wait": 0, "no": 0})
    assert checks(ada, first) == ("내 표가 기록부에 있지만, 이 표는 세지 않아요", {"ok": 4, "wait": 1, "no": 0})
    ada.is_clean()
    kept = [json.loads(file.read_text()) for file in (first, last)]
    for receipt in kept:
        assert not any(receipt["mine"] in one or receipt["signature"] in one for one in asked)
    spoilt = tmp_path / "spoilt.json"
    flipped = {"0": "1"}
    for changes, verdict in (
            ({"signature": flipped.get(kept[1]["signature"][0], "0") + kept[1]["signature"][1:]}, "이 확인증은 맞지 않아요"),
            ({"mine": kept[0]["mine"]}, "기록부에 있지만 내 표가 아니에요"),
            ({"tracker": kept[0]["tracker"]}, "투표 확인증 파일이 아니거나"), ({"format": 1}, "투표 확인증 파일이 아니거나")):
        spoilt.write_text(json.dumps(kept[1] | changes))
        assert checks(ada, spoilt)[0].startswith(verdict), changes


def test_a_promise_that_was_not_kept_is_evidence_and_a_wrong_list_proves_nothing(voting, tmp_path):
    ada = voting()
    file = saves(ada, tmp_path, 1)
    receipt = json.loads(file.read_text())
    closes()
    ada.page.route("**/live.txt", lambda route: route.fulfill(body="00" * 32 + "\n"))
    ada.opens("/receipts")
    assert checks(ada, file) == ("기록부에 있다는 증명이 맞지 않아요", {"ok": 4, "wait": 0, "no": 1})
    db.session.execute(sa.delete(LogLeaf).filter_by(tracker=receipt["tracker"]))
    db.session.commit()
    assert checks(ada, file)[0] == "기록부에 있어야 하는데 없어요"
    expect(ada.page.locator("[data-found] .no")).to_contain_text("이 확인증이 증거예요")


def test_without_a_line_the_file_of_the_checker_says_the_same(voting, tmp_path):
    ada = voting()
    receipt = saves(ada, tmp_path, 3)
    number = json.loads(receipt.read_text())["tracker"]
    closes()
    ada.opens(f"/receipts/{number}")
    ada.main.get_by_text("기록부에 있다는 증명").click()
    kept = []
    for name in ("증명 파일 받기", "세는 표의 목록 받기"):
        with ada.page.expect_download() as saving:
            ada.main.get_by_role("link", name=name).click()
        kept.append(tmp_path / saving.value.suggested_filename)
        saving.value.save_as(kept[-1])
    ada.opens("/receipts")
    ada.main.get_by_text("인터넷 없이 확인하기").click()
    with ada.page.expect_download() as saving:
        ada.main.get_by_role("link", name="receipt-checker.html").click()
    saving.value.save_as(tmp_path / "checker.html")
    ada.page.context.set_offline(True)
    ada.opens(f"file://{tmp_path / 'checker.html'}")
    assert checks(ada, receipt)[0] == "확인증이 맞아요. 기록부는 마감한 뒤에 볼 수 있어요"
    assert checks(ada, receipt, kept[0]) == ("내 표가 기록부에 있어요", {"ok": 4, "wait": 1, "no": 0})
    assert checks(ada, receipt, *kept) == ("내 표가 기록부에 있고, 이 표를 세요", {"ok": 5, "wait": 0, "no": 0})
    assert chromium.overflow(ada.page) == 0 and ada.faults == []


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("view", ["text=xl", "contrast=1", "language=en"])
def test_large_text_high_contrast_and_english(voting, view):
    ada = voting(chromium.PHONE)
    ada.opens(f"/display?{view}&back={ada.ballot}")
    ada.is_clean()
    ada.chooses(1, 2)
    ada.page.set_viewport_size({"width": chromium.NARROWEST, "height": chromium.HEIGHT})
    ada.is_clean()
    ada.page.locator("[data-next]").click()
    ada.is_clean()
    ada.casts()
    expect(ada.page.locator(".tracker")).to_be_visible()
    ada.is_clean()


@pytest.fixture
def at_kiosk(town, served, window):
    """Opens a window at the kiosk, with a code typed in."""

    def open_kiosk(width=chromium.DESKTOP, javascript=True):
        vote, clerk = Vote(town), town.clerk()
        code = kiosk.issue(vote.box_id, vote.voter().visit(clerk), by=clerk).code
        somebody = Voter(window(width=width, javascript=javascript, base_url=served), "/kiosk/ballot")
        as_kiosk(somebody.page, served)
        somebody.opens("/kiosk")
        somebody.is_clean()
        somebody.page.locator("#code").fill(code)
        somebody.main.get_by_role("button", name="시작하기").click()
        somebody.page.wait_for_url("**/kiosk/ballot")
        return somebody

    return open_kiosk


def goes_back(page):
    """To a page that was sent as a form the browser does not go without asking: it has nothing kept to show."""
    try:
        page.go_back()
    except Error as nothing_kept:
        assert "ERR_CACHE_MISS" in str(nothing_kept)
        page.wait_for_url("chrome-error://**")


def participations():
    db.session.rollback()
    return list(db.session.scalars(sa.select(VoterRow.channel)))


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_kiosk_leaves_nothing_behind(at_kiosk, width, javascript):
    person = at_kiosk(width, javascript)
    if javascript:  # without it the page has to clear itself after a time, which axe calls a fault
        person.is_clean()
    person.chooses(2, 5)
    person.page.locator("[data-next]").click()
    if javascript:
        person.is_clean()
        person.casts()
    number = person.number()
    assert participations() == [Channel.ASSISTED]
    person.main.get_by_role("button", name="다음 분을 위해 화면 지우기").click()
    person.page.wait_for_url("**/kiosk")
    assert {one["name"] for one in person.page.context.cookies()} <= {"session", "kiosk_device"}
    for _step in range(4):
        goes_back(person.page)
        shown = person.page.content()
        assert number not in shown and "쓰임새" not in shown
    person.opens("/kiosk/ballot")
    expect(person.main).to_contain_text("창구에서 받은 번호를 넣어 주세요")
    if javascript:
        assert person.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_kiosk_that_nobody_touches_clears_itself(at_kiosk):
    person = at_kiosk()
    person.page.clock.install()
    person.page.reload()
    person.chooses(1)
    person.page.clock.fast_forward(125_000)
    warning = person.page.get_by_role("alertdialog")
    expect(warning).to_be_visible()
    person.is_clean()
    warning.get_by_role("button", name="계속하기").click()
    expect(warning).to_be_hidden()
    assert person.page.locator("#option-1").is_checked()
    person.page.clock.fast_forward(125_000)
    expect(warning).to_be_visible()
    person.page.clock.fast_forward(65_000)
    expect(person.main.get_by_role("heading", level=1)).to_have_text("화면을 지웠어요")
    person.is_clean()
    assert [one["name"] for one in person.page.context.cookies()] == ["kiosk_device"]
