"""Providers of identities in a browser: verified, signed in, linked and cancelled by the provider of the sample."""

import pytest

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from tests.accounts.people import member
from tests.servers import axe, chromium, in_process

from .servers import described

EXAMPLE = "연습용 본인확인(예시)"


@pytest.fixture
def app(sqlite_app, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    return sqlite_app


@pytest.fixture
def site(app, served, sample_issuer, monkeypatch):
    monkeypatch.setitem(app.config, "URL", served)
    monkeypatch.setitem(app.config, "PROVIDERS", (described(sample_issuer),))
    return served


def looks_right(page):
    assert axe.violations(page) == [], page.url
    assert chromium.overflow(page) == 0, page.url


def fresh(user):
    db.session.rollback()
    return db.session.get(User, user.id, populate_existing=True)


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
    known = fresh(user)
    assert known.is_resident and known.person_id and known.neighbourhood.name_ko == "가산동"
