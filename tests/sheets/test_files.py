"""Files of sheets, read back: every word and figure, whole rows, headings on each page, nothing that is run."""

import cProfile
import re

import pytest
from openpyxl.cell import MergedCell

from civic_forum.blocks.sheets import Book, Column, Facts, Points, Table, Text
from civic_forum.sheets import making, parts
from tests.platform.test_spreadsheets import RUN

from . import made, reading

ENDINGS = tuple(making.TYPES)


def file(ending: str, *sheets, language: str = "ko") -> bytes:
    book = Book(title="모든 약속", slug="all", sheets=sheets)
    return making.make(ending, parts.papers(book), book.title, language)


@pytest.fixture(autouse=True)
def words(sqlite_app):
    """Words of the site, in Korean."""
    with sqlite_app.test_request_context():
        yield


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_word_and_figure_stands_in_each_file(ending):
    text = reading.together(reading.TEXTS[ending](file(ending, made.quarter())))
    for word in ("문서번호마을자치과-____", "분기시트·마을자치과협치지원팀·2019.12.31.기준", "소통행정-3", "장애인,체육,직능,사회단체등과협치강화",
                 "이행률(%)", "22.2(인쇄된값22)", "1,194", "(단위:백만원)", "협치기반강화", "투자수요및집행액", "【18년3분기】협치론장운영:2회",
                 "'18.7.4.:2018나풀나풀100인+협치론장개최", "※2018년협치론장은3회로,목표는5회이상이에요."):
        assert word in text, word


def test_numbers_are_numbers_and_headings_span_what_is_below_them():
    sheet = reading.xlsx(file("xlsx", made.quarter())).active
    sums = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "계")
    numbers = [value for value in sums if isinstance(value, int)]
    assert numbers == [1194, 265, 138, 131, 156, 134, 300, 0, 300, 0, 300, 0]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    top = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "구분").row
    assert {f"A{top}:A{top + 2}", f"C{top}:D{top}", f"E{top}:N{top}", f"E{top + 1}:F{top + 1}"} <= merged
    boxes = {"".join(cell.itertext()).strip(): cell.find(f"{reading.P}cellSpan").attrib
             for cell in reading.hwpx(file("hwpx", made.quarter())).iter(f"{reading.P}tc")}
    assert boxes["구분"] == {"colSpan": "1", "rowSpan": "3"} and boxes["2018년"] == {"colSpan": "2", "rowSpan": "1"}
    assert boxes["협치기반강화"] == {"colSpan": "1", "rowSpan": "2"}


def test_four_hundred_rows_stand_whole_under_a_heading_on_each_page():
    pages = reading.pdf_pages(file("pdf", made.long(400)))
    assert 7 <= len(pages) <= 14
    seen = []
    for number, page in enumerate(pages, 1):
        assert re.search(r"동\s+사업\s+금액", page) and f"-{number}-" in reading.together(page)
        rows = re.findall(r"(\d+)번째 사업 .*않아요\s+([\d,]+)", page)
        assert all(int(place) * 1000 == int(money.replace(",", "")) for place, money in rows)
        seen += [int(place) for place, _money in rows]
        assert f"{int(rows[0][0]) // 3}동" in page  # of a merged cell what goes on has its name again
    assert seen == list(range(400))
    table = reading.hwpx(file("hwpx", made.long(400))).find(f".//{reading.P}tbl[@repeatHeader='1']")
    assert (table.get("rowCnt"), table.get("pageBreak")) == ("401", "TABLE")
    assert reading.xlsx(file("xlsx", made.long(400))).active.print_title_rows is not None


@pytest.mark.in_turns
@pytest.mark.parametrize("ending", ENDINGS)
def test_four_times_the_rows_are_four_times_the_work(ending):
    calls = []
    file(ending, made.long(1))  # what is read once
    for rows in (100, 400):
        with cProfile.Profile() as profile:
            file(ending, made.long(rows))
        profile.create_stats()
        calls.append(sum(stat[1] for stat in profile.stats.values()))
    assert calls[1] <= 4 * calls[0]


LONG_WORD = "가" * 5000
HOSTILE = ("=cmd|' /C calc'!A0", "<b>&amp;{section}</b>", "a\x00b\x1b[31m\x0bc", "\u202eנגד\u2066", "👩‍👩‍👧 가족",
           "\ud800", "줄\n바꿈\t칸", "-", "\ufffe끝")


@pytest.mark.in_turns
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_hostile_text_stays_a_text(ending):
    hostile = made.quarter(
        title=LONG_WORD, code="=1+1", office=HOSTILE[1], slug="[a]:*?/\\'" * 9, notes=HOSTILE,
        blocks=(Facts(rows=tuple((word, word) for word in HOSTILE)), Facts(rows=()), Text(paragraphs=HOSTILE),
                Points(items=(LONG_WORD,), heading=LONG_WORD), Table(
                    heading=HOSTILE[0], merged=1,
                    columns=tuple(Column(name=word, above=(LONG_WORD,)) for word in HOSTILE),
                    rows=(HOSTILE, (LONG_WORD,) * len(HOSTILE), HOSTILE, HOSTILE)),
                Table(columns=(Column(name="빈 표"),), rows=())))
    data = file(ending, hostile, hostile)
    text = reading.together(reading.TEXTS[ending](data))
    assert text.count("가" * 50) > 100 and "적힌것이없어요." in text and "줄바꿈칸" in text
    assert not re.search("[\x00\x1b\u202e\u2066\ud800]", text)
    if ending == "xlsx":
        book = reading.xlsx(data)
        assert len(book.sheetnames) == 2
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row
                 if not isinstance(cell, MergedCell)]
        assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
        assert not [cell.value for cell in cells if str(cell.value).startswith(RUN) and cell.value != "-"]
    elif ending == "pdf":  # a cell that is longer than a page goes on, and loses nothing
        assert text.count("가") >= 2 * 5000 * (3 + len(HOSTILE) - 1)
