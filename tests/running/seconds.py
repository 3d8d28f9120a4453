"""Seconds of processor time: of a process of the tests and everything below it, and what a folder may bring."""

import os
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

BUDGET = 30
"""Units that the folder of a feature may bring to `bin/test`."""
LARGER = {"ballots": 180, "budgets": 140, "browser": 120, "access": 120, "forums": 95, "sample_data": 75,
          "opinions": 50, "polls": 50, "platform": 50, "commitments": 45, "accounts": 40, "migrations": 40,
          "servers": 40, "faults": 40, "architecture": 40}
"""Folders that may bring more, and how much: those that look at the whole site, and those from before there were
budgets, which may only come down."""
TOLERANCE = 1.15
"""So many times its budget a folder may take before it is named."""
TICKS = os.sysconf("SC_CLK_TCK")
MOMENT = 0.2
"""Seconds after which it is worth while to ask what other processes spent on a test."""


class Meter:
    """Seconds spent since the last lap by this process, its servers and its browsers."""

    def __init__(self):
        self.own, self.others, self.began = time.process_time(), others(), time.monotonic()

    def lap(self) -> float:
        """The seconds since the last lap; what others spent is asked for after a moment."""
        before, self.own = self.own, time.process_time()
        spent = self.own - before
        if time.monotonic() - self.began > MOMENT:
            before, self.others, self.began = self.others, others(), time.monotonic()
            spent += max(0.0, self.others - before)  # what ended and nobody waited for takes its seconds along
        return spent


def others() -> float:
    """Seconds of all processes below this one: of the ended ones that were waited for, and of the living ones."""
    times, asked = os.times(), children(os.getpid())
    spent = (times.children_user + times.children_system) * TICKS
    while asked:
        process = asked.pop()
        with suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            spent += sum(map(int, fields[11:15]))
            asked += children(process)
    return spent / TICKS


def children(process: int) -> list[int]:
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def by_folder(units: dict[str, float]) -> dict[str, float]:
    """Of units by test, those of each folder of tests/, the dearest first."""
    sums = Counter()
    for node, spent in units.items():
        sums[node.split("/")[1]] += spent
    return dict(sums.most_common())


def over_budget(folders: dict[str, float]) -> dict[str, int]:
    """The budgets of the folders that took more units than they may."""
    budgets = {folder: LARGER.get(folder, BUDGET) for folder in folders}
    return {folder: budgets[folder] for folder, spent in folders.items() if spent > TOLERANCE * budgets[folder]}
