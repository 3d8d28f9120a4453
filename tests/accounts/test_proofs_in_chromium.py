"""A proof of who is at the device, in a browser: the form goes on as it was typed, with and without JavaScript."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import UserSession
from civic_forum.accounts.rules import PROOF_LASTS, Role
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.servers import axe, chromium, in_process

from .people import PASSWORD, password_hash

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "javascript"), [(390, False), (1280, True)])
def test_a_role_is_granted_after_the_password(app, town, served, window, width, javascript):
    administrator, somebody = town.administrator(password_hash=password_hash()), town.resident()
    page = in_process.sign_in(window(base_url=served, width=width, javascript=javascript), app, served, administrator)
    assert page.goto("/desk/roles").status == 200
    db.session.execute(sa.update(UserSession).values(created_at=clock.now() - PROOF_LASTS))
    db.session.commit()
    page.locator("[name=sign_in_name]").fill(somebody.sign_in_name)
    page.locator("[name=role][value=observer], select[name=role]").first.evaluate(
        "field => { if (field.tagName === 'SELECT') field.value = 'observer'; else field.checked = true }")
    form = page.locator("form[action='/desk/roles'][method=post]")
    form.locator("[type=submit]").click()
    assert page.get_by_role("heading", level=1).inner_text() == "비밀번호 다시 확인하기"
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
    page.get_by_label("지금 비밀번호").fill("틀린 비밀번호")
    page.get_by_role("button", name="확인하고 이어 하기").click()
    page.get_by_text("비밀번호가 맞지 않아요").first.wait_for()
    page.get_by_label("지금 비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="확인하고 이어 하기").click()
    page.wait_for_url("**/desk/roles")
    page.get_by_text("권한을 줬어요").first.wait_for()
    db.session.rollback()
    assert [one.role for one in somebody.grants] == [Role.OBSERVER]
