"""A stranger supports a proposal and votes within twelve taps: by a provider, without an account and with one."""

import os
import time

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import Person, User
from civic_forum.ballots.box import voters
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal, Support
from tests.accounts.people import PASSWORD
from tests.common import many
from tests.polls.test_growing import growing
from tests.servers import axe, chromium

from .servers import EXAMPLE

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
TAPS, SECONDS = 12, 180
SETTLED = ("Promise.allSettled(document.getAnimations().filter(one => one instanceof CSSTransition)"
           ".map(one => one.finished)).then(() => 0)")
SHOTS = os.environ.get("CIVIC_SHOTS")


@pytest.fixture
def scene(town, site):
    """A proposal and an open vote whose roll grows."""
    for name in ("가산동", "독산1동"):
        town.neighbourhood(name)
    vote = growing(town, title="빈터를 무엇으로 쓸까요?")
    return town.proposal(threshold=20), vote


class Hand:
    """Somebody at a telephone; every tap counts but those into a field that is typed into."""

    def __init__(self, page, shots=None, script=True):
        self.script = script
        self.page, self.taps, self.began, self.shots = page, 0, time.monotonic(), shots

    def tap(self, role, name, **exact):
        here = self.page.get_by_role(role, name=name, **exact).first
        here.wait_for()
        self.looks_right()
        here.click()
        self.taps += 1

    def signs_up(self):
        self.page.get_by_label("로그인 이름").fill("aram.byeol")
        self.page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
        for box in ("만 14세 이상이에요", "이용약관에 동의해요 (필수)", "개인정보 수집과 이용에 동의해요 (필수)"):
            self.tap("checkbox", box)
        self.tap("button", "가입하기")

    def looks_right(self):
        if "/oauth2" in self.page.url:
            return
        if self.script:  # a button that was pressed changes its colour slowly
            self.page.evaluate(SETTLED)
        assert axe.violations(self.page) == [], self.page.url
        assert chromium.overflow(self.page) == 0, self.page.url
        if self.shots:
            self.page.screenshot(path=f"{self.shots}-{self.taps:02d}.png", full_page=True)

    def votes(self):
        self.page.get_by_role("radio").first.check()
        self.taps += 1
        self.looks_right()
        self.tap("button", "확인하기")
        self.tap("button", "투표하기", exact=True)
        self.page.get_by_role("heading", name="투표했어요").wait_for()


def counted(proposal, vote):
    db.session.rollback()
    return (db.session.get(Proposal, proposal.id, populate_existing=True).support_count,
            len(voters.all_rows(vote.box_id)))


@pytest.mark.parametrize("javascript", [True, False])
def test_without_an_account(app, scene, site, window, javascript):
    proposal, vote = scene
    page = window(base_url=site, width=390, javascript=javascript)
    persons = many(Person)
    assert page.goto(f"/proposals/{proposal.number}").status == 200
    hand = Hand(page, script=javascript, shots=SHOTS and f"{SHOTS}/once-{javascript}")
    hand.tap("button", "공감하기")
    hand.tap("button", "계정 없이 한 번 참여하기")
    hand.tap("checkbox", "개인정보 수집과 이용에 동의해요 (필수)")
    hand.tap("button", EXAMPLE)
    hand.tap("button", "가산동에 살아요")
    if not javascript:
        hand.tap("button", "이어서 하기")
    page.wait_for_url(f"{site}/proposals/{proposal.number}*")
    assert counted(proposal, vote) == (1, 0)
    hand.tap("link", vote.title)
    hand.votes()
    assert counted(proposal, vote) == (1, 1)
    assert hand.taps <= TAPS and time.monotonic() - hand.began < SECONDS
    page.goto("/once")
    hand.tap("button", "다 했어요")
    page.get_by_text("모두 지웠어요").wait_for()
    assert many(Person) == persons and counted(proposal, vote) == (1, 1)
    assert page.goto("/me").status == 200 and "/sign-in" in page.url


def test_with_an_account(app, scene, site, window):
    proposal, vote = scene
    page = window(base_url=site, width=390)
    assert page.goto(f"/proposals/{proposal.number}").status == 200
    hand = Hand(page, shots=SHOTS and f"{SHOTS}/account")
    hand.tap("button", "공감하기")
    hand.tap("button", "처음이에요, 가입할게요")
    hand.signs_up()
    page.wait_for_url(f"{site}/proposals/{proposal.number}*")
    assert counted(proposal, vote) == (1, 0)
    hand.tap("link", vote.title)
    hand.tap("button", EXAMPLE)
    hand.tap("button", "가산동에 살아요")
    hand.votes()
    assert counted(proposal, vote) == (1, 1)
    assert hand.taps <= TAPS and time.monotonic() - hand.began < SECONDS


def test_an_account_is_made_afterwards(app, scene, site, window):
    proposal, vote = scene
    page = window(base_url=site, width=390)
    page.goto(f"/once?next=/proposals/{proposal.number}")
    hand = Hand(page, shots=SHOTS and f"{SHOTS}/kept")
    hand.tap("button", EXAMPLE)
    page.get_by_text("동의해 주세요").wait_for()
    hand.tap("checkbox", "개인정보 수집과 이용에 동의해요 (필수)")
    hand.tap("button", EXAMPLE)
    hand.tap("button", "가산동에 살아요")
    hand.tap("button", "공감하기")
    page.get_by_role("button", name="공감했어요").first.wait_for()
    hand.tap("link", "한 번 참여 중")
    hand.tap("link", "계정 만들기")
    hand.signs_up()
    page.wait_for_url(f"{site}/me")
    page.get_by_text("계정을 만들었어요").wait_for()
    db.session.rollback()
    made = db.session.scalar(sa.select(User).filter_by(sign_in_key="aram.byeol"))
    assert made.person_id and not made.is_guest and db.session.get(Support, (proposal.id, made.id))


@pytest.mark.parametrize("display", ["language=en", "text=xl"])
def test_its_pages_in_english_and_in_large_text(app, scene, site, window, display):
    _proposal, vote = scene
    page = window(base_url=site, width=390)
    page.goto(f"/display?{display}&back=/")
    hand = Hand(page, shots=SHOTS and f"{SHOTS}/{display}")
    for path in (f"/sign-in?next=/polls/{vote.slug}/ballot", "/once", "/once"):
        assert page.goto(path).status == 200
        hand.looks_right()
        hand.taps += 1
        if hand.taps == 2:
            page.get_by_role("checkbox").check()
            page.locator("[formaction]").click()
            page.locator("button[value=haneul]").click()
            page.wait_for_url(f"{site}/once")


@pytest.mark.parametrize(("who", "said"), [("12살", "만 14세부터"), ("다른 구에 살아요", "이 구가 아니에요")])
def test_nothing_comes_of_somebody_who_may_not(app, scene, site, window, who, said):
    page = window(base_url=site, width=390)
    people = many(User)
    page.goto("/once")
    hand = Hand(page)
    hand.tap("checkbox", "개인정보 수집과 이용에 동의해요 (필수)")
    hand.tap("button", EXAMPLE)
    hand.tap("button", who)
    page.get_by_role("alert").get_by_text(said).wait_for()
    hand.looks_right()
    assert many(User) == people
