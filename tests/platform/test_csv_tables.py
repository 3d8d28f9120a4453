"""Tables as spreadsheets in Korea write them, for every import alike."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civic_forum.platform import csv_tables

ROLL = [(1, ("name", "birth_date", "neighbourhood")), (2, ("김가람", "1990-01-02", "시흥5동"))]
TABLE = "name,birth_date,neighbourhood\n김가람,1990-01-02,시흥5동\n"


@pytest.mark.parametrize("data", [
    TABLE.encode(), TABLE.encode("utf-8-sig"), TABLE.encode("cp949"), TABLE.replace(",", ";").encode(),
    TABLE.replace(",", "\t").encode(), TABLE.replace("\n", "\r\n").encode(), TABLE.replace("\n", "\r").encode(),
    TABLE.replace("\n", ",\n").encode(), TABLE.replace("\n", ",,,\n").encode(),
    TABLE.replace("-02", "-02 0:00:00").encode(), TABLE.replace("-02", "-02 00:00").encode(),
    TABLE.replace("-02", "-02 오전 12:00:00").encode("cp949"), f"{TABLE},,\n\n".encode()])
def test_a_table_is_the_same_however_it_was_written(data):
    assert list(csv_tables.rows(csv_tables.decoded(data))) == ROLL


@pytest.mark.parametrize("data", [b"\xff\xfea\0", "name\t가".encode("utf-16"), b"\x80\x81\xff"])
def test_other_encodings_are_no_text(data):
    with pytest.raises(csv_tables.NoText):
        csv_tables.decoded(data)


def test_an_open_quotation_mark_is_named_by_its_line():
    with pytest.raises(csv_tables.NoTable) as wrong:
        list(csv_tables.rows('a,b\n1,2\n"3,4'))
    assert wrong.value.line == 3


def test_a_row_is_named_by_the_line_on_which_it_begins():
    assert [row.number for row in csv_tables.rows('a;b\n\n"1\n2";3\n4;5\n')] == [1, 3, 5]


def test_cells_behind_the_last_column_stay_where_they_say_something():
    assert list(csv_tables.rows("a,b,\n1,2,\n1,2,3\n1\n")) == [
        (1, ("a", "b")), (2, ("1", "2")), (3, ("1", "2", "3")), (4, ("1",))]


@given(st.lists(st.lists(st.text("가a1 ,;\t\"\n-:"), min_size=2, max_size=3), min_size=1), st.sampled_from(",;\t"))
@example([["이름", "금액;원"]], "\t")
def test_any_cells_are_read_back_or_refused(table, separator):
    written = io.StringIO()
    csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([("이름", "해"), *table])
    read = [row.cells for row in csv_tables.rows(written.getvalue())]
    assert read == [("이름", "해"), *(kept for cells in table if any(kept := trimmed(cells)))]


def trimmed(cells: list[str]) -> tuple[str, ...]:
    kept = [cell.strip() for cell in cells]
    while len(kept) > 2 and not kept[-1]:
        kept.pop()
    return tuple(kept)


@given(st.text())
def test_any_text_is_rows_or_refused(text):
    try:
        assert all(any(row.cells) for row in csv_tables.rows(text))
    except csv_tables.NoTable as wrong:
        assert wrong.line >= 0
