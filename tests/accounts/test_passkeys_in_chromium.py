"""Passkeys in a browser, by its virtual authenticator: made, used to sign in and to prove, removed; by keyboard, in
large text, in English, and what is said where a device or a page cannot."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import Passkey, UserSession
from civic_forum.accounts.rules import PROOF_LASTS
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.common import commit
from tests.servers import axe, chromium, in_process

from .people import PASSWORD, member
from .virtual import authenticator

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
MADE = "패스키를 만들었어요. 다음부터 패스키로 로그인할 수 있어요."


@pytest.fixture
def site(app, served, monkeypatch):
    """The site by a name, as passkeys need it."""
    address = served.replace("127.0.0.1", "localhost")
    monkeypatch.setitem(app.config, "URL", address)
    return address


def looks_right(page):
    """Measured by the page itself: a second connection of the debugger takes the authenticator along when it ends."""
    assert axe.violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def make(page):
    page.get_by_role("button", name="패스키 만들기").click()
    page.get_by_text(MADE).wait_for()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [390, 1280])
def test_somebody_makes_a_passkey_signs_in_and_proves_by_it(app, town, site, window, width):
    user = member(town, sign_in_name="sanho.kim")
    page = window(base_url=site, width=width)
    with authenticator(page) as device:
        in_process.sign_in(page, app, site, user)
        assert page.goto("/me/passkeys").status == 200
        looks_right(page)
        page.get_by_label("어느 기기인가요?").fill("내 전화기")
        make(page)
        assert page.locator("main ul.rows b").all_inner_texts() == ["내 전화기"] and len(device.credentials()) == 1
        looks_right(page)

        page.context.clear_cookies()
        assert page.goto("/sign-in?next=/me/sessions").status == 200
        looks_right(page)
        page.get_by_role("button", name="패스키로 로그인하기").click()
        page.wait_for_url(f"{site}/me/sessions")

        db.session.rollback()
        long_ago = clock.now() - PROOF_LASTS
        commit(sa.update(UserSession).values(created_at=long_ago, passkey_at=long_ago))
        page.goto("/me/passkeys")
        page.get_by_role("button", name="지우기").click()
        page.get_by_role("button", name="비밀번호 대신 패스키로 확인하기").wait_for()
        looks_right(page)
        page.get_by_role("button", name="비밀번호 대신 패스키로 확인하기").click()
        page.get_by_text("패스키를 지웠어요.").wait_for()
        db.session.rollback()
        assert not db.session.scalar(sa.select(Passkey.id))

        page.context.clear_cookies()
        page.goto("/sign-in")
        page.get_by_role("button", name="패스키로 로그인하기").click()
        page.get_by_text("여기에서 쓸 수 없는 패스키예요").first.wait_for()
        looks_right(page)


def test_a_proof_that_is_old_is_asked_for_before_one_is_made(app, town, site, window):
    user = member(town)
    page = window(base_url=site, width=390)
    with authenticator(page):
        in_process.sign_in(page, app, site, user)
        page.goto("/me/passkeys")
        commit(sa.update(UserSession).values(created_at=clock.now() - PROOF_LASTS))
        page.get_by_role("button", name="패스키 만들기").click()
        page.get_by_label("지금 비밀번호").fill(PASSWORD)
        page.get_by_role("button", name="확인하고 이어 하기").click()
        page.get_by_text("확인했어요. 이제 단추를 누르면 패스키를 만들어요.").wait_for()
        page.wait_for_selector(chromium.ENHANCED, state="attached")
        assert not page.locator(".err:not(:empty)").count()
        make(page)


def test_a_device_that_has_one_and_one_that_does_not_know_its_owner_say_so(app, town, site, window):
    page = window(base_url=site, width=390)
    with authenticator(page) as device:
        in_process.sign_in(page, app, site, member(town))
        page.goto("/me/passkeys")
        make(page)
        page.wait_for_selector(chromium.ENHANCED, state="attached")
        page.get_by_role("button", name="패스키 만들기").click()
        page.get_by_text("이 기기에는 이미 만든 패스키가 있어요.").wait_for()
        looks_right(page)
        page.context.clear_cookies()
        page.goto("/sign-in")
        device.recognises(False)
        page.get_by_role("button", name="패스키로 로그인하기").click()
        page.get_by_text("멈췄어요. 단추를 누르면 다시 할 수 있어요.").wait_for()
        device.recognises(True)
        page.get_by_role("button", name="패스키로 로그인하기").click()
        page.wait_for_url(f"{site}/")


@pytest.mark.long
def test_a_browser_that_converts_nothing_by_itself_is_helped(app, town, site, window):
    page = window(base_url=site, width=1280)
    page.add_init_script("""delete PublicKeyCredential.parseCreationOptionsFromJSON;
        delete PublicKeyCredential.parseRequestOptionsFromJSON; delete PublicKeyCredential.prototype.toJSON;""")
    with authenticator(page):
        in_process.sign_in(page, app, site, member(town))
        page.goto("/me/passkeys")
        make(page)
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.get_by_role("button", name="패스키로 로그인하기").click()
        page.wait_for_url(f"{site}/")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "view"), [(320, "text=xl&contrast=1"), (1280, "language=en")])
def test_large_and_english(app, town, site, window, width, view):
    page = window(base_url=site, width=width)
    page.goto(f"/display?{view}")
    with authenticator(page):
        in_process.sign_in(page, app, site, member(town))
        page.goto("/me/passkeys")
        looks_right(page)
        page.locator("form[action='/me/passkeys'] [type=submit]").focus()
        page.keyboard.press("Enter")
        page.locator("form[action$='/removal']").wait_for()
        looks_right(page)
        page.goto("/me/leaving")
        looks_right(page)
        page.context.clear_cookies()
        page.goto("/sign-in")
        looks_right(page)


def test_without_javascript_the_password_way_stays(app, town, site, window):
    page = window(base_url=site, width=390, javascript=False)
    in_process.sign_in(page, app, site, member(town, sign_in_name="sanho.kim"))
    page.goto("/me/passkeys")
    assert page.locator("main noscript").text_content() == "패스키는 자바스크립트를 켜야 쓸 수 있어요."
    page.get_by_role("button", name="패스키 만들기").click()
    page.get_by_text("자바스크립트를 켜고 단추를 다시 눌러 주세요").first.wait_for()
    page.context.clear_cookies()
    page.goto("/sign-in")
    assert not page.get_by_role("button", name="패스키로 로그인하기").is_visible()
    page.get_by_label("로그인 이름").fill("sanho.kim")
    page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="로그인하기").click()
    page.wait_for_url(f"{site}/")


def test_at_an_address_of_numbers_the_page_says_why_there_are_none(app, town, served, window):
    page = window(base_url=served, width=390)
    in_process.sign_in(page, app, served, member(town))
    assert page.goto("/me/passkeys").status == 200
    assert page.get_by_text("주소가 이름이 아니라 숫자라서").is_visible()
    assert page.get_by_role("button", name="패스키 만들기").count() == 0
    looks_right(page)
    page.context.clear_cookies()
    page.goto("/sign-in")
    assert page.get_by_role("button", name="패스키로 로그인하기").count() == 0


def test_a_copied_passkey_opens_nothing_and_is_shown(app, town, site, window):
    page = window(base_url=site, width=390)
    with authenticator(page) as device:
        in_process.sign_in(page, app, site, member(town, sign_in_name="sanho.kim"))
        page.goto("/me/passkeys")
        make(page)
        [copy] = device.credentials()
        for sentence in ("", "복사된 것으로 보이는 패스키라서"):
            page.context.clear_cookies()
            page.goto("/sign-in")
            page.get_by_role("button", name="패스키로 로그인하기").click()
            if sentence:
                page.get_by_text(sentence).first.wait_for()
            else:
                page.wait_for_url(f"{site}/")
                device.restore(copy)
        page.get_by_label("로그인 이름").fill("sanho.kim")
        page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="로그인하기", exact=True).click()
        page.wait_for_url(f"{site}/")
        page.goto("/me/passkeys")
        assert page.get_by_text("복사된 것으로 보여 막았어요").is_visible()
        looks_right(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_stranger_signs_up_by_a_passkey_and_no_password(app, town, site, window, width):
    page, name = window(base_url=site, width=width), f"sanho.{width}"
    with authenticator(page) as device:
        assert page.goto("/sign-up?next=/proposals").status == 200
        button = page.get_by_role("button", name="비밀번호 대신 패스키로 가입하기")
        button.click()
        page.get_by_text("만 14세부터 가입할 수 있어요.").first.wait_for()
        assert device.credentials() == [] and page.get_by_text("비밀번호를 적어 주세요").count() == 0
        looks_right(page)
        page.wait_for_selector(chromium.ENHANCED, state="attached")
        page.get_by_label("로그인 이름", exact=True).fill(name)
        for label in ("만 14세 이상이에요", "이용약관에 동의해요 (필수)", "개인정보 수집과 이용에 동의해요 (필수)"):
            page.get_by_label(label, exact=True).check()
        button.press("Enter")
        page.wait_for_url(f"{site}/welcome?next=/proposals")
        looks_right(page)
        assert len(device.credentials()) == 1
        page.context.clear_cookies()
        page.goto("/sign-in?next=/me")
        page.get_by_role("button", name="패스키로 로그인하기").click()
        page.wait_for_url(f"{site}/me")
        assert name in page.get_by_role("main").inner_text()


@pytest.mark.in_turns(of=5)
def test_without_scripts_a_password_is_the_way_in(app, town, site, window):
    page = window(base_url=site, width=390, javascript=False)
    assert page.goto("/sign-up").status == 200
    assert not page.get_by_text("비밀번호 대신 패스키로 가입하기").is_visible()
