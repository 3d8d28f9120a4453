"""Voting at a kiosk, which keeps nothing of who was there."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import Error, expect

from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.models import Voter as VoterRow
from civic_forum.platform.base import db
from tests.ballots.desk_scene import Vote
from tests.ballots.kiosks import as_kiosk
from tests.servers import chromium

from .voters import WIDTHS, Voter

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]


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
