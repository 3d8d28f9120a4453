"""Regular expressions of the source, and texts on which one that is worse than linear takes its time.

The texts follow from the parse tree of a pattern: what comes before a repeat, then many times what it repeats (or the
way there once more), then what ends no match. A pattern is slow if four times as much takes more than eight times as
long; linear ones take four times, those that go back over all that they read sixteen.
"""

import ast
import importlib
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from re import _constants as kinds
from re import _parser as parser

ROOT = Path(__file__).parents[2]
METHODS = ("match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn")
AT_THE_START = ("match", "fullmatch")
MANY = 100
"""Times from which on a repeat is one of any length."""
LENGTHS = (20, 200, 1_500, 12_000)
"""Steps up to the length at which a text is measured: so that what grows without measure is noticed early."""
SUSPECT_S, SURE_S, TIMES, SLOWER = 0.002, 0.5, 4, 8
OUTSIDE = "\0!가a1 \n"
"""Characters of the kinds that patterns tell apart, for texts that fit and texts that do not."""
REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)


def patterns(folder: str = "civic_forum") -> Iterator[tuple[str, re.Pattern | None, set[str]]]:
    """Place, pattern, and methods by which it is used; no pattern where it is only known while the code runs."""
    sources = {path: path.read_text("utf-8") for path in sorted((ROOT / folder).rglob("*.py"))}
    trees = {path: ast.parse(source) for path, source in sources.items() if re.search(r"\bre\.[a-z]", source)}
    names = {path: _names(tree) for path, tree in trees.items()}
    named = re.compile(rf"\b(?:{'|'.join({name for of in names.values() for name in of.values()})})\b")
    uses = {path: _uses(trees.get(path) or ast.parse(source)) for path, source in sources.items()
            if named.search(source)}
    for path, tree in trees.items():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _of_re(node)):
            name, used = names[path].get(call, ""), set()
            if call.func.attr in METHODS:
                used = {call.func.attr}
            elif name:
                files = [path] if name.startswith("_") else uses
                used = set().union(*(uses[file].get(name, ()) for file in files))
            yield f"{module}: {ast.unparse(call.args[0])}", _compiled(call, vars(importlib.import_module(module))), used


def _of_re(call: ast.Call) -> bool:
    function = call.func
    return (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"
            and function.attr in ("compile", *METHODS))


