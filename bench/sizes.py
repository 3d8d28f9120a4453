"""Sizes of the source itself; `tests/architecture/test_sizes.py` holds each of them."""

import ast
import re
import tokenize
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNLIKE_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
VAGUE = ("one", "found", "said", "given")
LAYERS = frozenset("views cli reactions forms services process steps parts queries policy models labels rules events"
                   " kinds operations __init__".split())
"""Modules of a feature, as docs/architecture.md lists them."""
NO_FEATURES = frozenset("blocks cluster platform sample_data search".split())
RIGHT = re.compile(r" {4}\S.{59} *(?:\S+ +){9}\S+")
"""A line of the table of rights, with what each of ten actors gets."""
GOALS = {
    "Python code lines": "≤ 63,000, then 77,400", "Python lines": "≤ 103,000, then 124,000",
    "code lines of bench, verifier and config.py": "≤ 4,100, then 4,900", "lines of scripts": "≤ 2,683, then 4,000",
    "template lines": "≤ 17,000, then 21,000", "test lines": "≤ 108,000, then 126,000",
    "lines of kinds, pickers, reactions, own data, feeds and tables": "≤ 3,800",
    "lines in modules that no layer names": "≤ 12,000", "variables that name nothing": "≤ 300",
    "rows of the table of rights": "≤ 1,100, then 1,300",
}


def sizes(root: Path = ROOT) -> dict[str, int]:
    """Each figure of the tree at `root`."""
    site = sorted((root / "civic_forum").rglob("*.py"))
    outside = [root / "config.py", *(root / "bench").rglob("*.py"), *(root / "verifier").rglob("*.py")]
    scripts = [path for path in (root / "static").rglob("*.js") if "vendor" not in path.parts]
    parts = {path: path.relative_to(root / "civic_forum").with_suffix("").parts for path in site}
    return dict(zip(GOALS, (
        sum(map(code_lines, site)), _lines(site), sum(map(code_lines, outside)), _lines(scripts),
        _lines((root / "templates").rglob("*.html")), _lines((root / "tests").rglob("*.py")),
        _lines(path for path, names in parts.items()
               if not {"kinds", "pickers", "reactions", "own_data", "feeds"}.isdisjoint(names)
               or names[:2] == ("exports", "tables")),
        _lines(path for path, names in parts.items() if names[0] not in NO_FEATURES and len(names) > 1
               and LAYERS.isdisjoint(names[1:])),
        sum(isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in VAGUE
            for path in site for node in ast.walk(ast.parse(path.read_text("utf-8")))),
        sum(RIGHT.fullmatch(line) is not None for path in (root / "tests" / "access").glob("*table.py")
            for line in path.read_text("utf-8").splitlines())), strict=True))


def _lines(paths: Iterable[Path]) -> int:
    return sum(len(path.read_text("utf-8").splitlines()) for path in paths)


def code_lines(path: Path) -> int:
    """Lines that hold code: no blank line, comment, import or docstring."""
    held: set[int] = set()
    with tokenize.open(path) as source:
        for token in tokenize.generate_tokens(source.readline):
            if token.type not in UNLIKE_CODE:
                held.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if text or isinstance(node, ast.Import | ast.ImportFrom):
            held.difference_update(range(node.lineno, node.end_lineno + 1))
    return len(held)
