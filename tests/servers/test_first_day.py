"""First day of a real installation: two links of the first start, two people, and the list of what is left."""

import os
import re
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.accounts.people import PASSWORD
from tests.accounts.virtual import authenticator
from tests.running.machine import patience

from . import axe, chromium
from .site import ROOT, environment, running

pytestmark = pytest.mark.servers
SETTINGS = {"CIVIC_FORUM_SECRET_KEY": "a long text that only this test knows"}
LINK = re.compile(r"once, within an hour: (http://localhost:\d+(/first/[\w-]{22}))$", re.M)
MOST_PRESSES = 20


@pytest.fixture
def first_start(tmp_path):
    with running(tmp_path / "data", "--empty", **SETTINGS) as site:
        yield site


def links(text):
    return [path for _address, path in LINK.findall(text)]


def command(site, *arguments):
    """Exit code of a command of this site, and its lines."""
    done = subprocess.run([sys.executable, "-m", "civic_forum.cli", "--data", str(site.data), *arguments], cwd=ROOT,
                          env=environment() | SETTINGS, capture_output=True, text=True, timeout=patience(60))
    return done.returncode, done.stdout + done.stderr


def status(url):
    try:
        with urlopen(url) as answer:
            return answer.status
    except HTTPError as refused:
        return refused.code


def kept(site):
    """All bytes that the site has written, beside its standard output."""
    folders = (site.data, site.data.with_name(f"{site.data.name}-keys"))
    return b"".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())


@pytest.mark.in_turns(of=10)
def test_links_are_printed_once_and_kept_nowhere(first_start):
    site = first_start
    tokens = links(site.log.read_text())
    assert len(tokens) == len(set(tokens)) == 2 and site.said("Ready")
    assert [status(site.url + path) for path in tokens] == [200, 200]
    assert [site.log.read_text().count(path) for path in tokens] == [1, 1], "whoever asks for it writes it into no log"
    assert not [path for path in tokens if path.removeprefix("/first/").encode() in kept(site)]
    site.kill()
    site.start()
    assert links(site.log.read_text()) == []
    code, out = command(site, "first-links")
    assert code == 0 and len(re.findall(r"/first/[\w-]{22}$", out, re.M)) == 2
    assert [status(site.url + path) for path in tokens] == [404, 404]


@pytest.mark.in_turns(of=10)
def test_a_journal_gets_no_links(tmp_path):
    log = tmp_path / "journal"
    with open(log, "wb") as journal:
        stream = os.fstat(journal.fileno())
        subprocess.run([sys.executable, "-m", "civic_forum.preparation", "--empty"], cwd=ROOT, stdout=journal,
                       env=environment() | SETTINGS | {"CIVIC_FORUM_DATA": str(tmp_path / "data"),
                                                       "JOURNAL_STREAM": f"{stream.st_dev}:{stream.st_ino}"},
                       timeout=patience(60), check=True)
    assert "/first/" not in log.read_text()


def test_two_people_begin_by_two_links_in_twenty_presses(first_start, window):
    site, presses = first_start, []
    one, other = links(site.log.read_text())

    def press(page, name, role="button"):
        presses.append(name)
        page.get_by_role("main").get_by_role(role, name=name, exact=True).click()

    def begin(path, name, nickname, page):
        page.goto(path)
        page.wait_for_selector(chromium.ENHANCED, state="attached")
        for label, text in {"로그인 이름": name, "보이는 이름": nickname, "이메일": f"{name}@example.org",
                            "비밀번호": PASSWORD}.items():
            page.get_by_label(label, exact=True).fill(text)
        assert axe.violations(page) == []
        press(page, "계정 만들기")
        page.get_by_role("heading", name="2단계 인증을 골라 주세요").wait_for()
        assert axe.violations(page) == []
        press(page, "패스키 만들기", "link")
        page.get_by_role("heading", name="패스키", exact=True).wait_for()
        page.wait_for_selector(chromium.ENHANCED, state="attached")
        press(page, "패스키 만들기")
        page.wait_for_url(f"{site.url}/desk/first-day")

    first = window(base_url=site.url, width=390)
    with authenticator(first):
        begin(one, "kim.haneul", "김하늘", first)
    assert "관리자 한 명 더" in first.locator(".next-step").inner_text()
    left = first.get_by_role("heading", level=1).inner_text()
    assert axe.violations(first) == [] and chromium.overflow(first) == 0
    assert window(base_url=site.url).goto(one).status == 404
    second = window(base_url=site.url, width=1280)
    with authenticator(second):
        begin(other, "lee.bada", "이바다", second)
    assert second.get_by_role("heading", level=1).inner_text() != left
    assert "관리자 한 명 더" not in second.locator(".next-step").inner_text()
    first.goto("/desk/first-day")
    for button, names in {"동 만들기": "가람동, Garam-dong\n누리동\n다솜동", "부서 목록에 더하기": "교통과, Traffic\n민원과"}.items():
        presses.append(button)
        first.get_by_role("main").get_by_role("link", name=button).click()
        first.locator("#names").fill(names)
        first.locator("#why").fill("처음 문을 열어요.")
        press(first, "더하기")
        first.get_by_text("만들었어요").first.wait_for()
    assert len(presses) == 10 <= MOST_PRESSES
    site.kill()
    site.start()
    first.goto(f"{site.url}/district")
    text = first.get_by_role("main").inner_text()
    assert [text.count(name) for name in ("가람동", "누리동", "다솜동", "교통과", "민원과")] == [2] * 5, "entry, history"
    code, out = command(site, "first-links")
    assert code == 1 and "Two administrators with a second factor are there already" in out
