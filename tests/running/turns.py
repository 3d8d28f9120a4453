"""Tests that a run leaves out: variants that take turns, runs on the other database, what only `bin/test long` runs.

The turn follows from the number of landings, so that so many in a row take every variant once.
"""

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from zlib import crc32

from .importing import ROOT

TURNS = 10
"""Landings after which every turn has come."""
OF_BOTH = 5
"""Tests that run on PostgreSQL in every run: one of so many on SQLite as well."""
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}
LONG = os.environ.get("CIVIC_TESTS") == "long"
"""True if this is a run of `bin/test long`."""


@cache
def landings() -> int:
    """The number of landings so far, or CIVIC_TESTS_TURN; where the history is cut, what the tree stands for."""
    if "CIVIC_TESTS_TURN" in os.environ:
        return int(os.environ["CIVIC_TESTS_TURN"])
    if git("rev-parse", "--is-shallow-repository", check=False) == "false":
        return int(git("rev-list", "--count", "--first-parent", "HEAD"))
    return int(git("rev-parse", "HEAD^{tree}", check=False)[:8] or "0", 16)


def git(*words: str, check: bool = True) -> str:
    """The answer of git; nothing where it fails and that is no error."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=check)
    return done.stdout.strip() if done.returncode == 0 else ""


def waiting(items: Iterable) -> list:
    """Variants of tests marked `in_turns` that another turn takes: this one takes one of all, or every `of`-th, and of
    more than there are turns every tenth. Those with one name of `together` have the same turn, and each name, as they
    are dear, another one."""
    variants = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("in_turns"):
            group = mark.kwargs.get("together")
            variants[group or item.nodeid.partition("[")[0], mark.kwargs.get("of"), bool(group)].append(item)
    groups = sorted({name for name, _of, together in variants if together})
    return [item for (name, of, together), several in variants.items() for place, item in enumerate(several)
            if (groups.index(name) - landings() if together else place - landings() - crc32(name.encode()))
            % min(of or len(several), TURNS)]


def on_another_database(items: Iterable) -> list:
    """Of tests for both databases: runs on PostgreSQL where no mark `both` is, else those on SQLite in other turns."""
    known = {item.nodeid for item in items}
    return [item for item in items if hasattr(item, "callspec") and _twin(item) in known and (
        _waits_on_sqlite(item) if item.get_closest_marker("both") else item.callspec.params["app"] == "postgres")]


def _waits_on_sqlite(item) -> bool:
    turn = crc32(item.nodeid.partition("[")[0].encode()) - landings()
    return item.callspec.params["app"] == "sqlite" and not item.get_closest_marker("in_turns") and turn % OF_BOTH > 0


def _twin(item) -> str:
    """The same on the other database."""
    here, (test, _, variant) = item.callspec.params.get("app"), item.nodeid.partition("[")
    return f"{test}[{variant.replace(here, OTHER[here], 1)}" if here in OTHER else ""


def share(whole: int) -> int:
    """The number of examples of a property where `bin/test long` looks at `whole`."""
    return whole if LONG else -(-whole // 6)


def some(cases: Sequence, of: int) -> Sequence:
    """Every `of`-th of these cases, from another one on in each run."""
    return cases if LONG else cases[landings() % of::of]
