"""Lists have a bound: a query that reads many rows has a limit, or stands in lists.txt with why its rows are few."""

import ast
from pathlib import Path

from .test_source import PYTHON, ROOT, tree

REASONS = ("given", "own", "groups", "office", "bounded", "work", "limited")
READS = {"all", "scalars", "fetchall"}
LIMITS = {"limit", "yield_per", "partitions"}


def is_query(path):
    return "sample_data" not in path.parts and ("queries" in path.parts or path.name == "queries.py"
                                                or path.parent.name == "tables")


def called(function):
    """Names of the methods that it calls."""
    return {call.func.attr for call in ast.walk(function)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)}


def unlimited(paths):
    """Functions that read many rows and set no limit, as `module.function`."""
    return {f"{'.'.join(path.relative_to(ROOT / 'civic_forum').with_suffix('').parts)}.{function.name}"
            for path in paths for function in ast.walk(tree(path)) if isinstance(function, ast.FunctionDef)
            if READS & (names := called(function)) and not LIMITS & names}


def stated():
    """Function → reason, as lists.txt says."""
    lines = (Path(__file__).parent / "lists.txt").read_text().splitlines()
    return dict(reversed(line.split()) for line in lines if line and not line.startswith("#"))


def test_every_list_has_a_bound():
    found = unlimited(filter(is_query, PYTHON))
    assert sorted(found - stated().keys()) == [], "a limit or a page, or a line in tests/architecture/lists.txt"
    assert sorted(stated().keys() - found) == [], "no longer there, or limited by now"
    assert set(stated().values()) == set(REASONS)


def test_a_list_without_a_bound_is_found(tmp_path):
    source = tmp_path / "civic_forum" / "queries.py"
    assert is_query(source)
    for text, reads in (("db.session.scalars(select(One)).all()", True), ("db.session.scalar(select(One))", False),
                        ("db.session.execute(select(One).limit(3)).all()", False)):
        [function] = ast.parse(f"def listed():\n    return {text}").body
        assert bool(READS & called(function) and not LIMITS & called(function)) is reads
