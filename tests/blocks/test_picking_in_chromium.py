"""A thing found while its title is typed: suggestions, keyboard, a telephone, and the same without JavaScript."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping
from civic_forum.agendas.services import making as agendas
from civic_forum.agendas.services.making import Wording
from tests.polls.making import unannounced
from tests.servers import axe, chromium, in_process

pytestmark = pytest.mark.one_database
AGENDAS = {"shade": "나무 그늘을 어디에 더할까요?", "roots": "나무 뿌리를 어떻게 돌볼까요?"}


@pytest.fixture
def open_page(town, app, served, window):
    moderator = town.moderator()
    for slug, question in AGENDAS.items():
        made = agendas.begin(slug, Wording(question), by=moderator)
        grouping.group(made.id, [town.proposal().id], Relation.CORE, "같은 이야기를 한곳에서 해요, 함께.", by=moderator)
        agendas.publish(made.id, by=moderator)
    address = f"/desk/polls/{unannounced(town, by=moderator).slug}/wording"

    def opened(width, javascript=True):
        page = window(width=width, javascript=javascript, base_url=served)
        in_process.sign_in(page, app, served, moderator)
        page.goto(address)
        return page

    return opened


def picture(page, name):
    if folder := os.environ.get("CIVIC_FORUM_PICTURES"):
        page.get_by_label("바탕이 된 것").first.evaluate("element => element.scrollIntoView({block: 'center'})")
        page.screenshot(path=Path(folder, f"{name}-{page.viewport_size['width']}.png"))


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_suggestions_come_while_words_are_typed_and_are_chosen_by_keyboard(open_page, width):
    page = open_page(width)
    field = page.get_by_role("combobox", name="바탕이 된 것")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("나무")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    picture(page, "open")
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
    field.press("Escape")
    expect(options).to_have_count(0)
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(options).to_have_count(0)
    expect(field).to_have_value(AGENDAS["roots"])
    picture(page, "chosen")
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="저장", exact=False).first.click()
    page.go_back()
    page.reload()
    expect(page.get_by_role("combobox", name="바탕이 된 것")).to_have_value(AGENDAS["roots"])


def test_a_suggestion_is_pressed_on_a_telephone_and_words_typed_anew_make_it_void(open_page):
    page = open_page(chromium.PHONE)
    field, choice = page.get_by_role("combobox", name="바탕이 된 것"), page.locator("[name=agenda_slug-choice]")
    field.press_sequentially("그늘")
    page.get_by_role("listbox").get_by_role("option").click()
    expect(field).to_have_value(AGENDAS["shade"])
    expect(choice).to_have_value("shade")
    field.fill("뿌리")
    page.get_by_role("listbox").get_by_role("option", name=AGENDAS["roots"]).click()
    expect(choice).to_have_value("roots")


def test_without_javascript_what_was_found_comes_back_to_choose_from(open_page):
    page = open_page(chromium.PHONE, javascript=False)
    page.get_by_label("바탕이 된 것").fill("나무")
    save = page.get_by_role("main").get_by_role("button", name="저장", exact=False).first
    save.click()
    expect(page.get_by_role("radio")).to_have_count(2)
    picture(page, "several")
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
    page.locator("[type=radio][value=roots]").check()
    save.click()
    expect(page.get_by_role("radio")).to_have_count(0)
