"""People of a whole vote at their windows: what an officer presses is counted, and every page is looked at."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from civic_forum.ballots.counting.publication import VERIFIER
from tests.accounts.people import PASSWORD
from tests.servers import axe, chromium

NUMBER = re.compile(r"\d+")
STANDARD = [*axe.STANDARD, "best-practice"]
REASON = "창구에 와서 투표하겠다고 했어요"


def begins(name: str) -> re.Pattern:
    """A name with nothing after it but what is said to those who do not see the page."""
    return re.compile(rf"^\s*{re.escape(name)}(\s|$)")


def verified(*given) -> str:
    """Words of the program that everybody checks a vote with."""
    done = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), *map(str, given)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Person:
    """Somebody at a window of their own, signed in by the form if they have an account."""

    def __init__(self, browser, town, name=None, *, width, javascript=True):
        self.town, self.name, self.width, self.javascript = town, name, width, javascript
        self.page = chromium.new_window(browser, width=width, javascript=javascript, base_url=town.url,
                                        accept_downloads=True)
        self.main = self.page.get_by_role("main")
        if name:
            self.signs_in()

    def signs_in(self) -> None:
        self.goes_to("/sign-in")
        self.sends("로그인하기", name=self.name, password=PASSWORD)
        if self.town.accounts[self.name].secret:
            self.sends("확인하기", code=self.town.code_of(self.name))

    def leaves(self) -> None:
        self.page.context.close()

    # Pages

    def goes_to(self, path: str) -> None:
        self.page.goto(path)
        self.looks()

    def looks(self) -> None:
        """Nothing for axe, and nobody scrolls sideways; a page of the same address and headings is looked at once."""
        self.page.wait_for_load_state()
        if self.javascript:
            self.page.wait_for_selector(chromium.ENHANCED, state="attached")
        headings = tuple(self.main.locator("h1, h2").all_inner_texts())
        page = NUMBER.sub("0", urlsplit(self.page.url).path), headings, self.width, self.javascript
        if page in self.town.looked_at:
            return
        self.town.looked_at.add(page)
        assert axe.violations(self.page, STANDARD) == [], self.page.url
        assert chromium.overflow(self.page) == 0, self.page.url

    def sees(self, text: str) -> None:
        expect(self.main).to_contain_text(text)

    # Hands

    def counts(self) -> None:
        """Something was pressed."""

    def presses(self, target, *, leads=True) -> None:
        """Click this; `leads`: to another page."""
        self.counts()
        if not leads:
            target.click()
            return
        with self.page.expect_navigation():
            target.click()
        self.looks()

    def follows(self, name: str, within=None) -> None:
        """Click a link of the page."""
        self.presses((within or self.main).get_by_role("link", name=begins(name)).first)

    def ticks(self, *labels: str) -> None:
        for label in labels:
            self.counts()
            self.main.get_by_label(begins(label)).first.check()

    def unfolds(self, name: str) -> None:
        self.presses(self.main.locator("summary").filter(has_text=name).first, leads=False)

    def sends(self, button: str, **typed: str) -> None:
        """Type into the first form that has this button, by the ends of its fields' names, and press it."""
        pressed = self.page.get_by_role("button", name=begins(button))
        form = self.main.locator("form").filter(has=pressed).first
        for name, text in typed.items():
            field = form.locator(f"[name$='{name}']:visible").first
            if field.evaluate("field => field.localName") == "select":
                self.counts()
                field.select_option(label=text)
            else:
                field.fill(text)
        self.presses(form.get_by_role("button", name=begins(button)).first)

    def saves(self, name: str, folder: Path) -> Path:
        """Download what a link leads to, into a folder of one's own."""
        self.counts()
        with self.page.expect_download() as started:
            self.main.get_by_role("link", name=begins(name)).first.click()
        path = folder / (self.name or "visitor") / started.value.suggested_filename
        started.value.save_as(path)
        return path


    def reads(self, name: str) -> bytes:
        """The answer behind a link, without leaving the page."""
        address = self.main.get_by_role("link", name=begins(name)).first.get_attribute("href")
        answer = self.page.request.get(f"{self.town.url}{address}")
        assert answer.ok, address
        return answer.body()


