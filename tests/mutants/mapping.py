"""The map: which test reaches which mutant. Kept in .mutants/map.json and made anew for the files that changed."""

import json
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from . import sites

ROOT = sites.ROOT
LEFT_OUT = {"architecture", "browser", "cluster", "faults", "migrations", "mutants", "running", "sample_data",
            "servers", "site", "verifier"}
"""Folders whose tests, but for those of locks, serve the site from other processes, or know nothing of the code that is
weakened."""
SERVING = ("tests/ballots/test_publication_kills.py", "tests/ballots/test_restoring.py",
           "tests/budgets/test_whole_round.py", "tests/forums/live/", "tests/forums/test_whole_forum.py")
"""Files that do so in other folders."""

PLAYED = "tests/access/test_access.py"
"""Its scene takes longer to make than a dozen of its tests, and is the same after each: it is kept for the next one."""
PIECE = 20


def test_files(folders: Iterable[str] = ()) -> list[str]:
    """The files whose tests may reach a mutant; only those below these folders, if any are given."""
    found = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "tests").rglob("test_*.py"))
             if (path.name == "test_locks.py" or path.relative_to(ROOT).parts[1] not in LEFT_OUT)
             and not path.relative_to(ROOT).as_posix().startswith(SERVING)]
    wanted = tuple(folders)
    return [path for path in found if not wanted or path.startswith(wanted)]


class Map:
    def __init__(self, path: Path):
        self._path = path
        self._files = json.loads(path.read_text("utf-8")) if path.exists() else {}

    def stale(self, files: Iterable[str], sources: Iterable[str], sqlite: bool) -> list[str]:
        """The test files that have to be run: they, or something weakened that they reach, are not as they were."""
        now = {path: digest(path) for path in sources}
        return [path for path in files if self._is_stale(path, now)
                or self._files[path].get("sqlite") and not sqlite]

    def _is_stale(self, path: str, now: dict[str, str]) -> bool:
        known = self._files.get(path)
        if known is None or known["digest"] != digest(path):
            return True
        reached = {name.partition(":")[0] for name in known["names"]}
        return any(known["sources"].get(source) != value and (source in reached or source not in known["sources"])
                   for source, value in now.items())

    def learn(self, files: Iterable[str], sources: Iterable[str], answers: Iterable[dict],
              sqlite: bool) -> None:
        """Take in what a run has said, and keep it."""
        now = {path: digest(path) for path in sources}
        for path in files:
            self._files[path] = {"digest": digest(path), "sources": now, "sqlite": sqlite, "names": [], "tests": []}
        places = defaultdict(dict)
        for one in answers:
            path = one["test"].partition("::")[0]
            known = places[path]
            reached = [known.setdefault(name, len(known)) for name in one["reached"]]
            self._files[path]["tests"].append([one["test"], one["s"], one["passed"], reached])
        for path, known in places.items():
            self._files[path]["names"] = list(known)
        self._path.parent.mkdir(exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self._files), "utf-8")
        beside.replace(self._path)

    def failed(self, files: Iterable[str]) -> list[str]:
        return [test for path in files for test, _s, passed, _reached in self._files[path]["tests"] if not passed]

    def tests(self, files: Iterable[str]) -> dict[str, float]:
        """The seconds of every test of these files that passes."""
        return {test: seconds for path in files if path in self._files
                for test, seconds, passed, _reached in self._files[path]["tests"] if passed}

    def reaching(self, files: Iterable[str]) -> dict[str, dict[str, float]]:
        """For every mutant the tests that reach it, with their seconds."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for path in files:
            known = self._files.get(path, {"tests": [], "names": []})
            for test, seconds, passed, reached in known["tests"]:
                for place in reached if passed else ():
                    found[known["names"][place]][test] = seconds
        return found


def digest(path: str) -> str:
    return sha256((ROOT / path).read_bytes()).hexdigest()[:16]


def in_order(mutant: sites.Mutant, tests: dict[str, float]) -> list[tuple[str, float]]:
    """Own folder first, SQLite before PostgreSQL (for a lock it is the other way round), the cheap ones first, and one
    of each file before the next of any. The table of rights comes in pieces, for its scene is made anew each time."""
    ranked = _ranked(mutant, {test: seconds for test, seconds in tests.items() if not test.startswith(PLAYED)})
    played = sorted(((test, seconds) for test, seconds in tests.items() if test.startswith(PLAYED)),
                    key=lambda one: ("[postgres" in one[0], one[1], one[0]))
    if sites.area(mutant.path) != "policy":
        return ranked + played
    return ranked[:PIECE] + played[:PIECE] + ranked[PIECE:] + played[PIECE:]


def _ranked(mutant: sites.Mutant, tests: dict[str, float]) -> list[tuple[str, float]]:
    feature = f"tests/{Path(mutant.path).parts[1]}/"
    ranks: dict[str, int] = defaultdict(int)
    ranked = []
    for test, seconds in sorted(tests.items(), key=lambda one: (one[1], one[0])):
        path = test.partition("::")[0]
        ranks[path] += 1
        ranked.append((("[postgres" in test) != (mutant.kind == "lock"), not test.startswith(feature), ranks[path],
                       seconds, test))
    return [(test, seconds) for _database, _own, _rank, seconds, test in sorted(ranked)]


def of_feature(mutant: sites.Mutant, tests: dict[str, float]) -> dict[str, float]:
    """The tests of the feature's folder: nothing says which of them see what is read at import. Those of a module that
    is of no feature are the platform's."""
    parts = Path(mutant.path).parts
    feature = f"tests/{parts[1] if len(parts) > 2 else 'platform'}/"
    return dict(in_order(mutant, {test: seconds for test, seconds in tests.items() if test.startswith(feature)}))
