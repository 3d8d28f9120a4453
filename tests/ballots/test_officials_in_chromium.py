"""The page of two officials in a browser: for everybody's eyes, by keyboard, and without JavaScript."""

import pytest

from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.officials import services as confirmations
from civic_forum.platform.base import db
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.boxes import box
from tests.ballots.officials import COPIES, DESTROY_KEY, OPEN, after, bring_to_publication, both, observers_sign
from tests.servers.axe import looks_right

pytestmark = pytest.mark.one_database
PHRASE = "seven words that nobody else would put together"
VIEWS = [(320, "text=xl"), (1280, "contrast=1"), *(pytest.param(*view, marks=pytest.mark.long) for view in (
    (320, ""), (390, "text=xl"), (390, "contrast=1"), (1280, "")))]


@pytest.fixture
def every_stage(town):
    """Boxes that wait for each of the things that officials do."""
    one, other = both(town)
    fresh, proposed, over, gone, done = (box(12, opened=False), box(12, opened=False), box(12), box(12), box(12))
    running = box(12, closes=7 * 24 * 3600, rehearsal=True)
    confirmations.propose(OPEN, proposed.id, by=one)
    for made in (over, gone, done):
        made.cast(made.voters[0], 1)
    after(3700)
    publication.carry_on(gone.id, by=one)
    observers_sign(gone.id)
    confirmations.propose(DESTROY_KEY, gone.id, note=COPIES, by=one)
    bring_to_publication(done.id, one, other)
    db.session.rollback()
    return [made.id.hex() for made in (fresh, proposed, running, over, gone, done)]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "display"), VIEWS)
def test_every_stage_for_everybody_s_eyes(town, signed_in, every_stage, width, display):
    page = signed_in(town.moderator(), width=width)
    if display:
        page.goto(f"/display?{display}&back=/desk")
    for path in ("/desk/votes/confirmations", *(f"/desk/votes/{hex_id}" for hex_id in every_stage)):
        page.goto(path)
        looks_right(page, path)


def test_an_opening_is_confirmed_by_keyboard_and_without_javascript(town, signed_in):
    official = town.official(password_hash=password_hash())
    made = box(12, opened=False)
    confirmations.propose(OPEN, made.id, by=town.moderator())
    db.session.rollback()
    page = signed_in(official, width=390, javascript=False)
    page.goto(f"/desk/votes/{made.id.hex()}")
    page.get_by_label("내 비밀번호").focus()
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "확인했어요: 투표 열기" in page.inner_text("main") and made.row.opened_at is not None


def test_the_question_of_copies_is_asked_of_the_proposer_and_read_by_the_one_who_confirms(town, signed_in, every_stage):
    page = signed_in(town.official(password_hash=password_hash()), width=1280)
    page.goto(f"/desk/votes/{every_stage[3]}")
    with page.expect_navigation():
        page.get_by_role("button", name="세고 기록 만들기").click()
    observers_sign(bytes.fromhex(every_stage[3]))
    page.reload()
    page.get_by_role("button", name="투표지와 열쇠 없애기 제안하기").click()
    assert "복사본" in page.get_by_role("alert").inner_text()
    looks_right(page, "refused")
    page.locator("#note-destroy_key").fill(COPIES)
    page.get_by_role("button", name="투표지와 열쇠 없애기 제안하기").click()
    assert COPIES in page.inner_text("main") and "확인을 기다려요" in page.inner_text("main")
    page.goto(f"/desk/votes/{every_stage[4]}")
    assert COPIES in page.inner_text("main")
    page.get_by_label("내 비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="확인하고 투표지와 열쇠 없애기").click()
    assert COPIES in page.inner_text("main") and "열쇠 없앰" in page.inner_text("main")


def test_the_page_of_a_key_copy_asks_before_it_is_left_until_the_file_is_saved(town, signed_in):
    made = box(3, opened=False)
    key_copies.propose(made.id, PHRASE, by=town.moderator())
    db.session.rollback()
    page, asked = signed_in(town.official(password_hash=password_hash()), width=390), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(f"/desk/votes/{made.id.hex()}/key")
    for label, text in (("내 문구", PHRASE[::-1]), ("한 번 더", PHRASE[::-1]), ("내 비밀번호", PASSWORD)):
        page.get_by_label(label).first.fill(text)
    page.get_by_role("button", name="확인하고 복사본 받기").click()
    page.wait_for_selector("[data-keep]")
    on = page.get_by_role("link", name="다음 할 일 보기")
    on.click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"] and page.locator("[data-keep]").is_visible()
    with page.expect_download():
        page.locator("[data-keep]").click()
    on.click()
    page.wait_for_url(f"**/desk/votes/{made.id.hex()}")
    assert asked == ["beforeunload"]
