"""Voting as people do it: by keyboard alone, without JavaScript, on a phone, with a bad line."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.polls.making import options
from tests.servers import chromium

from .voters import WIDTHS, ballots, closes

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]


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


@pytest.mark.page_errors("ERR_FAILED")
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


@pytest.mark.page_errors("ERR_FAILED")
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
