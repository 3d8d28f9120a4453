"""The way out of a letter, the note of a dead address and the page of feeds, as people see them."""

import pytest

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.notifications import links
from civic_forum.notifications.links import Subscription
from civic_forum.notifications.models import DeadAddress, NoticePreference
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from tests.servers import axe, chromium, in_process

from .outgoing import reachable

VIEWS = [(390, "text=xl"), (1280, "contrast=1"), *(pytest.param(*view, marks=pytest.mark.long) for view in (
    (390, ""), (390, "contrast=1"), (1280, ""), (1280, "text=xl")))]


@pytest.fixture
def app(sqlite_app):
    """The browser is the same for both databases."""
    return sqlite_app


@pytest.fixture
def reader(town):
    """Somebody whose address is dead, in a district with a few neighbourhoods."""
    reader = reachable(town)
    for name in ("가산동", "독산1동", "시흥5동"):
        town.neighbourhood(name)
    db.session.add(DeadAddress(user_id=reader.id, since=clock.now()))
    db.session.commit()
    return reader


def way_out(reader, what=NoticeKind.SUPPORTED):
    return "/unsubscribe/" + links.token(Subscription(reader.id, Channel.MAIL, what))


def looks_right(page):
    assert chromium.overflow(page) == 0
    assert axe.violations(page) == []


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "view"), VIEWS)
def test_the_way_out_and_the_note_can_be_read_by_everybody(served, app, window, reader, width, view):
    page = window(width=width, base_url=served)
    page.goto(f"/display?{view}")
    page.goto(way_out(reader))
    looks_right(page)
    in_process.sign_in(page, app, served, reader).goto("/me/notices/settings")
    looks_right(page)


def test_by_keyboard_and_without_scripts_one_button_ends_it(served, window, reader):
    page = window(javascript=False, base_url=served)
    page.goto(way_out(reader, Frequency.DAILY))
    page.get_by_role("button", name="그만 받기").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="이제 보내지 않아요").wait_for()
    db.session.rollback()
    chosen = db.session.query(NoticePreference).filter_by(user_id=reader.id).all()
    assert chosen and {one.frequency for one in chosen} == {Frequency.NEVER}
