"""Figures of the source itself: its size, and how often it says the same thing again."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .districts import Districts
from .figures import Figure
from .touched import touched

ROOT = Path(__file__).resolve().parent.parent
RELATIVE = re.compile(r"(What|Who|Whom|Whose|How|Where|When|That|Which|Why|Whether)\b")
UNTYPED = re.compile(r"\bCallable\b(?!\[)")
"""In the annotation of a registry: a function by which one feature calls another without a type."""
KINDS = Path("blocks/kinds.py")
NAMES_KIND = re.compile(r"(?:^|[._])(?:kind|subject_kind)$")


def code(_districts: Districts, root: Path = ROOT) -> list[Figure]:
    """Figures of the tree at `root`; those without a goal are beside the table of goals."""
    python = {path.relative_to(root / "civic_forum"): path.read_text("utf-8")
              for path in sorted((root / "civic_forum").rglob("*.py"))}
    trees = {path: ast.parse(text) for path, text in python.items()}
    templates = [path.read_text("utf-8") for path in sorted((root / "templates").rglob("*.html"))]
    rows = [row for text in templates for row in text.splitlines()]
    names = Counter((path.parts[0], node.name) for path, tree in trees.items() for node in tree.body
                    if isinstance(node, ast.ClassDef))
    features = Counter(name for _feature, name in names)
    said = Counter(name for tree in trees.values() for name in _relative(tree))
    return [
        Figure("Python files", len(python), "files", "<= 750"),
        Figure("Python lines", sum(len(text.splitlines()) for text in python.values()), "lines", "<= 72000"),
        Figure("longest line of Python", _longest(python.values()), "characters", "<= 120"),
        Figure("template lines", len(rows), "lines", "<= 9500"),
        Figure("longest line of a template", _longest(templates), "characters", "<= 160"),
        Figure("templates that pick style sheets", sum('rel="stylesheet"' in text for text in templates), "templates",
               "<= 3"),
        Figure("CSRF fields by hand", sum(text.count("csrf_token()") for text in templates), "fields", "<= 3"),
        Figure("registries of untyped callables", sum(map(_registries, trees.values())), "registries", "0"),
        Figure("ways to name a thing", 1 + sum(_named_by_hand(tree) for path, tree in trees.items() if path != KINDS),
               "ways", "1"),
        Figure("refusals caught in views", sum(_catches(tree) for path, tree in trees.items() if "views" in path.parts),
               "handlers", "<= 20"),
        Figure("class names twice in one feature", sum(count > 1 for count in names.values()), "names", "0"),
        Figure("class names in more than one feature", sum(count > 1 for count in features.values()), "names", ""),
        Figure("docstrings of modules with a relative clause", said["module"], "docstrings", "0"),
        Figure("other docstrings with a relative clause", said["other"], "docstrings", "0"),
        Figure("imports under another name", sum(_aliases(tree) for tree in trees.values()), "imports", ""),
        *(touched() if root == ROOT else ()),
    ]


def _longest(texts) -> int:
    return max(len(row) for text in texts for row in text.splitlines())


def _relative(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if documented and RELATIVE.match(ast.get_docstring(node) or ""):
            yield "module" if isinstance(node, ast.Module) else "other"


def _registries(tree: ast.Module) -> int:
    """Number of names of a module that collect functions without saying of what."""
    return sum(isinstance(node, ast.AnnAssign) and UNTYPED.search(ast.unparse(node.annotation)) is not None
               and re.match(r"(?:dict|list)\b", ast.unparse(node.annotation)) is not None for node in ast.walk(tree))


def _named_by_hand(tree: ast.Module) -> int:
    """Number of places that write a reference (`poll:12`) of a kind and an id themselves, or take one apart."""
    found = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and len(node.values) == 3:
            first, colon, last = node.values
            found += (isinstance(first, ast.FormattedValue) and isinstance(last, ast.FormattedValue)
                      and isinstance(colon, ast.Constant) and colon.value == ":"
                      and NAMES_KIND.search(ast.unparse(first.value)) is not None)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "partition":
            found += re.search(r"(?:subject|about)$", ast.unparse(node.func.value)) is not None
    return found


def _catches(tree: ast.Module) -> int:
    return sum(isinstance(node, ast.ExceptHandler) and node.type is not None and "Refusal" in ast.unparse(node.type)
               for node in ast.walk(tree))


def _aliases(tree: ast.Module) -> int:
    return sum(alias.asname is not None for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
               for alias in node.names)
