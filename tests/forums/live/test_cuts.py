"""Lines are cut, workers die, Redis goes away: everybody is back soon, and has the list as it stands."""

import json
import threading

import pytest

from tests.running import turns
from tests.servers.cluster import wait_until

from . import halls

pytestmark = pytest.mark.servers
MANY = 300 if turns.LONG else 100
LENGTHS = [pytest.param(20, id="short"), pytest.param(300, id="half-a-minute", marks=pytest.mark.long)]
"""Number of lines written meanwhile, ten a second where nothing is away."""


class Background:
    """Somebody who goes on writing meanwhile."""

    def __init__(self, writers, a_second=10):
        self.writers, self.a_second, self.stop, self.problem = writers, a_second, threading.Event(), None
        self.thread = threading.Thread(target=self._write)

    def _write(self):
        try:
            while not self.stop.is_set():
                self.writers.write(1, self.a_second)
        except BaseException as problem:
            self.problem = problem

    def write_on(self, lines):
        """Wait until so many more are written."""
        wanted = self.writers.count + lines
        wait_until(lambda: self.problem or self.writers.count > wanted, 60 + lines / self.a_second)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.stop.set()
        self.thread.join()
        if self.problem:
            raise self.problem


def all_have_the_list(hall, crowd, count, seconds):
    numbers = hall.numbers()
    crowd.until_all_have(numbers[-1], seconds)
    assert numbers == list(range(1, len(numbers) + 1))
    assert crowd.lists() == [[numbers, count]]


@pytest.mark.parametrize("lines", LENGTHS)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_everybody_is_cut_off(hall, crowd, database, lines):
    made = hall(database)
    with halls.running(made) as site, halls.writing(made, site.url) as writers:
        crowd.come(made, crowd.gate(url=site.url), MANY)
        writers.write(20)
        with Background(writers) as meanwhile:
            crowd.shut()
            meanwhile.write_on(lines)
            crowd.mend()
            took = crowd.until(what="number", number=writers.count, seconds=15)
        assert took is not None, "not all were back within 15 s"
        all_have_the_list(made, crowd, MANY, 15)


@pytest.mark.parametrize("lines", LENGTHS)
def test_a_worker_is_killed_while_everybody_is_cut_off(cluster, crowd, lines):
    made = halls.of_cluster(cluster)
    with halls.writing(made, cluster.url) as writers:
        crowd.come(made, crowd.gate(url=cluster.url), MANY)
        writers.write(20)
        with Background(writers) as meanwhile:
            crowd.shut()
            meanwhile.write_on(lines // 2)
            cluster.workers[0].kill()
            meanwhile.write_on(lines // 2)
            crowd.mend()
            took = crowd.until(what="number", number=writers.count, seconds=15)
        assert took is not None, "not all were back within 15 s"
        all_have_the_list(made, crowd, MANY, 15)


def test_a_worker_is_killed_below_its_listeners(cluster, crowd):
    made = halls.of_cluster(cluster)
    with halls.writing(made, cluster.url) as writers:
        crowd.come(made, cluster.url, MANY)
        with Background(writers) as meanwhile:
            meanwhile.write_on(10)
            cluster.workers[1].kill()
            meanwhile.write_on(10)
            took = crowd.until(what="number", number=writers.count + 10, seconds=15)
        assert took is not None, "not all were back within 15 s"
        all_have_the_list(made, crowd, MANY, 15)
    assert crowd.summary()["connects"] > MANY, "nobody was cut off: the kill hit the wrong worker"


def readiness(cluster):
    status, text = halls.answer(cluster.url, "/readyz")
    return status, json.loads(text)["degraded"]


@pytest.mark.parametrize("lines", LENGTHS)
def test_redis_is_away(cluster, crowd, lines):
    made = halls.of_cluster(cluster)
    with halls.writing(made, cluster.url) as writers:
        crowd.come(made, cluster.url, MANY)
        cluster.redis.stop()
        try:
            with Background(writers) as meanwhile:
                wait_until(lambda: readiness(cluster) == (200, ["redis"]))
                meanwhile.write_on(lines)
                assert readiness(cluster) == (200, ["redis"])
        finally:
            cluster.redis.start()
        all_have_the_list(made, crowd, MANY, 10)
        writers.write(5)
        all_have_the_list(made, crowd, MANY, 10)
