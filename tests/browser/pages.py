"""Every kind of page there is, in one list: what is looked at for accessibility and taken pictures of.

A feature that brings a page appends it here.
"""

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
        press("의견만", text="사진은 내일 더 올릴게요.")(page)
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
    main.get_by_role("button", name="의견만", exact=True).click()
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


REPORTED = first("/desk/reports", "main a[href^='/desk/reports/comment/']")
ANSWERING = first("/desk/answers?job=write", "main a[href^='/desk/answers/2']")
GATHERING = first("/proposals?state=gathering&sort=discussed")

PUBLIC = [
    Shown("home", "/", plain=True),
    Shown("home, signed in", "/", "resident6", plain=True),
    Shown("list", "/proposals", plain=True),
    Shown("list, narrowed", "/proposals?state=answered&category=safety&sort=supported"),
    Shown("list, empty", "/proposals?state=merged&year=2019&category=economy"),
    Shown("proposal", GATHERING, plain=True),
    Shown("proposal, passed on", lambda page, url: "/share" + GATHERING(page, url).split("?")[0], plain=True),
    Shown("proposal, poster", lambda page, url: f"/share{GATHERING(page, url).split('?')[0]}/poster", plain=True),
    Shown("proposal, most discussed", first("/proposals?sort=discussed"), plain=True),
    Shown("proposal, answer due", first("/proposals?state=answer_due")),
    Shown("proposal, lapsed", first("/proposals?state=lapsed")),
    Shown("proposal, comments for", under(GATHERING, "?stance=for&order=supported")),
    Shown("search", "/search", plain=True),
    Shown("search, found", "/search?q=주차장을", plain=True),
    Shown("search, nothing found", "/search?q=코끼리열차"),
    Shown("search, too short", "/search?q=가"),
    Shown("similar", "/search?q=횡단보도&kind=comment"),
    Shown("outcomes", "/outcomes", plain=True),
    Shown("outcomes, narrowed", "/outcomes?progress=done&kind=proposal"),
    Shown("outcomes, nothing found", "/outcomes?decision=declined&kind=poll"),
    Shown("outcome", first("/outcomes", link="main a.out-name"), plain=True),
    Shown("outcome, versions", under(first("/outcomes", link="main a.out-name"), "/versions")),
    Shown("help", "/help", then=unfold),
    Shown("hard words", "/help/glossary"),
    Shown("reading choices", "/help", then=open_view),
    Shown("without a connection", "/offline", plain=True),
    Shown("security", "/security"),
    Shown("rules of the house", "/moderation/rules"),
    Shown("ledger", "/moderation/ledger", plain=True),
    Shown("ledger, nothing found", "/moderation/ledger?month=2000-01"),
    Shown("asking to take a text down", "/moderation/takedowns/new", plain=True),
    Shown("asking to take a text down, refused", "/moderation/takedowns/new", then=press("요청 보내기")),
    Shown("finding a request", "/moderation/takedowns"),
    Shown("finding a request, not found", "/moderation/takedowns?number=1-ABC", status=404),
    Shown("accessibility", "/accessibility"),
    Shown("terms", "/terms"),
    Shown("privacy", "/privacy"),
    Shown("consent", "/consents/collection"),
    Shown("feeds", "/feeds"),
    Shown("sign-in", "/sign-in", plain=True),
    Shown("sign-in, refused", "/sign-in", then=press("로그인하기", name="nobody1", password="wrong password")),
    Shown("sign-in, empty", "/sign-in", then=press("로그인하기")),
    Shown("once", "/once", plain=True),
    Shown("sign-up", "/sign-up", plain=True),
    Shown("sign-up, empty", "/sign-up", then=press("가입하기"), plain=True),
    Shown("sign-in, for a proposal", "/sign-in?next=/proposals/new", plain=True),
    Shown("under 14", "/sign-up/under-14"),
    Shown("forgotten password", "/forgotten-password"),
    Shown("forgotten password, asked", "/forgotten-password", then=press("편지 받기", who="nobody@example.org")),
    Shown("reset with a code", "/reset-with-code"),
    Shown("reset link that is over", "/password-resets/nothing", status=404),
    Shown("confirmation link that is over", "/email-confirmations/nothing", status=404),
    Shown("not found", "/nothing-here", status=404),
    Shown("unknown filter", "/proposals?state=nothing", status=400),
    Shown("sign in first", "/proposals/new"),
    Shown("receipts", "/receipts", plain=True, varies=True),
    Shown("receipts, nothing typed", "/receipts", then=press("찾아보기"), varies=True),
    Shown("receipt in the log", in_the_log, plain=True),
    Shown("receipt, unknown", "/receipts/0123-4567-89AB", status=404, varies=True),
    Shown("kiosk, not registered", "/kiosk", plain=True),
    Shown("kiosk, not registered, wrong code", "/kiosk", then=press("등록하기", code="12345678")),
]

