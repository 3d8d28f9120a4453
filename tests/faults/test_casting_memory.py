"""Casting for an hour on end: the process that takes the ballots stays as small as it was."""

import os
from itertools import islice
from pathlib import Path

import pytest

from bench.casting import durable
from bench.load import pour
from bench.servers import free_port, serving
from bench.voters import Vote, vote

pytestmark = [pytest.mark.long, pytest.mark.servers]
CASTS = int(os.environ.get("CASTS_FOR_MEMORY", 360_000))
"""A hundred a second for an hour; the variable makes a shorter run of it."""
VOTERS = CASTS // 9
WARM = 3 * VOTERS
"""Casts before what is measured: by then SQLite's page cache (32 MB, filled by what is written) and the counts of the
limiter are as full as they get. A shorter run does not fill them and says little of SQLite."""
LINES = 16


def casts(made: Vote):
    """Every voter in turn, again and again, each time as the newest form of theirs says."""
    for revision in range((WARM + CASTS) // VOTERS):
        yield from made.casts(revision)


def anonymous_kib(pid: int) -> int:
    """Memory of the worker that is its own: the pages of the database file that it maps are not."""
    [worker] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{worker}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:"))


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_memory_grows_by_less_than_a_tenth(database, tmp_path):
    if database == "postgres":
        with durable() as url:
            grown = growth(tmp_path / "data", DATABASE_URL=url)
    else:
        grown = growth(tmp_path / "data")
    assert grown < 0.1, f"{grown:.1%} more"


def growth(data: Path, **settings: str) -> float:
    made = vote(data, VOTERS, **settings)
    everything = casts(made)
    with serving("kept", data, free_port(), **settings) as site:
        warm = pour(site.port, islice(everything, WARM), LINES)
        before = anonymous_kib(site.pid)
        rest = pour(site.port, everything, LINES)
        after = anonymous_kib(site.pid)
    print(f"{before:,} KiB, after {CASTS:,} casts more {after:,} KiB")
    assert (rest.statuses[200], warm.errors + rest.errors) == (CASTS, 0)
    return after / before - 1
