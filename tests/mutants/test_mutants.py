"""The tool itself: what it weakens, and whether it tells what tests find from what they do not."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest

from tests.mutants import active, sites
from tests.mutants.__main__ import equivalent

POLICY = '''
from .platform import permission


def _is_mine(actor, thing):
    return actor.is_authenticated and actor.id == thing.owner_id


def _needs_owner(actor, thing) -> str | None:
    return None if _is_mine(actor, thing) else "not yours"


@permission("things.change")
def may_change(actor, thing) -> str | None:
    """Change it."""
    if reason := _needs_owner(actor, thing) or thing.why_closed:
        return reason
    if thing.size > 10:
        return "too large"
    return None
'''
RULES = '''
from datetime import timedelta
from enum import StrEnum

TITLE_LEAST, TITLE_MOST = 5, 100
ASKED_WITHIN = timedelta(days=3)
PAGE = 50


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    GONE = "gone"


LIVES = frozenset((State.OPEN, State.DONE))
MOVES = {State.OPEN: frozenset((State.DONE,)), State.DONE: frozenset()}


def fits(text):
    return TITLE_LEAST <= len(text) <= TITLE_MOST


def check(text):
    if not fits(text):
        raise ValueError(text)
'''
SERVICE = '''
def one(session, table, *, lock=False):
    return session.get(table.with_for_update(), with_for_update=lock or None)


def change(by, thing):
    policy.require(by, may_change, thing)
    thing.close(lock=True)
'''
KEEPING = '''
def told(known):
    yield "known" if known else "unknown"


def let_in(name, refuse):
    if name == "root":
        return None
    refuse(name)
    return name
'''
TESTS = '''
from types import SimpleNamespace

import pytest

from civic_forum.shop import rules
from civic_forum.shop.policy import may_change

OWNER, STRANGER = (SimpleNamespace(id=number, is_authenticated=True, roles=()) for number in (1, 2))


def thing(size=1, why_closed=None):
    return SimpleNamespace(owner_id=1, size=size, why_closed=why_closed)


def test_the_owner_changes_it():
    assert may_change(OWNER, thing()) is None
    assert may_change(STRANGER, thing())


def test_what_is_large_is_refused(broken=[]):
    """Once it has failed it fails for ever: another process has to go on."""
    broken.append(may_change(OWNER, thing(size=12)) is None)
    assert not any(broken)


def test_texts_have_a_least_length():
    rules.check("12345")
    with pytest.raises(ValueError):
        rules.check("1234")
'''


@pytest.fixture(autouse=True)
def off():
    yield
    active.switch(None)


def module(source, path):
    """A weakened module, and its mutants by what they say."""
    alone = source.replace("from .platform import permission", "permission = lambda _name: lambda predicate: predicate")
    tree, mutants = sites.weakened(alone, path)
    names = {}
    exec(compile(tree, path, "exec"), names)
    return SimpleNamespace(**names), {one.name.partition(" ")[2]: one for one in mutants}


def somebody(number=2, roles=(), known=True):
    return SimpleNamespace(id=number, roles=roles, is_authenticated=known)


def test_a_permission_says_yes_to_staff_or_to_whoever_is_signed_in():
    policy, mutants = module(POLICY, "civic_forum/shop/policy.py")
    thing = SimpleNamespace(owner_id=1, size=1, why_closed=None)
    assert not policy.may_change.__closure__  # the table of rights exchanges its code
    answers = {}
    for what in ("staff", "whoever is signed in"):
        active.switch(mutants[f"may_change: says yes to {what}"].name)
        answers[what] = [policy.may_change(actor, thing) is None for actor in
                         (somebody(), somebody(roles=("official",)), somebody(known=False))]
    assert answers == {"staff": [False, True, False], "whoever is signed in": [True, True, False]}


def test_each_reason_is_dropped_by_itself():
    policy, mutants = module(POLICY, "civic_forum/shop/policy.py")
    closed = SimpleNamespace(owner_id=1, size=20, why_closed="closed")
    assert policy.may_change(somebody(1), closed) == "closed"
    active.switch(mutants["may_change: does not refuse by `thing.why_closed`"].name)
    assert policy.may_change(somebody(1), closed) == "too large"
    assert policy.may_change(somebody(2), closed) == "not yours"
    active.switch(mutants["may_change: goes on though `thing.size > 10`"].name)
    assert policy.may_change(somebody(1), SimpleNamespace(owner_id=1, size=20, why_closed=None)) is None


def test_boundaries_of_a_chain_move_one_by_one():
    rules, mutants = module(RULES, "civic_forum/shop/rules.py")
    names = [one.name for one in mutants.values() if one.kind == "boundary"]
    fitting = []
    for name in (None, *names):
        active.switch(name)
        fitting.append([rules.fits("x" * size) for size in (4, 5, 100, 101)])
    assert fitting == [[False, True, True, False], [False, False, True, False], [False, True, False, False]]


def test_arrays_are_compared_as_they_were():
    rules, mutants = module("def low(values):\n    return values < 3\n", "civic_forum/shop/rules.py")
    (mutant,) = mutants.values()
    assert rules.low(numpy.array([2, 3, 4])).tolist() == [True, False, False]
    active.switch(mutant.name)
    assert rules.low(numpy.array([2, 3, 4])).tolist() == [True, True, False]
    assert rules.low(numpy.array([])).tolist() == []


@pytest.mark.parametrize(("what", "seen"), [
    ("TITLE_LEAST: one less than `5`", (4, 100, 3)), ("TITLE_MOST: one more than `100`", (5, 101, 3)),
    ("ASKED_WITHIN: one more than `3`", (5, 100, 4))])
def test_limits_move_at_import(what, seen):
    _rules, mutants = module(RULES, "civic_forum/shop/rules.py")
    assert mutants[what].at_import and not any("PAGE" in name for name in mutants)
    active.switch(mutants[what].name)
    rules, _mutants = module(RULES, "civic_forum/shop/rules.py")
    assert (rules.TITLE_LEAST, rules.TITLE_MOST, rules.ASKED_WITHIN.days) == seen


def test_tables_allow_one_more():
    _rules, mutants = module(RULES, "civic_forum/shop/rules.py")
    active.switch(mutants["LIVES: allows one more"].name)
    rules, _mutants = module(RULES, "civic_forum/shop/rules.py")
    assert rules.LIVES == frozenset(rules.State)
    active.switch(mutants["MOVES: allows one more"].name)
    rules, _mutants = module(RULES, "civic_forum/shop/rules.py")
    assert sum(map(len, rules.MOVES.values())) == 2


def test_locks_and_permissions_of_a_service_are_left_out():
    tree, mutants = sites.weakened(SERVICE, "civic_forum/shop/services.py")
    assert sorted((one.kind, one.name.partition(" ")[2]) for one in mutants) == [
        ("guard", "change: without `policy.require(by, may_change, thing)`"),
        ("lock", "change: no lock in `thing.close(lock=True)`"),
        ("lock", "one: no lock in `session.get(table.with_for_update(), with_for_update=lock o…`"),
        ("lock", "one: no lock in `table.with_for_update()`")]
    ast.unparse(tree)


def test_modules_that_keep_strangers_out_lose_steps_and_choices():
    keeping, mutants = module(KEEPING, sites.KEEPING[0])
    assert not module(KEEPING, "civic_forum/shop/rules.py")[1]

    def done():
        seen = []
        return list(keeping.told(True)), list(keeping.told(False)), keeping.let_in("root", seen.append), \
            keeping.let_in("me", seen.append), seen

    answers = {None: done()}
    for what, one in mutants.items():
        active.switch(one.name)
        answers[what] = done()
    assert answers == {
        None: (["known"], ["unknown"], None, "me", ["me"]),
        "told: without `(yield ('known' if known else 'unknown'))`": ([], [], None, "me", ["me"]),
        "told: as if `known`": (["known"], ["known"], None, "me", ["me"]),
        "told: as if not `known`": (["unknown"], ["unknown"], None, "me", ["me"]),
        "let_in: goes on though `name == 'root'`": (["known"], ["unknown"], "root", "me", ["root", "me"]),
        "let_in: without `refuse(name)`": (["known"], ["unknown"], None, "me", [])}


def test_each_module_that_keeps_strangers_out_is_there():
    assert all((sites.ROOT / path).is_file() for path in sites.KEEPING)


def test_every_equivalent_mutant_is_there_and_has_a_reason():
    excused = equivalent()
    there = {one.lasting for path in {name.partition(" ")[0] for name in excused}
             for one in sites.mutants(sites.ROOT / path)}
    assert not excused.keys() - there
    assert all(excused.values())


def test_the_command_tells_what_was_found_from_what_was_not(tmp_path):
    """A project of one feature whose tests leave five mutants: nobody tries staff, a closed thing, the size of ten, or
    a long text."""
    for path, text in {"civic_forum/__init__.py": "", "civic_forum/shop/__init__.py": "",
                       "civic_forum/shop/platform.py": "def permission(_name):\n    return lambda same: same\n",
                       "civic_forum/shop/policy.py": POLICY, "civic_forum/shop/rules.py": RULES,
                       "tests/shop/test_shop.py": TESTS, "pyproject.toml": "[tool.pytest.ini_options]\n"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    given = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "tests.running.plugin", "--workers", "2", "tests"],
                   cwd=tmp_path, check=True, capture_output=True,
                   env=given | {"CIVIC_TESTS_TOUCHED": "1", "PYTEST_ADDOPTS": ""})
    run = subprocess.run(
        [sys.executable, "-m", "tests.mutants", "civic_forum/shop", "--json", "answers.json", "--processes", "1",
         "--only", "may_change|fits|check|TITLE"], cwd=tmp_path, capture_output=True, text=True, timeout=300,
        check=False, env=given)
    assert run.returncode == 0, run.stdout + run.stderr
    answers = json.loads((tmp_path / "answers.json").read_text("utf-8"))
    assert {name.partition(" ")[2] for name, answer in answers.items() if not answer["found_by"]} == {
        "may_change: says yes to staff", "may_change: does not refuse by `thing.why_closed`",
        "may_change: `>=` in `thing.size > 10`", "TITLE_MOST: one more than `100`",
        "fits: `<` in `TITLE_LEAST <= len(text) <= TITLE_MOST` (2)"}
    assert run.stdout.splitlines()[-1] == f"{len(answers) - 5} found, 5 survived of {len(answers)}"
