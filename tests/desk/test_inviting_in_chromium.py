"""The whole way of an invitation in a browser: a directory with a fault is mended and proposed, another administrator
confirms its list, and who reads the mail makes an account and works."""

import re
from datetime import timedelta

import pytest

from civic_forum.accounts.models import Absence
from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import Role
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.outbox import OutgoingMail
from tests.accounts.people import PASSWORD
from tests.common import rows
from tests.factories import saved
from tests.polls import making
from tests.servers import axe, chromium

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
DIRECTORY = "이름,메일,부서,역할,부서장\n김하늘,haneul@example.org,도로꽈,부서 담당자,예\n이바다,bada@,도로과,담당자,"


def looks_right(page):
    for width in (chromium.PHONE, chromium.DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe.violations(page) == [], page.url
        assert chromium.overflow(page) == 0, page.url


def presses(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()
    looks_right(page)


def opens(page, address, status=200):
    assert page.goto(address).status == status
    looks_right(page)


def test_from_a_directory_to_somebody_who_works(town, signed_in, window, served):
    first, second, away = making.administrator(town), making.administrator(town), town.official()
    department, today = town.department("도로과"), local(clock.now()).date()
    for start, deputy in ((0, None), (5, first.id)):
        saved(Absence(user_id=away.id, deputy_id=deputy, from_day=today + timedelta(days=start),
                      until_day=today + timedelta(days=start + 3)))
    db.session.rollback()
    page, other = signed_in(first), signed_in(second)
    opens(page, "/desk/roles")
    assert page.locator(".chart-bars li").count() == 2 and page.locator(".fill.bad").count() == 1
    opens(page, "/desk/invitations")
    opens(page, "/desk/invitations/table")
    page.locator("[name=table]").fill(DIRECTORY)
    presses(page, "살펴보기")
    page.get_by_label("2줄 고치기").select_option(label="도로과")
    presses(page, "고른 것 다시 보기")
    presses(page, "초대 부탁하기")
    assert page.get_by_role("button", name="모두 확인하고 초대하기").count() == 0
    opens(other, "/desk/invitations")
    other.get_by_role("link", name="명단 보기").click()
    presses(other, "모두 확인하고 초대하기")
    link = re.search(r"/invitations/\S+", rows(OutgoingMail)[-1].body)[0]
    invited = window(base_url=served)
    opens(invited, link)
    invited.get_by_label("로그인 이름").fill("haneul.kim")
    invited.locator("[name=password]").fill(PASSWORD)
    for box in ("age", "terms", "privacy"):
        invited.locator(f"[name={box}]").check()
    presses(invited, "계정 만들고 역할 받기")
    assert invited.url.endswith("/desk")
    db.session.rollback()
    [grant] = users.by_name("haneul.kim").grants
    assert (grant.role, grant.department_id, grant.is_head) == (Role.OFFICIAL, department.id, True)
    opens(window(base_url=served), link, status=404)
