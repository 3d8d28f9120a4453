"""Live forums: how late messages reach everybody, and what sockets cost in memory and CPU."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import config
from tests.forums.live import halls
from tests.servers import cluster, postgres
from tests.servers.postgres import fresh_database

from .figures import Figure
from .servers import cpu_s

A_SECOND, SECONDS, WARM_S = 20, 10, 2
OTHERS = 100
WARM = 20
"""Clients before memory is read for the first time: what the first of all costs is not theirs."""
SETTLED_S = 2.0
SECRET = "a long text that only the bench knows"


def forum(_districts: object) -> list[Figure]:
    """Clients in one process beside the site, on two cores with it."""
    return [*of("SQLite", 300), *of("PostgreSQL", 1000), *of("two workers", 1000), *beside_the_hostile()]


def of(where: str, count: int) -> list[Figure]:
    with served(where) as (hall, url, site), halls.crowd() as crowd, halls.writing(hall, url) as writers:
        writers.write(halls.WRITERS)
        crowd.come(hall, url, WARM)
        time.sleep(SETTLED_S)
        before = memory_kib(site)
        crowd.come(hall, url, count - WARM)
        crowd.until_all_have(writers.count)
        time.sleep(SETTLED_S)
        each = (memory_kib(site) - before) / (count - WARM)
        crowd.forget()
        used = cpu_s(workers(site))
        writers.write(A_SECOND * SECONDS, A_SECOND)
        crowd.until_all_have(writers.count)
        used = cpu_s(workers(site)) - used
        heard = crowd.summary()
        assert heard["lists"] == [[hall.numbers(), count]], "something was lost, doubled or out of order"
    told = A_SECOND * SECONDS * count
    named = f"{where}, {count:,} clients"
    return [
        Figure(f"a line reaches one, p50, {named}", round(heard["p50"], 1), "ms", "-"),
        Figure(f"a line reaches one, p99, {named}", round(heard["p99"], 1), "ms", "≤ 500"),
        Figure(f"memory of a connection, {named}", round(each, 1), "KiB", "≤ 150"),
        Figure(f"CPU of a line for each who hears it, {named}", round(used / told * 1e6, 1), "µs", "-"),
    ]


def beside_the_hostile() -> list[Figure]:
    """100 people, alone and beside those who do not keep to the rules, all from one address; and what the site uses."""
    with served("SQLite") as (hall, url, site), halls.crowd() as crowd, halls.writing(hall, url) as writers:
        crowd.come(hall, url, OTHERS)
        writers.write(A_SECOND * WARM_S, A_SECOND)
        crowd.until_all_have(writers.count)
        alone, used_alone = lateness(crowd, writers, site)
        with halls.hostile(hall, url):
            time.sleep(SETTLED_S)
            beside, used = lateness(crowd, writers, site)
        assert crowd.lists() == [[hall.numbers(), OTHERS]], "something was lost, doubled or out of order"
    named = "beside hostile clients"
    return [
        Figure(f"p99 of {OTHERS} others alone", round(alone, 1), "ms", "-"),
        Figure(f"p99 of {OTHERS} others {named}", round(beside, 1), "ms", "≤ 2 × alone", round(alone, 1),
               round(beside / alone, 2)),
        Figure("CPU of the site alone", round(used_alone * 100), "%", "-"),
        Figure(f"CPU of the site {named}", round(used * 100), "%", "-", round(used_alone * 100),
               round(used / used_alone, 2)),
    ]


def lateness(crowd, writers, site) -> tuple[float, float]:
    """p99 in ms while lines are written, and the share of one core that the site uses."""
    crowd.forget()
    began, used = time.monotonic(), cpu_s(workers(site))
    writers.write(A_SECOND * SECONDS, A_SECOND)
    crowd.until_all_have(writers.count)
    return crowd.summary()["p99"], (cpu_s(workers(site)) - used) / (time.monotonic() - began)


@contextmanager
def served(where: str) -> Iterator[tuple]:
    """A hall, its address, and what serves it."""
    with TemporaryDirectory(prefix="civic-forum-bench-") as folder, ExitStack() as opened:
        data = Path(folder) / "data"
        if where == "two workers":
            given = halls.MANY | {"SECRET_KEY": SECRET}
            settings = {f"{config.PREFIX}{name}": str(value) for name, value in given.items()}
            site = opened.enter_context(cluster.running(data, "--empty", **settings))
            hall = halls.of_cluster(site)
        else:
            given = {}
            if where == "PostgreSQL":
                given["DATABASE_URL"] = fresh_database(opened.enter_context(postgres.running()))
            hall = halls.settle(data, **given)
            site = opened.enter_context(halls.running(hall))
        yield hall, site.url, site


def workers(site) -> list[int]:
    """The processes that serve; their masters with them, which do nothing."""
    return site.processes("gunicorn")


def memory_kib(site) -> int:
    return sum(int(line.split()[1]) for pid in workers(site)
               for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
