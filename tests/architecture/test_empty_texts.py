"""A text of which nobody sees anything is empty: no service asks `strip` for that."""

import ast

from .test_sizes import ROOT

ELSEWHERE = {"forums/tables/services.py", "opinions/paper/operations.py", "accounts/providers/rules.py",
             "district/rules.py"}
"""A missing account or table, digits of a sheet, settings and files of the server."""


def test_a_text_that_must_not_be_empty_is_cleaned_first():
    package = ROOT / "civic_forum"
    assert [f"{path}:{line}" for path in sorted(package.rglob("*.py")) for line in emptied_by_strip(path)
            if path.stem in ("services", "rules", "operations", "process", "parts", "text_checks", "part_files")
            and str(path.relative_to(package)) not in ELSEWHERE] == []


def emptied_by_strip(path):
    """Lines of `not text.strip()` and `len(text.strip())`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        asked = node.operand if isinstance(node, ast.UnaryOp) else node.args[0] if (
            isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("len", "bool") and node.args) else None
        if isinstance(asked, ast.Call) and getattr(asked.func, "attr", "") == "strip":
            yield node.lineno