RESIDENT = [
    Shown("outcomes at the desk", "/desk/outcomes", "official1", plain=True),
    Shown("outcome at the desk", "/desk/outcomes/agendas/nammun-market-street", "official1"),
    Shown("new outcome", "/desk/outcomes/agendas/gvalley-commute", "official1", plain=True),
    Shown("new outcome, previewed", "/desk/outcomes/agendas/gvalley-commute", "official1", then=press(
        "미리 보기", title="석 달 먼저 해 보고 정해요", reasons="밤에 모자라는 자리가 **64면**이었어요.", document_title="조사표",
        document_text="열한 곳을 셌어요.")),
    Shown("new outcome, refused", "/desk/outcomes/agendas/gvalley-commute", "official1", then=press("승인 요청하기")),
    Shown("proposal, signed in", GATHERING, "resident6", plain=True),
    Shown("comment, refused", GATHERING, "resident6", then=press("의견만")),
    Shown("new proposal", "/proposals/new", "resident6", plain=True),
    Shown("draft, step 1 refused", draft_step(1), "resident6", then=press("다음 단계로", title="짧음")),
    Shown("draft, step 2", draft_step(2), "resident6", plain=True),
    Shown("draft, step 2 refused", draft_step(2), "resident6", then=press("다음 단계로")),
    Shown("draft, step 3", draft_step(3), "resident6", plain=True),
    Shown("draft, step 3 refused", draft_step(3), "resident6", then=press("파일 올리기")),
    Shown("drafts", "/proposals/drafts", "resident6"),
    Shown("drafts, none", "/proposals/drafts", "resident7"),
    Shown("my proposals", "/proposals/mine", "resident6"),
    Shown("me", "/me", "resident6", plain=True),
    Shown("notices", "/me/notices", "resident6", plain=True),
    Shown("how notices come", "/me/notices/settings", "resident6", plain=True),
    Shown("my profile", "/me/profile", "resident6"),
    Shown("my profile, refused", "/me/profile", "resident6", then=press("저장하기", nickname="")),
    Shown("my e-mail", "/me/email", "resident6"),
    Shown("my mobile number", "/me/mobile", "resident6"),
    Shown("my password", "/me/password", "resident6"),
    Shown("my password, refused", "/me/password", "resident6", then=press("비밀번호 바꾸기")),
    Shown("my sessions", "/me/sessions", "resident6"),
    Shown("my passkeys", "/me/passkeys", "resident6"),
    Shown("my providers", "/me/providers", "resident6"),
    Shown("my second factor", "/me/second-factor", "resident6"),
    Shown("my consents", "/me/consents", "resident6"),
    Shown("my data", "/me/download", "resident6"),
    Shown("leaving", "/me/leaving", "resident6"),
    Shown("what somebody new may do", "/welcome?next=/proposals", "resident9", plain=True),
    Shown("residency", "/me/residency", "resident6"),
    Shown("residency, not verified", "/me/residency?next=/proposals", "resident9", plain=True,
          then=lambda page: page.locator("main details > summary").click()),
    Shown("letter", "/me/residency/letters/new", "resident6"),
    Shown("letter, refused", "/me/residency/letters/new", "resident6", then=press("우편 신청하기")),
    Shown("letter code", "/me/residency/code", "resident6"),
    Shown("reply", GATHERING, "resident6", then=follow("답글 쓰기")),
    Shown("reply, refused", GATHERING, "resident6", then=both(follow("답글 쓰기"), press("답글 등록하기"))),
    Shown("a comment with a telephone number", GATHERING, "resident6", then=press(
        "의견만", text="제 번호는 010-0000-1234예요."), varies=True),
    Shown("appealing", first("/me/actions", "main a[href^='/moderation/actions/']"), "resident9",
          then=follow("이의 신청하기")),
    Shown("report", GATHERING, "resident6", then=follow("신고하기")),
    Shown("report, refused", GATHERING, "resident6", then=both(follow("신고하기"), press("신고하기"))),
    Shown("own proposal", own_proposal, "resident8", plain=True),
    Shown("edit", under(own_proposal, "/edit"), "resident8"),
    Shown("edit, refused", under(own_proposal, "/edit"), "resident8", then=press("고친 내용 저장하기", problem="짧음")),
    Shown("versions", under(own_proposal, "/versions"), "resident8"),
    Shown("withdraw", under(own_proposal, "/withdrawal"), "resident8"),
    Shown("withdraw, refused", under(own_proposal, "/withdrawal"), "resident8", then=press("제안 거두기")),
    Shown("edit my comment", own_proposal, "resident8", then=follow("고치기")),
    Shown("remove my comment", own_proposal, "resident8", then=follow("지우기")),
    Shown("remove a draft", under(draft_step(3), "/../removal"), "resident6"),
    Shown("ballot", f"{OPEN_VOTE}/ballot", "resident5", plain=True, varies=True),
    Shown("ballot, nothing chosen", f"{OPEN_VOTE}/ballot", "resident5", then=press("확인하기"), varies=True),
    Shown("ballot, last look", f"{OPEN_VOTE}/ballot", "resident5", then=last_look, alone=True, varies=True),
    Shown("ballot, to be changed", f"{OPEN_VOTE}/ballot", "resident6", varies=True),
    Shown("own entry", f"{OPEN_VOTE}/roll", "resident6", plain=True),
    Shown("own entry, not in the roll", f"{OPEN_VOTE}/roll", "resident7"),
    Shown("session over", GATHERING, "resident6", then=session_over, alone=True),
]

