"""Sizes of the code, so that it grows no further than it may."""

import ast
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_CODE_LINES = 68_290
MOST_TEMPLATE_LINES = 18_700
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
MOST_VAGUE = 19
"""Variables called `one`, `found`, `said` or `given`, which say nothing of what they hold: public fields of old."""


def code_lines(path):
    """Lines that hold code: no blank line, comment, import or docstring."""
    held, unlike_code = set(), (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
                                tokenize.ENDMARKER)
    with tokenize.open(path) as source:
        for token in tokenize.generate_tokens(source.readline):
            if token.type not in unlike_code:
                held.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if text or isinstance(node, ast.Import | ast.ImportFrom):
            held.difference_update(range(node.lineno, node.end_lineno + 1))
    return len(held)


def site():
    """Files of the site: path, text and tree."""
    for path in sorted((ROOT / "civic_forum").rglob("*.py")):
        text = path.read_text("utf-8")
        yield path.relative_to(ROOT).as_posix(), text, ast.parse(text)


def test_the_code_has_no_more_lines_than_it_may():
    assert sum(code_lines(path) for path in (ROOT / "civic_forum").rglob("*.py")) <= MOST_CODE_LINES


def test_the_templates_have_no_more_lines_than_they_may():
    templates = (ROOT / "templates").rglob("*.html")
    assert sum(len(path.read_text("utf-8").splitlines()) for path in templates) <= MOST_TEMPLATE_LINES


def test_no_file_and_no_function_is_longer_than_it_may_be():
    assert [path for path, text, _tree in site() if text.count("\n") > LONGEST_FILE] == []
    assert [f"{path} {node.name}" for path, _text, tree in site() for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno - node.lineno >= LONGEST_FUNCTION] == []


def test_variables_are_nouns_and_declarations_take_keywords():
    vague = [f"{path}:{node.lineno} {node.id}" for path, _text, tree in site() for node in ast.walk(tree)
             if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
             and node.id in ("one", "found", "said", "given")]
    assert len(vague) <= MOST_VAGUE, vague
    assert [f"{path}:{node.lineno}" for path, _text, tree in site() for node in ast.walk(tree)
            if isinstance(node, ast.Call) and node.args
            and getattr(node.func, "id", "") in ("Process", "Ordered", "Desk", "Approval")] == []
