"""Lines are cut, workers die, Redis goes away: everybody is back soon, and has the list as it stands."""

import json
import os
import signal
import threading
import time

import psycopg
import pytest

from tests.running import turns
from tests.servers.cluster import wait_until

from . import halls

pytestmark = [pytest.mark.servers, pytest.mark.in_turns(of=10)]
MANY = 300 if turns.LONG else 100
HALL = 1000 if turns.LONG else 100
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


def freeze_redis(cluster):
    """For longer than anybody waits for it; 20 s in a long run."""
    [pid] = cluster.children("redis-server")
    os.kill(pid, signal.SIGSTOP)
    time.sleep(20 if turns.LONG else 5)
    os.kill(pid, signal.SIGCONT)


def kill_redis(cluster):
    os.kill(cluster.children("redis-server")[0], signal.SIGKILL)


def end_backends(cluster):
    """Ten times, whatever they are doing."""
    with psycopg.connect(cluster.postgres.url, autocommit=True) as own:
        for _number in range(10):
            own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")
            time.sleep(0.2)


def kill_postmaster(cluster):
    cluster.postgres.restart(signal.SIGKILL)


def kill_nginx(cluster):
    os.kill(cluster.children("nginx")[0], signal.SIGKILL)


def kill_worker(cluster):
    cluster.workers[0].kill()


@pytest.mark.parametrize("fault", [freeze_redis, kill_redis, end_backends, kill_postmaster, kill_nginx, kill_worker],
                         ids=lambda fault: fault.__name__)
def test_a_hall_of_one_address_with_a_breaker_of_rules_goes_on(cluster, crowd, fault):
    """Ten lines a second by three at once: a writer takes no status but 204 and those that say to send it again."""
    made = halls.of_cluster(cluster)
    with halls.writing(made, cluster.url) as one, halls.writing(made, cluster.url) as two, \
            halls.writing(made, cluster.url) as three, halls.hostile(made, cluster.url, ("large",)):
        crowd.come(made, cluster.url, HALL, a_second=60)
        with Background(one, 4) as meanwhile, Background(two, 3), Background(three, 3):
            meanwhile.write_on(4)
            fault(cluster)
            meanwhile.write_on(8)
        numbers = made.numbers()
        assert len(numbers) == one.count + two.count + three.count
        all_have_the_list(made, crowd, HALL, 15)
