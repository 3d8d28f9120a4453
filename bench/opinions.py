"""The map of opinions, computed in a process of its own, and answering."""

import json
import subprocess
import sys

from . import answering
from .districts import Districts
from .figures import Figure

CASES = ((100_000, 1_000, 5_000_000, "≤ 60 s", "≤ 1536 MB"), (2_000, 900, 60_000, "≤ 3 s", "≤ 1536 MB"))
"""People, statements, responses, and the goals."""


def opinions(_: Districts) -> list[Figure]:
    figures = []
    for people, statements, responses, seconds, memory in CASES:
        took, peak = json.loads(subprocess.run(
            [sys.executable, "-m", "bench.opinions", str(people), str(statements), str(responses)], check=True,
            capture_output=True, text=True).stdout)
        name = f"map of {people:,} × {statements:,}, {responses:,} responses"
        figures += [Figure(name, round(took, 2), "s", seconds), Figure(f"{name}: memory", round(peak), "MB", memory)]
    return figures + answering.answering()


def _measure(people: int, statements: int, responses: int) -> tuple[float, float]:
    """Seconds of a run, imports and the reading of the responses left out, and peak memory of the process in MB."""
    import resource
    import time

    import numpy as np

    from civic_forum.opinions.mapping import Matrix, Statement, compute
    from civic_forum.opinions.mapping import run  # noqa: F401  (imports are not measured)
    chance = np.random.default_rng(1)
    camps = chance.normal(size=(3, statements))
    cells = np.unique(chance.integers(0, people * statements, responses + responses // 20))
    cells = np.sort(chance.permutation(cells)[:responses])
    rows, columns = (cells // statements).astype(np.int32), (cells % statements).astype(np.int32)
    leaning = camps[chance.integers(0, 3, people)[rows], columns] + chance.normal(size=len(rows))
    values = np.where(leaning > 0.3, 1, np.where(leaning < -0.3, -1, 0)).astype(np.int8)
    matrix = Matrix(tuple(map(str, range(people))), tuple(map(str, range(statements))), rows, columns, values)
    before = time.perf_counter()
    found = compute(matrix, [Statement(one, taken_out=place % 20 == 0) for place, one in enumerate(matrix.statements)])
    took = time.perf_counter() - before
    if found.participants != people or found.statements != statements:
        raise SystemExit("The map has another size than its matrix.")
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(_measure(*map(int, sys.argv[1:]))))
