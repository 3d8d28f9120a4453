"""The order of a run: whole files to the workers, the dearest first, and what measures last, on one worker alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from zlib import crc32

from .alone import MEASURES
from .turns import LONG

TOGETHER = ("tests/sample_data/", "tests/cluster/")
"""Folders whose files share what takes long to make: one worker gets them as a whole."""
SHARED = "tests/access/test_hostile_fields.py"
"""In `bin/test long` an hour of small tests, of which each worker takes some."""
ALONE = "alone"
UNITS = {"cluster": 4, "site": 1.5, "browser": 1.2, "sample_copy": 2, "postgres": 0.15}
"""Units that a test takes about, by what it asks for; any other 0.05. They only say what comes first."""


def scope_of(node: str) -> str:
    """The part of a run that stays in one worker, in order: a file (a third of SHARED), a folder of TOGETHER,
    or all that measures."""
    if node.startswith(MEASURES):
        return ALONE
    if LONG and node.startswith(SHARED):
        return f"{SHARED}#{crc32(node.encode()) % 3}"
    return next((folder for folder in TOGETHER if node.startswith(folder)), node.partition("::")[0])


def costs(items: Iterable) -> dict[str, float]:
    """About how many units each scope takes."""
    sums: Counter[str] = Counter()
    for item in items:
        asked = {*getattr(item, "fixturenames", ()), *(["postgres"] if "[postgres" in item.nodeid else [])}
        sums[scope_of(item.nodeid)] += max((UNITS[name] for name in UNITS.keys() & asked), default=0.05)
    return dict(sums)


def in_order(scopes: list[str], units: dict[str, float]) -> list[str]:
    """The dearest first, so that no worker is left with a long one; what measures last."""
    return sorted(scopes, key=lambda scope: (scope == ALONE, -units.get(scope, 0)))


def part(scopes: list[str], units: dict[str, float], number: int, of: int) -> set[str]:
    """The scopes of one part of `of`, each about as dear; together the parts are all scopes, each once.

    A folder is in one part as a whole.
    """
    folders, cost = defaultdict(set), Counter()
    for scope in scopes:
        folder = "/".join(scope.split("/")[:2])
        folders[folder].add(scope)
        cost[folder] += max(units.get(scope, 0), 1)
    parts = [(0, place, set()) for place in range(of)]
    for folder in sorted(folders, key=lambda folder: (-cost[folder], folder)):
        spent, place, chosen = min(parts, key=lambda part: part[:2])
        parts[place] = spent + cost[folder], place, chosen | folders[folder]
    return parts[number - 1][2]
