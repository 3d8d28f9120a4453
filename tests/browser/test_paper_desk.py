"""A clerk with paper, as clerks work: on a wide screen and a phone, by keyboard, without JavaScript."""

import pytest
from playwright.sync_api import expect

from civic_forum.accounts.rules import Role
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.paper import services as papers
from civic_forum.platform.base import db
from tests.ballots.desk_scene import REASON, WITHDRAWN_FOR, Vote
from tests.ballots.officers.people import staff
from tests.ballots.typing_office import Office
from tests.servers import axe, chromium

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
STANDARD = [*axe.STANDARD, "best-practice"]
WIDTHS = [chromium.PHONE, chromium.DESKTOP]


def looks_right(page, name=""):
    assert axe.violations(page, STANDARD) == [], name
    assert chromium.overflow(page) == 0, name


def finds(page, voter):
    main = page.get_by_role("main")
    main.get_by_label("찾아보는 이유").first.fill(REASON)
    main.get_by_label("이름", exact=True).fill(voter.who.name)
    main.get_by_label("생년월일").fill(f"{voter.who.birth_date:%Y%m%d}")
    main.get_by_role("button", name="명부에서 찾기").click()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_clerk_finds_somebody_hands_out_paper_and_notes_that_it_came_back(town, signed_in, width):
    vote, clerk = Vote(town), town.clerk()
    anna = vote.voter()
    anna.casts(2)
    page = signed_in(clerk, width=width)
    page.goto("/desk")
    page.get_by_role("link", name="종이와 현장 투표").click()
    looks_right(page, "votes")
    page.get_by_role("link", name="종이", exact=True).click()
    looks_right(page, "papers")
    finds(page, anna)
    looks_right(page, "found")
    page.get_by_role("button", name="종이 내주기").click()
    looks_right(page, "reason missing")
    page.get_by_label("온라인 표를 거두는 이유").fill(WITHDRAWN_FOR)
    page.get_by_role("button", name="종이 내주기").click()
    assert "내 몫은 끝났어요" in page.get_by_role("main").inner_text() and vote.live() == 1
    looks_right(page, "asked")
    page = signed_in(staff(town, Role.MODERATOR), width=width)
    page.goto(f"/desk/votes/{vote.hex}/papers")
    finds(page, anna)
    page.get_by_label("온라인 표를 거두는 이유").fill(WITHDRAWN_FOR)
    page.get_by_role("button", name="종이 내주기").click()
    assert "온라인으로 낸 표는 거뒀어요" in page.get_by_role("main").inner_text()
    looks_right(page, "issued")
    assert vote.live() == 0
    page.get_by_role("link", name="봉투 쪽지와 투표지 인쇄하기").click()
    looks_right(page, "print")
    page.go_back()
    page.locator("#returns").get_by_label("종이 번호").fill("1")
    page.locator("#returns").get_by_role("button").click()
    assert "1번 종이가 돌아왔어요" in page.get_by_role("main").inner_text()
    assert vote.by_channel() == {Channel.PAPER_RETURNED: 1}


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_typist_needs_nothing_but_numbers_and_enter(town, signed_in, width, javascript):
    office = Office(town, returned=3)
    number = office.batch(3)
    page = signed_in(office.first, width=width, javascript=javascript)
    page.goto(f"/desk/votes/{office.vote.hex}/batches")
    looks_right(page, "batches")
    page.get_by_role("link", name="입력하기").click()
    for line in ("1 2", "9", "3", "x"):
        if javascript:
            expect(page.locator("#sheet"), line).to_be_focused()
        page.locator("#sheet").fill(line)
        with page.expect_navigation():
            page.locator("#sheet").press("Enter")
        looks_right(page, line)
    page.get_by_role("button", name="입력 마치기").click()
    assert "다른 사람이 한 번 더 입력해요" in page.get_by_role("main").inner_text()
    db.session.rollback()
    office.typed(number, office.second, "1 2", "4", "x")
    third = signed_in(office.third, width=width, javascript=javascript)
    third.goto(f"/desk/votes/{office.vote.hex}/batches")
    third.get_by_role("link", name="차이 정하기").click()
    looks_right(third, "differences")
    third.locator("#sheet-2").fill("3")
    third.get_by_role("button", name="이렇게 정하기").click()
    looks_right(third, "note missing")
    third.locator("#note-2").fill("밝은 곳에서 다시 보니 3번이에요")
    third.get_by_role("button", name="이렇게 정하기").click()
    assert "1번 묶음을 정했어요" in third.get_by_role("main").inner_text()
    looks_right(third, "settled")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_code_for_the_kiosk_is_large_and_fits(town, signed_in, width):
    vote, clerk = Vote(town), town.clerk()
    page = signed_in(clerk, width=width)
    page.goto(f"/desk/votes/{vote.hex}/kiosk-passes")
    looks_right(page, "empty")
    finds(page, vote.voter())
    looks_right(page, "found")
    page.get_by_role("button", name="번호 드리기").click()
    looks_right(page, "code")
    assert "창구 기록부의 1번 칸" in page.get_by_role("main").inner_text()
    large = page.locator(".code-huge").bounding_box()
    assert large["height"] >= 44 and large["x"] + large["width"] <= width


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width, view", [(320, "text=xl"), (390, "contrast=1"), (1280, "")])
def test_the_pages_of_observers_and_objections_fit_and_can_be_read(town, signed_in, width, view):
    vote, observer, official = Vote(town), town.staff(Role.OBSERVER), town.official()
    clerk = town.clerk()
    vote.voter().gets_paper(clerk)
    papers.mark_returned(vote.box_id, 1, by=clerk)
    one = objections.lodge(vote.box_id, "종이가 모자랐어요", "사흘 동안 종이가 없었어요.\n확인해 주세요.", by=observer).id
    objections.answer(vote.box_id, one, "받아들임", "말씀하신 것이 맞아요. 결과에 적을게요.",
                      department_id=town.department().id, by=official)
    vote.after_the_close()
    for user, names in ((observer, (f"/votes/{vote.hex}/observation", f"/votes/{vote.hex}/objections")),
                        (official, ("/desk/votes", *(f"/desk/votes/{vote.hex}/{name}"
                                                     for name in ("objections", "key", "strikes")))),
                        (clerk, (f"/desk/votes/{vote.hex}/{name}" for name in ("papers", "batches", "kiosk-passes")))):
        page = signed_in(user, width=width)
        page.goto(f"/display?{view}&back=/")
        for name in names:
            page.goto(name)
            looks_right(page, name)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_an_administrator_registers_a_kiosk_and_revokes_it(town, served, signed_in, window, width):
    page, there = signed_in(town.administrator(), width=width), window(width=width, base_url=served)
    town.neighbourhood("시흥1동")
    page.goto("/desk")
    page.get_by_role("link", name="투표소 기기").click()
    looks_right(page, "none yet")
    page.get_by_role("button", name="등록 번호 만들기").click()
    looks_right(page, "name missing")
    page.get_by_label("기기 이름").fill("1번 태블릿")
    page.get_by_label("어느 창구인가요?").select_option(label="시흥1동 창구")
    page.get_by_role("button", name="등록 번호 만들기").click()
    looks_right(page, "code")
    code = page.locator(".code-huge").inner_text()
    there.goto("/kiosk")
    looks_right(there, "not registered")
    there.locator("#code").fill(code)
    there.get_by_role("button", name="등록하기").click()
    expect(there.get_by_role("main")).to_contain_text("시흥1동 창구")
    looks_right(there, "registered")
    there.goto("/kiosk/over")
    there.get_by_role("link", name="처음으로 가기").click()
    expect(there.get_by_role("main")).to_contain_text("1번 태블릿")
    page.get_by_role("link", name="기기 목록 보기").click()
    looks_right(page, "one")
    page.get_by_role("button", name="등록 끝내기").click()
    page.get_by_text("등록을 끝낸 기기 보기").click()
    looks_right(page, "revoked")
    there.reload()
    expect(there.get_by_role("main")).to_contain_text("이 기기를 투표소로 등록해 주세요")


@pytest.mark.in_turns(of=5)
def test_the_register_of_a_desk_is_one_sheet(town, signed_in):
    page = signed_in(town.clerk())
    page.goto(f"/desk/votes/{Vote(town).hex}/kiosk-passes/register")
    looks_right(page)
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_the_ballot_is_one_sheet_of_paper_and_the_slip_another(town, signed_in):
    """Printed as PDF: two pages, and the frame of the site on neither."""
    vote, clerk = Vote(town), town.clerk()
    vote.voter().gets_paper(clerk)
    page = signed_in(clerk)
    page.goto(f"/desk/votes/{vote.hex}/papers/ballot?number=1")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 2
    page.emulate_media(media="print")
    assert not page.locator(".hd-outer").is_visible() and not page.locator(".tabs, .crumb").first.is_visible()
