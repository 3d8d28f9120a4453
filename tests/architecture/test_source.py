"""What the source must not say, anywhere."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted((ROOT / "civic_forum").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))


def says(paths, pattern, *, but=()):
    """Where the pattern stands, as `path:line`."""
    found = []
    for path in paths:
        if path.name in but:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    return found


def test_there_is_something_to_look_at():
    assert len(PYTHON) > 60 and len(TEMPLATES) > 20 and SCRIPTS


def test_nothing_says_safe_but_the_sanitiser():
    assert says(TEMPLATES, r"\|\s*safe\b|autoescape\s+false") == []
    assert says(PYTHON, r"\bMarkup\(|\bautoescape\s*=\s*False", but=("rich_text.py",)) == []


def test_the_clock_is_read_in_one_place():
    reads = r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(\)|\bCURRENT_TIMESTAMP\b|func\.now\("
    assert says(PYTHON, reads, but=("clock.py",)) == []


def test_pages_carry_no_script_or_style_of_their_own():
    assert says(TEMPLATES, r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:") == []
    assert says(TEMPLATES, r"<script(?![^>]*\bsrc=)") == []


def test_scripts_never_write_html_from_strings():
    assert says(SCRIPTS, r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function") == []


def test_nothing_is_loaded_from_elsewhere():
    assert says(TEMPLATES, r"(src|href)\s*=\s*[\"'](https?:)?//") == []
    styles = [path for path in (ROOT / "static").rglob("*.css")]
    assert says(styles, r"url\(\s*[\"']?(https?:)?//|@import") == []


def test_no_work_is_left_for_later():
    marks = r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b"
    assert says(PYTHON + TEMPLATES + SCRIPTS, marks) == []


def test_no_error_is_swallowed():
    assert [place for path in PYTHON for place in swallowing(path)] == []


def swallowing(path):
    """Places at which an error is caught whatever it is, or nothing is done about it, as `path:line`."""
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)) if "except" in text else ():
        if not isinstance(node, ast.ExceptHandler):
            continue
        silent = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
        if silent or node.type is None:
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("handler", ["except:\n    raise", "except OSError:\n    pass"])
def test_a_swallowed_error_is_found(handler, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "a.py").write_text(f"try:\n    x = 1\n{handler}\n", "utf-8")
    assert list(swallowing(tmp_path / "a.py")) == ["a.py:3"]
