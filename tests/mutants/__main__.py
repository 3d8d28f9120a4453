"""The command behind `bin/test mutants [PATH…]`: weaken, run the tests that reach it, say what nobody found."""

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

from . import mapping, sites
from .active import UNCLEAN

RULES = ("proposals", "answers", "ballots", "budgets", "forums")
EQUIVALENT = Path(__file__).with_name("equivalent.txt")


def main() -> int:
    given = arguments()
    paths = sources(given.paths)
    mutants = {one.name: one for path in paths for one in sites.mutants(sites.ROOT / path)
               if re.search(given.only, one.name) and not (given.inside and one.at_import)
               and (given.paths or one.kind == "lock" or sites.area(path) != "other")}
    files = mapping.test_files(given.tests)
    known = mapping.Map(sites.ROOT / ".mutants" / "map.json")
    with tempfile.TemporaryDirectory(dir=room()) as place:
        run = Run(Path(place), given, paths)
        run.make_map(known, files, sorted({*paths, *sources(())}))
        for test in known.failed(files):
            print(f"fails without any mutant, left out: {test}")
        if given.map_only:
            return 0
        answers = run.try_all(mutants, known, files)
    report(mutants, answers, equivalent())
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/test mutants", description=__doc__.partition(": ")[2])
    parser.add_argument("paths", nargs="*", help="files or folders; all policies, the rules and all locks without")
    parser.add_argument("--tests", nargs="+", default=(), help="only tests below these folders")
    parser.add_argument("--only", default="", help="only mutants whose name has this (a regular expression)")
    parser.add_argument("--sqlite", action="store_true", help="only tests that need no servers; finds no locks")
    parser.add_argument("--inside", action="store_true", help="leave out mutants that need a process of their own")
    parser.add_argument("--map", action="store_true", help="make the map anew, whatever is known")
    parser.add_argument("--map-only", action="store_true", help="make the map and try nothing")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60, help="after so long a mutant is given up")
    parser.add_argument("--least", type=int, default=60, help="but not before so many tests")
    parser.add_argument("--json", type=Path, help="write here what became of every mutant, now and then")
    parser.add_argument("--go-on", action="store_true", help="take over from --json what was found before")
    return parser.parse_args()


def sources(given) -> list[str]:
    """The modules to weaken, relative to the root."""
    tops = [Path(one).resolve() for one in given] or [sites.ROOT / "civic_forum"]
    found = sorted({file for top in tops for file in ([top] if top.is_file() else top.rglob("*.py"))})
    paths = [file.relative_to(sites.ROOT).as_posix() for file in found]
    if given:
        return paths
    return [path for path in paths if sites.area(path) == "policy" or has_lock(path) or path in sites.KEEPING
            or sites.area(path) == "rules" and path.split("/")[1] in RULES]


def has_lock(path: str) -> bool:
    return any(one.kind == "lock" for one in sites.mutants(sites.ROOT / path))


