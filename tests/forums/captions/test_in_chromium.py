"""Captions in a real window: typed by keyboard alone, kept while the line is cut, held and enlarged in the hall."""

from itertools import count

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from civic_forum.forums.record import captions
from civic_forum.forums.record.models import Caption
from civic_forum.forums.rules import Duty
from civic_forum.platform.base import db
from tests.forums.scene import key, live_forum
from tests.running.machine import patience

pytestmark = [pytest.mark.servers, pytest.mark.one_database]
SOON = patience(15_000)
"""Milliseconds: on a busy machine a page that asks for the list waits that long at most."""
IDS = count(301)
"""Of forums: the process that serves them keeps the last stories of each."""


@pytest.fixture
def scene(town):
    scene = live_forum(town, id=next(IDS), title="밤에도 걷기 좋은 골목 공론장")
    scene.panel = scene.with_duty(Duty.PANEL)
    captions.write(scene.forum.id, "안녕하세요. 시작할게요.", key(), by=scene.captioner)
    db.session.rollback()
    return scene


def path(scene, rest=""):
    return f"/forums/{scene.forum.slug}{rest}"


def written(scene):
    db.session.rollback()
    return list(db.session.scalars(sa.select(Caption.text).filter_by(forum_id=scene.forum.id).order_by(Caption.id)))


def type_line(page, text):
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")


def test_lines_are_typed_and_speakers_chosen_by_keyboard_alone(scene, signed_in):
    page = signed_in(scene.captioner)
    page.goto(path(scene, "/captioner"))
    field = page.get_by_label("자막", exact=True)
    expect(field).to_be_focused()
    type_line(page, "첫 줄이에요.")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    page.keyboard.press("Alt+3")
    expect(page.locator("#speaker-3")).to_be_checked()
    expect(field).to_be_focused()
    type_line(page, "세어 보니")
    expect(page.locator("#caption-lines p", has_text="세어 보니")).to_contain_text(scene.panel.nickname, timeout=SOON)
    assert written(scene)[1:] == ["첫 줄이에요.", "세어 보니"]


@pytest.mark.page_errors("ERR_INTERNET_DISCONNECTED")
def test_while_the_line_is_cut_nothing_is_lost_and_nothing_comes_twice(scene, signed_in):
    page = signed_in(scene.captioner)
    page.goto(path(scene, "/captioner"))
    page.context.set_offline(True)
    lines = [f"끊긴 동안 {n}번째 줄" for n in range(4)]
    for line in lines:
        type_line(page, line)
    expect(page.locator("[data-waiting]")).to_contain_text("못 보낸 자막 4줄", timeout=SOON)
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_have_text("", timeout=SOON)
    assert written(scene)[1:] == lines


@pytest.mark.page_errors("ERR_INTERNET_DISCONNECTED")
def test_an_unsent_caption_outlives_the_window(scene, signed_in):
    page = signed_in(scene.captioner)
    page.goto(path(scene, "/captioner"))
    page.context.set_offline(True)
    type_line(page, "닫기 전에 쓴 줄")
    expect(page.locator("[data-waiting]")).to_contain_text("1줄", timeout=SOON)
    page.context.set_offline(False)
    page.goto(path(scene, "/captioner"))
    expect(page.locator("#caption-lines p", has_text="닫기 전에 쓴 줄")).to_have_count(1, timeout=SOON)
    assert written(scene)[1:] == ["닫기 전에 쓴 줄"]


def test_in_the_hall_captions_come_by_themselves_are_held_and_go_on(scene, signed_in):
    page = signed_in(scene.person())
    page.goto(path(scene))
    lines = page.locator("#caption-lines")
    expect(lines.get_by_text("시작할게요.")).to_be_visible()
    hold = page.get_by_role("button", name="자막 잠시 멈추기")
    hold.click()
    expect(lines).to_have_attribute("aria-live", "off")
    captions.write(scene.forum.id, "멈춘 동안의 말", key(), by=scene.captioner)
    held = lines.locator("p", has_text="멈춘 동안의 말")
    expect(held).to_have_count(1, timeout=SOON)
    expect(held).to_be_hidden()
    hold.click()
    expect(held).to_be_visible()
    expect(lines).to_have_attribute("aria-live", "polite")
    before = held.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    page.get_by_role("button", name="자막 글자 크게 하기").click()
    assert held.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") > before
