"""Functions and templates that each test touches: noted while tests run, kept in `.touched/` for `bin/test changed`.

Each function of the site says, as its first act, that it was touched; so does each template that is loaded. What other
processes do is not seen.
"""

import ast
import builtins
import pickle
import zlib

import pytest

from . import importing

ROOT = importing.ROOT
HOME = ROOT / ".touched"
NAME = "_touched"
VARIABLE = "CIVIC_TESTS_TOUCHED"
"""The variable that asks for it."""
touched: set[str] = set()


class Marking(ast.NodeTransformer):
    """Puts into each function of a module that it was touched, under its name `path:Class.function`."""

    def __init__(self, path: str):
        self.path, self.within = path, []

    def visit_ClassDef(self, node):
        self.within.append(node.name)
        self.generic_visit(node)
        self.within.pop()
        return node

    def visit_FunctionDef(self, node):
        name = f"{self.path}:{'.'.join([*self.within, node.name])}"
        self.visit_ClassDef(node)
        place = 1 if ast.get_docstring(node, clean=False) is not None else 0
        mark = ast.parse(f"{NAME}({name!r})").body[0]
        for part in ast.walk(mark):
            ast.copy_location(part, node.body[0])
        node.body.insert(place, mark)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef


def install() -> None:
    """Before anything of the site is imported."""
    import jinja2

    builtins.__dict__[NAME] = touched.add
    importing.install(lambda source, path: Marking(path).visit(ast.parse(source)), lambda path: True, HOME / "code")
    load = jinja2.Environment._load_template

    def load_template(self, name, variables):
        touched.add(f"templates/{name}")
        return load(self, name, variables)

    jinja2.Environment._load_template = load_template


class Touched:
    """The plugin: by function and template the tests, as the bits of a number."""

    def __init__(self):
        self.bits: dict[str, int] = {}
        self.of_fixtures: dict[str, set[str]] = {}
        self.places: dict[str, int] = {}

    def pytest_collection_finish(self, session):
        self.places = {item.nodeid: place for place, item in enumerate(session.items)}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        touched.clear()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        if fixturedef.scope in ("function", "session"):
            return (yield)
        before = set(touched)
        touched.clear()
        try:
            return (yield)
        finally:
            self.of_fixtures[fixturedef.argname] = set(touched)
            touched.update(before)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item):
        bit = 1 << self.places[item.nodeid]
        fixtures = (self.of_fixtures[name] for name in item.fixturenames if name in self.of_fixtures)
        for name in touched.union(*fixtures):
            self.bits[name] = self.bits.get(name, 0) | bit

    def pytest_worker_tells(self, told):
        told["touched"] = self.bits

    def pytest_worker_told(self, told):
        for name, bits in told["touched"].items():
            self.bits[name] = self.bits.get(name, 0) | bits

    def pytest_sessionfinish(self, session):
        if self.bits and session.config.option.workers > 1:
            keep(list(self.places), self.bits)


def keep(tests: list[str], bits: dict[str, int]) -> None:
    """Take in what a run has noted: of its tests anew, of others as it was."""
    known = read()
    anew = set(tests)
    for test, names in known.items():
        if test not in anew:
            tests.append(test)
            for name in names:
                bits[name] = bits.get(name, 0) | 1 << len(tests) - 1
    HOME.mkdir(exist_ok=True)
    (HOME / "new").write_bytes(zlib.compress(pickle.dumps((tests, bits)), 1))
    (HOME / "new").replace(HOME / "map")


def read() -> dict[str, set[str]]:
    """By test the functions and templates that it touched when it last ran."""
    if not (HOME / "map").exists():
        return {}
    tests, bits = pickle.loads(zlib.decompress((HOME / "map").read_bytes()))
    found: dict[str, set[str]] = {test: set() for test in tests}
    for name, number in bits.items():
        while number:
            place = (number & -number).bit_length() - 1
            found[tests[place]].add(name)
            number &= number - 1
    return found