def _compiled(call: ast.Call, names: dict[str, object]) -> re.Pattern | None:
    flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    flags += call.args[{"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(call.func.attr, 2):]
    try:
        pattern, *given = (eval(compile(ast.Expression(node), "", "eval"), dict(names)) for node in
                           (call.args[0], *flags[:1]))
    except NameError:
        return None
    return pattern if isinstance(pattern, re.Pattern) else re.compile(pattern, *given)


def _names(tree: ast.Module) -> dict[ast.Call, str]:
    """Constants of patterns by the call that makes each."""
    found = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            target, made = statement.targets[0], statement.value
            pairs = zip(*(getattr(side, "elts", [side]) for side in (target, made)), strict=False)
            for name, value in pairs:
                found |= {node: _last(name) for node in ast.walk(value) if isinstance(node, ast.Call)}
    return found


def _uses(tree: ast.Module) -> dict[str, set[str]]:
    """Methods by which names are used; what is handed on may be used in any way."""
    uses, receivers = defaultdict(set), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (node.attr in METHODS or node.attr == "pattern"):
            of = node.value.value if isinstance(node.value, ast.Subscript) else node.value
            receivers.add(of)
            if node.attr in METHODS:
                uses[_last(of)].add(node.attr)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and node not in receivers:
            uses[_last(node)].add("search")
    return uses


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def slow(pattern: re.Pattern, methods: set[str]) -> str | None:
    """A text, as an expression, of which four times as much takes this pattern more than eight times as long."""
    methods = {method if method in AT_THE_START else "finditer" for method in methods or {"search"}}
    for method in sorted(methods):
        ask = getattr(pattern, method)
        for head, pump, tail in texts(pattern):
            if _is_slow(ask, head, pump, tail, isinstance(pattern.pattern, bytes)):
                return f"{method}: {head!r} + {pump!r} * n + {tail!r}"
    return None


def _is_slow(ask, head: str, pump: str, tail: str, in_bytes: bool) -> bool:
    def seconds(length: int) -> float:
        text = head + pump * (length // len(pump) or 1) + tail
        sent = text.encode("utf-8") if in_bytes else text
        began = time.thread_time()
        found = ask(sent)
        if found is not None and not isinstance(found, re.Match):
            for _each in found:
                pass
        return time.thread_time() - began

    for length in LENGTHS:
        if seconds(length) > SUSPECT_S:
            return min(seconds(length), seconds(length)) > SUSPECT_S if length == LENGTHS[0] else _grows(
                seconds, length)
    return False


def _grows(seconds: Callable[[int], float], length: int) -> bool:
    least = min(seconds(length) for _each in range(3))
    for _each in range(3):
        longer = seconds(TIMES * length)
        if longer <= SLOWER * least or longer > SURE_S:
            return longer > SLOWER * least
    return True


def texts(pattern: re.Pattern) -> Iterator[tuple[str, str, str]]:
    """Head, what is repeated, and tail of texts on which this pattern may take long."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes)
                        else pattern.flags)
    alphabet = [*dict.fromkeys((*_letters(tree), *OUTSIDE))]
    heads, pumps = {""}, {}
    for before, body in _repeats(list(tree), [""], alphabet):
        heads.update(before[:2])
        for piece in _examples(body, alphabet):
            pumps |= dict.fromkeys((piece, *(way + piece for way in before[:2])))
        pumps |= dict.fromkeys(letter for letter in alphabet if len(body) == 1 and _fits(body[0], letter))
        pumps |= dict.fromkeys(before[:2])
    outside = next((letter for letter in OUTSIDE if letter not in _letters(tree)), "\0")
    return ((head, pump, tail) for head, pump, tail in product(sorted(heads, key=len)[:6], filter(None, pumps),
                                                               ("", outside)))


def _repeats(nodes: list, before: list[str], alphabet: list[str]) -> Iterator[tuple[list[str], list]]:
    """Each repeat of any length, with texts that lead to it."""
    for kind, given in nodes:
        if kind in REPEATS:
            least, most, body = given
            if most == kinds.MAXREPEAT or most >= MANY:
                yield before, list(body)
            yield from _repeats(list(body), before, alphabet)
        else:
            for inner in _inside(kind, given):
                yield from _repeats(list(inner), before, alphabet)
        pieces = _examples([(kind, given)], alphabet)
        before = [way + piece for way in before for piece in pieces][:4]


def _inside(kind, given) -> list:
    if kind is kinds.BRANCH:
        return given[1]
    if kind is kinds.SUBPATTERN:
        return [given[-1]]
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return [given[1]]
    return [given] if kind is kinds.ATOMIC_GROUP else [way for way in given[1:] if way] \
        if kind is kinds.GROUPREF_EXISTS else []


def _examples(nodes: list, alphabet: list[str]) -> list[str]:
    """A few of the shortest texts that fit."""
    made = [""]
    for kind, given in nodes:
        if kind in REPEATS:
            pieces = [piece * max(given[0], 0) for piece in _examples(list(given[2]), alphabet)]
        elif kind in (kinds.ASSERT, kinds.ASSERT_NOT, kinds.AT, kinds.GROUPREF):
            pieces = [""]
        elif inner := _inside(kind, given):
            pieces = [piece for way in inner for piece in _examples(list(way), alphabet)]
        else:
            pieces = [letter for letter in alphabet if _fits((kind, given), letter)][:2]
        made = [way + piece for way in made for piece in dict.fromkeys(pieces)][:4] or made
    return made


def _fits(node, letter: str) -> bool:
    kind, given = node
    if kind is kinds.LITERAL:
        return ord(letter) == given
    if kind is kinds.NOT_LITERAL:
        return ord(letter) != given
    if kind is kinds.ANY:
        return letter != "\n"
    if kind is not kinds.IN:
        return False
    fits = any(_in_set(*member, letter) for member in given)
    return fits != (given[0][0] is kinds.NEGATE)


def _in_set(kind, given, letter: str) -> bool:
    if kind is kinds.LITERAL:
        return ord(letter) == given
    if kind is kinds.RANGE:
        return given[0] <= ord(letter) <= given[1]
    if kind is kinds.CATEGORY:
        sign = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(given).rsplit("_", 1)[-1]]
        return re.match(f"\\{sign.upper() if 'NOT' in str(given) else sign}", letter) is not None
    return False


def _letters(nodes) -> Iterator[str]:
    """Characters that the pattern names."""
    for node in nodes:
        if isinstance(node, tuple) and len(node) == 2:
            kind, given = node
            if kind in (kinds.LITERAL, kinds.NOT_LITERAL):
                yield chr(given)
            elif kind is kinds.RANGE:
                yield chr(given[0])
            elif kind is kinds.IN:
                yield from _letters(given)
            elif kind in REPEATS:
                yield from _letters(given[2])
            else:
                for inner in _inside(kind, given):
                    yield from _letters(inner)
