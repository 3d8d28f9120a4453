"""Providers of identities in a browser: verified, signed in, linked and cancelled by the provider of the sample."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import ProviderLink, UserSession
from civic_forum.accounts.rules import PROOF_LASTS
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.accounts.people import member
from tests.common import again, commit
from tests.servers import in_process
from tests.servers.axe import looks_right

from .servers import EXAMPLE

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_is_verified_and_comes_back_to_the_page_they_left(app, town, site, window, javascript):
    user = member(town, sign_in_name="sanho.kim")
    town.neighbourhood("가산동")
    page = in_process.sign_in(window(base_url=site, width=390, javascript=javascript), app, site, user)
    assert page.goto("/me/residency?next=/polls").status == 200
    looks_right(page)
    page.get_by_role("button", name=EXAMPLE).click()
    page.get_by_role("button", name="독산3동에 살아요").wait_for()
    page.get_by_role("button", name="가산동에 살아요").click()
    page.wait_for_url(f"{site}/polls")
    page.get_by_text("확인을 마쳤어요. 이제 주민으로 참여할 수 있어요.").wait_for()
    known = again(user)
    assert known.is_resident and known.person_id and known.neighbourhood.name_ko == "가산동"


def at_the_provider(page, who):
    page.get_by_role("button", name=who).click()


def test_somebody_signs_up_signs_in_and_leaves_by_it(app, town, site, window):
    town.neighbourhood("독산3동")
    page = window(base_url=site, width=390)
    assert page.goto("/sign-in?next=/polls").status == 200
    looks_right(page)
    page.get_by_role("button", name=f"{EXAMPLE} 로그인").click()
    at_the_provider(page, "독산3동에 살아요")
    page.get_by_label("로그인 이름").fill("new.person")
    looks_right(page)
    for consent in ("만 14세 이상이에요", "이용약관에 동의해요", "개인정보 수집과 이용에 동의해요"):
        page.get_by_label(consent).check()
    page.get_by_role("button", name="가입하기").click()
    page.get_by_role("heading", name="가입했어요").wait_for()
    assert page.url == f"{site}/welcome?next=/polls"

    page.context.clear_cookies()
    page.goto("/sign-in?next=/polls")
    page.get_by_role("button", name=f"{EXAMPLE} 로그인").click()
    at_the_provider(page, "독산3동에 살아요")
    page.wait_for_url(f"{site}/polls")

    assert page.goto("/me/providers").status == 200
    looks_right(page)
    page.get_by_role("button", name="연결 끊기").click()
    page.get_by_text("하나뿐인 길").wait_for()
    looks_right(page)

    db.session.rollback()
    long_ago = clock.now() - PROOF_LASTS
    commit(sa.update(UserSession).values(created_at=long_ago))
    assert page.goto("/me/leaving").status == 200
    looks_right(page)
    page.get_by_role("button", name="탈퇴하기").click()
    page.get_by_role("button", name=f"{EXAMPLE} 확인하기").wait_for()
    looks_right(page)
    page.get_by_role("button", name=f"{EXAMPLE} 확인하기").click()
    at_the_provider(page, "독산3동에 살아요")
    page.get_by_text("하던 일을 다시 눌러 주세요").wait_for()
    assert page.url == f"{site}/me/leaving"
    page.get_by_role("button", name="탈퇴하기").click()
    page.wait_for_url(f"{site}/")
    db.session.rollback()
    assert not db.session.scalars(sa.select(ProviderLink)).all()


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("who, said", [("12살", "만 14세부터 할 수 있어요"), ("다른 구에 살아요", "이 구가 아니에요"),
                                       ("그만두기", "확인을 그만두었어요")])
def test_a_sentence_says_what_is_next(app, town, site, window, who, said):
    user = member(town, sign_in_name="sanho.kim", is_resident=False)
    town.neighbourhood("독산1동")
    page = in_process.sign_in(window(base_url=site, width=390), app, site, user)
    page.goto("/me/residency?next=/polls")
    page.get_by_role("button", name=EXAMPLE).click()
    at_the_provider(page, who)
    page.get_by_text(said).wait_for()
    looks_right(page)
    assert again(user).person_id is None
    if who == "그만두기":
        page.get_by_role("button", name="다시 하기").click()
        page.get_by_role("button", name="가산동에 살아요").wait_for()
    else:
        page.get_by_role("link", name="다른 방법 보기").click()
        page.wait_for_url(f"{site}/me/residency")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "view", "example", "go_on"), [
    (320, "text=xl&contrast=1", EXAMPLE, "계속하기"), (1280, "language=en", "Practice identity check (example)", "Go on")])
def test_a_page_that_waits_has_a_link(app, town, site, window, width, view, example, go_on):
    """For a browser that does not go on by itself; in large text and in English, by keyboard."""
    user = member(town, sign_in_name="sanho.kim")
    page = in_process.sign_in(window(base_url=site, width=width), app, site, user)
    page.goto(f"/display?{view}")
    for address in ("/me/providers", "/me/residency"):
        page.goto(address)
        looks_right(page)
    page.route("**/providers/sample", lambda route: _without_refresh(route))
    page.get_by_role("button", name=example).click()
    link = page.get_by_role("link", name=go_on)
    link.wait_for()
    looks_right(page)
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="가산동에 살아요").wait_for()


def _without_refresh(route):
    answer = route.fetch()
    route.fulfill(response=answer, headers={name: value for name, value in answer.headers.items() if name != "refresh"})
