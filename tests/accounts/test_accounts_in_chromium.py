"""Accounts in a browser: for everybody's eyes, on a telephone, and without JavaScript."""

import pytest

from tests.servers import in_process
from tests.servers.axe import looks_right

from .people import ANOTHER, PASSWORD, member

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]


@pytest.fixture
def signed_in(app, served):
    """Gives a window the cookie of somebody's session."""

    return lambda page, user: in_process.sign_in(page, app, served, user)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_somebody_signs_up_out_and_in(town, served, window, width, javascript):
    town.neighbourhood("시흥1동")
    page = window(base_url=served, width=width, javascript=javascript)
    page.goto("/sign-up")
    page.get_by_label("로그인 이름").fill("sanho.kim")
    page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
    for box in ("만 14세 이상이에요", "이용약관에 동의해요 (필수)", "개인정보 수집과 이용에 동의해요 (필수)"):
        page.get_by_label(box).check()
    page.locator("form[action='/sign-up'] .primary[type=submit]").click()
    page.wait_for_url("**/welcome?next=/me")
    looks_right(page, "after signing up")
    page.get_by_role("link", name="고르기 내 동과 별명").click()
    page.get_by_label("별명").fill("산호길 산책")
    page.get_by_label("사는 동").select_option(label="시흥1동")
    page.get_by_role("button", name="저장하기").click()
    page.wait_for_url("**/welcome?next=/me")
    assert page.get_by_text("했어요", exact=True).count() == 1 and "산호길 산책" in page.inner_text("main")
    page.context.clear_cookies()
    page.goto("/me/password")
    page.get_by_label("로그인 이름").fill("sanho.kim")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인하기").click()
    page.wait_for_url("**/me/password")
    page.get_by_label("지금 비밀번호").fill(PASSWORD)
    page.get_by_label("새 비밀번호", exact=True).fill(ANOTHER)
    page.get_by_label("새 비밀번호 한 번 더").fill(ANOTHER)
    page.get_by_role("button", name="비밀번호 바꾸기").click()
    page.wait_for_url("**/me")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_typed_form_is_sent_after_signing_in_again(town, served, window, signed_in, javascript):
    user, place = member(town, sign_in_name="sanho.kim"), town.neighbourhood()
    text = "횡단보도의 초록불이 너무 짧아서 어르신들이 길을 다 건너지 못해요."
    proposal = town.proposal(author=user, neighbourhood_id=place.id)
    page = signed_in(window(base_url=served, javascript=javascript), user)
    page.goto(f"/proposals/{proposal.number}")
    form = page.locator("form[action*='/threads/']").filter(has=page.locator("textarea")).first
    form.locator("textarea").fill(text)
    page.context.clear_cookies()
    form.locator("[type=submit]").first.click()
    page.get_by_text("적은 글은 지워지지 않았어요").wait_for()
    page.get_by_label("로그인 이름").fill("sanho.kim")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인하기").click()
    page.get_by_role("button", name="보내기").click()  # whose page it was is not known without the cookie
    page.wait_for_url(f"**/proposals/{proposal.number}*")
    assert page.get_by_text(text).count() >= 1 and page.locator(".who .st.f", has_text="찬성").count() == 1
