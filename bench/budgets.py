"""Time and memory of counting the participatory budget of a large city."""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from civic_forum.budgets.formats.pabulib.making import election_of
from civic_forum.budgets.formats.pabulib.parsing import read
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule, Utility

from . import large_election
from .counted_box import counted_box
from .figures import Figure

EQUAL = CountingRules(Rule.EQUAL_SHARES)
COUNTS = {
    "greedy": (CountingRules(), ""),
    "equal shares by cost": (EQUAL, "≤ 5"),
    "equal shares by cardinality": (EQUAL.with_(utility=Utility.CARDINALITY), "≤ 5"),
    "equal shares by cost, add1": (EQUAL.with_(completion=Completion.ADD1), "≤ 60"),
    "equal shares by cost, add1 until infeasible": (
        EQUAL.with_(completion=Completion.ADD1_UNTIL_INFEASIBLE, fill_greedy=True), "≤ 60"),
}
MOST_MB = 1000


def budgets(_districts) -> list[Figure]:
    """Every count in a process of its own, so that each has the memory of its own."""
    size = f"{large_election.VOTERS:,} voters × {large_election.PROJECTS} projects"
    with tempfile.TemporaryDirectory(prefix="civic-forum-budgets-") as folder:
        path = Path(folder) / "large.pb"
        path.write_bytes("\n".join(_file()).encode())
        seconds, peak, megabytes = _alone(_read, path)
        figures = [Figure(f"reading {megabytes} MB of .pb, {size}", seconds, "s", "≤ 20"),
                   Figure("memory of reading, peak", peak, "MB", f"≤ {MOST_MB}")]
        for name, (_rules, goal) in COUNTS.items():
            seconds, peak, said = _alone(_count, path, name)
            figures += [Figure(f"{name}: {said}", seconds, "s", goal),
                        Figure(f"memory of {name}, peak", peak, "MB", f"≤ {MOST_MB}")]
    return figures + counted_box()


def _alone(what, *given):
    """Seconds, peak of memory in MB and what was said, of `what` in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(what, given)


def _read(path: Path):
    data = path.read_bytes()
    began = time.monotonic()
    election = election_of(read(data))
    took = time.monotonic() - began
    if election.voters != large_election.VOTERS:
        raise RuntimeError(f"{election.voters} ballots were read")
    return round(took, 2), _peak(), round(len(data) / 1e6, 1)


def _count(path: Path, name: str):
    election = election_of(read(path.read_bytes()))
    began = time.monotonic()
    found = count(election, COUNTS[name][0])
    took = time.monotonic() - began
    steps = "" if found.steps is None else f", {found.steps} steps"
    return round(took, 2), _peak(), f"{len(found.selected)} funded{steps}"


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _file() -> Iterable[str]:
    costs, ballots = large_election.costs(), large_election.ballots()
    yield from ("META", "key;value", "description;in the likeness of a large city's", "country;Nowhere", "unit;City",
                "instance;2026", f"num_projects;{len(costs)}", f"num_votes;{len(ballots)}",
                f"budget;{large_election.BUDGET}", "vote_type;approval", "rule;equalshares", "date_begin;01.06.2026",
                "date_end;30.06.2026", f"max_length;{large_election.MOST_CHOICES}")
    yield from ("PROJECTS", "project_id;cost", *(f"{project_id};{cost}" for project_id, cost in costs.items()))
    yield from ("VOTES", "voter_id;vote")
    ids = list(costs)
    for voter, ballot in enumerate(ballots, 1):
        yield f"{voter};{','.join(ids[place] for place in ballot)}"
