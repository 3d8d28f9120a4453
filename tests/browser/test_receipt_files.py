"""Files of receipts, checked in the browser and without a line."""

import json

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from civic_forum.ballots.models import LogLeaf
from civic_forum.platform.base import db
from tests.servers import chromium

from .voters import WIDTHS, checks, closes, saves

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf"),
              pytest.mark.page_errors("404 for the fetch .*/receipts/")]


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
    assert chromium.overflow(ada.page) == 0
