"""The source as ruff and mypy read it, and the length of its lines."""

import subprocess
import sys

from .test_source import ROOT

LONGEST, LONGEST_OF_TEMPLATES = 120, 160
"""Characters of a line."""


def ran(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing():
    assert ran("ruff", "check", "--quiet", "--no-cache", "--output-format", "concise", ".") == ""


def test_mypy_finds_nothing(tmp_path):
    assert ran("mypy", "--cache-dir", str(tmp_path)) == ""


def too_long(paths, most):
    return [f"{path.relative_to(ROOT)}:{number}" for path in paths
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if len(line) > most]


def test_no_line_is_longer_than_a_page_is_wide():
    python = [path for name in ("civic_forum", "tests", "bench", "migrations", "verifier")
              for path in (ROOT / name).rglob("*.py")]
    templates = list((ROOT / "templates").rglob("*.html"))
    assert len(python) > 1500 and len(templates) > 400
    assert too_long(python, LONGEST) == [] and too_long(templates, LONGEST_OF_TEMPLATES) == []
