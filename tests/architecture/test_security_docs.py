"""The pages on security: every test that they name is there, and every requirement stands once."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
STANDS = {"met", "in part", "not met", "does not apply"}
REQUIREMENTS = 253
"""Of levels 1 and 2 of ASVS 5.0."""


@cache
def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.parse("")
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", ["security.md", "asvs.md"])
def test_every_test_that_it_names_is_there(page):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (DOCS / page).read_text("utf-8"))
    assert len(named) > 30
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(ROOT / path)] == []


def test_every_requirement_stands_once_and_says_how():
    rows = re.findall(r"^\| (\d[\d., ]+) \| ([12, ]+) \| (.+?) \| (.+?) \| (.+) \|$",
                      (DOCS / "asvs.md").read_text("utf-8"), re.M)
    numbers = [number for row in rows for number in row[0].split(", ")]
    assert len(numbers) == len(set(numbers)) == REQUIREMENTS
    assert {row[3] for row in rows} == STANDS and all(row[4].strip() for row in rows)


def test_the_sums_are_those_of_the_table():
    text = (DOCS / "asvs.md").read_text("utf-8")
    told = [int(number) for number in re.findall(r"\d+", re.search(r"Of \d+, .+? do not apply", text)[0])]
    rows = {stands: re.findall(rf"^\| (\d[\d., ]+) \|[^|]+\|[^|]+\| {stands} \|", text, re.M)
            for stands in ("met", "in part", "not met", "does not apply")}
    counted = [sum(row.count(",") + 1 for row in found) for found in rows.values()]
    assert told == [REQUIREMENTS, *counted]


def test_the_readme_leads_there():
    assert "docs/security.md" in (ROOT / "README.md").read_text("utf-8")
