"""A secretary pastes a report and has the record of a meeting with few presses."""

import pytest
from playwright.sync_api import expect

from civic_forum.meetings.models import Meeting, MeetingItem
from civic_forum.platform.base import db
from tests.browser.keyboard import Hands
from tests.factories import count
from tests.forums.record.report_texts import FIVE, SAMPLE
from tests.servers import axe, chromium

from .making import body, members_of

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
MOST_PRESSES = 12


class Hand:
    """A window, and how often something was pressed in it."""

    def __init__(self, page):
        self.page, self.main, self.presses = page, page.get_by_role("main"), 0

    def press(self, wanted) -> None:
        wanted.click()
        self.presses += 1

    def button(self, words: str) -> None:
        self.press(self.main.get_by_role("button", name=words, exact=True))

    def fills(self, name: str, text: str) -> None:
        field = self.main.locator(f"[name={name}]")
        self.press(field)
        field.fill(text)


def reads_the_report(hand: Hand, address: str, text: str) -> None:
    """From the page of the body, by one paste."""
    hand.page.goto(address)
    hand.press(hand.main.get_by_role("link", name="지난 회의 적어 두기"))
    hand.press(hand.main.locator("[name=report]"))
    hand.page.keyboard.insert_text(text)
    hand.button("나눠 보기")


SAMPLE_SAYS = ("10분짜리로 잘라야 끝까지 본다.", "보고받음", "이견 없음", "안건 2개를 다뤄 1개를 정했어요.")
FIVE_SAYS = ("골목길 조명 사업은 겨울이 오기 전에 시작해야 함", "수정 가결(4곳 → 3곳, 2026. 3월부터)", "보류(차기 회의 재상정)",
             "부결", "보고받음", "안건 5개를 다뤄 3개를 정했어요.")


@pytest.mark.parametrize(("name", "text", "typed", "items", "says", "left", "width"), [
    ("교육·문화분과", SAMPLE, {"place": "구청 소회의실", "ends_at": "2020-09-08T14:50"}, 2, SAMPLE_SAYS,
     "교육·문화분과: 민간 4명, 확대 1명", chromium.PHONE),
    ("협치회의", FIVE, {"title": "2025년 제3차 정기회의"}, 5, FIVE_SAYS, "제4차 정기회의 : 2025. 12. 18.(목) 14:00",
     chromium.DESKTOP)])
def test_a_pasted_report_is_the_record_of_a_meeting(town, signed_in, name, text, typed, items, says, left, width):
    secretary = town.user()
    address = f"/bodies/{body(town, secretary=secretary, name=name).slug}"
    hand = Hand(signed_in(secretary, width=width))
    reads_the_report(hand, address, text)
    expect(hand.main).to_contain_text(f"안건 {items}개를 읽었어요.")
    assert chromium.overflow(hand.page) == 0 and axe.violations(hand.page) == []
    for field, words in typed.items():
        hand.fills(field, words)
    hand.button("기록 남기기")
    assert hand.presses <= MOST_PRESSES and (count(Meeting), count(MeetingItem)) == (1, items)
    for words in says:
        expect(hand.main).to_contain_text(words)
    hand.press(hand.main.get_by_text("보고서에서 안건으로 나누지 못한 글"))
    expect(hand.main.get_by_text(left)).to_be_visible()
    reads_the_report(hand, address, text)
    for field, words in typed.items():
        hand.fills(field, words)
    hand.button("기록 남기기")
    expect(hand.main).to_contain_text("이 회의는 이미 기록되어 있어요")
    assert count(Meeting) == 1


@pytest.mark.in_turns(of=10)
def test_a_keyboard_alone_records_a_meeting_and_answers_in_writing_without_scripts(town, signed_in):
    secretary = town.user()
    council = body(town, secretary=secretary, name="교육·문화분과")
    hands = Hands(signed_in(secretary, width=chromium.PHONE, javascript=False), "secretary")
    hands.opens(f"/bodies/{council.slug}")
    hands.link("지난 회의 적어 두기")
    hands.types(report=SAMPLE)
    hands.clicks("나눠 보기")
    hands.looks("record that was read")
    hands.dates("ends_at", "2020-09-08T14:50")
    hands.types(place="구청 소회의실")
    hands.clicks("기록 남기기")
    hands.reads("기록을 남겼어요.", *SAMPLE_SAYS)
    hands.opens(f"/bodies/{council.slug}")
    hands.link("서면 의결 적어 두기")
    hands.dates("starts_at", "2026-08-20T09:00")
    hands.dates("ends_at", "2026-08-24T18:00")
    hands.types(**{"items-0-title": "돌봄 의자 놓기"})
    hands.chooses("items-0-kind", "결정")
    for member in members_of(council.id)[:3]:
        hands.chooses(f"items-0-named-{member.id}", "찬성")
    hands.chooses("items-0-result", "가결")
    hands.looks("written resolution")
    hands.clicks("기록 남기기")
    hands.reads("까지 서면으로 답했어요", "안건 1개를 다뤄 1개를 정했어요.")
    assert count(Meeting) == 2


@pytest.mark.parametrize("width", [chromium.NARROWEST, chromium.PHONE])
def test_sixty_members_with_long_names_stand_within_a_window(town, signed_in, width):
    secretary = town.user()
    council = body(town, members=60, secretary=secretary)
    for number, member in enumerate(members_of(council.id)):
        member.name, member.consent = f"남궁황보제갈독고{number}", True
    db.session.commit()
    page = signed_in(secretary, width=width)
    for address in (f"/bodies/{council.slug}", f"/desk/bodies/{council.slug}",
                    f"/desk/bodies/{council.slug}/meetings/record"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true; })")
        expect(page.get_by_role("main").get_by_text("남궁황보제갈독고59").first).to_be_visible()
        assert chromium.overflow(page) == 0, address
        assert axe.violations(page) == [], address
