"""Sixty notes and five proposals typed without a connection, the browser killed in between, and sent once each."""

import os
import signal
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from civic_forum.attachments.models import Attachment
from civic_forum.intake import services
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import SheetForm
from civic_forum.platform.base import db
from tests.attachments.making import png
from tests.servers import axe, chromium, in_process

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NOTES, SHEETS = 60, 5
FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
"""A disk without room."""
OLD_ROWS = """async ([account, texts]) => {
  const opening = indexedDB.open("intake", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("rows", { keyPath: "key" });
    opening.result.createObjectStore("page", { keyPath: "name" });
  };
  const database = await new Promise((resolve) => { opening.onsuccess = () => resolve(opening.result); });
  const doing = database.transaction("rows", "readwrite");
  texts.forEach((text, place) => doing.objectStore("rows").put({
    key: `old-${place}`, account, place, text, form: "note", visit: "", number: "", category: "", neighbourhood: "" }));
  await new Promise((resolve) => { doing.oncomplete = resolve; });
  database.close();
  await (await caches.open("intake")).put("/desk/intake/offline", new Response("old page"));
}"""
"""Rows and a page as the release before this one left them."""
READY, KEPT = "form[data-ready]", "form[data-kept]"


@contextmanager
def device(browser, folder):
    """A browser with a profile of its own, which a kill leaves behind."""
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=chromium.program(), locale=chromium.LANGUAGE)
    try:
        yield context, context.pages[0]
    finally:
        with suppress(Error):  # after a kill there is nothing to close
            context.close()


