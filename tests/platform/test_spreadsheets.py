"""No cell is run as a formula, and numbers stay numbers."""

import csv
import io
import zipfile
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from civic_forum.platform import spreadsheets
from civic_forum.platform.errors import Refusal
from civic_forum.platform.spreadsheets import cell
from tests.hostile.strings import STRINGS

RUN = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.mark.parametrize("text", ["=1+1", "+82-2-000", "-1", "@SUM(A1)", "\t=1", "\0=1", "\r=1", "\n=1", "＝1+1",
                                  "＋1", "－1", "＠SUM", "﹦1", "  =1", "\u3000=1", "\ufeff=1", "\u200b=1", "−1",
                                  "|calc", "%0A=1", "\x01=1", " \u200b =1", "\u00ad \u00ad =1",
                                  "\u200d\u00a0\u200c\u3000=1"])
def test_a_text_that_would_be_run_stands_behind_an_apostrophe(text):
    assert cell(text).startswith("'") and "\0" not in cell(text)


@pytest.mark.parametrize("text", ["골목길 보도블록", "", "1+1=2", "a=b", "'=1", "(주)금천", "2026-0412"])
def test_other_texts_stay_as_they_are(text):
    assert cell(text) == text


@pytest.mark.parametrize("number", [-1, 0, 12, -3.5, Decimal("-2.25")])
def test_numbers_stay_numbers(number):
    assert cell(number) == number and not isinstance(cell(number), str)


def test_a_text_that_is_no_plain_number_is_text():
    assert cell(10**15) == "1000000000000000" and cell(-10**15) == "'-1000000000000000"
    assert cell(float("nan")) == "nan" and cell(float("-inf")) == "'-inf"
    assert cell(True) == 1 and cell(None) == ""


def test_moments_say_where_they_are():
    assert cell(datetime(2026, 11, 20, 9, tzinfo=timezone.utc)) == "2026-11-20T18:00:00+09:00"
    assert cell(date(2026, 11, 20)) == "2026-11-20"


def rows_of_csv(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def cells_of_xlsx(data: bytes) -> tuple[list[str], list[float]]:
    """Texts and numbers of its sheet. Raises AssertionError for a formula, a link or a macro."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert not [name for name in book.namelist() if "vba" in name.lower() or "external" in name.lower()]
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{CELL}f")) and not list(sheet.iter(f"{CELL}hyperlink"))
    texts = ["".join(part.text or "" for part in one.iter(f"{CELL}t")) for one in sheet.iter(f"{CELL}is")]
    return texts, [float(one.text) for one in sheet.iter(f"{CELL}v")]


def written(rows) -> bytes:
    file = io.BytesIO()
    spreadsheets.write_xlsx(file, [("목적", "=1"), ()], ["번호", "글"], rows)
    return file.getvalue()


def test_every_hostile_text_is_one_harmless_cell():
    texts = [one.text for one in STRINGS if len(one.text) < 5_000]
    rows = rows_of_csv(spreadsheets.as_csv(["글", "끝"], ([text, "끝"] for text in texts)))
    assert len(rows) == len(texts) + 1 and all(row[1] == "끝" and not row[0].startswith(RUN) for row in rows)
    sheet, _numbers = cells_of_xlsx(written([-1, text] for text in texts))
    assert not [text for text in sheet if text.startswith(RUN)]


@given(st.text(), st.integers(-10**14, 10**14))
def test_any_text_comes_back_in_its_own_cell(text, number):
    [_header, row] = rows_of_csv(spreadsheets.as_csv(["글", "수"], [(text.replace("\r", ""), number)]))
    assert len(row) == 2 and row[1] == str(number) and not row[0].startswith(RUN)


def test_a_sheet_has_its_lines_above_its_header_and_its_numbers():
    texts, numbers = cells_of_xlsx(written([(-5, "골목"), (7.5, "-길")]))
    assert texts == ["목적", "'=1", "번호", "글", "골목", "'-길"] and numbers == [-5, 7.5]


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 10)
    with pytest.raises(Refusal, match="CSV"):
        written((n, "글") for n in range(20))
