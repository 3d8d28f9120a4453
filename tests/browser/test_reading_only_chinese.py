"""Somebody who reads only Chinese sees the ways in, votes, and looks their vote up."""

import pytest
from playwright.sync_api import expect

from civic_forum.platform.i18n import Language
from tests.polls.making import BINDING, opened, voter
from tests.servers import chromium, in_process

from .voters import TRACKER

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
KOREAN = """() => {
  const texts = {unmarked: new Set(), marked: new Set()};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!/[가-힣]/.test(text) || !element.checkVisibility({visibilityProperty: true})) continue;
    texts[element.closest("[lang]").lang === "ko" ? "marked" : "unmarked"].add(text);
  }
  return {unmarked: [...texts.unmarked], marked: [...texts.marked]};
}"""
"""Texts in Korean that can be seen: those that say so, and those that do not."""
WRITTEN = {"title_zh": "空地用来做什么？", "question_zh": "请选择一项。", "options": [
    {"number": 1, "title": "텃밭", "title_zh": "菜园", "text": ""}, {"number": 2, "title": "주차장", "text": ""}]}
OF_PEOPLE = {"주차장", "오래 비어 있던 땅이에요.", BINDING, *(words.label for words in Language)}
"""Texts that people wrote in Korean alone, and names of languages."""


@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_somebody_who_reads_only_chinese_votes_and_finds_the_vote(app, town, served, window, width):
    ada = voter(town)
    opened(town, **WRITTEN)
    page = window(width=width, base_url=served)
    page.context.add_cookies([{"name": "language", "value": "zh", "url": served}])
    main, korean = page.get_by_role("main"), set()

    def reads(heading):
        expect(main.get_by_role("heading", level=1)).to_contain_text(heading)
        texts = page.evaluate(KOREAN)
        assert texts["unmarked"] == [] and page.locator("html").get_attribute("lang") == "zh"
        korean.update(texts["marked"])

    for path, heading in (("/sign-in", "登录"), ("/once", "无账号一次性参与"), ("/polls", "投票")):
        page.goto(path)
        reads(heading)
    in_process.sign_in(page, app, served, ada)
    page.goto("/polls")
    main.get_by_role("link", name="空地用来做什么？").first.click()
    reads("空地用来做什么？")
    main.locator(".act-row").get_by_role("link", name="投票", exact=True).click()
    reads("空地用来做什么？")
    page.locator("#option-1").check()
    main.get_by_role("button", name="确认", exact=True).click()
    page.locator("[data-cast]").click()
    reads("投票完成")
    assert TRACKER.search(page.locator(".tracker").inner_text())
    page.goto("/receipts")
    reads("查找我的投票")
    assert korean <= OF_PEOPLE
