"""The command behind `bin/test mutants [PATH…]`: weaken, run the tests that touch it, say what nobody found."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from pathlib import Path

from tests.running import touched

from . import sites
from .active import UNCLEAN

RULES = ("proposals", "answers", "ballots", "budgets", "forums")
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
PLAYED = "tests/access/test_access.py"
"""Its scene takes longer to make than a dozen of its tests: they come in pieces, and it is kept for the next mutant."""
PIECE = 20


def main() -> int:
    options = arguments()
    paths = sources(options.paths)
    mutants = {mutant.name: mutant for path in paths for mutant in sites.mutants(sites.ROOT / path)
               if re.search(options.only, mutant.name) and not (options.inside and mutant.at_import)
               and (options.paths or mutant.kind == "lock" or sites.area(path) != "other")}
    known = {test: names for test, names in touched.read().items() if not options.tests or test.startswith(
        tuple(options.tests))}
    if not known:
        sys.exit("Nothing is known of what tests touch: run `bin/test`, which notes it, first.")
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as place:
        report(mutants, Trial(Path(place), options, paths, known).of_all(mutants), equivalent())
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/test mutants", description=__doc__.partition(": ")[2])
    parser.add_argument("paths", nargs="*", help="files or folders; all policies, the rules and all locks without")
    parser.add_argument("--tests", nargs="+", default=(), help="only tests below these folders")
    parser.add_argument("--only", default="", help="only mutants whose name has this (a regular expression)")
    parser.add_argument("--inside", action="store_true", help="leave out mutants that need a process of their own")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60, help="after so long a mutant is given up")
    parser.add_argument("--least", type=int, default=60, help="but not before so many tests")
    parser.add_argument("--json", type=Path, help="write here what became of every mutant, now and then")
    parser.add_argument("--go-on", action="store_true", help="take over from --json what was found before")
    return parser.parse_args()


def sources(names) -> list[str]:
    """The modules to weaken, relative to the root."""
    tops = [Path(name).resolve() for name in names] or [sites.ROOT / "civic_forum"]
    files = sorted({file for top in tops for file in ([top] if top.is_file() else top.rglob("*.py"))})
    paths = [file.relative_to(sites.ROOT).as_posix() for file in files]
    return paths if names else [path for path in paths if sites.area(path) == "policy" or path in sites.KEEPING
                                or sites.area(path) == "rules" and path.split("/")[1] in RULES or has_lock(path)]


def has_lock(path: str) -> bool:
    return any(mutant.kind == "lock" for mutant in sites.mutants(sites.ROOT / path))


def equivalent() -> dict[str, str]:
    """Mutants that change nothing anybody can see: the name without its line, and why (the lines set in below it)."""
    reasons: dict[str, str] = {}
    name = ""
    for line in EQUIVALENT.read_text("utf-8").splitlines():
        if line.startswith(" "):
            reasons[name] = f"{reasons[name]} {line.strip()}".strip()
        elif name := line.strip():
            reasons[name] = ""
    return reasons


def in_order(mutant: sites.Mutant, tests) -> list[str]:
    """Own folder first, SQLite before PostgreSQL (for a lock it is the other way round), and one of each file before
    the next of any. Of the table of rights a piece comes early where it is about a permission."""
    feature = feature_of(mutant)
    ranks: Counter[str] = Counter()
    ranked, played = [], []
    for test in sorted(tests):
        path = test.partition("::")[0]
        if path == PLAYED:
            played.append(test)
            continue
        ranks[path] += 1
        ranked.append((("[postgres" in test) != (mutant.kind == "lock"), not test.startswith(feature), ranks[path],
                       test))
    ordered = [test for *_rank, test in sorted(ranked)]
    if sites.area(mutant.path) != "policy":
        return ordered + played
    return ordered[:PIECE] + played[:PIECE] + ordered[PIECE:] + played[PIECE:]


def feature_of(mutant: sites.Mutant) -> str:
    """The folder of its tests. Those of a module that is of no feature are the platform's."""
    parts = Path(mutant.path).parts
    return f"tests/{parts[1] if len(parts) > 2 else 'platform'}/"


