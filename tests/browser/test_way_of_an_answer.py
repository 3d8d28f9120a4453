"""From the support that reaches the goal to the outcome that everybody is told of: by keyboard, through many hands."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.platform import clock, outbox
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.notifications.reactions import other as leaving_the_site
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports as proposals
from tests.notifications.told import reachable
from tests.outcomes.making import agenda

from .keyboard import Hands
from .office_scene import handed_in
from .visits import WINDOWS

TITLE = "시흥사거리 정류장에 의자를 놓아 주세요"
INTERIM = "정류장 네 곳의 보도 폭을 재고 있어요. 12월에 다시 알려 드릴게요."
FINAL = "보도가 넓은 **세 곳**에 의자를 놓아요. 나머지 한 곳은 벽에 붙는 접이식 의자를 시험해 봐요."
DECIDED = "정류장 세 곳에 의자를 놓기로 했어요"
REASONS = "네 곳을 재 보니 세 곳은 보도가 넓어 의자를 놓아도 휠체어가 지나갈 수 있어요."
FOLLOWS = "3월에 의자를 놓고, 여름이 지나면 써 본 사람에게 물어요."
DEPARTMENT = "교통행정과"
MORNING = 9
MOST_KEYS = 600
"""Of one person for the whole way, what is written included."""


@pytest.fixture
def app(sqlite_app, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setitem(sqlite_app.config, "SUPPORT_THRESHOLD", 3)
    return sqlite_app


@pytest.fixture
def mail(app, postbox, monkeypatch):
    """The site's letters go to the mail server of the tests."""
    monkeypatch.setitem(app.config, "SMTP_URL", postbox.url)
    return postbox


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "javascript"), WINDOWS)
def test_from_the_goal_to_the_outcome(town, signed_in, window, served, mail, width, javascript):
    first, second, moderator = town.official(), town.official(), town.moderator()
    author, supporter, follower = (reachable(town.resident()) for _one in range(3))
    proposal = handed_in(town, TITLE, author)
    agenda(town, first, proposal, slug="benches")
    for _one in range(2):
        proposals.support(proposal.id, by=town.resident())

    def somebody(name: str, user=None) -> Hands:
        options = {"width": width, "javascript": javascript}
        return Hands(signed_in(user, **options) if user else window(base_url=served, **options), name)

    backs, hears = somebody("supporter", supporter), somebody("follower", follower)
    wants_mail_at_once(backs)
    page = f"/proposals/{proposal.number}"
    hears.opens(page)
    hears.clicks("소식 받기")
    hears.reads("소식 그만 받기")
    reaches_the_goal(backs, page)

    writes, approves = somebody("official", first), somebody("second official", second)
    is_triaged(somebody("moderator", moderator), proposal.title)
    answers(writes, proposal.title, interim=True)
    is_approved(approves, proposal.title, "승인하고 공개하기")
    sees_the_answer(somebody("visitor"), page, State.ANSWER_DUE, INTERIM)
    answers(writes, proposal.title, interim=False)
    is_approved(approves, proposal.title, "승인하고 공개하기")
    sees_the_answer(somebody("visitor"), page, State.ANSWERED, "보도가 넓은 세 곳")

    decides(writes)
    is_approved(approves, DECIDED, "승인하고 공개하기")
    shown_everywhere(somebody("visitor"), page)
    author_page = somebody("author", author)
    for reader in (backs, hears, author_page):
        finds_the_notice(reader)
    letters_lead_to_the_outcome(mail, (author, supporter), follower, somebody("mail reader", supporter))
    for hands in (backs, writes, approves):
        assert sum(hands.stages.values()) < MOST_KEYS, (hands.name, hands.stages)


def wants_mail_at_once(hands: Hands) -> None:
    hands.opens("/me")
    hands.link("알림")
    hands.looks("no notices")
    hands.link("알림 받는 방법 바꾸기")
    hands.looks("settings")
    for kind in ("supported", "outcome"):
        hands.chooses(f"mail_{kind}", "바로")
    hands.clicks("이대로 바꾸기")
    hands.stage("settings")


def reaches_the_goal(hands: Hands, page: str) -> None:
    hands.opens(page)
    hands.looks("proposal")
    hands.to(hands.main.get_by_role("button", name="공감하기", exact=True).first)
    hands.press("Enter")
    expect(hands.main.get_by_role("button", name="공감했어요").first).to_be_visible()
    hands.opens(page)
    hands.reads("목표를 채웠어요", "까지 답변해요", "맡을 부서를 정하고 있어요")
    hands.looks("goal reached")
    hands.stage("supported")


def is_triaged(hands: Hands, title: str) -> None:
    hands.opens("/desk")
    expect(hands.page.locator("header a.bell .unread-count")).to_be_visible()
    hands.link(title)
    hands.looks("to assign")
    hands.link("맡을 부서 정하기")
    hands.chooses("department", DEPARTMENT)
    hands.types(note="정류장 의자예요. 살펴봐 주세요.")
    hands.looks("assigning")
    hands.clicks("맡을 부서 정하기")
    hands.reads("맡을 부서를 정했어요.", DEPARTMENT)
    hands.link("업무 화면")
    expect(hands.main.get_by_role("link", name=title)).to_have_count(0)


