"""The place of the real elections that tests count: none of them is copied into this project.

A test that needs them stands in a file `test_real_….py`. Where the folder is absent these files are not collected,
and the summary says so. This module is a plugin of pytest, named in tests/conftest.py.
"""

import json
import os
from pathlib import Path

import config

FOLDER = Path(os.environ.get("CIVIC_FORUM_PABULIB_DIR") or config.ROOT.parent / "shared" / "budgets")
FILES = tuple(sorted(FOLDER.glob("*.pb")))
HERE = Path(__file__).parent


def expected() -> dict[str, dict]:
    """File name → what two independent programs counted: `rules`, and what the file says of itself.

    Nothing for a folder of other elections, whose files are read and written all the same.
    """
    path = FOLDER / "expected.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def pytest_ignore_collect(collection_path):
    real = collection_path.name.startswith("test_real_") and HERE in collection_path.parents
    return True if real and not FILES else None


def pytest_terminal_summary(terminalreporter):
    if not FILES:
        terminalreporter.write_line(f"Real elections were not counted: there is no .pb file in {FOLDER}. "
                                    "CIVIC_FORUM_PABULIB_DIR says where they are.")
