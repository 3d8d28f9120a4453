"""The pages on security: what they name is there, and of ASVS every requirement is counted once."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ASVS = (DOCS / "asvs.md").read_text("utf-8")
UNMET = re.findall(r"^\| (\d+)(\.\d+\.\d+) \| [12] \| [^|]+ \| (in part|not met) \| [^|]+ \|$", ASVS, re.M)
INAPPLICABLE = re.findall(r"(\d+)(\.\d+\.\d+)", ASVS.split("## Does not apply")[1])
REQUIREMENTS = 253
"""Of levels 1 and 2 of ASVS 5.0."""


@cache
def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.parse("")
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", ["security.md", "asvs.md"])
def test_every_test_that_it_names_is_there(page):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (DOCS / page).read_text("utf-8"))
    assert len(named) > 20
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(ROOT / path)] == []


def test_every_folder_and_section_that_it_names_is_there():
    headings = re.findall(r"^#+ (.+)$", (DOCS / "security.md").read_text("utf-8"), re.M)
    assert set(re.findall(r"\(security\.md#([\w-]+)\)", ASVS)) < {text.lower().replace(" ", "-") for text in headings}
    assert [folder for folder in re.findall(r"`(tests/\w+)`", ASVS) if not (ROOT / folder).is_dir()] == []


def test_every_requirement_stands_once_and_the_sums_are_those_of_table_and_chapters():
    told = [int(number) for number in re.findall(r"\d+", re.search(r"Of \d+, .+? do not apply", ASVS)[0])]
    others = [number[:2] for number in UNMET + INAPPLICABLE]
    assert len(others) == len(set(others)) == len(re.findall(r"^\| \d", ASVS, re.M)) + len(INAPPLICABLE)
    chapters = re.findall(r"^- \*\*(\d+) [^*]+\*\*, (\d+) of (\d+):", ASVS, re.M)
    unmet = [[chapter for chapter, _rest in others].count(chapter) for chapter, _met, _whole in chapters]
    assert [int(whole) - int(met) for _chapter, met, whole in chapters] == unmet
    standings = [stands for _chapter, _rest, stands in UNMET]
    assert told == [sum(unmet) + told[1], sum(int(met) for _chapter, met, _whole in chapters),
                    standings.count("in part"), standings.count("not met"), len(INAPPLICABLE)]
    assert told[0] == REQUIREMENTS


def test_the_readme_leads_there():
    assert "docs/security.md" in (ROOT / "README.md").read_text("utf-8")
