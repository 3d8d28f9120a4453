"""Sheets in a browser, and on its paper."""

import re

import pytest

from civic_forum.blocks import sheets
from civic_forum.blocks.sheets import Book, SheetKind
from tests.servers import axe

from . import made, reading

pytestmark = pytest.mark.one_database


@pytest.fixture
def kinds(served, monkeypatch):
    """A kind that only these tests know; those of the site were declared with it."""
    monkeypatch.setattr(sheets, "_KINDS", {})
    known = {"one": made.quarter(), "all": Book(title="이번 분기 보고서: 모든 약속", slug="all", sheets=(
        made.quarter(), made.long(90, code=""), made.quarter(title="아주긴이름" * 30)))}
    sheets.declare(SheetKind(name="quarter", label="분기 시트", load=lambda key, _query: known.get(key)))


@pytest.mark.in_turns
@pytest.mark.parametrize("width,look", [(320, "xl"), (390, ""), (1280, "")])
def test_a_sheet_fits_and_is_read_aloud(kinds, served, town, window, width, look):
    page = window(width=width, base_url=served)
    assert page.goto("/sheets/quarter/all").status == 200
    if look:
        page.evaluate("look => { document.documentElement.dataset.text = look }", look)
    assert axe.violations(page, [*axe.STANDARD, "best-practice"]) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.in_turns(of=3)
def test_a_sheet_on_paper_has_its_headings_again_and_numbers_of_pages(kinds, served, town, window):
    page = window(width=1280, base_url=served)
    page.goto("/sheets/quarter/all")
    pages = reading.pdf_pages(page.pdf(prefer_css_page_size=True, print_background=True))
    assert len(pages) >= 5
    for number, text in enumerate(pages, 1):
        assert f"-{number}-" in reading.together(text)
        assert "인쇄하기" not in text and "본문 바로가기" not in text
    middle = [text for text in pages if "번째 사업" in text]
    assert len(middle) >= 2 and all(re.search(r"동\s+사업\s+금액", text) for text in middle)
    assert sum(text.count("문서번호") for text in pages) == 3