class Staff(Person):
    """Somebody who says again who they are where that is asked."""

    def confirms(self, button: str, **typed: str) -> None:
        self.sends(button, password=PASSWORD, code=self.town.code_of(self.name), **typed)

    def at_the_desk(self, *links: str) -> None:
        """Begin at the desk, and go on by links."""
        self.goes_to("/desk")
        for name in links:
            self.follows(name)


class Administrator(Staff):
    def proposes_officer(self, name: str, position: str) -> None:
        self.at_the_desk("투표 담당관 정하기")
        self.confirms("제안하기", sign_in_name=name, position=position)

    def confirms_officers(self, how_many: int) -> None:
        self.at_the_desk("투표 담당관 정하기")
        for _one in range(how_many):
            self.confirms("확인하고 담당관으로 정하기")

    def registers_kiosk(self, kiosk: "Kiosk", place: str) -> None:
        self.at_the_desk("투표소 기기")
        self.sends("등록 번호 만들기", name="1번 태블릿", desk=f"{place} 창구")
        kiosk.registers(self.main.locator(".code-huge").inner_text())


class Officer(Staff):
    """Two of them run the vote; what they press is counted."""

    def counts(self) -> None:
        if self.town.part:
            self.town.clicks[self.town.part] += 1

    def at_the_vote(self, title: str) -> None:
        """From the desk to the page on which two officers confirm, by the line that waits there if there is one."""
        self.goes_to("/desk")
        waiting = self.main.locator(".todo-list").get_by_role("link", name=begins(title))
        if waiting.count():
            self.presses(waiting.first)
        else:
            self.follows("투표 진행하기")
            self.follows(title)

    def takes_next_step(self, label: str) -> None:
        """The one that the page of the vote offers while it is made."""
        self.presses(self.main.get_by_role("region", name="다음에 할 일").locator("a, button").get_by_text(label))

    def proposes(self, action: str, note=None) -> None:
        self.sends(f"{action} 제안하기", **({"note": note} if note else {}))

    def agrees(self, action: str, **typed: str) -> None:
        self.confirms(f"확인하고 {action}", **typed)


class Clerk(Staff):
    """Serves people at the desk of a neighbourhood."""

    def at_desk_of(self, title: str, tab: str) -> None:
        self.at_the_desk("종이와 현장 투표")
        self.follows(tab, within=self.main.get_by_role("navigation", name=title))

    def finds(self, name: str) -> None:
        who = self.town.accounts[name]
        self.sends("명부에서 찾기", reason=REASON, name=who.real_name, birth_date=who.born)

    def opens_kiosk_for(self, name: str) -> str:
        """The code that the clerk reads out."""
        self.finds(name)
        self.sends("번호 드리기")
        self.sees("칸에 서명을 받으세요")
        return self.main.locator(".code-huge").inner_text()

    def hands_out_paper(self, name: str, why: str) -> None:
        self.finds(name)
        self.sends("종이 내주기", reason=why)

    def notes_return(self, number: int) -> None:
        self.sends("돌아온 종이로 적기", number=str(number))
        self.sees(f"{number}번 종이가 돌아왔어요")

    def types(self, title: str, lines: list[str], *, makes_batch=False) -> None:
        """A batch, sheet after sheet, with nothing but figures and the Enter key."""
        self.at_desk_of(title, "종이 입력")
        if makes_batch:
            self.sends("묶음 만들기", sheets=str(len(lines)))
        self.follows("입력하기")
        for line in lines:
            self.page.locator("#sheet").fill(line)
            with self.page.expect_navigation():
                self.page.locator("#sheet").press("Enter")
            self.looks()
        self.sends("입력 마치기")

    def settles(self, title: str, sheet: int, line: str) -> None:
        self.at_desk_of(title, "종이 입력")
        self.follows("차이 정하기")
        self.page.locator(f"#sheet-{sheet}").fill(line)
        self.page.locator(f"#note-{sheet}").fill("밝은 곳에서 다시 보니 이렇게 적혀 있어요")
        self.sends("이렇게 정하기")
        self.sees("묶음을 정했어요")