OPEN_CONSULTATION, PAST_CONSULTATION = "/consultations/anyangcheon-together", "/consultations/alley-bins"
CONSULTATIONS = [
    Shown("consultations", "/consultations", plain=True),
    Shown("open consultation", OPEN_CONSULTATION, plain=True),
    Shown("one statement", f"{OPEN_CONSULTATION}/answer", plain=True),
    Shown("statement of one's own", f"{OPEN_CONSULTATION}/statements", "resident6"),
    Shown("where one stands", f"{OPEN_CONSULTATION}/mine", "resident6"),
    Shown("result of a consultation", f"{PAST_CONSULTATION}/result", plain=True),
]

VOTES = [
    Shown("votes", "/polls", plain=True),
    Shown("votes, none of these", "/polls?stage=counting"),
    Shown("open vote", OPEN_VOTE, plain=True),
    Shown("open vote of somebody in the roll", OPEN_VOTE, "resident5"),
    Shown("open vote of somebody who is not in the roll", OPEN_VOTE, "resident7"),
    Shown("announced vote", NEXT_VOTE, "resident6", plain=True),
    Shown("result of a vote", PAST_VOTE, then=unfold, plain=True),
    Shown("result of a vote for an observer", PAST_VOTE, "observer1"),
    Shown("how a vote is checked", f"{PAST_VOTE}/check", then=unfold, plain=True),
    Shown("how a vote is checked by an observer", f"{PAST_VOTE}/check", "observer1"),
    Shown("key of an observer", "/votes/observers/key", "observer1", plain=True),
    Shown("promises of the ballot box", "/voting", plain=True),
    Shown("desk of votes", "/desk/polls", "moderator1"),
    Shown("new vote", "/desk/polls/new", "moderator1", plain=True),
    Shown("new vote, refused", "/desk/polls/new", "moderator1", then=press("만들고 이어서 채우기")),
    Shown("vote in preparation", f"/desk{NEXT_VOTE}", "moderator1"),
    *(Shown(f"vote in preparation, {part}", f"/desk{NEXT_VOTE}/{part}", "moderator1") for part in (
        "wording", "times", "electorate", "terms", "options", "options/1", "options/table", "notices", "roll",
        "preview", "rehearsals", "copies", "season")),
    Shown("notice of a vote, refused", f"/desk{NEXT_VOTE}/notices", "moderator1", then=press("알림 올리기")),
    Shown("kiosks", "/desk/kiosks", "administrator"),
    Shown("kiosks, refused", "/desk/kiosks", "administrator", then=press("등록 번호 만들기")),
    Shown("positions of officers", "/votes/officers", plain=True),
    Shown("who runs a vote", OPEN_VOTE, then=follow("누가 진행하고 지켜보나요", folded_in="투표 안내")),
    Shown("who ran a vote", f"{PAST_VOTE}/check", then=follow("누가 진행했나요"), plain=True),
    Shown("desk of officers", "/desk/officers", "administrator"),
    Shown("desk of officers, refused", "/desk/officers", "administrator", then=press("제안하기")),
    Shown("election seasons", "/desk/election-seasons", "administrator"),
    Shown("election seasons, refused", "/desk/election-seasons", "administrator", then=press("선거 기간 정하기")),
]