def room() -> str | None:
    """In memory, where there is room: most of the time would be waiting for the disk."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        return None
    free = os.statvfs(memory)
    return str(memory) if free.f_bavail * free.f_frsize > 6 << 30 else None


def equivalent() -> dict[str, str]:
    """Mutants that change nothing anybody can see: the name without its line, and why (the lines set in below it)."""
    found: dict[str, str] = {}
    name = ""
    for line in EQUIVALENT.read_text("utf-8").splitlines():
        if line.startswith(" "):
            found[name] = f"{found[name]} {line.strip()}".strip()
        elif line.strip():
            name = line.strip()
            found[name] = ""
    return found


class Run:
    """The processes of pytest that make the map and try mutants."""

    def __init__(self, place: Path, given: argparse.Namespace, paths: list[str]):
        self.place, self.given, self.paths, self.numbers = place, given, paths, count(1)

    def _pytest(self, plan: dict, files: list[str]) -> tuple[int, Path]:
        """Run pytest with a plan; its exit code and the file of its answers."""
        stem = self.place / f"{next(self.numbers)}"
        given = {key: getattr(self.given, key) for key in ("least", "seconds", "sqlite")}
        plan = {"paths": self.paths, "answers": str(stem.with_suffix(".answers"))} | given | plan
        stem.with_suffix(".plan").write_text(json.dumps(plan), "utf-8")
        stem.with_suffix(".temp").mkdir()
        stem.with_suffix(".files").write_text("\n".join(files), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider", "-q",
             "--no-header", "--tb=short", f"@{stem.with_suffix('.files')}"], cwd=sites.ROOT, stdin=subprocess.DEVNULL,
            stdout=stem.with_suffix(".log").open("w"), stderr=subprocess.STDOUT, check=False,
            env=os.environ | {"CIVIC_MUTANTS": str(stem.with_suffix(".plan")),
                              "PYTEST_DEBUG_TEMPROOT": str(stem.with_suffix(".temp"))})
        return done.returncode, stem.with_suffix(".answers")

    def make_map(self, known: mapping.Map, files: list[str], sources: list[str]) -> None:
        """Run the tests whose part of the map is not as it was, with everything weakened that is weakened by itself."""
        stale = files if self.given.map else known.stale(files, sources, self.given.sqlite)
        print(f"map: {len(stale)} of {len(files)} test files …", flush=True)
        shares = [share for place in range(self.given.processes) if (share := stale[place::self.given.processes])]
        with ThreadPoolExecutor(self.given.processes) as pool:
            ran = list(pool.map(lambda share: self._pytest({"mode": "map", "paths": sources}, share), shares))
        for code, path in ran:
            if code not in (0, 5):
                raise SystemExit(f"the map could not be made:\n{log(path)}")
        known.learn(stale, sources, [one for _code, path in ran for one in lines(path)], self.given.sqlite)

    def try_all(self, mutants: dict, known: mapping.Map, files: list[str]) -> dict[str, dict]:
        reaching, tests = known.reaching(files), known.tests(files)
        answers = {name: {"found_by": None, "run": 0, "reached_by": 0} for name in mutants}
        if self.given.go_on:
            answers |= {name: one for name, one in json.loads(self.given.json.read_text("utf-8")).items()
                        if name in mutants and one["found_by"]}
        left = [one for one in mutants.values() if not answers[one.name]["found_by"]]
        inside = [one for one in left if not one.at_import and reaching.get(one.name)]
        with ThreadPoolExecutor(self.given.processes) as pool:
            done = [pool.submit(self._try, inside, reaching) for _process in range(self.given.processes)]
            while wait(done, timeout=60).not_done:
                print(f"  {len(list((self.place / 'taken').glob('*')))} of {len(inside)} …", flush=True)
            for one in done:
                answers |= one.result()
            self.keep(answers)
            unused = [one for one in inside if not answers[one.name]["found_by"] and not answers[one.name].get("used")]
            alone = [(one, dict(mapping.in_order(one, reaching[one.name])[:self.given.least])) for one in unused]
            alone += [(one, mapping.of_feature(one, tests)) for one in left if one.at_import]
            if self.given.inside:
                return answers
            for number, (name, done) in enumerate(pool.map(lambda pair: self._preset(*pair), alone)):
                answers[name] = done
                if number % 20 == 0:
                    self.keep(answers)
                    print(f"  in a process of its own: {number} of {len(alone)}", flush=True)
        self.keep(answers)
        return answers

    def keep(self, answers: dict) -> None:
        if self.given.json:
            self.given.json.write_text(json.dumps(answers, indent=1, ensure_ascii=False), "utf-8")

    def _try(self, mutants: list[sites.Mutant], reaching: dict) -> dict[str, dict]:
        """One process after another, until no mutant is left that nobody has taken."""
        plan = {"mode": "try", "doubt": None, "taken": str(self.place / "taken"), "mutants": [
            {"name": one.name, "tests": mapping.in_order(one, reaching[one.name])} for one in mutants]}
        Path(plan["taken"]).mkdir(exist_ok=True)
        answers = {}
        while True:
            left = [one for number, one in enumerate(plan["mutants"])
                    if not (Path(plan["taken"]) / str(number)).exists() or plan["doubt"] and plan["doubt"][0] == number]
            if not left:
                return answers
            files = sorted({test.partition("::")[0] for one in left for test, _seconds in one["tests"]})
            code, path = self._pytest(plan, files)
            said = lines(path)
            answers |= {one["name"]: one | {"reached_by": len(reaching[one["name"]])} for one in said}
            if not said and code:
                raise SystemExit(f"trying ended with {code}:\n{log(path)}")
            plan["doubt"] = [said[-1]["number"], said[-1]["found_by"]] if code == UNCLEAN else None
            if code == 0:
                return answers

    def _preset(self, mutant: sites.Mutant, tests: dict[str, float]) -> tuple[str, dict]:
        """A mutant that is on since the beginning, in a process of its own."""
        naming = {test: seconds for test, seconds in tests.items()
                  if mutant.word and _names(sites.ROOT / test.partition("::")[0], mutant)}
        rest = {test: seconds for test, seconds in tests.items() if test not in naming}
        answer = {"found_by": None, "run": 0}
        for share in (naming, rest):  # collecting all tests of a feature takes longer than most of those
            if share and not answer["found_by"]:
                run = answer["run"]
                answer = self._preset_once(mutant, share)
                answer["run"] += run
        return mutant.name, answer | {"reached_by": len(tests)}

    def _preset_once(self, mutant: sites.Mutant, tests: dict[str, float]) -> dict:
        code, path = self._pytest({"mode": "preset", "preset": mutant.name, "tests": list(tests.items()),
                                   "others": mutant.at_import}, sorted({test.partition("::")[0] for test in tests}))
        if path.exists():
            return json.loads(path.read_text("utf-8"))
        return {"found_by": f"the import (pytest ended with {code})", "run": 0, "log": log(path)}


def _names(tests: Path, mutant: sites.Mutant) -> bool:
    """True if this file of tests has the name of the module, or of the constant in it."""
    return (tests.stem == f"test_{Path(mutant.path).stem}"
            or re.search(rf"\b{mutant.word}\b", tests.read_text("utf-8")) is not None)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def log(path: Path) -> str:
    return "\n".join(path.with_suffix(".log").read_text("utf-8", "replace").splitlines()[-30:])


def report(mutants: dict[str, sites.Mutant], answers: dict[str, dict], excused: dict[str, str]) -> None:
    """The table by file, then every mutant that nobody found."""
    table = defaultdict(Counter)
    found = survived = 0
    for name, one in mutants.items():
        answer = answers[name]
        what = ("found" if answer["found_by"] else "equivalent" if one.lasting in excused
                else "survived" if answer["reached_by"] else "unreached")
        table[one.path][what] += 1
        found += what == "found"
        survived += what in ("survived", "unreached")
    columns = ("found", "survived", "unreached", "equivalent")
    print("\n" + "".join(f"{column:>11}" for column in columns) + "  module")
    for path, counted in sorted(table.items()):
        print("".join(f"{counted[column]:>11}" for column in columns) + f"  {path}")
    print()
    for name, one in mutants.items():
        if not answers[name]["found_by"]:
            why = excused.get(one.lasting)
            print(f"{name}\n    {f'equivalent: {why}' if why else said(answers[name])}")
    for name, one in mutants.items():
        if answers[name]["found_by"] and one.lasting in excused:
            print(f"found by {answers[name]['found_by']}, though said to be equivalent: {one.lasting}")
    print(f"{found} found, {survived} survived of {len(mutants)}")


def said(answer: dict) -> str:
    if not answer["reached_by"]:
        return "reached by no test"
    return f"survived {answer['run']} tests of {answer['reached_by']} that reach it"


if __name__ == "__main__":
    sys.exit(main())
