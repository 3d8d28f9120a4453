"""How fast ballots are taken: beside bare inserts, and whether a steady stream of them is answered in time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import repeat
from os import sched_getaffinity, sched_setaffinity
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from civic_forum.ballots.server_settings import REQUIRED
from tests.servers import postgres

from .figures import Figure
from .load import Outcome, pour
from .servers import free_port, serving
from .voters import Vote, vote

LINES = 32
ROUNDS, ROUND_S = 7, 3
A_SECOND, HELD_S = 100, 60
CORES = 2
SPARE = 60_000
"""Voters besides those of the steady stream: one for every cast, more than the rounds use up."""


def casting(_districts: object) -> list[Figure]:
    """Both databases, each with its own vote; the site, the database and the voters share two cores."""
    with two_cores():
        return [figure for name in ("SQLite", "PostgreSQL") for figure in measured(name)]


def measured(database: str) -> list[Figure]:
    with TemporaryDirectory(prefix="civic-forum-bench-") as folder, ExitStack() as cluster:
        settings = {"DATABASE_URL": cluster.enter_context(durable())} if database == "PostgreSQL" else {}
        data = Path(folder) / "data"
        made = vote(data, A_SECOND * HELD_S + SPARE, **settings)
        casts, bare = made.casts(), repeat(bare_post(made))
        with serving("kept", data, free_port(), **settings) as site, \
                serving("bare_inserts", data, free_port(), **settings) as empty:
            rates = list(rounds(site.port, casts, empty.port, bare))
            held = good(pour(site.port, casts, LINES, seconds=HELD_S, a_second=A_SECOND))
    return [*ratio(database, rates), *stream(database, held)]


@contextmanager
def durable() -> Iterator[str]:
    """PostgreSQL as the site wants it while a vote is open; what it acknowledged is on the disk."""
    with postgres.running(durable=True, **{name: values[0] for name, values in REQUIRED.items()}) as url:
        yield url


def rounds(site: int, casts: Iterator[bytes], empty: int, bare: Iterator[bytes]) -> Iterator[tuple[float, float]]:
    """Casts a second and bare inserts a second, in turns; the first round warms up."""
    for number in range(ROUNDS + 1):
        inserts = good(pour(empty, bare, LINES, seconds=ROUND_S)).rate
        taken = good(pour(site, casts, LINES, seconds=ROUND_S)).rate
        if number:
            yield taken, inserts


def bare_post(made: Vote) -> bytes:
    """As long as a cast, to the empty site."""
    cast = made.cast(made.cookies[0], made.choices[0], 0)
    return cast.replace(f"POST /polls/{made.slug}/casts".encode(), b"POST /")


def good(outcome: Outcome) -> Outcome:
    """Raises AssertionError where anything but a receipt came back: no figure is made of refusals."""
    assert outcome.statuses and not outcome.errors, outcome.statuses
    return outcome


def ratio(database: str, rates: list[tuple[float, float]]) -> list[Figure]:
    taken, inserts = (median(each) for each in zip(*rates, strict=True))
    share = median(cast / insert for cast, insert in rates)
    return [Figure(f"casts over bare inserts, {database}", round(taken), "a second", "≥ 0.4", round(inserts),
                   round(share, 2))]


def stream(database: str, held: Outcome) -> list[Figure]:
    p95 = quantiles(held.waits_ms, n=20)[-1]
    return [
        Figure(f"casts held for {HELD_S} s, {database}", round(held.rate, 1), "a second", f"≥ {A_SECOND}"),
        Figure(f"p95 of a cast meanwhile, {database}", round(p95, 1), "ms", "≤ 500"),
        Figure(f"longest of them, {database}", round(max(held.waits_ms), 1), "ms", ""),
        Figure(f"errors meanwhile, {database}", held.errors, "errors", "0"),
    ]


@contextmanager
def two_cores() -> Iterator[None]:
    """Keep this process, and all that it starts, to as many cores as the goal names."""
    before = sched_getaffinity(0)
    sched_setaffinity(0, set(sorted(before)[:CORES]))
    try:
        yield
    finally:
        sched_setaffinity(0, before)
