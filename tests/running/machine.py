"""Speed of the machine: a fixed piece of work says by what to measure seconds, at the start of a run and during it.

A *unit* is a second of processor time of the machine on which the budgets were set. What waits for something waits as
many times longer as the clock needs for the same work, which also says what else the machine has to do.
"""

import hashlib
import os
import re
import time
from functools import cache

STEPS = 60_000
UNIT_S, TURN_S = 0.073, 0.075
"""Seconds of processor time and of the clock that the work takes where a unit is a second."""
VARIABLE = "CIVIC_TESTS_SPEED"


def work() -> int:
    """The work of a site, in small: texts, patterns, dictionaries, digests."""
    known: dict[str, int] = {}
    for step in range(STEPS):
        word = re.sub(r"\d", "가", f"{step % 997}: {step}")
        known[word] = known.get(word, 0) + len(word.encode())
        if step % 50 == 0:
            hashlib.sha256(word.encode() * 40).digest()
    return sum(known.values())


def measured(processes: int) -> tuple[float, float]:
    """Seconds of processor time and of the clock that the work takes while so many processes do it at once, each
    three times: the least of the first, and what all of it took of the second."""
    children = []
    for _number in range(processes):
        reading, writing = os.pipe()
        if not (child := os.fork()):
            spent = []
            began = time.perf_counter()
            for _turn in range(3):
                before = time.process_time()
                work()
                spent.append(time.process_time() - before)
            os.write(writing, f"{min(spent)} {(time.perf_counter() - began) / 3}".encode())
            os._exit(0)
        os.close(writing)
        children.append((child, reading))
    said = []
    for child, reading in children:
        said.append([float(number) for number in os.read(reading, 100).split()])
        os.close(reading)
        os.waitpid(child, 0)
    return min(spent for spent, _clock in said), max(clock for _spent, clock in said)


def speed() -> float:
    """Seconds of processor time to a unit at this moment, beside whatever else runs."""
    before = time.thread_time()
    work()
    return (time.thread_time() - before) / UNIT_S


@cache
def factors() -> tuple[float, float]:
    """Seconds of processor time to a unit, and how many times longer to wait than on a quiet machine; measured once a
    run, and told to its processes by the environment."""
    if VARIABLE not in os.environ:
        spent, clock = measured(2)
        os.environ[VARIABLE] = f"{spent / UNIT_S:.3f} {max(1.0, clock / TURN_S):.2f}"
    units, waiting = map(float, os.environ[VARIABLE].split())
    return units, waiting


def patience(seconds: float) -> float:
    """As long to wait as these seconds are on a quiet machine."""
    return seconds * factors()[1]
