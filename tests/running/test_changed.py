"""The choice of the tests that touch what changed, in a project of two features."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import changed

SITE = {
    "civic_forum/__init__.py": "", "civic_forum/shop/__init__.py": "", "civic_forum/street/__init__.py": "",
    "civic_forum/shop/rules.py": """
MOST, LEAST = 3, 1

class Bag:
    size = 5

    def full(self, n):
        return n > self.size

def fits(n):
    return n <= MOST

def double(n):
    return 2 * n

def added(more):
    def add(n):
        return n + more
    return add

next_to = added(1)
""",
    "civic_forum/street/rules.py": """
from civic_forum.shop.rules import MOST

FAR = MOST + 1

def long(n):
    return n > MOST

def far(n):
    return n > FAR
""",
    "templates/street/page.html": "{% include 'shop/sign.html' %}", "templates/shop/sign.html": "offen",
    "tests/shop/test_shop.py": "from civic_forum.shop import rules\n\ndef test_fits():\n    assert rules.fits(3)\n",
    "tests/street/test_street.py": """
import jinja2
from civic_forum.shop import rules as shop
from civic_forum.street import rules

def test_fits():
    assert shop.fits(2)

def test_long():
    assert rules.long(4)

def test_far():
    assert rules.far(5)

def test_next_to():
    assert shop.next_to(1) == 2

def test_double():
    assert shop.double(2) == 4

def test_bag():
    assert shop.Bag().full(6)

def test_page():
    assert jinja2.Environment(loader=jinja2.FileSystemLoader("templates")).get_template("street/page.html").render()
""",
    "pyproject.toml": "[tool.pytest.ini_options]\n", ".gitignore": ".touched/\n__pycache__/\n"}
SHOP = "tests/shop/test_shop.py::test_fits"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project whose tests have run once; answers the names of the tests that touch it, with one text in place of
    another in this file."""
    home = tmp_path_factory.mktemp("project")
    for path, text in SITE.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text)

    def pytest_(*options):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-v", "-p", "tests.running.plugin", "--workers", "2", *options], cwd=home,
            capture_output=True, text=True, env=os.environ | {"PYTHONPATH": f"{home}:{Path(__file__).parents[2]}",
                                                              "CIVIC_TESTS_TOUCHED": "1", "PYTEST_ADDOPTS": ""})
        assert done.returncode in (0, 5), done.stdout + done.stderr
        return {line.split()[0].partition("::")[2] if SHOP not in line else SHOP
                for line in done.stdout.splitlines() if "PASSED" in line}

    def chosen_by(path, old, new):
        text = (home / path).read_text()
        assert old in text
        (home / path).write_text(text.replace(old, new))
        try:
            return pytest_("--changed", "HEAD")
        finally:
            (home / path).write_text(text)

    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "a"]):
        subprocess.run(["git", *words], cwd=home, check=True)
    assert len(pytest_()) == 8
    return chosen_by


@pytest.mark.in_turns
@pytest.mark.parametrize(("path", "old", "new", "elsewhere"), [
    ("shop/rules.py", "n <= MOST", "n <= MOST + 0", {"test_fits"}),
    ("shop/rules.py", "2 * n", "n + n", {"test_double"}),
    ("shop/rules.py", "n + more", "more + n", {"test_next_to"}),
    ("shop/rules.py", "3, 1", "3, 2", {"test_fits", "test_long", "test_far"}),
    ("shop/rules.py", "size = 5", "size = 4", {"test_bag"}),
    ("shop/rules.py", "n > self.size", "self.size < n", {"test_bag"})])
def test_a_change_chooses_its_folder_and_who_touched_it_elsewhere(project, path, old, new, elsewhere):
    assert project(f"civic_forum/{path}", old, new) == {SHOP} | elsewhere


def test_a_template_chooses_who_loaded_it_and_a_test_its_file(project):
    assert project("templates/shop/sign.html", "offen", "zu") == {SHOP, "test_page"}
    assert project("tests/shop/test_shop.py", "fits(3)", "fits(1)") == {SHOP}


def test_a_changed_translation_chooses_its_sentence():
    old, new = ('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "열다"\nmsgstr "open"\n\n'
                f'msgid "닫다"\nmsgstr "{word}"\n' for word in ("close", "shut"))
    assert changed.sentences(old, new) == {"닫다"}
