"""Functions and templates that each test touches: noted while tests run, kept in `.touched/` for `bin/test changed`.

Each function of the site says, as its first act, that it was touched; so does each template that is loaded. What other
processes do is not seen.
"""

import ast
import builtins
import pickle
import zlib
from collections import defaultdict
from collections.abc import Iterator

import pytest

from . import importing

ROOT = importing.ROOT
HOME = ROOT / ".touched"
NAME = "_touched"
VARIABLE = "CIVIC_TESTS_TOUCHED"
"""The variable that asks for it."""
touched: set[str] = set()
RAN = ""
"""A name that every test touches which runs."""
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The functions of a module by their names: `function`, `Class.method`, `function.within`."""
    for node in ast.iter_child_nodes(tree):
        named = isinstance(node, (*FUNCTION, ast.ClassDef))
        name = within + node.name if named else ""
        if isinstance(node, FUNCTION):
            yield name, node
        yield from functions(node, f"{name}." if named else within)


def marked(source: bytes, path: str) -> ast.Module:
    """The module; each of its functions says first that it was touched, under its name `path:Class.function`."""
    tree = ast.parse(source)
    for name, function in functions(tree):
        mark = ast.parse(f"{NAME}({f'{path}:{name}'!r})").body[0]
        for part in ast.walk(mark):
            ast.copy_location(part, function.body[0])
        place = 1 if ast.get_docstring(function, clean=False) is not None else 0
        function.body.insert(place, mark)
    return tree


def install() -> None:
    """Before anything of the site is imported."""
    import jinja2

    builtins.__dict__[NAME] = touched.add
    importing.install(marked, lambda path: True, HOME / "code")
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
        if fixturedef.scope == "function":
            return (yield)
        before = set(touched)
        touched.clear()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "session":  # else it is no test's, but the run's
                self.of_fixtures[fixturedef.argname] = set(touched)
            touched.update(before)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item):
        bit = 1 << self.places[item.nodeid]
        fixtures = (self.of_fixtures[name] for name in item.fixturenames if name in self.of_fixtures)
        for name in touched.union({RAN}, *fixtures):
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
    """Take in what a run has noted: of tests that ran anew, of others as it was, as long as their files are there."""
    ran, places = bits[RAN], {test: place for place, test in enumerate(tests)}
    for test, names in read().items():
        if (ROOT / test.partition("::")[0]).exists() and not ran >> places.setdefault(test, len(places)) & 1:
            for name in names:
                bits[name] = bits.get(name, 0) | 1 << places[test]
    tests = list(places)
    HOME.mkdir(exist_ok=True)
    (HOME / "new").write_bytes(zlib.compress(pickle.dumps((tests, bits)), 1))
    (HOME / "new").replace(HOME / "map")


def read() -> dict[str, set[str]]:
    """By test the functions and templates that it touched when it last ran."""
    if not (HOME / "map").exists():
        return {}
    tests, bits = pickle.loads(zlib.decompress((HOME / "map").read_bytes()))
    found: dict[str, set[str]] = defaultdict(set)
    for name, number in bits.items():
        while number:
            place = (number & -number).bit_length() - 1
            found[tests[place]].add(name)
            number &= number - 1
    return dict(found)
