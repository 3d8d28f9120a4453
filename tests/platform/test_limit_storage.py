"""Counts of limits while Redis is there, goes away, and comes back."""

import logging

import pytest
from redis.backoff import NoBackoff
from redis.retry import Retry

from civic_forum.platform import limit_storage
from civic_forum.platform.limit_storage import FallbackStorage
from tests.faults.test_redis_away import Server
from tests.servers import processes

A_MINUTE = 60
pytestmark = pytest.mark.servers


class Clock:
    """The monotonic clock of the module."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(limit_storage, "time", made)
    return made


@pytest.fixture(scope="module")
def server():
    with processes.room() as home:
        server = Server(home)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def storage(server, clock):
    made = FallbackStorage(limit_storage.PREFIX + server.url, retry=Retry(NoBackoff(), 0))
    made.reset()
    yield made
    made.there.storage.close()
    if server.process.poll() is not None:
        server.start()


def told(caplog):
    return [one.getMessage() for one in caplog.records if one.name == limit_storage.__name__]


def test_counts_can_be_forgotten(storage):
    assert [storage.incr("a", A_MINUTE) for _time in range(3)] == [1, 2, 3]
    storage.clear("a")
    assert storage.get("a") == 0


def test_counts_begin_anew_in_this_process_and_go_on_in_redis_later(storage, server, clock, caplog):
    caplog.set_level(logging.WARNING)
    assert storage.incr("a", A_MINUTE) == 1 and storage.check()
    server.stop()
    assert [storage.incr("a", A_MINUTE) for _time in range(3)] == [1, 2, 3] and storage.get("a") == 3
    assert told(caplog) == ["limits are counted in this process: ConnectionError"]
    server.start()
    clock.now += limit_storage.PAUSE_S - 0.01
    assert storage.get("a") == 3  # nobody asks it yet
    clock.now += 0.01
    assert [storage.incr("b", A_MINUTE) for _time in range(2)] == [1, 2]
    assert storage.get("a") == 0 and told(caplog)[1:] == ["limits are counted in Redis again"]


def test_all_counts_are_forgotten_wherever_they_were_counted(storage, server, clock):
    server.stop()
    storage.incr("a", A_MINUTE)
    server.start()
    clock.now += limit_storage.PAUSE_S
    storage.incr("b", A_MINUTE)
    storage.reset()
    assert storage.get("b") == 0
    server.stop()
    assert storage.get("a") == 0