OFFICE = [
    Shown("agendas", "/agendas", plain=True),
    Shown("agendas, none of these", "/agendas?state=closed"),
    Shown("agenda", "/agendas/doksanro-walking", plain=True),
    Shown("agenda at the vote", "/agendas/doksan3-empty-lot"),
    Shown("late answers", "/answers/late", plain=True),
    Shown("proposal, answered", first("/proposals?state=answered")),
    Shown("desk of agendas", "/desk/agendas", "moderator1"),
    Shown("new agenda", "/desk/agendas/new", "moderator1", plain=True),
    Shown("new agenda, refused", "/desk/agendas/new", "moderator1", then=press("저장하기")),
    Shown("agenda at the desk", "/desk/agendas/doksanro-walking", "moderator1"),
    *(Shown(f"agenda at the desk, {part}", f"/desk/agendas/doksanro-walking/{part}", "moderator1") for part in (
        "edit", "proposals", "state", "next", "notes", "split", "merge")),
    Shown("agenda at the desk, looked for proposals", "/desk/agendas/doksanro-walking/proposals", "moderator1",
          then=both(press("찾기", q="주차"), tick("proposals"), press("찾기", q="보도"))),
    Shown("queue of answers", "/desk/answers", "official1", plain=True),
    Shown("queue of answers of a moderator", "/desk/answers", "moderator1"),
    Shown("answering", ANSWERING, "official1", plain=True),
    Shown("answering, previewed", ANSWERING, "official1", then=press("미리 보기", text="보도가 **넓은** 곳부터 놓아요.")),
    Shown("answering, refused", ANSWERING, "official1", then=press("승인 요청하기")),
    *(Shown(f"answering, {part}", under(ANSWERING, f"/{part}"), "official1") for part in (
        "question", "return", "referral")),
    Shown("answering, who does", under(ANSWERING, "/assignment"), "moderator1"),
    Shown("agenda, versions", "/agendas/doksanro-walking/versions"),
    Shown("merging proposals", at_the_desk(GATHERING, "/merge"), "moderator1"),
]