def kill(folder):
    """End the processes of this profile as a dead battery does."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            mine = str(folder) in entry.read_text()
        except OSError:
            continue
        if mine:
            os.kill(int(entry.parent.name), signal.SIGKILL)


def type_in(page, texts):
    for text in texts:
        page.keyboard.insert_text(text)
        page.keyboard.press("Enter")


def opened(page, address):
    page.goto(f"{address}/desk/intake")
    page.wait_for_selector(READY, state="attached")
    page.get_by_label("들은 말").focus()


def says(page, words):
    expect(page.locator("[data-connection]")).to_contain_text(words)


def test_all_that_was_typed_without_a_connection_comes_once(browser, window, app, town, csrf, tmp_path):
    typist, notes = town.moderator(), [f"{place}번째 쪽지" for place in range(NOTES)]
    sheets = [f"{place}번째 제안" for place in range(SHEETS)]
    slips = services.print_sheets({SheetForm.NOTES: 1}, by=typist)[SheetForm.NOTES]
    numbers = [slip.submission.number for slip in slips]
    db.session.rollback()
    with ExitStack() as online, device(browser, tmp_path / "one") as (context, page):
        address = online.enter_context(in_process.served(app))
        in_process.sign_in(page, app, address, typist)
        page.goto(f"{address}/desk/intake")
        page.wait_for_selector(KEPT, state="attached")
        online.close()
        context.set_offline(True)
        opened(page, address)
        page.get_by_label("종이에 적힌 번호").fill(numbers[0].replace("-", ""))
        page.get_by_label("들은 말").focus()
        type_in(page, notes[:16])
        page.get_by_label("종이에 적힌 번호").fill("")
        page.get_by_label("들은 말").focus()
        type_in(page, [*notes[16:40], "전화는 010-1234-5678이에요"])
        expect(page.get_by_role("alert")).to_contain_text("숫자가 있어요")
        says(page, "40개는 이 기기에 있고")
        kill(tmp_path / "one")
    with ExitStack() as online, device(browser, tmp_path / "one") as (context, page):
        context.set_offline(True)
        opened(page, address)
        type_in(page, notes[40:])
        page.get_by_role("radio", name="제안서").check()
        page.get_by_label("들은 말").focus()
        type_in(page, sheets)
        says(page, "65개는 이 기기에 있고")
        assert db.session.query(IntakeItem).count() == 0
        db.session.rollback()
        online.enter_context(in_process.served(app, int(address.rpartition(":")[2])))
        context.set_offline(False)
        says(page, "로그인하면 보내요")
        in_process.sign_in(page, app, address, typist)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-connection]")).to_be_hidden()
        second = in_process.sign_in(window(width=chromium.PHONE), app, address, town.moderator())
        opened(second, address)
        second.get_by_label("종이에 적힌 번호").fill(numbers[0])
        second.get_by_label("들은 말").focus()
        type_in(second, notes[:2])
        expect(second.get_by_text("다른 사람이 봐요")).to_have_count(2)
        assert axe.violations(second) == [] and chromium.overflow(second) == 0
    items = db.session.query(IntakeItem).order_by(IntakeItem.id).all()
    assert [item.text for item in items] == [*notes, *sheets, *notes[:2]]
    assert [item.number for item in items[:16]] == numbers
    assert [item.clash.number for item in items if item.clash_id] == numbers[:2]


def test_rows_outlive_signing_out_and_are_their_accounts_own(window, app, town, csrf):
    typist, other = town.moderator(), town.moderator()
    with in_process.served(app) as address:
        page = in_process.sign_in(window(width=chromium.PHONE, service_workers="allow"), app, address, typist)
        page.goto(f"{address}/desk/intake")
        page.wait_for_selector(KEPT, state="attached")
        page.get_by_label("종이에 적힌 번호").fill("2001-0009-6")
        page.get_by_label("들은 말").focus()
        type_in(page, ["번호를 잘못 적은 글"])
        expect(page.locator("[data-queue]")).to_contain_text("이 번호로 인쇄한 종이가 없어요")
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="로그아웃하기").last.click()
        page.wait_for_url(f"{address}/")
        assert "intake" not in page.evaluate("caches.keys()")
        opened(in_process.sign_in(page, app, address, other), address)
        expect(page.locator("[data-queue]")).to_be_hidden()
        opened(in_process.sign_in(page, app, address, typist), address)
        page.get_by_role("button", name="고치기").first.click()
        page.evaluate(FULL)
        page.get_by_label("종이에 적힌 번호").fill("")
        page.get_by_label("들은 말").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("자리가 없어")
        page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
        page.get_by_role("button", name="고치기").first.click()
        page.get_by_label("들은 말").press("Enter")
        expect(page.locator("[data-queue]")).to_contain_text("보냈어요")
    assert db.session.query(IntakeItem).one().text == "번호를 잘못 적은 글"


@pytest.mark.in_turns(of=10)
def test_a_new_page_sends_rows_of_the_old_one_and_one_photograph_of_a_sheet(window, app, town, csrf, tmp_path):
    typist, notes = town.moderator(), ["첫째 쪽지", "둘째 쪽지", "셋째 쪽지"]
    (tmp_path / "sheet.png").write_bytes(png(60, 40))
    with in_process.served(app) as address:
        page = in_process.sign_in(window(width=chromium.DESKTOP, service_workers="allow"), app, address, typist)
        page.goto(f"{address}/desk/intake/sheets")
        page.evaluate(OLD_ROWS, [str(typist.id), notes[:2]])
        page.goto(f"{address}/desk/intake")
        page.wait_for_selector(KEPT, state="attached")
        expect(page.locator("[data-queue] .tag.ok")).to_have_count(2)
        kept = page.evaluate("async () => (await caches.match('/desk/intake/offline')).text()")
        assert "old page" not in kept and "data-queue" in kept
        page.get_by_label("종이를 찍은 사진").set_input_files(tmp_path / "sheet.png")
        page.get_by_label("한 장에 쪽지 여럿").check()
        page.get_by_label("들은 말").focus()
        type_in(page, notes)
        expect(page.locator("[data-queue] .tag.ok")).to_have_count(5)
        expect(page.locator(".beside > figure img")).to_be_visible()
        page.get_by_label("한 장에 쪽지 여럿").uncheck()
        expect(page.locator(".beside > figure")).to_have_count(0)
        page.get_by_label("들은 말").focus()
        type_in(page, ["사진이 없는 쪽지"])
        expect(page.locator("[data-queue] .tag.ok")).to_have_count(6)
        assert axe.violations(page) == [] and chromium.overflow(page) == 0
    items = db.session.query(IntakeItem).order_by(IntakeItem.id).all()
    assert [item.text for item in items] == [*notes[:2], *notes, "사진이 없는 쪽지"]
    sets = [item.attachment_set_id for item in items]
    assert sets[:2] + sets[5:] == [None] * 3 and sets[2] and len(set(sets[2:5])) == 1
    assert db.session.query(Attachment).one().set_id == sets[2]
    services.throw_away_pictures(db.session, items[3])
    db.session.commit()
    assert not any(item.attachment_set_id for item in items) and db.session.query(Attachment).count() == 0
