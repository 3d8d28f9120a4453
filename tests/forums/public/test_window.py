"""The pages of forums before they begin in a real window: at 390 and 1280, by axe-core, by keyboard, without script."""

import pytest
import sqlalchemy as sa

from civic_forum.forums.models import ForumDuty
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.rules import Duty, Place, Way
from civic_forum.platform.base import db
from tests.factories import saved
from tests.forums.scene import announced_forum, live_forum, registration

pytestmark = pytest.mark.servers


@pytest.fixture
def forum(town):
    made = announced_forum(
        town, programme_name="나풀나풀 100인+ 협치론장", accessibility=["실시간 자막", "수어 통역", "휠체어 자리"],
        recording_note="동의한 분의 얼굴만 나와요.", description_html="<p>저녁이면 골목마다 차 댈 곳을 찾아 돌아요.</p>")
    saved(ForumDuty(forum_id=made.id, duty=Duty.HOST, user_id=town.resident(nickname="별밤지기").id))
    return made


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_registers_by_keyboard_with_and_without_script(town, forum, signed_in, javascript):
    page = signed_in(town.resident(), javascript=javascript)
    page.goto(f"/forums/{forum.slug}/registration")
    page.get_by_label("온라인", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("수어 통역").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="신청하기").focus()
    page.keyboard.press("Enter")
    page.get_by_text("온라인 자리를 받았어요").wait_for()
    db.session.rollback()
    one = db.session.scalars(sa.select(Registration)).one()
    assert (one.way, one.place, one.needs) == (Way.ONLINE, Place.HELD, ["수어 통역"])


def test_somebody_who_registered_before_is_counted_as_there_by_opening_the_hall(town, signed_in):
    scene = live_forum(town)
    user = town.resident()
    registration(scene.forum, user)
    page = signed_in(user)
    with page.expect_response(lambda answer: answer.url.endswith("/arrivals")) as sent:
        page.goto(f"/forums/{scene.forum.slug}")
    assert sent.value.status == 204
    db.session.rollback()
    assert db.session.scalar(sa.select(Registration.came_at).filter_by(user_id=user.id)) is not None
