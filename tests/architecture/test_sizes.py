"""Sizes of the code, so that it grows no further than it may."""

import ast
from functools import cache

import pytest

from bench import sizes

ROOT = sizes.ROOT
MOST = {
    "Python code lines": 90_565,
    "Python lines": 154_937,
    "code lines of bench, verifier and config.py": 4_441,
    "lines of scripts": 3_341,
    "template lines": 23_553,
    "test lines": 153_974,
    "lines of kinds, pickers, reactions, own data, feeds and tables": 7_692,
    "lines in modules that no layer names": 32_067,
    "variables that name nothing": 19,
    "rows of the table of rights": 1_731,
}
"""Sizes of today: a feature raises them by what it adds, anything else only lowers them."""
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
sizes_now = cache(sizes.sizes)


@pytest.mark.parametrize("name", sizes.GOALS)
def test_no_size_is_more_than_it_may_be(name):
    assert sizes_now()[name] <= MOST[name]


def test_comments_blank_lines_imports_and_docstrings_are_no_code(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('"""Text."""\n\nimport os  # system\n\n\ndef a(\n        b):\n    """More."""\n    return os\n')
    assert sizes.code_lines(module) == 3


def site():
    """Files of the site: path, text and tree."""
    for path in sorted((ROOT / "civic_forum").rglob("*.py")):
        text = path.read_text("utf-8")
        yield path.relative_to(ROOT).as_posix(), text, ast.parse(text)


def test_no_file_and_no_function_is_longer_than_it_may_be():
    assert [path for path, text, _tree in site() if text.count("\n") > LONGEST_FILE] == []
    assert [f"{path} {node.name}" for path, _text, tree in site() for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno - node.lineno >= LONGEST_FUNCTION] == []


def test_declarations_take_keywords():
    assert [f"{path}:{node.lineno}" for path, _text, tree in site() for node in ast.walk(tree)
            if isinstance(node, ast.Call) and node.args
            and getattr(node.func, "id", "") in ("Process", "Ordered", "Desk", "Approval")] == []