DESK = [
    Shown("desk of a clerk", "/desk", "clerk1"),
    Shown("new resident", "/desk/residents/new", "clerk1", plain=True, varies=True),
    Shown("new resident, refused", "/desk/residents/new", "clerk1", then=press("확인하기"), varies=True),
    Shown("letters", "/desk/letters", "clerk1"),
    Shown("second clerk", "/desk/second-clerk", "clerk1"),
    Shown("second clerk, refused", "/desk/second-clerk", "clerk1", then=press("본인과 신분증을 봤어요")),
    Shown("people", "/desk/people", "clerk1"),
    Shown("people, refused", "/desk/people", "clerk1", then=press("찾기")),
    Shown("desk of a moderator", "/desk", "moderator1"),
    Shown("desk of an official", "/desk", "official1"),
    Shown("desk, late alone", "/desk?due=late", "moderator1"),
    Shown("held proposals", "/desk/held", "moderator1"),
    Shown("appeals", "/desk/appeals", "moderator1"),
    Shown("an appeal", first("/desk/appeals", "main a[href^='/desk/appeals/']"), "moderator1", plain=True),
    Shown("an appeal, refused", first("/desk/appeals", "main a[href^='/desk/appeals/']"), "moderator1",
          then=press("결정 알리기")),
    Shown("requests to take a text down", "/desk/takedowns", "moderator2"),
    Shown("a request to take a text down", first("/desk/takedowns", "main a[href^='/desk/takedowns/']"), "moderator2",
          plain=True),
    Shown("a request to take a text down, refused", first("/desk/takedowns", "main a[href^='/desk/takedowns/']"),
          "moderator2", then=press("결정하기")),
    Shown("signals", "/desk/signals", "moderator1", varies=True),
    Shown("watched words", "/desk/signals/words", "moderator1"),
    Shown("watched words, refused", "/desk/signals/words", "moderator1", then=press("목록에 넣기")),
    Shown("reports", "/desk/reports", "moderator1", plain=True),
    Shown("a reported text", REPORTED, "moderator1", plain=True),
    Shown("a reported text, refused", REPORTED, "moderator1",
          then=both(pick("가리기"), press("이대로 하기"))),
    Shown("no reports", "/desk/reports?rule=hate", "moderator1"),
    Shown("texts of a wave", "/desk/waves?by=text&q=보도", "moderator1", plain=True),
    Shown("texts of a wave, refused", "/desk/waves?by=text&q=보도", "moderator1", then=press("고른 글 가리기")),
    Shown("no texts of a wave", "/desk/waves?by=new&since=1", "moderator1"),
    Shown("acts on me", "/me/actions", "resident9"),
    Shown("an act on me", first("/me/actions", "main a[href^='/moderation/actions/']"), "resident9", plain=True),
    Shown("what became of my reports", "/me/reports", "resident7"),
    Shown("desk of an administrator", "/desk", "administrator"),
    Shown("a member", looked_up("resident6"), "administrator"),
    Shown("new code", looked_up("resident6"), "administrator", then=follow("코드 만들기")),
    Shown("new code, refused", looked_up("resident6"), "administrator", then=both(follow("코드 만들기"), press("코드 만들기"))),
    Shown("roles", "/desk/roles", "administrator"),
    Shown("withdraw a role", "/desk/roles", "administrator", then=follow("거두기")),
    Shown("roles, refused", "/desk/roles", "administrator", then=press("권한 주기")),
    Shown("audit", "/desk/audit", "administrator"),
    Shown("access log", "/desk/access-log", "administrator"),
    Shown("forbidden", "/desk", "resident6", status=403),
]

AWARDS = [
    Shown("awards", "/awards", plain=True),
    Shown("awards of a year", first("/awards", "main h2 a[href^='/awards/']"), then=unfold, plain=True),
    Shown("desk of awards", "/desk/awards", "moderator1"),
    Shown("desk of awards, refused", "/desk/awards", "moderator1", then=press("포상 만들기")),
    Shown("round of awards", first("/desk/awards", "main a[href^='/desk/awards/']"), "moderator1"),
]

TABLES = [
    Shown("figures", "/figures", then=unfold, plain=True),
    Shown("figures at the desk", "/desk/figures", "official1", then=unfold),
    Shown("tables for everybody", "/data", then=unfold, plain=True),
    Shown("tables at the desk", "/desk/exports", "official1"),
    Shown("formal proposals at the desk", "/desk/exports/formal", "official1"),
    Shown("a table with personal data", "/desk/exports/residents", "clerk1", plain=True),
    Shown("a table with personal data, refused", "/desk/exports/residents", "clerk1", then=press("파일 받기")),
]

