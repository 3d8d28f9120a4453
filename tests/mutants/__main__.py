"""The command behind `bin/test mutants [PATH…]`: weaken, run the tests that touch it, say what nobody found."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from pathlib import Path

from tests.running import touched

from . import sites
from .active import UNCLEAN

RULES = ("proposals", "answers", "ballots", "budgets", "forums")
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
PLAYED = "tests/access/test_access.py"
"""Its scene takes longer to make than a dozen of its tests: they come in pieces, and it is kept for the next mutant."""
PIECE = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/test mutants", description=__doc__.partition(": ")[2])
    parser.add_argument("paths", nargs="*", help="files or folders; all policies, the rules and all locks without")
    parser.add_argument("--only", default="", help="only mutants whose name has this (a regular expression)")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    mutants = chosen(options)
    if not (known := touched.read()):
        sys.exit("Nothing is known of what tests touch: run `bin/test`, which notes it, first.")
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as place:
        report(mutants, Trial(Path(place), options.processes, mutants, known).answers(), equivalent())


def chosen(options: argparse.Namespace) -> dict[str, sites.Mutant]:
    """By name the mutants of the modules that are named, else all locks and those of modules that count most."""
    tops = [Path(name).resolve() for name in options.paths] or [sites.ROOT / "civic_forum"]
    mutants = {}
    for file in sorted({file for top in tops for file in ([top] if top.is_file() else top.rglob("*.py"))}):
        path = file.relative_to(sites.ROOT).as_posix()
        counts = options.paths or path in sites.KEEPING or sites.area(path) == "policy" or (
            sites.area(path) == "rules" and path.split("/")[1] in RULES)
        mutants |= {mutant.name: mutant for mutant in sites.mutants(file) if (counts or mutant.kind == "lock")
                    and re.search(options.only, mutant.name)}
    return mutants


def equivalent() -> dict[str, str]:
    """Mutants that change nothing anybody can see: the name without its line, and why (the lines set in below it)."""
    blocks = re.findall(r"^(\S.*)((?:\n .*)*)", EQUIVALENT.read_text("utf-8"), re.MULTILINE)
    return {name.strip(): " ".join(reason.split()) for name, reason in blocks}


@cache
def text_of(path: Path) -> str:
    return (sites.ROOT / path).read_text("utf-8")


class Trial:
    """The processes of pytest that try mutants; each has its share of them."""

    def __init__(self, place: Path, processes: int, mutants: dict[str, sites.Mutant], known: dict):
        self.place, self.processes, self.mutants, self.known = place, processes, mutants, known

    def tests(self, mutant: sites.Mutant) -> list[str]:
        """Those that touch its function; of what is read at import nothing says it: those of its feature (of none: the
        platform's). First those that name its module, function or constant; SQLite before PostgreSQL (for a lock the
        other way round), own folder first, and one of each file before the next of any. Of the table of rights a piece
        comes early where it is about a permission."""
        place, ranks, word = Path(mutant.path), Counter(), mutant.word or mutant.function.rpartition(".")[2]
        folder = f"tests/{place.parts[1] if len(place.parts) > 2 else 'platform'}/"

        def rank(test: str) -> tuple[bool, bool, bool, int]:
            path = Path(test.partition("::")[0])
            ranks[path] += 1
            names = path.stem == f"test_{place.stem}" or re.search(rf"\b{word}\b", text_of(path))
            return not names, ("[postgres" in test) != (mutant.kind == "lock"), not test.startswith(folder), ranks[path]

        tests = sorted(test for test, names in self.known.items() if (
            test.startswith(folder) if mutant.at_import else f"{mutant.path}:{mutant.function}" in names))
        played = [test for test in tests if test.startswith(PLAYED)]
        ordered = sorted((test for test in tests if not test.startswith(PLAYED)), key=rank)
        early = PIECE if sites.area(mutant.path) == "policy" else len(ordered)
        return ordered[:early] + played[:PIECE] + ordered[early:] + played[PIECE:]

    def answers(self) -> dict[str, dict]:
        tests = {name: self.tests(mutant) for name, mutant in self.mutants.items()}
        answers = {name: {"found_by": None, "run": 0, "touched_by": len(tests[name])} for name in tests}
        inside, alone = ([{"name": name, "tests": tests[name]} for name, mutant in self.mutants.items()
                          if mutant.at_import == at_import and tests[name]] for at_import in (False, True))
        with ThreadPoolExecutor(self.processes) as pool:
            tries = [pool.submit(self._tried, inside[number::self.processes], False)
                     for number in range(self.processes)]
            tries += [pool.submit(self._tried, [mutant], True) for mutant in alone]
            while wait(tries, timeout=60).not_done:
                lines = sum(path.read_text("utf-8").count("\n") for path in self.place.glob("*/answers"))
                print(f"  {lines // 2} of {len(inside) + len(alone)} …", flush=True)
        for ended in tries:
            answers |= {name: answers[name] | answer for name, answer in ended.result().items()}
        return answers

    def _tried(self, mutants: list[dict], alone: bool) -> dict[str, dict]:
        """One process after another, until each mutant is tried. Alone it is on since the beginning of its process."""
        answers, doubt = {}, None
        while mutants:
            place = Path(tempfile.mkdtemp(dir=self.place))
            plan = {"mutants": mutants, "alone": alone, "doubt": doubt, "answers": str(place / "answers"),
                    "paths": sorted({mutant.path for mutant in self.mutants.values()})}
            (place / "plan").write_text(json.dumps(plan), "utf-8")
            (place / "answers").touch()
            command = [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider", "-q",
                       "--no-header", "--tb=short",
                       *sorted({test.partition("::")[0] for mutant in mutants for test in mutant["tests"]})]
            variables = os.environ | {"CIVIC_MUTANTS": str(place / "plan"), "PYTEST_DEBUG_TEMPROOT": str(place)}
            with (place / "log").open("w") as log:
                code = subprocess.call(command, cwd=sites.ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=subprocess.STDOUT)
            end = "\n".join((place / "log").read_text("utf-8", "replace").splitlines()[-30:])
            lines = [json.loads(line) for line in (place / "answers").read_text("utf-8").splitlines()]
            answers |= {line["name"]: line for line in lines}
            if not lines and code and not alone:
                raise SystemExit(f"trying ended with {code}:\n{end}")
            elif not lines and code:
                answers[mutants[0]["name"]] = {"found_by": f"the import (pytest ended with {code})", "log": end}
            doubt = lines[-1]["found_by"] if code == UNCLEAN else None
            mutants = [mutant for mutant in mutants if code and (
                mutant["name"] not in answers or doubt and mutant["name"] == lines[-1]["name"])]
        return answers


def report(mutants: dict[str, sites.Mutant], answers: dict[str, dict], excused: dict[str, str]) -> None:
    """Every mutant that nobody found, and how many are found, survive and are equivalent."""
    counts = Counter()
    for name, mutant in mutants.items():
        answer, is_excused = answers[name], mutant.lasting in excused
        fate = "found" if answer["found_by"] else "equivalent" if is_excused else "survived"
        counts[fate] += 1
        if fate == "survived":
            print(f"{name}\n    survived {answer['run']} tests of {answer['touched_by']} that touch it")
        elif fate == "found" and is_excused:
            print(f"found by {answer['found_by']}, though said to be equivalent: {mutant.lasting}")
    print(f"{counts['found']} found, {counts['survived']} survived of {len(mutants)}")


if __name__ == "__main__":
    main()
