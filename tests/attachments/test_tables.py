"""Rows of uploaded tables: what a spreadsheet shows, and nothing that breaks the site."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from civic_forum.attachments.formats import tables
from civic_forum.attachments.formats.tables import as_text, rows_of
from civic_forum.attachments.rules import MEGABYTE, FileRefused, Reason
from civic_forum.platform.spreadsheets import write_xlsx


def xlsx(*rows) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The same book with other parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **changed}:
            new.writestr(name, changed.get(name) or old.read(name))
    return file.getvalue()


def reason(data: bytes) -> Reason:
    with pytest.raises(FileRefused) as refused:
        rows_of(data, 10)
    return refused.value.reason


@pytest.mark.parametrize(("value", "text"), [
    (36_400, "36400"), (1.6, "1.6"), (36_400.0, "36400"), (0.1 + 0.2, "0.3"), (1e14, "100000000000000"), (None, ""),
    (datetime(2026, 1, 1), "2026-01-01"), (date(2026, 1, 1), "2026-01-01"), (" 구비 ", "구비"), (True, "True")])
def test_a_cell_reads_as_somebody_would_type_it(value, text):
    assert as_text(value) == text


def test_rows_keep_the_numbers_of_the_sheet():
    found = rows_of(xlsx(["해", "계획"], [], [2026, 36_400]), 10)
    assert [(row.number, row.cells[:2]) for row in found] == [(1, ("해", "계획")), (3, ("2026", "36400"))]


def test_a_formula_that_was_never_worked_out_is_not_nothing():
    assert rows_of(xlsx([1, "=A1*2"]), 10)[0].cells[:2] == ("1", "=A1*2")


def test_a_formula_counts_as_it_is_shown():
    data = xlsx([1, "=A1*2"])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<v></v>" in sheet or b"<v />" in sheet or b"<v/>" in sheet
    shown = sheet.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
    assert rows_of(repacked(data, {"xl/worksheets/sheet1.xml": shown}), 10)[0].cells[:2] == ("1", "2")


def test_no_more_rows_are_read_than_were_asked_for():
    assert len(rows_of(xlsx(*([number] for number in range(1, 100))), 10)) == 11
    assert len(rows_of("\n".join(map(str, range(100))).encode(), 10)) == 11


def test_a_table_of_this_site_is_read_back():
    file = io.BytesIO()
    write_xlsx(file, [], ["약속", "해"], [["소통행정-3", 2026]])
    assert [row.cells[:2] for row in rows_of(file.getvalue(), 10)] == [("약속", "해"), ("소통행정-3", "2026")]


@pytest.mark.parametrize("data", ["약속,해\n7,2026".encode(), "\ufeff약속;해\r\n7;2026".encode(),
                                  "약속\t해\r7\t2026".encode("cp949"),
                                  "약속,해,\n7,2026,\n".encode(),
                                  b'"\xbe\xe0\xbc\xd3",\xc7\xd8\n7,2026'])
def test_a_csv_is_read_as_spreadsheets_write_it(data):
    assert rows_of(data, 10) == [(1, ("약속", "해")), (2, ("7", "2026"))]


def test_other_files_are_refused():
    assert reason(b"") is Reason.EMPTY
    assert reason(b"1" * (tables.MOST_BYTES + 1)) is Reason.TOO_LARGE
    assert reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0") is Reason.UNKNOWN_KIND
    assert reason(b'"open') is Reason.NO_TABLE
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as other:
        other.writestr("word/document.xml", "<w/>")
    assert reason(file.getvalue()) is Reason.UNKNOWN_KIND


def test_a_file_that_grows_when_it_is_unpacked_is_refused():
    assert reason(repacked(xlsx([1]), {"xl/media/large.bin": b"\0" * (tables.MOST_UNPACKED + 1)})) is Reason.BOMB


def test_small_parts_that_are_large_together_are_refused():
    parts = {f"xl/media/{number}.bin": b"\0" * MEGABYTE for number in range(tables.MOST_UNPACKED // MEGABYTE)}
    assert reason(repacked(xlsx([1]), parts)) is Reason.BOMB


def test_a_sheet_with_too_many_cells_is_refused_however_little_it_is_packed():
    sheet = b"<worksheet>%s</worksheet>" % b"".join(b"<v>%d</v>" % (n * n * 7919) for n in range(tables.MOST_TAGS // 2))
    assert reason(repacked(xlsx([1]), {"xl/worksheets/sheet1.xml": sheet})) is Reason.BOMB


def test_a_sheet_with_too_many_cells_is_refused_before_they_are_read():
    row = b"<c><v>1</v></c>" * (tables.MOST_TAGS // 4)
    sheet = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
             b"%s</row></sheetData></worksheet>" % row)
    assert reason(repacked(xlsx([1]), {"xl/worksheets/sheet1.xml": sheet})) is Reason.BOMB


@pytest.mark.parametrize("sheet", [
    b"<worksheet", b"no xml", b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&c;">]><w>&b;</w>',
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<sheetData><row r="1"><c r="A1" t="s">'
    b"<v>99</v></c></row></sheetData></worksheet>"])
def test_a_broken_sheet_is_refused(sheet):
    assert reason(repacked(xlsx([1]), {"xl/worksheets/sheet1.xml": sheet})) is Reason.BROKEN_DOCUMENT


def test_a_row_far_below_is_refused():
    sheet = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
             b'<row r="1"><c r="A1"><v>7</v></c></row><row r="99999999999"><c r="A99999999999"><v>8</v></c></row>'
             b"</sheetData></worksheet>")
    assert reason(repacked(xlsx([1]), {"xl/worksheets/sheet1.xml": sheet})) is Reason.BOMB


@given(st.binary(max_size=300), st.integers(0, 2_000))
def test_any_bytes_are_rows_or_refused(noise, place):
    data = xlsx(["해", 2026])
    for some in (noise, data[:place], data[:place] + noise + data[place + len(noise):]):
        try:
            assert all(isinstance(cell, str) for row in rows_of(some, 10) for cell in row.cells)
        except FileRefused as refused:
            assert refused.reason in Reason