LIVE, COMING, OVER = "/forums/gvalley-lunch-live", "/forums/siheung-alley-parking", "/forums/night-doksanro-2020"
FORUMS = [
    Shown("forums", "/forums", plain=True),
    Shown("code of a forum, refused", "/f?code=000000", status=404),
    Shown("announced forum", COMING, plain=True),
    Shown("announced forum of somebody who waits", COMING, "resident8"),
    Shown("registration", f"{COMING}/registration", "official1", plain=True),
    Shown("registration, refused", f"{COMING}/registration", "official1", then=press("신청하기")),
    Shown("own registration", f"{COMING}/registration", "resident2"),
    Shown("hall", LIVE, plain=True),
    Shown("hall of a table host", LIVE, "resident6", plain=True),
    *(Shown(f"hall of a table host, {tab}", f"{LIVE}?tab={tab}", "resident6", then=unfold) for tab in (
        "questions", "pulse", "chat", "tables")),
    Shown("hall in large type", f"{LIVE}/large", plain=True),
    Shown("projector", f"{LIVE}/projector"),
    Shown("host's console", f"{LIVE}/host", "moderator1", then=unfold, plain=True),
    *(Shown(f"host's console, {tab}", f"{LIVE}/host?tab={tab}", "moderator1", then=unfold) for tab in (
        "questions", "chat", "agenda", "tables", "closing")),
    Shown("captioner", f"{LIVE}/captioner", "moderator2", plain=True),
    Shown("questions of a forum", f"{LIVE}/questions", "resident6", plain=True),
    Shown("captions of a forum", f"{LIVE}/captions"),
    Shown("chat of a forum", f"{LIVE}/chat", "resident6"),
    Shown("speaking time", f"{LIVE}/ledger", plain=True),
    Shown("tables of a forum", f"{LIVE}/tables", "resident6"),
    Shown("a table", first(f"{LIVE}/tables", "main a[href*='/tables/']"), "resident6", plain=True),
    Shown("closing a forum", f"{LIVE}/closing", "moderator1"),
    Shown("forum that is over", OVER, plain=True),
    Shown("record of a forum", f"{OVER}/record", plain=True),
    Shown("record of a forum, found nothing", f"{OVER}/record?q=없는말"),
    Shown("minutes", f"{OVER}/minutes", "resident6", then=unfold, plain=True),
    Shown("changes of minutes", f"{OVER}/minutes/changes"),
    Shown("tables of a forum that is over", f"{OVER}/tables"),
    Shown("desk of forums", "/desk/forums", "moderator1"),
    Shown("new forum", "/desk/forums/new", "moderator1", plain=True),
    Shown("new forum, refused", "/desk/forums/new", "moderator1", then=press("만들고 이어서 채우기")),
    Shown("forum in preparation", f"/desk{COMING}", "moderator1"),
    *(Shown(f"forum in preparation, {part}", f"/desk{COMING}/{part}", "moderator1") for part in (
        "wording", "times", "access", "items", "items/1", "duties", "documents", "season", "copies", "sheet",
        "registrations", "enrolments")),
]

