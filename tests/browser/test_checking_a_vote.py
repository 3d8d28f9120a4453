"""Checking a published vote at home, with the words of its page and nothing else."""

import shlex
import subprocess

import pytest

from tests.running.machine import patience
from tests.servers import chromium

VOTE = "/polls/napulnapul-2020"
MOST_STOPS = 120


def download(page, link, folder, *, by_keyboard):
    """Follow a link to a file and keep it under the name that it comes with."""
    with page.expect_download() as started:
        press(page, link, by_keyboard=by_keyboard)
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def press(page, place, *, by_keyboard):
    if by_keyboard:
        reach(page, place)
        page.keyboard.press("Enter")
    else:
        place.click()


def reach(page, link):
    """Tab on until the link has the focus."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("nobody gets there with the keyboard")


def typed(page, folder):
    """Type the command of the page in the folder of the downloads; returns exit status and what it printed."""
    command = shlex.split(page.locator("[data-command]").inner_text())
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=patience(120))
    return done.returncode, done.stdout.strip().splitlines() or done.stderr.strip().splitlines()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width, javascript, by_keyboard", [
    (chromium.PHONE, True, False), (chromium.DESKTOP, True, True), (chromium.PHONE, False, True),
    (chromium.DESKTOP, False, False),
])
def test_the_steps_lead_to_the_line_that_the_page_names(window, site, tmp_path, width, javascript, by_keyboard):
    page = window(width=width, javascript=javascript)
    page.goto(f"{site.url}/polls")
    page.get_by_role("main").get_by_role("link", name="2020 나풀나풀 온라인 주민투표").first.click()
    page.wait_for_url(site.url + VOTE)
    press(page, page.get_by_role("link", name="직접 확인하기").first, by_keyboard=by_keyboard)
    page.wait_for_url(f"{site.url}{VOTE}/check")
    press(page, page.locator("#check summary"), by_keyboard=by_keyboard)
    steps = page.locator("#check li")
    record = download(page, steps.nth(0).get_by_role("link"), tmp_path, by_keyboard=by_keyboard)
    download(page, steps.nth(1).get_by_role("link", name="verify.py"), tmp_path, by_keyboard=by_keyboard)
    for step, name in ((2, "heads"), (3, "signatures"), (4, "confirmations")):
        download(page, steps.nth(step).get_by_role("link", name=f"napulnapul-2020-{name}.json"), tmp_path,
                 by_keyboard=by_keyboard)
    status, lines = typed(page, tmp_path)
    assert status == 0, lines
    assert lines[-1].startswith(page.locator("[data-expected]").inner_text())
    if javascript:
        return
    whole = record.read_bytes()
    record.write_bytes(whole[:5_000] + bytes([whole[5_000] ^ 1]) + whole[5_001:])
    status, lines = typed(page, tmp_path)
    assert status == 1 and lines[-1].startswith("틀렸어요: ")


@pytest.mark.in_turns(of=5)
def test_the_english_page_leads_to_the_english_line(window, site, tmp_path):
    page = window()
    page.context.add_cookies([{"name": "language", "value": "en", "url": site.url}])
    page.goto(f"{site.url}{VOTE}/check")
    page.locator("#check summary").click()
    for step, name in ((0, "napulnapul-2020-record.zip"), (1, "verify.py"), (2, "napulnapul-2020-heads.json"),
                       (3, "napulnapul-2020-signatures.json"), (4, "napulnapul-2020-confirmations.json")):
        download(page, page.locator("#check li").nth(step).get_by_role("link", name=name), tmp_path, by_keyboard=False)
    status, lines = typed(page, tmp_path)
    assert (status, lines[-1]) == (
        0, "OK: everything checked holds; signed by the key you named. NOT recounted: totals. 2 of 2 observers"
           " signed that it is right, 0 refused (1 are needed).")


def test_the_key_of_the_result_is_the_one_of_the_page_of_promises(window, site):
    page = window()
    page.goto(f"{site.url}{VOTE}/check")
    key = page.locator(".fingerprint").inner_text()
    page.goto(f"{site.url}/voting")
    assert page.locator("#key code").inner_text() == key
