"""Speed of taking ballots: beside bare inserts, and whether a steady stream of them is answered in time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import repeat
from os import sched_getaffinity, sched_setaffinity
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

from civic_forum.ballots.server_settings import REQUIRED
from tests.servers import postgres

from .figures import Figure, against
from .load import Outcome, pour
from .servers import Server, free_port, serving, working
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
            turns = list(rounds(site, casts, empty, bare))
            with working(data, **settings):  # which compares tables and ledger each minute
                held = pour(site.port, casts, LINES, seconds=HELD_S, a_second=A_SECOND)
    return [*shares(database, turns), *stream(database, held)]


@contextmanager
def durable() -> Iterator[str]:
    """PostgreSQL as the site wants it while a vote is open; what it acknowledged is on the disk."""
    with postgres.running(durable=True, **{name: values[0] for name, values in REQUIRED.items()}) as url:
        yield url


class Turn(NamedTuple):
    """Work of one server while all lines sent to it: good answers a second, milliseconds of the worker's CPU each."""

    rate: float
    cpu_ms: float


def rounds(site: Server, casts: Iterator[bytes], empty: Server, bare: Iterator[bytes]) -> Iterator[tuple[Turn, Turn]]:
    """Casts and bare inserts in turns; the first round warms up."""
    for number in range(ROUNDS + 1):
        inserts, taken = turn(empty, bare), turn(site, casts)
        if number:
            yield taken, inserts


def turn(server: Server, requests: Iterator[bytes]) -> Turn:
    began = server.cpu_s()
    outcome = good(pour(server.port, requests, LINES, seconds=ROUND_S))
    return Turn(outcome.rate, (server.cpu_s() - began) / outcome.statuses.total() * 1000)


def bare_post(made: Vote) -> bytes:
    """As long as a cast, to the empty site."""
    cast = made.cast(made.cookies[0], made.choices[0], 0)
    return cast.replace(f"POST /polls/{made.slug}/casts".encode(), b"POST /")


def good(outcome: Outcome) -> Outcome:
    """Raises AssertionError where anything but a receipt came back: no figure is made of refusals."""
    assert outcome.statuses and not outcome.errors, outcome.statuses
    return outcome


def shares(database: str, turns: list[tuple[Turn, Turn]]) -> list[Figure]:
    """The median of each, and of their shares within one round."""
    rate = median(cast.rate for cast, _bare in turns), median(bare.rate for _cast, bare in turns)
    cpu = median(cast.cpu_ms for cast, _bare in turns), median(bare.cpu_ms for _cast, bare in turns)
    share = median(cast.rate / bare.rate for cast, bare in turns)
    return [
        Figure(f"casts over bare inserts, {database}", round(rate[0]), "a second", "≥ 0.4", round(rate[1]),
               round(share, 2)),
        against(f"worker's CPU of a cast over bare inserts, {database}", *cpu, ""),
    ]


def stream(database: str, held: Outcome) -> list[Figure]:
    p95 = quantiles(held.waits_ms, n=20)[-1]
    return [
        Figure(f"casts taken of {A_SECOND} a second for {HELD_S} s, {database}", held.statuses[200], "casts",
               f"{A_SECOND * HELD_S}"),
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
