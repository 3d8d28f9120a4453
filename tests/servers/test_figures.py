"""Figures of the bench as tables, and the page that it writes."""

from bench.__main__ import MEASURES
from bench.figures import PAGE, against, Figure, table, write

COSTS = [against("/", 3.0, 0.5, "", column="made"), Figure("/", 0, "statements", "", column="statements"),
         against("/me", 1.0, 0.5, "", column="made")]


def test_figures_with_columns_share_a_line_for_each_name():
    assert table(COSTS).splitlines()[2:] == ["| / | 6 | 0 |", "| /me | 2 |  |"]


def test_a_table_is_written_between_its_marks_and_nothing_else_changes(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- pages -->\nold\n<!-- /pages -->\nb\n<!-- growth -->\nkept\n<!-- /growth -->\n")
    write("pages", COSTS, page)
    text = page.read_text()
    assert text.startswith("a\n<!-- pages -->\nPython 3") and "old" not in text and "| / | 6 | 0 |" in text
    assert text.endswith("|  |\n<!-- /pages -->\nb\n<!-- growth -->\nkept\n<!-- /growth -->\n")


def test_every_measure_but_that_of_the_source_has_its_place_on_the_page():
    text = PAGE.read_text("utf-8")
    assert [name for name in MEASURES
            if f"<!-- {name} -->\n" not in text or f"<!-- /{name} -->" not in text] == ["code"]
