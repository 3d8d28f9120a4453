"""A vote as a moderator makes it: on a telephone, without JavaScript, from the first form to the opening by two."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.accounts import passwords
from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from tests.common import stamp
from tests.polls.making import BINDING, opened, voter
from tests.servers import chromium, in_process

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
PASSWORD = "a long enough sentence"


@pytest.fixture
def window_of(app, served, window):
    def open_window(user, javascript=False):
        page = window(width=chromium.PHONE, javascript=javascript, base_url=served)
        in_process.sign_in(page, app, served, user)
        return page

    return open_window


def fill(page, button, **fields):
    main = page.get_by_role("main")
    for name, text in fields.items():
        main.locator(f"[name={name}]").fill(text)
    main.get_by_role("button", name=button, exact=True).click()


def go_on(page, name):
    """Take the next step that the page of the vote offers."""
    page.get_by_role("main").get_by_role("region", name="다음에 할 일").locator("a, button").get_by_text(name).click()


@pytest.mark.in_turns(of=5)
def test_a_vote_is_made_and_opened_on_a_telephone_without_javascript(town, window_of):
    for _one in range(10):
        resident = voter(town)
    moderator = town.moderator(password_hash=passwords.hashed(PASSWORD))
    page, now = window_of(moderator), clock.now()
    main = page.get_by_role("main")
    page.goto("/desk")
    main.get_by_role("link", name="투표 준비하기").click()
    main.get_by_role("link", name="새 투표 만들기").click()
    main.get_by_label("하나만 고르기").check()
    fill(page, "만들고 이어서 채우기", title="빈터의 쓰임새", question="무엇으로 쓸까요?", slug="empty-lot",
         opens_at=stamp(now - timedelta(minutes=5)), closes_at=stamp(now + timedelta(days=3)),
         roll_fixed_on=local(now - timedelta(days=1)).date().isoformat())
    go_on(page, "채우러 가기")
    for title in ("텃밭", "쉼터"):
        fill(page, "항목 넣기", title=title, cost="1000000")
    main.get_by_role("link", name="돌아가기").click()
    go_on(page, "채우러 가기")
    fill(page, "저장하기", binding=BINDING)
    main.get_by_role("link", name="투표지 미리보기").click()
    expect(main.get_by_text("미리보기예요")).to_be_visible()
    page.goto("/desk/polls/empty-lot")
    go_on(page, "모두에게 알리기")
    go_on(page, "열 준비하기")
    page.wait_for_url("**/desk/votes/*")
    box = page.url.rpartition("/")[2]

    official = window_of(town.official(password_hash=passwords.hashed(PASSWORD)))
    official.goto(f"/desk/votes/{box}")
    official.get_by_role("main").get_by_role("button", name="제안하기").first.click()
    page.goto(f"/desk/votes/{box}")
    page.get_by_label("비밀번호").fill(PASSWORD)
    main.get_by_role("button", name="확인하고").first.click()

    page.goto("/desk/polls/empty-lot")
    expect(main.get_by_text("투표를 열었어요")).to_be_visible()
    voting = window_of(resident)
    voting.goto("/")
    voting.get_by_role("main").get_by_role("link", name="투표하기").click()
    expect(voting.get_by_role("heading", level=1)).to_have_text("빈터의 쓰임새")


@pytest.mark.in_turns(of=5)
def test_the_clock_counts_on_whatever_the_clock_of_the_device_says(town, window_of):
    made = opened(town, closes_at=(clock.now() + timedelta(days=2, hours=3, minutes=5, seconds=30)).isoformat(
        timespec="seconds"))
    page = window_of(town.resident(), javascript=True)
    page.clock.install(time="2001-01-01T00:00:00")
    page.goto(f"/polls/{made.slug}")
    figures = page.locator("[data-until]")
    expect(figures.locator("[data-minutes]")).to_have_text("5")
    page.clock.fast_forward("01:10:00")
    expect(figures.locator("[data-hours]")).to_have_text("1")
    expect(figures.locator("[data-days]")).to_have_text("2")
