"""Paths of power: page and document say the same, each line names tests that are there, and what is said to take two is
declared so in the code, all of it."""

import ast
import importlib
import inspect
import re

import pytest
from lxml import html

from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.blocks.approval_rights import ApprovalRights
from civic_forum.blocks.two_people import TwoPeople
from civic_forum.site import powers

from .powers import DOCUMENT, ROOT, SECTION, section

LINES = [(subject["key"], power) for subject in powers.subjects() for power in subject["powers"]]
NAMES = [f"{key}: {power['act']['en']}" for key, power in LINES]
MOST_LINES, MOST_SYLLABLES = 41, 2_400
"""As much as a resident reads in five minutes: some 500 syllables a minute."""


def every_line(function):
    return pytest.mark.parametrize("power", [power for _key, power in LINES], ids=NAMES)(function)


def resolved(name):
    """The object of `module:name.member`."""
    module, _colon, path = name.partition(":")
    found = importlib.import_module(module)
    for step in path.split("."):
        found = getattr(found, step)
    return found


def declares_two(found) -> bool:
    """True for an action that two officers confirm, a text that another person approves, an act of two people, a rule
    that tells people by `same_person` or asks `why_not_second` or `why_not_another`."""
    return (isinstance(found, ConfirmedAction | ApprovalRights | TwoPeople)
            or inspect.isfunction(found) and bool(
                re.search(r"\b(same_person|why_not_another|why_not_second)\(", inspect.getsource(found))))


def test_the_document_says_what_the_page_says():
    assert SECTION.search(DOCUMENT.read_text("utf-8"))[0] == section(), "run python -m tests.site.powers"


@every_line
def test_a_line_is_whole_in_both_languages(power):
    assert power.keys() <= {"act", "people", "who", "key", "trace", "declared", "tests"}
    assert power["people"] in (0, 1, 2)
    words = [power["act"], *(power[name] for name in ("who", "key", "trace") if name in power)]
    assert ("who" in power) is ("key" in power) is bool(power["people"])
    for word in words:
        assert word.keys() == {"ko", "en"} and all(text.strip() == text and text for text in word.values())
        assert re.search("[가-힣]", word["ko"]) and not re.search("[가-힣]", word["en"]) and "|" not in word["en"]


@pytest.mark.in_turns(of=5)
@every_line
def test_a_line_names_tests_that_are_there(power):
    for name in power.get("tests", ()):
        path, _colons, function = name.partition("::")
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name
    if power["people"] != 1 or "trace" in power:
        assert power.get("tests"), "a promise that no test holds goes"


@every_line
def test_a_line_of_two_people_is_declared_so_in_the_code(power):
    assert bool(power.get("declared")) is (power["people"] == 2)
    for name in power.get("declared", ()):
        assert declares_two(resolved(name)), name


def test_all_that_is_declared_to_take_two_stands_there():
    named = [resolved(name) for _key, power in LINES for name in power.get("declared", ())]
    assert {one for one in named if isinstance(one, ConfirmedAction)} == set(ConfirmedAction)
    approvals = {name for path in (ROOT / "civic_forum").glob("*/policy.py")
                 for name in re.findall(r'ApprovalRights\(\s*name="(\w+)"', path.read_text("utf-8"))}
    assert approvals == {one.name for one in named if isinstance(one, ApprovalRights)}
    assert len(named) == len(set(map(id, named)))


def test_a_resident_reads_it_in_five_minutes():
    said = "".join(text["ko"] for _key, power in LINES for name, text in power.items() if isinstance(text, dict))
    assert len(LINES) <= MOST_LINES and len(re.findall("[가-힣]", said)) <= MOST_SYLLABLES


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_shows_each_line_under_its_thing(town, browse, language):
    visitor = browse()
    visitor.set_cookie("language", language)
    page = html.fromstring(visitor.get("/security").text)
    for subject in powers.subjects():
        [part] = page.xpath(f"//section[@id='{subject['key']}']")
        shown = [" ".join(line.text_content().split()) for line in part.xpath(".//ul[@class='powers']/li")]
        in_order = sorted(subject["powers"], key=lambda power: -power["people"])
        assert in_order == subject["powers"], "two people first, then one, then nobody"
        for line, power in zip(shown, in_order, strict=True):
            assert all(power[name][language] in line for name in ("act", "who", "key", "trace") if name in power)
    sums = [int(re.search(r"\d+", one.text_content())[0]) for one in page.xpath("//ul[@class='power-sums']//b")]
    assert sums == [sum(power["people"] == number for _key, power in LINES) for number in (2, 1, 0)]
