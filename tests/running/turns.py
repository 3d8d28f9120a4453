"""Turns: checks of which each run makes a share, and `bin/test long` all.

The share follows from the hash of the tree, so that the same content takes the same turn whatever commit carries
it, and a run can be repeated.
"""

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from zlib import crc32

ROOT = Path(__file__).parents[2]
LONG = os.environ.get("CIVIC_TESTS") == "long"
"""True if this is a run of `bin/test long`."""


@cache
def turn() -> int:
    """The number that the tree of the last commit stands for; 0 where there is no repository."""
    asked = subprocess.run(["git", "rev-parse", "HEAD^{tree}"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(asked.stdout[:8], 16) if asked.returncode == 0 else 0


def waiting(items: Iterable) -> list:
    """Variants of tests marked `in_turns` that another run takes: this one takes one of all, or every `of`-th."""
    variants = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("in_turns"):
            variants[item.nodeid.partition("[")[0], mark.kwargs.get("of")].append(item)
    return [item for (test, of), some in variants.items() for place, item in enumerate(some)
            if (place - turn() - crc32(test.encode())) % (of or len(some))]
