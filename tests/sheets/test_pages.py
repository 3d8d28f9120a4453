"""Pages of sheets, and their files as somebody takes them out."""

import pytest

from civic_forum.blocks import sheets
from civic_forum.blocks.sheets import Book, SheetKind
from civic_forum.platform import policy

from . import made


@pytest.fixture
def kinds(town, monkeypatch):
    """Kinds of sheets that only this test knows; those of the site were declared with it."""
    monkeypatch.setattr(sheets, "_KINDS", {})
    known = {"1": made.quarter(), "all": Book(title="모든 약속", slug="all", sheets=(made.quarter(), made.long(3)))}
    sheets.declare(SheetKind(name="quarter", label="분기 시트", load=lambda key, _query: known.get(key)))
    monkeypatch.setitem(policy._predicates, "sheets.nobody", lambda _actor, _subject: "아무도 볼 수 없어요.")
    sheets.declare(SheetKind(name="closed", label="안", permission="sheets.nobody", load=lambda _key, _query: 1 / 0))


@pytest.mark.both
def test_a_sheet_is_a_page_with_every_figure_and_three_files(kinds, town, browse):
    get = browse().get
    page = get("/sheets/quarter/1?quarter=2019-4")
    assert page.status_code == 200
    for word in ("소통행정-3", "문서번호 마을자치과-____", "2019. 12. 31. 기준", "22.2 (인쇄된 값 22)", "1,194"):
        assert word in page.text
    for ending, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("hwpx", b"PK")):
        assert f'href="/sheets/quarter/1.{ending}?quarter=2019-4"' in page.text
        file = get(f"/sheets/quarter/1.{ending}")
        assert file.status_code == 200 and file.data.startswith(begins)
        assert f"2019-4-sotong-3.{ending}" in file.headers["Content-Disposition"]
    assert get("/sheets/quarter/all").text.count('class="paper"') == 2


@pytest.mark.parametrize("path,status", [("quarter/2", 404), ("quarter/2.pdf", 404), ("nothing/1", 404),
                                         ("quarter/1.doc", 404), ("closed/1", 403), ("closed/1.hwpx", 403)])
def test_a_sheet_that_is_not_there_or_not_for_everybody_says_so(kinds, town, browse, path, status):
    assert browse().get(f"/sheets/{path}").status_code == status
