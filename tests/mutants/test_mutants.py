"""The tool itself: what it weakens, and whether it tells what tests find from what they do not."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy
import pytest

from tests.mutants import active, sites
from tests.mutants.__main__ import equivalent

POLICY = '''
def needs_owner(actor, item) -> str | None:
    return None if actor.is_authenticated and actor.id == item.owner_id else "not yours"
@permission("items.edit")
def may_edit(actor, item) -> str | None:
    if item.size > 10:
        return "too large"
    if reason := needs_owner(actor, item) or item.why_closed:
        return reason
    return None
'''
RULES = '''
from datetime import timedelta
from enum import StrEnum
TITLE_LEAST, TITLE_MOST = 5, 100
ASKED_WITHIN = timedelta(days=3)
PAGE = 50
State = StrEnum("State", "OPEN DONE GONE")
LIVES = frozenset((State.OPEN, State.DONE))
MOVES = {State.OPEN: frozenset((State.DONE,)), State.DONE: frozenset()}
def fits(size):
    return TITLE_LEAST <= size <= TITLE_MOST
def check(size):
    if not fits(size):
        raise ValueError(size)
def emptied(size):
    while size > 0:
        size //= 2
    return size
'''
SERVICE = '''
def change(by, session, table, *, lock=False):
    policy.require(by, may_edit, table)
    session.get(table.with_for_update(), with_for_update=lock or None)
    table.close(lock=True)
'''
KEEPING = '''
noted = []
def told(known):
    yield "known" if known else "unknown"
def let_in(name):
    if name == "root":
        return None
    noted.append(name)
    return name
'''
TESTS = '''
import sys
from types import SimpleNamespace
from civic_forum.shop import rules
from civic_forum.shop.policy import may_edit
OWNER, STRANGER = (SimpleNamespace(id=number, is_authenticated=True, roles=()) for number in (1, 2))
SMALL, LARGE = (SimpleNamespace(owner_id=1, size=size, why_closed=None) for size in (1, 12))
PLUGIN = sys.modules.get("tests.mutants.plugin", sys)
PLUGIN.CPU_S = 1  # a test that loops is found soon
def test_the_owner_changes_it():
    assert may_edit(OWNER, SMALL) is None and may_edit(STRANGER, SMALL)
def test_what_is_large_is_refused(broken=[]):
    """Once it has failed it fails for ever: another process has to go on."""
    broken.append(may_edit(OWNER, LARGE) is None)
    assert not any(broken)
def test_texts_have_a_least_length():
    assert rules.fits(5) and not rules.fits(4)
def test_emptying_ends():
    assert rules.emptied(120) == 0
def test_fails_wherever_mutants_are_tried_together():
    assert may_edit(OWNER, SMALL) is None and getattr(PLUGIN, "PLAN", {"alone": True})["alone"]
'''
PEOPLE = [SimpleNamespace(id=number, roles=roles, is_authenticated=known) for number, roles, known in (
    (1, (), True), (2, (), True), (3, ("official",), True), (1, (), False))]
ITEMS = [SimpleNamespace(owner_id=1, size=size, why_closed=reason) for size, reason in (
    (1, None), (10, None), (11, None), (1, "closed"))]
MAY = 'may_edit.__closure__ or " ".join("".join("ny"[not may_edit(actor, item)] for actor in PEOPLE) for item in ITEMS)'
"""A permission has no closure: the table of rights exchanges its code."""
FITS = '[*filter(fits, (4, 5, 100, 101))], ASKED_WITHIN.days, len(LIVES), sum(map(len, MOVES.values()))'
LETS = '[*told(True), *told(False)], let_in("root"), let_in("me"), noted'


@pytest.mark.parametrize(("path", "source", "expression", "expected"), [
    pytest.param("civic_forum/shop/policy.py", POLICY, MAY, {
        "": "ynnn ynnn nnnn nnnn",
        "condition needs_owner: `or` in `actor.is_authenticated and actor.id == item.owner_id`": "yyyy yyyy nnnn nnnn",
        "permission may_edit: says yes to staff": "ynyn ynyn nnyn nnyn",
        "permission may_edit: says yes to whoever is signed in": "yyyn yyyn yyyn yyyn",
        "refusal may_edit: does not refuse by `needs_owner(actor, item)`": "yyyy yyyy nnnn nnnn",
        "refusal may_edit: does not refuse by `item.why_closed`": "ynnn ynnn nnnn ynnn",
        "boundary may_edit: `>=` in `item.size > 10`": "ynnn nnnn nnnn nnnn",
        "refusal may_edit: goes on though `item.size > 10`": "ynnn ynnn ynnn nnnn"}, id="policy"),
    pytest.param("civic_forum/shop/rules.py", RULES, FITS, {
        "": ([5, 100], 3, 2, 1),
        "limit TITLE_LEAST: one less than `5`": ([4, 5, 100], 3, 2, 1),
        "limit TITLE_MOST: one more than `100`": ([5, 100, 101], 3, 2, 1),
        "limit ASKED_WITHIN: one more than `3`": ([5, 100], 4, 2, 1),
        "transition LIVES: allows one more": ([5, 100], 3, 3, 1),
        "transition MOVES: allows one more": ([5, 100], 3, 2, 2),
        "boundary fits: `<` in `TITLE_LEAST <= size <= TITLE_MOST`": ([100], 3, 2, 1),
        "boundary fits: `<` in `TITLE_LEAST <= size <= TITLE_MOST` (2)": ([5], 3, 2, 1),
        "guard check: goes on though `not fits(size)`": ([5, 100], 3, 2, 1),
        "boundary emptied: `>=` in `size > 0`": ([5, 100], 3, 2, 1)}, id="rules"),
    pytest.param("civic_forum/shop/rules.py", "def low(values):\n    return values < 3\n",
                 "[low(numpy.array(values)).tolist() for values in ([2, 3, 4], [])]", {
                     "": [[True, False, False], []], "boundary low: `<=` in `values < 3`": [[True, True, False], []]},
                 id="arrays"),
    pytest.param("civic_forum/shop/services.py", SERVICE, "None", dict.fromkeys((
        "", "guard change: without `policy.require(by, may_edit, table)`",
        "lock change: no lock in `table.with_for_update()`",
        "lock change: no lock in `session.get(table.with_for_update(), with_for_update=lock o…`",
        "lock change: no lock in `table.close(lock=True)`")), id="services-have-locks-and-guards"),
    pytest.param("civic_forum/rules.py", KEEPING, LETS, {"": (["known", "unknown"], None, "me", ["me"])}, id="plain"),
    pytest.param(sites.KEEPING[0], KEEPING, LETS, {
        "": (["known", "unknown"], None, "me", ["me"]),
        "step told: without `(yield ('known' if known else 'unknown'))`": ([], None, "me", ["me"]),
        "choice told: as if `known`": (["known", "known"], None, "me", ["me"]),
        "choice told: as if not `known`": (["unknown", "unknown"], None, "me", ["me"]),
        "refusal let_in: goes on though `name == 'root'`": (["known", "unknown"], "root", "me", ["root", "me"]),
        "step let_in: without `noted.append(name)`": (["known", "unknown"], None, "me", [])}, id="steps-and-choices")])
def test_each_mutant_changes_what_its_name_says(monkeypatch, path, source, expression, expected):
    tree, mutants = sites.weakened(source, path)
    values = {}
    names = {f"{mutant.kind} {mutant.name.partition(' ')[2]}": mutant.name for mutant in mutants}
    for what, name in {"": None, **names}.items():
        monkeypatch.setattr(active, "active", name)
        module = {"PEOPLE": PEOPLE, "ITEMS": ITEMS, "numpy": numpy, "permission": lambda _: lambda same: same}
        exec(compile(tree, path, "exec"), module)
        values[what] = eval(expression, module)
    assert values == expected


def test_each_name_that_is_written_down_is_there_and_has_a_reason():
    excused = equivalent()
    there = {mutant.lasting for path in {name.partition(" ")[0] for name in excused}
             for mutant in sites.mutants(sites.ROOT / path)}
    assert not excused.keys() - there and all(excused.values())
    assert all((sites.ROOT / path).is_file() for path in sites.KEEPING)


@pytest.mark.in_turns(of=10)
def test_the_command_tells_what_was_found_from_what_was_not(tmp_path):
    """A project of one feature in whose tests nobody tries staff, a closed item, the size of ten, or a long text."""
    for path, text in {"civic_forum/__init__.py": "", "civic_forum/shop/__init__.py": "",
                       "civic_forum/shop/platform.py": "def permission(_name):\n    return lambda same: same\n",
                       "civic_forum/shop/policy.py": f"from .platform import permission\n{POLICY}",
                       "civic_forum/shop/rules.py": RULES, "tests/shop/test_shop.py": TESTS,
                       "pyproject.toml": "[tool.pytest.ini_options]\n"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    variables = os.environ | {"PYTHONPATH": str(sites.ROOT), "CIVIC_TESTS_TOUCHED": "1", "PYTEST_ADDOPTS": ""}

    def run(*arguments):
        done = subprocess.run([sys.executable, "-m", *arguments], cwd=tmp_path, capture_output=True, text=True,
                              timeout=300, check=False, env=variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("pytest", "-q", "-p", "tests.running.plugin", "--workers", "2", "tests")
    log = run("tests.mutants", "civic_forum/shop", "--processes", "1", "--only", "may_edit|fits|TITLE|emptied")
    assert dict(re.findall(r"(?<=py:)\d+ (.*)\n    (.*)", log)) == {
        "may_edit: says yes to staff": "survived 2 tests of 3 that touch it",
        "may_edit: does not refuse by `item.why_closed`": "survived 2 tests of 3 that touch it",
        "may_edit: `>=` in `item.size > 10`": "survived 2 tests of 3 that touch it",
        "TITLE_MOST: one more than `100`": "survived 5 tests of 5 that touch it",
        "fits: `<` in `TITLE_LEAST <= size <= TITLE_MOST` (2)": "survived 1 tests of 1 that touch it",
        "check: goes on though `not fits(size)`": "survived 0 tests of 0 that touch it"}
    assert log.splitlines()[-1] == "6 found, 6 survived of 12"
