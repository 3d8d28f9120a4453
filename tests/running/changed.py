"""`bin/test changed`: the tests that touch what differs from what has landed.

A changed function or template chooses the tests that touched it; a changed constant, class or table those that touched
a function that names it; a changed sentence of a translation what says it. The folder of tests of a changed feature is
run whole, and what only processes of their own or a browser show is run where a change can show there alone.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from . import touched
from .importing import ROOT
from .turns import git

ALWAYS = ("tests/architecture/",)
MAIN_PAGES = "tests/browser/test_accessibility.py"
OF_PROCESSES = {"site", "cluster", "sample_copy", "empty_site", "empty_cluster"}
WORD = re.compile(r"\w+")


def base() -> str:
    """The commit that this tree began from: the newest that is on main, as this repository knows it."""
    for name in ("origin/main", "main"):
        if git("rev-parse", "-q", "--verify", name, check=False):
            return git("merge-base", name, "HEAD")
    return "HEAD"


def paths(since: str) -> list[str]:
    """The files that differ from this commit, those that git does not know included."""
    differ = git("diff", "--name-only", "--no-renames", f"{since}^{{commit}}")
    return sorted({*differ.split(), *git("ls-files", "-o", "--exclude-standard").split()})


def before(path: str, since: str) -> str:
    return git("show", f"{since}:{path}", check=False)


def now(path: str) -> str:
    return (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else ""


class Pieces:
    """The functions of a module, and what stands outside of them by the name that it gives."""

    def __init__(self, source: str):
        self.functions: dict[str, str] = defaultdict(str)
        self.others: dict[str, str] = defaultdict(str)
        tree = ast.parse(source)
        for name, function in touched.functions(tree):
            self.functions[name] += ast.dump(function)  # a property has two of one name
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                outside = [part for part in node.body if not isinstance(part, touched.FUNCTION)]
                self.others[node.name] += ast.dump(
                    ast.Module([*outside, *node.bases, *node.keywords, *node.decorator_list], []))
        for node in tree.body:
            if not isinstance(node, (*touched.FUNCTION, ast.ClassDef)):
                names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)
                         and isinstance(part.ctx, ast.Store)]
                self.others[", ".join(names) or ast.dump(node)] += ast.dump(node)


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
                self.words |= {(path, word) for word in key.split(", ") if "(" not in key}
                self.names |= {f"{path}:{name}" for name in new.functions if "(" in key or f".{key}." in f".{name}"}
        elif top == "templates":
            self.names.add(path)
            self.tests.add(MAIN_PAGES)
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
                           if {top, Path(path).stem} & set(WORD.findall(file.read_text("utf-8")))}

    def _take_test(self, path: str) -> None:
        if Path(path).name.startswith("test_"):
            self.tests.add(path)
            return
        self.tests.add(f"{Path(path).parent.as_posix()}/")
        name = Path(path).stem
        self.tests |= {file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("test_*.py")
                       if re.search(rf"import .*\b{name}\b|from \S*\b{name} import", file.read_text("utf-8"))}

    def names_touched(self) -> set[str]:
        """The functions and templates through which it may show: a function that names a word, and one that names what
        is made of a constant."""
        sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
                   for path in (ROOT / "civic_forum").rglob("*.py")}
        names, known, anew = set(self.names), set(), self.words
        while anew:
            known, made = known | anew, set()
            for path, source in sources.items():
                words = {word for place, word in anew if sees(path, source, place)} & set(WORD.findall(source))
                constants, pieces = {word for word in words if word.isupper()}, Pieces(source if words else "")
                names |= {f"{path}:{name}" for name, text in pieces.functions.items()
                          if words & set(WORD.findall(text))}
                made |= {(path, word) for key, text in pieces.others.items() if constants & set(WORD.findall(text))
                         for word in key.split(", ") if "(" not in key}
            anew = made - known
        return names


def sees(path: str, source: str, other: str) -> bool:
    """True if a module may mean what another one names: it is of the same feature, or imports something of that."""
    feature = Path(*Path(other).parts[:2]).stem
    return path.startswith(f"civic_forum/{feature}") or bool(
        re.search(rf"^ *(from|import) .*\b{feature}\b", source, re.MULTILINE))


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
    """The tests that touch what differs since this commit, and a line that says how they were chosen.

    Of a variant that has not run yet its other variants say what it touches; a test that has not run is chosen.
    """
    change = Change(paths(since), since)
    names, known = change.names_touched(), touched.read()
    nowhere = change.names - set().union(*known.values())
    variants: dict[str, set[str]] = defaultdict(set)
    for test, touches in known.items():
        variants[test.partition("[")[0]] |= touches
    chosen = [item for item in items if item.nodeid.startswith(tuple(change.tests))
              or known and names & known.get(item.nodeid, variants.get(item.nodeid.partition("[")[0], names))
              or change.browser and item.get_closest_marker("browser")
              or nowhere and OF_PROCESSES & set(item.fixturenames)]
    say = "" if known else " There is no map yet: bin/test makes it; until then only their own folders are known."
    return chosen, f"{len(chosen)} tests touch what differs since {since[:9]}.{say}"
