"""Deaths in a cluster: all that dies comes back, and all that can go on goes on."""

import json
import os
import signal
import threading
import time
from http.client import HTTPException, IncompleteRead

import pytest

from tests.servers.cluster import wait_until

from .visitors import Visitor


CUT = "cut"
"""A page that was half sent when its worker was killed: nobody can ask for the other half."""


class Crowd:
    """Visitors who ask for pages all the time: `.answers` are (status, seconds)."""

    def __init__(self, url, people=4):
        self.url, self.answers, self.over = url, [], threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(people)]

    def read(self):
        while not self.over.is_set():
            began = time.monotonic()
            try:
                status = Visitor(self.url).get(f"/proposals?crowd={len(self.answers)}")[0]
            except IncompleteRead:
                status = CUT
            except (OSError, HTTPException) as lost:
                status = type(lost).__name__
            self.answers.append((status, time.monotonic() - began))

    def missed(self):
        """Answers that were no whole page, beside the one that was just being sent."""
        others = [status for status, _ in self.answers if status != 200]
        others.remove(CUT) if CUT in others else None
        return others

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


def readiness(cluster):
    """Status and what goes on without; (0, []) while a connection is lost with the process that had taken it."""
    try:
        status, _, body = Visitor(cluster.url).get("/readyz")
    except OSError:
        return 0, []
    return status, json.loads(body).get("degraded")


def test_a_killed_worker_costs_no_page_and_comes_back(cluster):
    before = cluster.workers[0]
    with Crowd(cluster.url) as crowd:
        wait_until(lambda: len(crowd.answers) > 8)
        before.kill()
        after = cluster.workers[0]
        asked = len(crowd.answers)
        wait_until(lambda: len(crowd.answers) > asked + 8)
    assert after.pid != before.pid
    assert crowd.missed() == []


def test_a_whole_worker_that_is_killed_leaves_its_visitors_to_the_other_until_it_is_back(cluster):
    """The process that would start the worker again, too: for a while nobody listens there."""
    masters = cluster.children("--name web-1 ")
    with Crowd(cluster.url) as crowd:
        wait_until(lambda: len(crowd.answers) > 8)
        for pid in cluster.processes("--name web-1 "):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: cluster.children("--name web-1 ") not in ([], masters))
        assert cluster.workers[0].get("/healthz")[0] == 200
    assert crowd.missed() == []


@pytest.mark.parametrize("running", ["nginx", "civic_forum.worker"])
def test_a_killed_worker_comes_back(cluster, running):
    before = cluster.children(running)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: cluster.children(running) not in ([], before))
    wait_until(lambda: readiness(cluster) == (200, []))


def test_no_nginx_of_before_goes_on_beside_the_new_one(cluster):
    before = cluster.processes("nginx")
    os.kill(cluster.children("nginx")[0], signal.SIGKILL)
    wait_until(lambda: cluster.children("nginx") and not set(before) & set(cluster.processes("nginx")))
    assert Visitor(cluster.url).get("/healthz")[0] == 200


def test_without_redis_pages_and_forms_go_on_and_it_says_so(cluster):
    cluster.redis.stop()
    try:
        wait_until(lambda: readiness(cluster) == (200, ["redis"]))
        for worker in cluster.workers:
            assert Visitor(cluster.url).get("/proposals", at=worker)[0] == 200
        person = Visitor(cluster.url)
        assert person.post("/sign-in", name="resident7", password=cluster.password)[0] == 302
        assert person.get("/me")[0] == 200
        time.sleep(6)  # longer than a part that is needed would be tried again
        assert readiness(cluster) == (200, ["redis"])
    finally:
        cluster.redis.start()
    wait_until(lambda: readiness(cluster) == (200, []), 10)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["restarted", "killed"])
def test_postgresql_comes_back_with_everything_in_it(cluster, how):
    person = Visitor(cluster.url)
    assert person.post("/sign-in", name="resident3", password=cluster.password)[0] == 302
    cluster.postgres.restart(how)
    wait_until(lambda: readiness(cluster) == (200, []))
    for worker in cluster.workers:
        assert person.get("/me", at=worker)[0] == 200
