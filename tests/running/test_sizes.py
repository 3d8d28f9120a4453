"""Sizes of what runs the tests, so that it stays smaller than what it spares."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
MOST_LINES, MOST_LINES_OF_TEXT = 2_335, 120


def test_the_code_that_runs_the_tests_stays_small():
    files = [path for folder in ("running", "mutants") for path in (TESTS / folder).glob("*.py")]
    assert sum(len(path.read_text("utf-8").splitlines()) for path in files) <= MOST_LINES
    text = (TESTS.parent / "docs" / "testing.md").read_text("utf-8")
    assert len(text.splitlines()) <= MOST_LINES_OF_TEXT