class Observer(Person):
    """Recounts a vote with a key that was made in this browser."""

    key = None

    def makes_key(self, folder: Path) -> None:
        self.presses(self.main.get_by_role("button", name="새 열쇠 만들기"), leads=False)
        self.key = self.saves("열쇠 파일 내려받기", folder)

    def asks(self, page: str, called: str, folder: Path) -> None:
        """From the page of the vote."""
        self.goes_to(page)
        self.follows("참관할게요", within=self.page)
        if self.key is None:
            self.makes_key(folder)
        self.sends("참관 신청하기", name=called, key=json.loads(self.key.read_text())["public_key"])
        self.sees("신청했어요")

    def _downloads(self, page: str, folder: Path) -> Path:
        """The edition that observers recount."""
        self.goes_to(page)
        self.follows("참관 화면 보기", within=self.page)
        return self.saves("참관인용 기록 내려받기", folder)

    def signs(self, page: str, text: str, folder: Path) -> Path:
        """Sign in this browser the edition that was downloaded; returns it."""
        edition = self._downloads(page, folder)
        self.main.get_by_label("다시 센 참관인용 기록").set_input_files(edition)
        self.main.get_by_label("맞아요").check()
        self.main.get_by_label("덧붙이는 말").fill(text)
        self.main.get_by_label("내 열쇠 파일").set_input_files(self.key)
        self.main.get_by_role("button", name="서명해서 보내기").click()
        self.sees("서명을 받았어요")
        self.looks()
        return edition

    def uploads(self, page: str, text: str, folder: Path) -> Path:
        """Sign it with the program instead, and hand the file in."""
        edition = self._downloads(page, folder)
        signed = edition.with_suffix(".signature.json")
        self.unfolds("내 컴퓨터에서 서명한 파일 올리기")
        site_key = self.main.get_by_text("--site-key").inner_text().partition("--site-key ")[2].split()[0]
        signed.write_text(verified("sign", edition, "--key", self.key, "--site-key", site_key, "--text", text))
        self.main.locator("[data-signatures] [type='file']").set_input_files(signed)
        self.sends("서명 올리기")
        self.sees("서명을 받았어요")
        return edition


class Voter(Person):
    """Chooses options by their numbers."""

    def chooses(self, *numbers: int) -> None:
        for number in numbers:
            self.page.locator(f"#option-{number}").check()

    def casts(self, *numbers: int) -> None:
        self.chooses(*numbers)
        self.main.get_by_role("button", name="확인하기").click()
        self.looks()
        self.page.locator("[data-cast]").click()
        expect(self.main.get_by_role("heading", level=1)).to_have_text("투표했어요")
        self.looks()

    def changes(self, *numbers: int) -> None:
        self.follows("투표 바꾸기")
        self.sees("이미 투표했어요")
        self.casts(*numbers)

    def objects(self, text: str, why: str) -> None:
        """The address that the notice of the site leads to."""
        self.goes_to("/me/notices")
        self.presses(self.main.get_by_role("link", name=re.compile("명부에서 빠졌어요")).first)
        self.sees(why)
        self.sends("이의 내기", text=text)
        self.sees("답변을 기다리고 있어요")


class Kiosk(Voter):
    """A browser that an administrator made a device of a desk."""

    def registers(self, code: str) -> None:
        self.goes_to("/kiosk")
        self.sends("등록하기", code=code)
        self.sees("1번 태블릿")

    def serves(self, code: str, *numbers: int) -> int:
        """Cast every ballot that the kiosk offers after this code; returns how many."""
        self.goes_to("/kiosk")
        self.sends("시작하기", code=code)
        offered, next_ballot = 1, self.main.get_by_role("link", name=re.compile("^다음 투표"))
        self.casts(*numbers)
        while next_ballot.count():
            self.presses(next_ballot.first)
            self.casts(*numbers)
            offered += 1
        self.presses(self.main.get_by_role("button", name="다음 분을 위해 화면 지우기"))
        self.sees("1번 태블릿")
        return offered
