"""The record and the minutes in a real window: fine to look at, played along the clock by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from civic_forum.forums.minutes import services as minutes
from civic_forum.platform.base import db
from tests.forums.minutes.making import finished_forum
from tests.forums.record.test_pages import path, played
from tests.servers import axe, chromium

pytestmark = [pytest.mark.servers, pytest.mark.one_database]
WIDTHS = (chromium.PHONE, chromium.DESKTOP)


def fine(page, name):
    chromium.picture(page, name)
    assert chromium.overflow(page) == 0
    assert axe.violations(page) == []


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", WIDTHS)
def test_record_and_minutes_are_fine_to_look_at_and_to_read_out(town, window, signed_in, served, width):
    scene = finished_forum(town)
    minutes.draft(scene.forum.id, by=scene.host)
    minutes.ask(scene.forum.id, f"note:{scene.notes[0].id}", "가지", "나뭇가지", by=scene.speaker)
    slug = scene.forum.slug
    db.session.rollback()
    visitor, host, speaker = window(width=width, base_url=served), signed_in(scene.host, width=width), signed_in(
        scene.speaker, width=width)
    for page, who in ((visitor, "visitor"), (host, "host"), (speaker, "speaker")):
        page.goto(f"/forums/{slug}/minutes")
        fine(page, f"minutes-{who}-{width}")
    for rest in ("record", "record?q=등", "record?q=가지", "captions"):
        visitor.goto(f"/forums/{slug}/{rest}")
        fine(visitor, f"{rest.replace('?', '-')}-{width}")
    speaker.goto(f"/forums/{slug}/proposals")
    fine(speaker, f"seeds-{width}")


def test_folds_open_without_script_by_their_address_and_on_paper(town, window, served):
    scene = finished_forum(town)
    note, slug = f"#note-{scene.notes[0].id}", scene.forum.slug
    db.session.rollback()
    page = window(base_url=served, javascript=False, width=chromium.PHONE)
    assert page.goto(f"/forums/{slug}/record").status == 200
    folded = page.locator(note)
    expect(folded).to_be_hidden()
    page.locator("summary", has=page.locator("h3")).last.click()
    page.goto(f"/forums/{slug}/record?q=")
    page.goto(f"/forums/{slug}/record{note}")
    expect(folded).to_be_visible()
    page.goto(f"/forums/{slug}/record?q=")
    page.emulate_media(media="print")
    expect(folded).to_be_visible()


def test_it_is_played_along_its_clock_by_keyboard(town, window, served):
    scene = played(town)
    address = path(scene)
    db.session.rollback()
    page = window(base_url=served)
    page.goto(address)
    caption, slider = page.locator('[data-replay-part="caption"]'), page.get_by_label("볼 시각")
    expect(slider).to_be_visible()
    expect(page.locator('[data-replay-part="item"]')).to_have_text("1. 안내")
    slider.focus()
    page.keyboard.press("End")
    expect(caption).to_have_text("등이 열아홉 군데 어두워요.")
    page.keyboard.press("Home")
    expect(caption).to_have_text("")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"\d\d:\d\d:\d\d"))
    page.get_by_role("button", name="16배").press("Enter")
    page.get_by_role("button", name="이어서 보기").press("Enter")
    expect(caption).to_have_text("시작할게요.", timeout=15_000)
    page.get_by_role("button", name="멈추기").press("Enter")
    held = slider.input_value()
    page.wait_for_timeout(500)
    assert slider.input_value() == held


def test_without_script_a_minute_is_a_link(town, window, served):
    scene = played(town)
    address = path(scene)
    db.session.rollback()
    page = window(base_url=served, javascript=False)
    page.goto(address)
    page.get_by_text("볼 시각 고르기").click()
    page.locator("#replay .chip").nth(1).click()
    expect(page.locator('[data-replay-part="caption"]')).to_have_text("시작할게요.")