class Trial:
    """The processes of pytest that try mutants; each takes one after another that nobody has taken."""

    def __init__(self, place: Path, options: argparse.Namespace, paths: list[str], known: dict[str, set[str]]):
        self.place, self.options, self.paths, self.known, self.numbers = place, options, paths, known, count(1)
        self.touching = defaultdict(list)
        for test, names in known.items():
            for name in names:
                self.touching[name].append(test)

    def tests(self, mutant: sites.Mutant) -> list[str]:
        """Those that touch its function; of what is read at import nothing says it: those of its feature, those
        first that name its module or its constant."""
        if not mutant.at_import:
            return in_order(mutant, self.touching[f"{mutant.path}:{mutant.function}"])
        own = [test for test in in_order(mutant, self.known) if test.startswith(feature_of(mutant))]
        return sorted(own, key=lambda test: not _names(test.partition("::")[0], mutant))

    def of_all(self, mutants: dict[str, sites.Mutant]) -> dict[str, dict]:
        tests = {name: self.tests(mutant) for name, mutant in mutants.items()}
        answers = {name: {"found_by": None, "run": 0, "touched_by": len(tests[name])} for name in mutants}
        if self.options.go_on:
            answers |= {name: answer for name, answer in json.loads(self.options.json.read_text("utf-8")).items()
                        if name in mutants and answer["found_by"]}
        left = [name for name in mutants if not answers[name]["found_by"] and tests[name]]
        plan = [{"name": name, "tests": tests[name]} for name in left if not mutants[name].at_import]
        with ThreadPoolExecutor(self.options.processes) as pool:
            tries = [pool.submit(self._inside, plan) for _process in range(self.options.processes)]
            while wait(tries, timeout=60).not_done:
                print(f"  {len(list((self.place / 'taken').glob('*')))} of {len(plan)} …", flush=True)
            for ended in tries:
                for name, answer in ended.result().items():
                    answers[name] |= answer
            self._keep(answers)
            alone = [name for name in left if mutants[name].at_import]
            for number, (name, answer) in enumerate(zip(alone, pool.map(
                    lambda name: self._preset(name, tests[name]), alone))):
                answers[name] |= answer
                if number % 20 == 0:
                    self._keep(answers)
                    print(f"  in a process of its own: {number} of {len(alone)}", flush=True)
        self._keep(answers)
        return answers

    def _keep(self, answers: dict) -> None:
        if self.options.json:
            self.options.json.write_text(json.dumps(answers, indent=1, ensure_ascii=False), "utf-8")

    def _pytest(self, plan: dict, tests) -> tuple[int, list[dict], str]:
        """Run pytest with a plan; its exit code, its answers, and the end of its log."""
        stem = self.place / f"{next(self.numbers)}"
        options = {key: getattr(self.options, key) for key in ("least", "seconds")}
        plan = {"paths": self.paths, "answers": str(stem.with_suffix(".answers"))} | options | plan
        stem.with_suffix(".plan").write_text(json.dumps(plan), "utf-8")
        stem.with_suffix(".temp").mkdir()
        stem.with_suffix(".files").write_text("\n".join(sorted({test.partition("::")[0] for test in tests})), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider", "-q",
             "--no-header", "--tb=short", f"@{stem.with_suffix('.files')}"], cwd=sites.ROOT, stdin=subprocess.DEVNULL,
            stdout=stem.with_suffix(".log").open("w"), stderr=subprocess.STDOUT, check=False,
            env=os.environ | {"CIVIC_MUTANTS": str(stem.with_suffix(".plan")),
                              "PYTEST_DEBUG_TEMPROOT": str(stem.with_suffix(".temp"))})
        answers = stem.with_suffix(".answers")
        lines = answers.read_text("utf-8").splitlines() if answers.exists() else []
        log = stem.with_suffix(".log").read_text("utf-8", "replace").splitlines()[-30:]
        return done.returncode, [json.loads(line) for line in lines], "\n".join(log)

    def _inside(self, mutants: list[dict]) -> dict[str, dict]:
        """One process after another, until no mutant is left that nobody has taken."""
        plan = {"mode": "try", "doubt": None, "taken": str(self.place / "taken"), "mutants": mutants}
        Path(plan["taken"]).mkdir(exist_ok=True)
        answers = {}
        while True:
            left = [mutant for number, mutant in enumerate(mutants)
                    if not (Path(plan["taken"]) / str(number)).exists() or plan["doubt"] and plan["doubt"][0] == number]
            if not left:
                return answers
            code, lines, log = self._pytest(plan, [test for mutant in left for test in mutant["tests"]])
            answers |= {line["name"]: line for line in lines}
            if not lines and code:
                raise SystemExit(f"trying ended with {code}:\n{log}")
            plan["doubt"] = [lines[-1]["number"], lines[-1]["found_by"]] if code == UNCLEAN else None
            if code == 0:
                return answers

    def _preset(self, name: str, tests: list[str]) -> dict:
        """A mutant that is on since the beginning, in a process of its own."""
        code, lines, log = self._pytest({"mode": "preset", "preset": name, "tests": tests}, tests)
        return lines[-1] if lines else {"found_by": f"the import (pytest ended with {code})", "run": 0, "log": log}


def _names(path: str, mutant: sites.Mutant) -> bool:
    """True if this file of tests has the name of the module, or of the constant in it."""
    return (Path(path).stem == f"test_{Path(mutant.path).stem}"
            or re.search(rf"\b{mutant.word}\b", (sites.ROOT / path).read_text("utf-8")) is not None)


def report(mutants: dict[str, sites.Mutant], answers: dict[str, dict], excused: dict[str, str]) -> None:
    """The table by file, then every mutant that nobody found."""
    table = defaultdict(Counter)
    for name, mutant in mutants.items():
        answer = answers[name]
        table[mutant.path]["found" if answer["found_by"] else "equivalent" if mutant.lasting in excused
                           else "survived" if answer["touched_by"] else "untouched"] += 1
    columns = ("found", "survived", "untouched", "equivalent")
    print("\n" + "".join(f"{column:>11}" for column in columns) + "  module")
    for path, counted in sorted(table.items()):
        print("".join(f"{counted[column]:>11}" for column in columns) + f"  {path}")
    print()
    for name, mutant in mutants.items():
        answer, why = answers[name], excused.get(mutant.lasting)
        if not answer["found_by"]:
            print(f"{name}\n    {f'equivalent: {why}' if why else _fate(answer)}")
        elif why:
            print(f"found by {answer['found_by']}, though said to be equivalent: {mutant.lasting}")
    total = sum(table.values(), Counter())
    print(f"{total['found']} found, {total['survived'] + total['untouched']} survived of {len(mutants)}")


def _fate(answer: dict) -> str:
    if not answer["touched_by"]:
        return "touched by no test"
    return f"survived {answer['run']} tests of {answer['touched_by']} that touch it"


if __name__ == "__main__":
    sys.exit(main())