VOTED, IN_REVIEW, TRIAL = "/budgets/2026", "/budgets/next", "/budgets/trials/trial-2025"
VOTING = "/budgets/gasan-plan"
REVIEWING = first("/desk/reviews", "main a[href^='/desk/reviews/']")
BUDGETS = [
    Shown("budget rounds", "/budgets", plain=True),
    Shown("budget round in the budget", VOTED, plain=True),
    Shown("budget round in review", IN_REVIEW, plain=True),
    Shown("budget round decided elsewhere", "/budgets/2021-neighbourhoods"),
    Shown("budget round that is voted on", VOTING, plain=True),
    Shown("budget round that is voted on, for somebody who may vote", VOTING, "resident6"),
    Shown("ballots of a round", f"{VOTING}/ballot", "resident6", plain=True),
    Shown("ballots of a round of somebody who has voted", f"{VOTING}/ballot", "resident7"),
    Shown("ballots of a round of somebody who is in no roll", f"{VOTING}/ballot", "resident9"),
    Shown("ballot of an envelope with groups", f"{VOTING}/plan/ballot", "resident6", plain=True, varies=True),
    Shown("ballot of an envelope within its money", f"{VOTING}/youth/ballot", "resident6", then=unfold, varies=True),
    Shown("all ballots of a round", f"{VOTING}/ballot/all", "resident6", plain=True, varies=True),
    Shown("own entry in no roll of an envelope", f"{VOTING}/plan/roll", "resident9"),
    Shown("open vote of an envelope", f"{VOTING}/plan"),
    Shown("vote of an envelope", f"{VOTED}/resident"),
    Shown("own entry in the roll of an envelope", f"{VOTED}/resident/roll", "resident6"),
    Shown("results of a round", f"{VOTED}/results", then=unfold, plain=True),
    Shown("result of an envelope", f"{VOTED}/resident/results", then=unfold, plain=True),
    Shown("result of an envelope, the other", f"{VOTED}/cooperation/results", then=unfold),
    Shown("how an envelope is checked", f"{VOTED}/resident/results/check", then=unfold, plain=True),
    Shown("why a project was not chosen", f"{VOTED}/resident/results/A02", then=unfold, plain=True),
    Shown("why a project was chosen", f"{VOTED}/resident/results/A15"),
    Shown("how an envelope was counted", f"{VOTED}/resident/results/recount"),
    Shown("results decided elsewhere", "/budgets/2021-neighbourhoods/results"),
    Shown("projects", f"{IN_REVIEW}/projects", plain=True),
    Shown("projects, none of these", f"{IN_REVIEW}/projects?state=done"),
    Shown("project that is fit under a condition", f"{IN_REVIEW}/projects/A02", "resident6", plain=True),
    Shown("project that is in the budget", f"{VOTED}/projects/A15"),
    Shown("project that is not eligible", first(f"{IN_REVIEW}/projects?state=not_eligible",
                                                f"main a[href^='{IN_REVIEW}/projects/']")),
    Shown("first version of a project", f"{IN_REVIEW}/projects/A02/versions/1"),
    Shown("project to edit", f"{IN_REVIEW}/projects/A02/edit", "moderator1", plain=True),
    Shown("project to merge", f"{IN_REVIEW}/projects/A02/merge", "moderator1", plain=True),
    Shown("trial elections", "/budgets/trials"),
    Shown("trial election", TRIAL, then=unfold, plain=True),
    Shown("trial election by one rule", f"{TRIAL}/shares-add1", then=unfold, plain=True),
    Shown("desk of reviews of an official", "/desk/reviews", "official1", plain=True),
    Shown("desk of reviews of a moderator", "/desk/reviews", "moderator1"),
    Shown("a review", REVIEWING, "official1", plain=True),
    Shown("a review, passed on", under(REVIEWING, "/reassignments"), "official1"),
    Shown("desk of rounds", "/desk/budgets", "moderator1"),
    Shown("new round", "/desk/budgets/new", "moderator1", plain=True),
    Shown("round in preparation", f"/desk{IN_REVIEW}", "moderator1", plain=True),
    *(Shown(f"round in preparation, {part}", f"/desk{IN_REVIEW}/{part}", "moderator1", plain=part == "counting")
      for part in ("wording", "phases", "limits", "electorate", "counting", "terms", "money", "envelopes/resident",
                   "envelopes/resident/groups", "envelopes/resident/counting", "exclusions", "opening", "rehearsals",
                   "money/table", "copies", "notices", "season", "committee")),
    Shown("round that was voted on, at the desk", f"/desk{VOTED}", "moderator1"),
    Shown("committee's sums on paper", f"/desk{VOTED}/committee/paper", "moderator1"),
    Shown("council's decisions", f"/desk{VOTED}/council", "moderator1", plain=True),
    Shown("council's decision on one project", f"/desk{VOTED}/council/A15", "moderator1"),
    Shown("how far a project is carried out", f"/desk{VOTED}/council/A15/progress", "moderator1"),
    Shown("desk of trials", "/desk/trials", "moderator1"),
    Shown("new trial", "/desk/trials/new", "moderator1", plain=True),
]

PAGES = [*PUBLIC, *RESIDENT, *CONSULTATIONS, *VOTES, *BUDGETS, *FORUMS, *OFFICE, *DESK, *AWARDS, *TABLES]
MAIN = {
    "home", "home, signed in", "list", "proposal", "proposal, signed in", "search, found", "outcome", "help",
    "sign-in", "once", "sign-up, empty", "not found", "receipts", "new proposal", "draft, step 2 refused", "me",
    "notices", "residency", "report", "own proposal", "ballot", "one statement", "result of a consultation",
    "open vote", "result of a vote", "new vote, refused", "budget round that is voted on", "ballots of a round",
    "ballot of an envelope with groups", "results of a round", "project that is in the budget", "hall",
    "hall of a table host", "host's console", "record of a forum", "agenda", "answering, refused",
    "desk of a moderator", "figures", "queue of answers"}
"""Pages that every run looks at; the others take turns."""
