"""A page as somebody gets to see it, and the steps that lead there."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

from playwright.sync_api import Page

from civic_forum.ballots.rules.log import leaf_hash
from civic_forum.ballots.rules.signing import tracker
from tests.servers.chromium import HEIGHT, PHONE


@dataclass(frozen=True)
class Shown:
    """A page as somebody gets to see it.

    `path` is an address, or finds one with a page that is open. `then` is done there before it is
    looked at: sending an empty form, opening a menu.
    """

    name: str
    path: str | Callable[[Page, str], str]
    who: str | None = None
    then: Callable[[Page], None] | None = None
    plain: bool = False
    """True if it is looked at without JavaScript as well."""
    alone: bool = False
    """True if it needs a context of its own, because it changes who is signed in."""
    status: int = 200
    varies: bool = False
    """True if no two districts show the same: what is in an order drawn by lot, or comes with time."""

    def visit(self, page: Page, url: str) -> None:
        address = self.path(page, url) if callable(self.path) else self.path
        answer = page.goto(url + address)
        assert answer.status == self.status, f"{self.name}: {answer.status}"
        if self.then:
            self.then(page)

    def __str__(self) -> str:
        return self.name


def first(address: str, link: str = "main a[href^='/proposals/2']"):
    """The address of the first link of this kind on that page."""

    def find(page: Page, url: str) -> str:
        page.goto(url + address)
        return page.locator(link).first.get_attribute("href")

    return find


def under(find, more: str):
    """A page below one that has to be found."""
    return lambda page, url: find(page, url).split("?")[0].split("#")[0] + more


def at_the_desk(find, more: str):
    """Acts of staff about something that has to be found."""
    return lambda page, url: "/desk" + under(find, more)(page, url)


def press(button: str, /, **filled: str):
    """Fill in the fields with these names and press the button."""

    def send(page: Page) -> None:
        main = page.get_by_role("main")
        for field, text in filled.items():
            main.locator(f"[name={field}]").first.fill(text)
        main.get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_load_state()

    return send


def follow(link: str, folded_in: str = ""):
    """Open the first link of the page with this name."""

    def open_it(page: Page) -> None:
        if folded_in:
            page.get_by_role("main").locator("summary", has_text=folded_in).first.click()
        page.get_by_role("main").get_by_role("link", name=link).first.click()
        page.wait_for_load_state()

    return open_it


def pick(choice: str):
    """Choose what has these words."""
    return lambda page: page.get_by_role("main").get_by_label(choice, exact=True).first.check()


def tick(field: str):
    """Tick the first box with this name."""
    return lambda page: page.get_by_role("main").locator(f"[name={field}]").first.check()


def both(*steps: Callable[[Page], None]):
    """One after the other."""

    def do(page: Page) -> None:
        for step in steps:
            step(page)

    return do


def draft_step(step: int):
    """A step of a draft of this person's, begun if there is none."""

    def find(page: Page, url: str) -> str:
        page.goto(f"{url}/proposals/drafts")
        known = page.locator("main a[href*='/proposals/drafts/']")
        if not known.count():
            page.goto(f"{url}/proposals/new")
            page.get_by_label("제목").fill("골목 화단에 벤치를 놓아 주세요")
            page.get_by_label("분야").select_option(index=1)
            page.get_by_role("button", name="저장하고 나가기").click()
            page.wait_for_url("**/proposals/drafts")
        key = page.locator("main a[href*='/proposals/drafts/']").first.get_attribute("href").split("/")[3]
        return f"/proposals/drafts/{key}/{step}"

    return find


_written: dict[str, str] = {}
"""Of each site, the proposal that was written for these pages."""


def own_proposal(page: Page, url: str) -> str:
    """A proposal of this person's that was edited once, with a comment of theirs."""
    if url not in _written:
        page.goto(f"{url}/proposals/new")
        page.get_by_label("제목").fill("골목 끝 계단에 손잡이를 달아 주세요")
        page.get_by_label("분야").select_option(index=2)
        press("다음 단계로")(page)
        text = "비가 오면 미끄러워서 어르신들이 벽을 짚고 내려가세요. **손잡이**가 필요해요."
        press("다음 단계로", problem=text, wish="양쪽에 손잡이를 달아 주세요. 밤에도 보이면 더 좋겠어요.")(page)
        press("등록하기")(page)
        _written[url] = page.url.removeprefix(url)
        page.goto(f"{url}{_written[url]}/edit")
        press("고친 내용 저장하기", problem=text + " 눈이 오는 날도 걱정이에요.")(page)
    page.goto(url + _written[url])
    if not page.get_by_role("main").get_by_role("link", name="고치기", exact=True).count():
        press("의견만 등록", text="사진은 내일 더 올릴게요.")(page)
    return _written[url]


def looked_up(name: str):
    """The page of a member, after the reason was given."""

    def find(page: Page, url: str) -> str:
        page.goto(f"{url}/desk/people")
        press("찾기", reason="비밀번호를 잊었다고 창구에 왔어요", person=name)(page)
        return page.url.removeprefix(url)

    return find


def session_over(page: Page) -> None:
    """Send a comment after the session has ended: the text is kept."""
    main = page.get_by_role("main")
    main.locator("textarea[name=text]").fill("밤에 이 길을 걷는 사람이 많아요. 꼭 필요해요. " * 3)
    page.context.clear_cookies(name="session")
    main.get_by_role("button", name="의견만 등록", exact=True).click()
    page.wait_for_load_state()


def unfold(page: Page) -> None:
    """Open everything that is folded away; what stands in another tab is a page of its own in the list."""
    for fold in page.get_by_role("main").locator("details").all():
        if fold.locator("xpath=ancestor-or-self::*[@data-part]").count() == 0 or fold.is_visible():
            fold.locator("summary").click()


def open_view(page: Page) -> None:
    """Open the choices of reading; wide pages have them open."""
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.locator("details.view summary").click()


OPEN_VOTE, PAST_VOTE = "/polls/doksan3-empty-lot", "/polls/napulnapul-2020"
NEXT_VOTE = "/polls/platform-rules"


def in_the_log(page: Page, url: str) -> str:
    """The receipt of some ballot of the past vote, found through its record."""
    record = ZipFile(BytesIO(page.request.get(f"{url}{PAST_VOTE}/record.zip").body()))
    entries = [bytes.fromhex(line) for line in record.read("entries.txt").decode().split()]
    return f"/receipts/{tracker(leaf_hash(next(entry for entry in entries if b'ballot' in entry)))}"


def last_look(page: Page) -> None:
    """Choose the first option and look at it once more; nothing is cast."""
    page.get_by_role("main").get_by_role("radio").first.check()
    page.get_by_role("button", name="확인하기").click()
