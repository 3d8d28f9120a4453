"""The order of a run: whole files to the workers, the dearest first, and what measures last, on one worker alone."""

from collections import Counter
from collections.abc import Iterable
from zlib import crc32

from .turns import LONG

TOGETHER = ("tests/sample_data/", "tests/cluster/")
"""Folders whose files share what takes long to make: one worker gets them as a whole."""
SHARED = "tests/access/test_hostile_fields.py"
"""In `bin/test long` an hour of small tests, of which each worker takes some."""
ALONE = "alone"
MEASURES = (
    "tests/servers/test_load.py",
    "tests/attachments/test_queue.py",
    "tests/faults/test_large_requests.py::test_one_who_sends_slowly",
    "tests/faults/test_kill_casting.py::test_no_ballot_is_lost_or_doubled",
    "tests/faults/test_kill_casting.py::test_nor_do_twenty_kills",
    "tests/forums/live/test_hostile.py::test_a_slow_reader",
    "tests/forums/live/test_hostile.py::test_others_are_not_held_up",
    "tests/platform/test_mail_server.py::test_a_server_that_hangs",
)
"""Tests that ask by the clock who waits for whom, or how soon a site is back; none of them needs the sample cluster."""
UNITS = {"cluster": 4, "site": 1.5, "browser": 1.2, "sample_copy": 2, "postgres": 0.15}
"""Units that a test takes about, by what it asks for; any other 0.05. They only say what comes first."""


def scope_of(node: str) -> str:
    """The part of a run that stays in one worker: a file (a third of SHARED), a folder, or all that measures."""
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


def in_order(scopes: list[str], units: dict[str, float], waiting: Iterable[str] = ()) -> list[str]:
    """The dearest first, so that no worker is left with a long one; what measures last.

    Of those `waiting` for something that the first of them makes, the others come when a third of the rest is done.
    """
    ordered = sorted(scopes, key=lambda scope: (scope == ALONE, -units.get(scope, 0)))
    later = [scope for scope in ordered if scope in set(waiting) - {ALONE}][1:]
    rest = [scope for scope in ordered if scope not in later]
    return [*rest[:len(rest) // 3], *later, *rest[len(rest) // 3:]]


def waiting_for_the_sample(items: Iterable) -> list[str]:
    """The scopes of tests that need the sample district on SQLite."""
    return sorted({scope_of(item.nodeid) for item in items if {"site", "sample_copy"} & set(item.fixturenames)
                   and "cluster" not in item.fixturenames})


def part(ordered: list[str], number: int, of: int) -> list[str]:
    """The scopes of one part of `of`, each about as dear; together the parts are all scopes, each once."""
    return ordered[number - 1::of]