def answers(hands: Hands, title: str, *, interim: bool) -> None:
    hands.opens("/desk")
    hands.link(title)
    hands.looks("case")
    if interim:
        hands.clicks("우리 부서가 맡기")
    hands.picks("kind", "interim" if interim else "final")
    if not interim:
        hands.picks("outcome", "partly_accepted")
    hands.types(text=INTERIM if interim else FINAL)
    if not interim:
        hands.dates("by_when", "2031-03-31")
        hands.types(cost="740")
    hands.types(document_number="교통행정과-4121")
    hands.clicks("미리 보기")
    expect(hands.main.locator("#preview")).to_be_in_viewport()
    hands.reads("12월에 다시 알려 드릴게요." if interim else "보도가 넓은 세 곳에")
    hands.looks("preview")
    hands.clicks("승인 요청하기")
    hands.reads("승인을 요청했어요.", "내가 쓴 답변은 같은 부서의 다른 담당자가 승인해요.")
    hands.looks("awaiting")
    hands.stage("interim" if interim else "final")


def is_approved(hands: Hands, title: str, button: str) -> None:
    hands.opens("/desk")
    hands.looks("desk")
    hands.link(title)
    hands.looks("approving")
    hands.clicks(button)
    hands.reads("공개했어요.")
    hands.stage(f"approved {len(hands.stages) + 1}")


def sees_the_answer(hands: Hands, page: str, state: State, words: str) -> None:
    hands.opens(page)
    hands.reads(words, DEPARTMENT, "부서가 중간 답변을 했어요")
    hands.looks("answer")
    if state is State.ANSWERED:
        hands.reads("부서가 답변했어요", "일부 하기로 했어요", "2031. 3. 31.(월)까지", "740만", "교통행정과-4121")


def decides(hands: Hands) -> None:
    """The outcome of the agenda, from the desk."""
    hands.opens("/desk")
    hands.link("결과 알리기")
    hands.looks("outcomes at the desk")
    hands.link("결과 쓰기")
    hands.looks("outcome")
    hands.picks("decision", "decided")
    hands.types(title=DECIDED, reasons=REASONS, what_follows=FOLLOWS)
    hands.dates("promised_on", f"{local(clock.now()).year + 1}-06-30")
    hands.types(cost="4100")
    hands.clicks("미리 보기")
    expect(hands.main.locator("#preview")).to_be_in_viewport()
    hands.looks("preview of an outcome")
    hands.clicks("승인 요청하기")
    hands.reads("승인을 요청했어요.")
    hands.stage("outcome")


def shown_everywhere(hands: Hands, page: str) -> None:
    for name, address in (("front page", "/"), ("outcomes", "/outcomes"), ("proposal", page),
                          ("agenda", "/agendas/benches")):
        hands.opens(address)
        hands.reads(DECIDED)
        hands.looks(f"outcome on {name}")
    hands.opens("/outcomes")
    hands.link(DECIDED)
    hands.reads(REASONS, FOLLOWS, "4,100만", TITLE)
    hands.looks("an outcome")


def finds_the_notice(hands: Hands) -> None:
    """The number in the header, the list, the outcome; then the number is smaller."""
    hands.opens("/")
    bell = hands.page.locator("header a.bell")
    waiting = unread(bell)
    hands.follows(bell)
    hands.looks("notices")
    hands.follows(hands.main.locator(".notices a", has_text="결과가 나왔어요").first)
    expect(hands.main.get_by_role("heading", level=1)).to_have_text(DECIDED)
    assert unread(bell) < waiting
    hands.stage("notice")


def unread(bell) -> int:
    shown = bell.locator(".unread-count")
    return int(re.search(r"\d+", shown.inner_text())[0]) if shown.count() else 0


def letters_lead_to_the_outcome(mail, at_once, digested, hands: Hands) -> None:
    """The work of a worker every minute, and in the morning with the digests."""
    leaving_the_site.at_once()
    outbox.deliver_due()
    for reader in at_once:
        letters = mail.letters_to(reader.confirmed_email, at_least=2)
        assert len({one["Message-ID"] for one in letters}) == len(letters)
        [letter] = [one for one in letters if DECIDED in one.get_content()]
    assert not [one for one in mail.letters if digested.confirmed_email in one.recipients]
    tomorrow = local(clock.now()).replace(hour=MORNING, minute=0, second=0, microsecond=0) + timedelta(days=1)
    clock.shift(int((tomorrow - local(clock.now())).total_seconds()))
    leaving_the_site.digests()
    outbox.deliver_due()
    [digest] = mail.letters_to(digested.confirmed_email)
    assert DECIDED in digest.get_content() and TITLE in digest.get_content()
    clock.shift(0)
    for one in (letter, digest):
        assert one["List-Unsubscribe"]
        address = re.search(r"http://127\.0\.0\.1:8000(/outcomes/\d+)", one.get_content())[1]
        hands.opens(address)
        expect(hands.main.get_by_role("heading", level=1)).to_have_text(DECIDED)
    db.session.rollback()
