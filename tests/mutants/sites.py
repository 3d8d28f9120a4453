"""The places of a module that can be weakened, found in its syntax tree and rewritten to ask `active` there."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.running.importing import ROOT

MODULE = "_mutants"
"""The name under which a weakened module knows `active`."""
BOUNDARIES = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}
LOCK = re.compile(r"pg_(try_)?advisory_xact_lock(_shared)?")
LIMIT = re.compile(r"(MOST|LEAST|LONGEST|SHORTEST|LARGEST|DAYS|WITHIN|BEFORE|LASTS|BETWEEN|FURTHEST|FEW|MAX|WAIT|TRIES"
                   r"|SETTLED|EVERY)(?=_|$)")
"""Words in the names of limits; other numbers are codes or sizes of pages."""
LONGEST = 60


@dataclass(frozen=True)
class Mutant:
    name: str
    """`civic_forum/polls/policy.py:41 may_edit: says yes to staff`"""
    kind: str
    path: str
    line: int
    at_import: bool
    """Its site is read when the module is imported: it needs a process of its own."""
    function: str = ""
    word: str = ""
    """The constant that it changes."""

    @property
    def lasting(self) -> str:
        """The name without its line."""
        return re.sub(r":\d+ ", " ", self.name, count=1)


def weakened(source: str, path: str) -> tuple[ast.Module, list[Mutant]]:
    """The tree with all mutants of this module in it, and their names."""
    weakener = Weakener(path)
    tree = weakener.visit(ast.parse(source, path))
    first = next((place for place, node in enumerate(tree.body) if not _is_docstring(node)
                  and not (isinstance(node, ast.ImportFrom) and node.module == "__future__")), len(tree.body))
    tree.body.insert(first, ast.ImportFrom("tests.mutants", [ast.alias("active", MODULE)], 0))
    return ast.fix_missing_locations(tree), weakener.mutants


def mutants(path: Path) -> list[Mutant]:
    name = path.resolve().relative_to(ROOT).as_posix()
    return weakened(path.read_text("utf-8"), name)[1]


COUNTING = "civic_forum/budgets/counting/"
"""Rules under a name of their own."""
KEEPING = tuple(f"civic_forum/{path}.py" for path in (
    "accounts/attempts", "accounts/easy_passwords", "accounts/passwords", "accounts/proofs", "accounts/session_cookie",
    "accounts/services/codes", "attachments/allowance", "attachments/lanes", "attachments/rules", "attachments/scanner",
    "ballots/keys/rotation", "platform/addresses", "platform/audit_chain", "platform/cookies",
    "platform/encrypted_archives", "platform/key_files", "platform/keys", "platform/limit_storage",
    "platform/networks", "platform/page_limit", "platform/session_keys", "web_worker"))
"""Modules that keep strangers out: rules under other names. Their steps and choices are weakened, too."""


def area(path: str) -> str:
    """`policy`, `rules` or `other`: says which kinds of mutants a module has."""
    parts = Path(path).with_suffix("").parts + ("rules",) * path.startswith((COUNTING, *KEEPING))
    return "policy" if "policy" in parts else "rules" if "rules" in parts else "other"


class Weakener(ast.NodeTransformer):
    """Rewrites a tree; each site asks `active` whether its mutant is on."""

    def __init__(self, path: str):
        self.path, self.area, self.keeping = path, area(path), path in KEEPING
        self.mutants: list[Mutant] = []
        self._where: list[str] = []
        self._functions: list[ast.AST] = []
        self._names: Counter[str] = Counter()

    def visit(self, node: ast.AST) -> ast.AST:
        changed = super().visit(node)
        if isinstance(node, (ast.expr, ast.stmt)) and not hasattr(changed, "lineno"):
            ast.copy_location(changed, node)
        return changed

    def _name(self, node: ast.AST, kind: str, what: str, word: str = "") -> ast.Constant:
        where = ".".join(self._where) or word
        name = f"{self.path}:{node.lineno} {where}: {what}"
        self._names[f"{where}: {what}"] += 1
        if (count := self._names[f"{where}: {what}"]) > 1:
            name = f"{name} ({count})"
        function = ".".join(self._where)
        self.mutants.append(Mutant(name, kind, self.path, node.lineno, not self._functions, function, word))
        return ast.Constant(name)

    def _at(self, node: ast.AST, kind: str, what: str, word: str = "") -> ast.Call:
        return _call("at", self._name(node, kind, what, word))

    # Functions, and what permissions say

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self._where.append(node.name)
        self.generic_visit(node)
        self._where.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.args = self.visit(node.args)
        self._where.append(node.name)
        self._functions.append(node)
        permission = next((one for one in node.decorator_list if isinstance(one, ast.Call)
                           and isinstance(one.func, ast.Name) and one.func.id == "permission"), None)
        names = permission and [self._name(node, "permission", f"says yes to {whom}")
                                for whom in ("staff", "whoever is signed in")]
        node.body = [self.visit(one) for one in node.body]
        if names:
            node.body = _allowing(node, names)
        self._functions.pop()
        self._where.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self._functions.append(node)
        self.generic_visit(node)
        self._functions.pop()
        return node

    def _gives_reasons(self) -> bool:
        """True if the function here answers None or why not."""
        function = self._functions[-1] if self._functions else None
        return (self.area == "policy" and isinstance(function, ast.FunctionDef) and function.returns is not None
                and ast.unparse(function.returns).replace('"', "") in ("str | None", "Reason | None"))

    def visit_If(self, node: ast.If) -> ast.AST:
        inner, test, text = node.body[0], node.test, _short(node.test)
        skip = len(node.body) == 1 and not node.orelse and self._functions and (
            isinstance(inner, ast.Raise) or isinstance(inner, ast.Return) and self._refuses(inner))
        if isinstance(test, ast.NamedExpr) and self._gives_reasons():
            test.value = self._reasons(test.value)
            return node
        elif skip and isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            test.values = [self.visit(one) for one in test.values]  # by `or` it would only refuse more
        else:
            node.test = self.visit(test)
        if skip and not (isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or)):  # `and` is the finer of the two
            kind = "guard" if isinstance(inner, ast.Raise) else "refusal"
            what = f"goes on though `{text}`"
            node.test = ast.BoolOp(ast.And(), [node.test, ast.UnaryOp(ast.Not(), self._at(node, kind, what))])
            if isinstance(inner, ast.Raise):
                return node
            self.generic_visit(inner)
            return node
        node.body = [self.visit(one) for one in node.body]
        node.orelse = [self.visit(one) for one in node.orelse]
        return node

    def _refuses(self, returned: ast.Return) -> bool:
        """True if this is a reason or a fault: neither the plain yes nor a value among others."""
        if self.keeping:
            return True
        if returned.value is None or isinstance(returned.value, ast.Constant) and returned.value.value is None:
            return False
        if self._gives_reasons():
            return True
        function = self._functions[-1]
        return (self.area == "rules" and isinstance(function, ast.FunctionDef) and function.returns is not None
                and "None" in ast.unparse(function.returns))

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        text = _short(node.test)
        if not self.keeping or not self._functions or _assigns(node.test):
            return self.generic_visit(node)
        yes, no = (self._at(node, "choice", what) for what in (f"as if `{text}`", f"as if not `{text}`"))
        self.generic_visit(node)  # each is asked where it would differ
        node.test = ast.IfExp(node.test, ast.UnaryOp(ast.Not(), no), yes)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        if node.value is not None and self._gives_reasons() and not isinstance(node.value, ast.Constant):
            if len(self._functions[-1].body) < 3 and not isinstance(node.value, ast.BoolOp):
                return self.generic_visit(node)  # the whole of a short permission, which says yes already
            node.value = self._reasons(node.value)
            return node
        return self.generic_visit(node)

    def _reasons(self, value: ast.expr) -> ast.expr:
        """Each reason of `one or another or …` can be dropped."""
        if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
            value.values = [self._reasons(one) for one in value.values]
            return value
        name = self._name(value, "refusal", f"does not refuse by `{_short(value)}`")
        return _call("dropped", name, self.generic_visit(value))

    # Conditions and boundaries

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        plain = ast.BoolOp(other, [_copy(one) for one in node.values])
        text = _short(node)
        if self.area == "other" or not self._functions or _assigns(node) or _has_stand_in(node):
            return self.generic_visit(node)
        asked = self._at(node, "condition", f"`{'or' if isinstance(other, ast.Or) else 'and'}` in `{text}`")
        return ast.IfExp(asked, plain, self.generic_visit(node))

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        ordered = [type(one) in BOUNDARIES for one in node.ops]
        text = _short(node)
        self.generic_visit(node)
        if self.area == "other" or not self._functions or not all(ordered) or _assigns(node):
            return node
        names = []
        for one in node.ops:
            sign, other = BOUNDARIES[type(one)]
            names.append(ast.Tuple([ast.Constant(sign), ast.Constant(other), self._name(
                node, "boundary", f"`{other}` in `{text}`")], ast.Load()))
        return _call("compared", ast.Tuple(names, ast.Load()), node.left, *node.comparators)

    # Limits and tables

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        return self._assigned(node, node.targets[0])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return self._assigned(node, node.target)

    def _assigned(self, node, target: ast.expr) -> ast.AST:
        if self._functions or self._where or self.area != "rules" or node.value is None:
            return self.generic_visit(node)
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            node.value.elts = [self._constant(word.id, value) for word, value in zip(target.elts, node.value.elts)]
        elif isinstance(target, ast.Name):
            node.value = self._constant(target.id, node.value)
        return node

    def _constant(self, word: str, value: ast.expr) -> ast.expr:
        if not word.isupper():
            return self.generic_visit(value)
        if _is_table(value):
            plain, weak = _copy(value), value
            for _count in range(1 + len(ast.unparse(plain)) // 400):
                name = self._name(value, "transition", "allows one more", word)
                weak = ast.IfExp(_call("at", name), _call("wider", name, plain), weak)
            return weak
        if not LIMIT.search(word):
            return self.generic_visit(value)
        if _is_number(value):
            step = -1 if "LEAST" in word else 1
            asked = self._at(value, "limit", f"one {'less' if step < 0 else 'more'} than `{_short(value)}`", word)
            return ast.BinOp(value, ast.Add(), ast.IfExp(asked, ast.Constant(step), ast.Constant(0)))
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "timedelta":
            for keyword in value.keywords:
                if _is_number(keyword.value):
                    keyword.value = self._constant(word, keyword.value)
        return value

    # Locks and guards

    def visit_Call(self, node: ast.Call) -> ast.AST:
        text = _short(node)
        for keyword in node.keywords:
            if keyword.arg in ("with_for_update", "lock") and not isinstance(keyword.value, ast.Name):
                asked = self._at(node, "lock", f"no lock in `{text}`")
                keyword.value = ast.IfExp(asked, ast.Constant(None), keyword.value)
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "with_for_update" and self._functions:
            return ast.IfExp(self._at(node, "lock", f"no lock in `{text}`"), _copy(node.func.value), node)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and LOCK.fullmatch(node.value) and self._functions:
            return ast.IfExp(self._at(node, "lock", f"no lock by `{node.value}`"), ast.Constant("abs"), node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        said = self.keeping and isinstance(node.value, ast.Yield) and node.value.value is not None
        if not isinstance(node.value, ast.Call) and not said or not self._functions:
            return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)
        called, text = getattr(node.value, "func", None), ast.unparse(node.value)
        if "pg_advisory" in text or "flock(" in text:
            kind, what = "lock", f"no lock by `{_short(node.value)}`"
        elif self.area == "other" and isinstance(called, (ast.Attribute, ast.Name)) and (
                called.attr if isinstance(called, ast.Attribute) else called.id) == "require":
            kind, what = "guard", f"without `{_short(node.value)}`"
        elif self.keeping:
            kind, what = "step", f"without `{_short(node.value)}`"
            self.generic_visit(node)
        else:
            return self.generic_visit(node)
        return ast.If(ast.UnaryOp(ast.Not(), self._at(node, kind, what)), [node], [])


def _call(function: str, *given: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name(MODULE, ast.Load()), function, ast.Load()), list(given), [])


def _allowing(node: ast.FunctionDef, names: list[ast.Constant]) -> list[ast.stmt]:
    """The body of a weakened permission. The function stays a plain one: the table of rights exchanges its code."""
    asked = ast.FunctionDef(node.name, node.args, node.body, [], node.returns)
    given = [ast.Name(one.arg, ast.Load()) for one in (*node.args.posonlyargs, *node.args.args)]
    reason = ast.Call(ast.Name(node.name, ast.Load()), given, [])
    return [asked, ast.Return(_call("allowed", *names, given[0], reason))]


def _copy(node: ast.expr) -> ast.expr:
    """As it was written, without the mutants in it."""
    return ast.parse(f"({ast.unparse(node)})", mode="eval").body


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


def _assigns(node: ast.AST) -> bool:
    return any(isinstance(one, (ast.NamedExpr, ast.Yield, ast.Await)) for one in ast.walk(node))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _has_stand_in(node: ast.BoolOp) -> bool:
    """True if this is `value or a stand-in`, which decides nothing."""
    last = node.values[-1]
    return isinstance(node.op, ast.Or) and (
        isinstance(last, (ast.Constant, ast.List, ast.Dict, ast.Tuple))
        or isinstance(last, ast.Call) and isinstance(last.func, ast.Name) and last.func.id == "_")


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_number(node.left) and _is_number(node.right)
    return isinstance(node, ast.Constant) and type(node.value) is int


def _is_table(node: ast.expr) -> bool:
    """True if this is a set of states, a set of transitions, or a mapping of states to those that may follow."""
    states = [one for one in ast.walk(node) if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
              and one.attr.isupper() and one.value.id[:1].isupper()]
    if len(states) < 2:
        return False
    if isinstance(node, ast.Dict):
        return all(isinstance(one, (ast.Call, ast.Set, ast.Tuple)) and "(" in ast.unparse(one) for one in node.values)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "frozenset"
    return isinstance(node, ast.Set) or isinstance(node, ast.Tuple) and all(one in states for one in node.elts)
