"""Turns: checks of which each run makes a share, and `bin/test long` all.

The share follows from the hash of the tree, so that the same content takes the same turn whatever commit carries
it, and a run can be repeated.
"""

import os
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONG = os.environ.get("CIVIC_TESTS") == "long"
"""Whether this is a run of `bin/test long`."""


@cache
def turn() -> int:
    """The number that the tree of the last commit stands for; 0 where there is no repository."""
    asked = subprocess.run(["git", "rev-parse", "HEAD^{tree}"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(asked.stdout[:8], 16) if asked.returncode == 0 else 0
