"""`bin/test changed`: the tests that touch what differs from what has landed.

A changed function or template chooses the tests that touched it; a changed constant, class or table those that touched
a function that names it; a changed sentence of a translation what says it. The folder of tests of a changed feature is
run whole, and what only processes of their own or a browser show is run where a change can show there alone.
"""

import ast
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from . import touched

ROOT = touched.ROOT
ALWAYS = ("tests/architecture/",)
OF_PROCESSES = {"site", "cluster", "sample_copy", "empty_site", "empty_cluster"}
WORD = re.compile(r"\w+")


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def base() -> str:
    """The commit that this tree began from: the newest that is on main, as this repository knows it."""
    for name in ("origin/main", "main"):
        if subprocess.run(["git", "rev-parse", "-q", "--verify", name], cwd=ROOT, capture_output=True).returncode == 0:
            return git("merge-base", name, "HEAD").strip()
    return "HEAD"


def paths(since: str) -> list[str]:
    """The files that differ from this commit, those that git does not know included."""
    return sorted({*git("diff", "--name-only", since).split(), *git("ls-files", "-o", "--exclude-standard").split()})


def before(path: str, since: str) -> str:
    done = subprocess.run(["git", "show", f"{since}:{path}"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


def now(path: str) -> str:
    return (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else ""


class Pieces(ast.NodeVisitor):
    """The functions of a module, and what stands outside of them by the name that it gives."""

    def __init__(self, source: str):
        self.functions, self.others, self.within = {}, {}, []
        for node in ast.parse(source).body:
            self._take(node)

    def _take(self, node) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions[".".join([*self.within, node.name])] = ast.dump(node)
        elif isinstance(node, ast.ClassDef):
            self.others[node.name] = ast.dump(ast.Module([
                *(part for part in node.body if not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))),
                *map(ast.Expr, [*node.bases, *node.decorator_list])], []))
            self.within.append(node.name)
            for part in node.body:
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    self._take(part)
            self.within.pop()
        else:
            names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)
                     and isinstance(part.ctx, ast.Store)]
            key = ", ".join(names) if names else ast.dump(node)
            self.others[key] = self.others.get(key, "") + ast.dump(node)


def differing(old: dict[str, str], new: dict[str, str]) -> set[str]:
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


class Change:
    """The difference: functions and templates by their names in the map, constants and classes as `words`, tests by
    the beginnings of their ids; `browser` if windows show it."""

    def __init__(self, changed: Iterable[str], since: str):
        self.names, self.words, self.tests, self.browser = set(), set(), set(ALWAYS), False
        for path in changed:
            self._take(path, since)

    def _take(self, path: str, since: str) -> None:
        top, _, rest = path.partition("/")
        if top in ("civic_forum", "templates", "migrations") and "/" in rest:
            self.tests.add(f"tests/{rest.partition('/')[0]}/")
        if path.endswith(".py") and top in ("civic_forum", "config.py"):
            old, new = Pieces(before(path, since)), Pieces(now(path))
            self.names |= {f"{path}:{name}" for name in differing(old.functions, new.functions)}
            for key in differing(old.others, new.others):
                self.words |= set() if "(" in key else set(key.split(", "))
                self.names |= {f"{path}:{name}" for name in new.functions if "(" in key or name.startswith(f"{key}.")}
        elif top == "templates":
            self.names.add(path)
        elif path.endswith(".po"):
            self.names |= {name for text in sentences(before(path, since), now(path)) for name in saying(text)}
        elif top == "static":
            self.browser = True
        elif top == "migrations":
            self.tests.add("tests/migrations/")
        elif top == "tests":
            self._take_test(path)
        else:
            self.tests |= {str(file.relative_to(ROOT)) for file in (ROOT / "tests").rglob("test_*.py")
                           if top in WORD.findall(file.read_text("utf-8"))}

    def _take_test(self, path: str) -> None:
        if Path(path).name.startswith("test_"):
            self.tests.add(path)
            return
        self.tests.add(f"{Path(path).parent.as_posix()}/")
        name = Path(path).stem
        self.tests |= {file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("test_*.py")
                       if re.search(rf"import .*\b{name}\b|from \S*\b{name} import", file.read_text("utf-8"))}

    def names_touched(self) -> set[str]:
        """The functions and templates through which it may show."""
        words = self.words - {""}
        return self.names | {name for path in (ROOT / "civic_forum").rglob("*.py") if words
                             for name in naming(path, words)}


def naming(path: Path, words: set[str]) -> list[str]:
    """The functions of a module that name one of these."""
    source = path.read_text("utf-8")
    if not words & set(WORD.findall(source)):
        return []
    where = path.relative_to(ROOT).as_posix()
    return [f"{where}:{name}" for name, text in Pieces(source).functions.items() if words & set(WORD.findall(text))]


def sentences(old: str, new: str) -> set[str]:
    """The Korean sentences whose translation differs."""
    from babel.messages.pofile import read_po

    was, is_ = ({message.id: message.string for message in read_po(text.encode().splitlines())} for text in (old, new))
    return {text if isinstance(text, str) else text[0] for text in was.keys() | is_.keys()
            if was.get(text) != is_.get(text)}


def saying(text: str) -> list[str]:
    """The functions and templates that say this sentence."""
    first = text.split("\n")[0].split("%")[0].strip()
    if len(first) < 2:
        return []
    found = [path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.html")
             if first in path.read_text("utf-8")]
    for path in (ROOT / "civic_forum").rglob("*.py"):
        if first in path.read_text("utf-8"):
            where = path.relative_to(ROOT).as_posix()
            found += [f"{where}:{name}" for name, node in Pieces(path.read_text("utf-8")).functions.items()
                      if first in node]
    return found


def choose(items: list, since: str) -> tuple[list, str]:
    """The tests that touch what differs since this commit, and a line that says how they were chosen."""
    change = Change(paths(since), since)
    names, known = change.names_touched(), touched.read()
    nowhere = names - set().union(*known.values()) if known else names
    chosen = [item for item in items if item.nodeid.startswith(tuple(change.tests))
              or names & known.get(item.nodeid, set())
              or change.browser and item.get_closest_marker("browser")
              or nowhere and OF_PROCESSES & set(item.fixturenames)]
    say = "" if known else " There is no map yet: bin/test makes it; until then only their own folders are known."
    return chosen, f"{len(chosen)} tests touch what differs since {since[:9]}.{say}"
