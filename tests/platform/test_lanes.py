"""Turns of dear work: whoever causes it waits for it."""

import random
import threading
import time
from itertools import count

import pytest

from civic_forum.platform import lanes
from civic_forum.platform.errors import Busy, TooMany
from civic_forum.platform.lanes import AGAIN_S, Lane
from tests.running.machine import patience


@pytest.fixture
def made():
    def make(**limits):
        return Lane(**{"places": 1, "most": 40, "most_of_one": 20, "patience_s": patience(20),
                       "crowded": lambda: "crowded", "enough": lambda: "enough"} | limits)

    return make


class People:
    """Jobs in a lane, each in a thread; `order` says who had their turn, `answers` what each was told."""

    def __init__(self, lane):
        self.lane, self.order, self.answers, self.ends, self.threads = lane, [], {}, {}, []

    def join(self, name, *who, first=False):
        """Come, and stay at work until `end`."""
        self.ends[name], there = threading.Event(), self.there() | set(self.answers)

        def run():
            try:
                with self.lane.turn(*who, first=first):
                    self.order.append(name)
                    self.ends[name].wait(patience(20))
            except (Busy, TooMany) as told:
                self.answers[name] = told

        self.threads.append(threading.Thread(target=run, daemon=True))
        self.threads[-1].start()
        self.until(lambda: (self.there() | set(self.answers)) != there or name in self.order)

    def there(self):
        return {id(job) for job in (*self.lane._waiting, *self.lane._at_work)}

    def until(self, true):
        deadline = time.monotonic() + patience(10)
        while not true():
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def end(self, name):
        before = len(self.order), len(self.lane._at_work)
        self.ends[name].set()
        self.until(lambda: (len(self.order), len(self.lane._at_work)) != before)

    def end_all(self):
        for event in self.ends.values():
            event.set()
        for thread in self.threads:
            thread.join()
        return self.order


def test_one_at_a_time_of_each_source_in_as_many_places_as_there_are(made):
    people = People(made(places=2))
    for name, who in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("c1", "c")):
        people.join(name, who)
    assert people.order == ["a1", "b1"]
    people.end("b1")
    assert people.order == ["a1", "b1", "c1"]
    people.end("c1")
    assert people.order == ["a1", "b1", "c1"] and len(people.lane._at_work) == 1
    assert people.end_all() == ["a1", "b1", "c1", "a2"] and not people.lane._had


def test_an_address_with_many_accounts_and_an_account_with_many_addresses_are_one(made):
    people = People(made(places=3))
    for name, who in (("a", ("home", "kim")), ("b", ("home", "lee")), ("c", ("work", "kim")), ("d", ("work", "lee"))):
        people.join(name, *who)
    assert sorted(people.order) == ["a", "d"]
    people.end_all()


def test_the_one_who_had_least_comes_next_and_those_who_are_known_before(made):
    people = People(made())
    people.join("a1", "a")
    for name, who, first in (("a2", "a", False), ("a3", "a", False), ("b1", "b", False), ("known", "c", True)):
        people.join(name, who, first=first)
    people.lane._had["c"] = 1000
    for name in ("a1", "known", "b1", "a2", "a3"):
        assert people.order[-1] == name
        people.ends[name].set()
        people.until(lambda name=name: people.order[-1] != name or not people.lane._at_work)
    people.end_all()


def test_few_of_one_source_and_nobody_for_ever(made):
    people = People(made(most_of_one=2, patience_s=0.2))
    for name in ("a1", "a2", "a3"):
        people.join(name, "home", "a")
    people.until(lambda: len(people.answers) == 2)
    told = people.answers["a3"], people.answers["a2"]
    assert [type(answer) for answer in told] == [TooMany, Busy] and not people.lane._waiting
    assert [str(answer) for answer in told] == ["enough", "crowded"]
    assert {answer.retry_after for answer in told} == {AGAIN_S}
    assert people.end_all() == ["a1"]


def test_a_full_lane_lets_go_of_the_last_of_whoever_has_most(made):
    people = People(made(most=3))
    for name, who in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a")):
        people.join(name, who)
    with pytest.raises(Busy):
        people.lane.ask_for_room("a")
    people.lane.ask_for_room("c")
    people.join("c1", "c")
    people.until(lambda: "a3" in people.answers)
    people.join("known", "a", first=True)
    people.until(lambda: "a2" in people.answers)
    people.join("d1", "b")
    assert set(people.answers) == {"a3", "a2", "d1"}
    assert people.end_all() == ["a1", "known", "b1", "c1"]


def test_a_turn_that_fails_or_is_given_up_holds_nobody_up(made, monkeypatch):
    lane = made()
    with pytest.raises(ValueError), lane.turn("a"):
        raise ValueError
    people = People(lane)
    people.join("a", "a")
    monkeypatch.setattr(threading.Event, "wait", given_up)
    with pytest.raises(KeyboardInterrupt), lane.turn("b"):
        pass
    monkeypatch.undo()
    assert not lane._waiting
    people.join("c", "c")
    assert people.end_all() == ["a", "c"]


def given_up(*_given):
    raise KeyboardInterrupt


def test_the_address_of_a_request_is_a_source(app, made):
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        assert lanes._job(("user:1",), False).sources == ("address:192.0.2.7", "user:1")
    assert lanes._job((), False).sources == ()


@pytest.mark.parametrize(("places", "hostile", "takes", "times"), [
    (2, 1, 30, 3), (1, 1, 1, 3), (2, 10, 4, 6), (1, 10, 1, 6)])
def test_strangers_make_somebody_wait_so_many_times_as_long_as_alone(made, monkeypatch, places, hostile, takes, times):
    """Hostile sources send again at once, jobs that take so many times as long, and somebody else no more than their
    share; by a clock of our own."""
    clock, chance, waits, pending = [0.0], random.Random(7), [], []
    monkeypatch.setattr(lanes.time, "monotonic", lambda: clock[0])
    lane, names, due = made(places=places), count(), []

    def enter(source, began):
        job = lanes._Job((f"address of {source}", source), False)
        lane._admit(job)
        lane._call_next()
        pending.append((job, source, began))

    for number in range(hostile):
        enter(f"hostile {number}", 0.0)
    enter("somebody", 0.0)
    while len(waits) < 200:
        for job, source, began in list(pending):
            if job in lane._at_work:
                pending.remove((job, source, began))
                due.append((clock[0] + (1 if source == "somebody" else takes * chance.uniform(0.8, 1)), next(names),
                            job, source, began, clock[0]))
        ends = min(due)
        due.remove(ends)
        clock[0], _number, job, source, began, since = ends
        if source == "later":
            enter("somebody", clock[0])
            continue
        lane._leave(job, clock[0] - since)
        lane._call_next()
        if source == "somebody":
            waits.append(clock[0] - began)
            due.append((clock[0] + chance.uniform(0, 4 * hostile), next(names), None, "later", 0, 0))
        else:
            enter(source, clock[0])
    assert sorted(waits)[189] <= times, sorted(waits)[-20:]
