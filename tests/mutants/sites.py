"""The places of a module that can be weakened, found in its syntax tree and rewritten to ask `active` there."""

import ast
import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from tests.running.importing import ROOT

MODULE = "_mutants"
"""The name under which a weakened module knows `active`."""
BOUNDARIES = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}
LIMIT = re.compile(r"(MOST|LEAST|LONGEST|SHORTEST|LARGEST|DAYS|WITHIN|BEFORE|LASTS|BETWEEN|FURTHEST|FEW|MAX|WAIT|TRIES"
                   r"|SETTLED|EVERY)(?=_|$)")
"""Words in the names of limits; other numbers are codes or sizes of pages."""
STATE, LONGEST = r"\b[A-Z]\w*\.[A-Z][A-Z\d_]*\b", 60


@dataclass(frozen=True)
class Mutant:
    name: str
    """`civic_forum/polls/policy.py:41 may_edit: says yes to staff`"""
    kind: str
    path: str
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
    first = [getattr(node, "module", "") for node in tree.body].count("__future__") + bool(ast.get_docstring(tree))
    tree.body.insert(first, ast.ImportFrom("tests.mutants", [ast.alias("active", MODULE)], 0))
    return ast.fix_missing_locations(tree), weakener.mutants


def mutants(path: Path) -> list[Mutant]:
    return weakened(path.read_text("utf-8"), path.resolve().relative_to(ROOT).as_posix())[1]


KEEPING = tuple(f"civic_forum/{path}.py" for path in ("accounts/attempts", "accounts/easy_passwords",
    "accounts/passwords", "accounts/proofs", "accounts/services/codes", "accounts/services/staff_acts",
    "accounts/session_cookie", "accounts/wrong_names", "attachments/allowance", "attachments/rules",
    "attachments/scanner", "ballots/keys/rotation", "blocks/two_people", "opinions/keyring", "opinions/sealing",
    "platform/addresses", "platform/audit_chain", "platform/cookies", "platform/encrypted_archives", "platform/folding",
    "platform/key_files", "platform/keys", "platform/lanes", "platform/limit_storage", "platform/networks",
    "platform/page_limit", "platform/personal_numbers", "platform/session_keys", "web_worker"))
"""Modules that keep strangers out: rules under other names. Their steps and choices are weakened, too."""


def area(path: str) -> str:
    """`policy`, `rules` or `other`: says which kinds of mutants a module has. The counting of budgets is rules, too."""
    parts = Path(path).with_suffix("").parts
    is_rules = "rules" in parts or path in KEEPING or path.startswith("civic_forum/budgets/counting/")
    return "policy" if "policy" in parts else "rules" if is_rules else "other"


class Weakener(ast.NodeTransformer):
    """Rewrites a tree; each site asks `active` whether its mutant is on."""

    def __init__(self, path: str):
        self.path, self.area, self.keeping = path, area(path), path in KEEPING
        self.mutants, self._where, self._functions, self._names = [], [], [], Counter()

    def visit(self, node: ast.AST) -> ast.AST:
        where, functions = self._where, self._functions
        self._where = [*where, node.name] if isinstance(node, ast.ClassDef) else where
        self._functions = [*functions, node] if isinstance(node, ast.Lambda) else functions
        changed = super().visit(node)
        self._where, self._functions = where, functions
        return changed

    def _name(self, node: ast.AST, kind: str, what: str, word: str = "") -> str:
        function = ".".join(self._where)
        change = f"{function or word}: {what}"
        self._names[change] += 1
        again = f" ({self._names[change]})" if self._names[change] > 1 else ""
        name = f"{self.path}:{node.lineno} {change}{again}"
        self.mutants.append(Mutant(name, kind, self.path, not self._functions, function, word))
        return name

    def _at(self, *site: ast.AST | str) -> ast.Call:
        return _call("at", self._name(*site))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.args = self.visit(node.args)
        self._where, self._functions = [*self._where, node.name], [*self._functions, node]
        is_permission = any(ast.unparse(decorator).startswith(("permission(", "account_permission("))
                            for decorator in node.decorator_list)
        names = [self._name(node, "permission", f"says yes to {whom}")
                 for whom in ("staff", "whoever is signed in") if is_permission]
        node.body = [self.visit(statement) for statement in node.body]
        if is_permission:  # it stays a plain function: the table of rights exchanges its code
            asked = ast.FunctionDef(node.name, node.args, node.body, [], node.returns)
            values = [ast.Name(word.arg, ast.Load()) for word in (*node.args.posonlyargs, *node.args.args)]
            reason = ast.Call(ast.Name(node.name, ast.Load()), values, [])
            node.body = [asked, ast.Return(_call("allowed", *names, values[0], reason))]
        return node

    def _gives(self) -> str:
        """`reasons` if the function here answers None or why not, `faults` if one of rules may answer None."""
        annotation = getattr([None, *self._functions][-1], "returns", None)
        answer = ast.unparse(annotation).replace('"', "") if annotation else ""
        if self.area == "policy" and answer in ("str | None", "Reason | None"):
            return "reasons"
        return "faults" if self.area == "rules" and "None" in answer else ""

    def visit_If(self, node: ast.If) -> ast.AST:
        inner, test, what = node.body[0], node.test, f"goes on though `{_short(node.test)}`"
        gives, operator = self._gives(), getattr(test, "op", None)
        if isinstance(test, ast.NamedExpr) and gives == "reasons":
            test.value = self._reasons(test.value)
            return node
        kind = "guard" if isinstance(inner, ast.Raise) else "refusal" if isinstance(inner, ast.Return) and (
            self.keeping or gives and ast.unparse(inner) not in ("return", "return None")) else ""
        if (not kind or not self._functions or len(node.body) > 1 or node.orelse
                or isinstance(operator, ast.Or)):  # the mutant with `and` is the finer of the two
            return self.generic_visit(node)
        visit = self.generic_visit if isinstance(operator, ast.And) else self.visit  # by `or` it would only refuse more
        node.test = ast.BoolOp(ast.And(), [visit(test), ast.UnaryOp(ast.Not(), self._at(node, kind, what))])
        if kind == "refusal":
            self.generic_visit(inner)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        short = isinstance(node.value, ast.Constant) or not isinstance(node.value, ast.BoolOp) and (
            self._functions and len(self._functions[-1].body) < 3)  # the whole of a permission: it says yes already
        if node.value is None or short or self._gives() != "reasons":
            return self.generic_visit(node)
        node.value = self._reasons(node.value)
        return node

    def _reasons(self, value: ast.expr) -> ast.expr:
        """Each reason of `one or another or …` can be dropped."""
        if isinstance(getattr(value, "op", None), ast.Or):
            value.values = [self._reasons(reason) for reason in value.values]
            return value
        name = self._name(value, "refusal", f"does not refuse by `{_short(value)}`")
        return _call("dropped", name, self.generic_visit(value))

    def _decides(self, node: ast.AST) -> bool:
        """True if this is evaluated in a function of the rules, and twice does no harm."""
        return bool(self._functions) and self.area != "other" and not any(
            isinstance(part, (ast.NamedExpr, ast.Yield, ast.Await)) for part in ast.walk(node))

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        if not self.keeping or not self._decides(node.test):
            return self.generic_visit(node)
        yes, no = (self._at(node, "choice", f"as if {sign}`{_short(node.test)}`") for sign in ("", "not "))
        self.generic_visit(node)  # each is asked where it would differ
        node.test = ast.IfExp(node.test, ast.UnaryOp(ast.Not(), no), yes)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        last, text = node.values[-1], _short(node)
        other, word = (ast.Or(), "or") if isinstance(node.op, ast.And) else (ast.And(), "and")
        stand_in = isinstance(last, (ast.Constant, ast.List, ast.Dict, ast.Tuple)) or ast.unparse(last).startswith("_(")
        if not self._decides(node) or stand_in and word == "and":  # `value or a stand-in` decides nothing
            return self.generic_visit(node)
        plain = ast.BoolOp(other, deepcopy(node.values))
        return ast.IfExp(self._at(node, "condition", f"`{word}` in `{text}`"), plain, self.generic_visit(node))

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        signs, text, decides = [BOUNDARIES.get(type(sign)) for sign in node.ops], _short(node), self._decides(node)
        self.generic_visit(node)
        if not decides or not all(signs):
            return node
        names = tuple((*pair, self._name(node, "boundary", f"`{pair[1]}` in `{text}`")) for pair in signs)
        return _call("compared", names, node.left, *node.comparators)

    def visit_Assign(self, node: ast.Assign | ast.AnnAssign) -> ast.AST:
        if self._functions or self._where or self.area != "rules" or node.value is None:
            return self.generic_visit(node)
        match node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value:
            case ast.Tuple(elts=words), ast.Tuple(elts=values):
                node.value.elts = [self._constant(word.id, value) for word, value in zip(words, values)]
            case ast.Name(id=word), value:
                node.value = self._constant(word, value)
        return node

    visit_AnnAssign = visit_Assign

    def _constant(self, word: str, value: ast.expr) -> ast.expr:
        text, weak = ast.unparse(value), value
        if word.isupper() and _is_table(value):
            for _count in range(1 + len(text) // 400):
                weak = _call("wider", self._name(value, "transition", "allows one more", word), weak)
            return weak
        if not word.isupper() or not LIMIT.search(word):
            return self.generic_visit(value)
        if re.fullmatch(r"\d[\d ()+*/<>|&%-]*", text):
            step, change = (-1, "less") if "LEAST" in word else (1, "more")
            asked = self._at(value, "limit", f"one {change} than `{_short(value)}`", word)
            return ast.BinOp(value, ast.Add(), ast.IfExp(asked, ast.Constant(step), ast.Constant(0)))
        for keyword in value.keywords if text.startswith("timedelta(") else ():
            keyword.value = self._constant(word, keyword.value)
        return value

    def visit_Call(self, node: ast.Call) -> ast.AST:
        what = f"no lock in `{_short(node)}`"
        self.generic_visit(node)
        for keyword in node.keywords:
            if keyword.arg in ("with_for_update", "lock") and not isinstance(keyword.value, ast.Name):
                keyword.value = ast.IfExp(self._at(node, "lock", what), ast.Constant(None), keyword.value)
        locks = getattr(node.func, "attr", "") == "with_for_update" and self._functions
        return ast.IfExp(self._at(node, "lock", what), deepcopy(node.func.value), node) if locks else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if self._functions and re.fullmatch(r"pg_(try_)?advisory_xact_lock(_shared)?", str(node.value)):
            return ast.IfExp(self._at(node, "lock", f"no lock by `{node.value}`"), ast.Constant("abs"), node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        text, kind = ast.unparse(node.value), ""
        yields = self.keeping and re.match(r"\(yield (?!from )", text)
        if self._functions and (yields or isinstance(node.value, ast.Call)):
            kind = ("lock" if re.search(r"pg_advisory|flock\(", text) else
                    "guard" if self.area == "other" and re.match(r"([\w.]+\.)?require\(", text) else
                    "step" if self.keeping else "")
        what = f"{'no lock by' if kind == 'lock' else 'without'} `{_short(node.value)}`"
        if kind in ("", "step"):
            self.generic_visit(node)
        return ast.If(ast.UnaryOp(ast.Not(), self._at(node, kind, what)), [node], []) if kind else node


def _call(function: str, *values: ast.expr | str | tuple) -> ast.Call:
    arguments = [value if isinstance(value, ast.AST) else ast.Constant(value) for value in values]
    return ast.Call(ast.Attribute(ast.Name(MODULE, ast.Load()), function, ast.Load()), arguments, [])


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


def _is_table(node: ast.expr) -> bool:
    """True if this is a set of states, a set of transitions, or a mapping of states to those that may follow."""
    text = ast.unparse(node)
    if len(re.findall(STATE, text)) < 2:
        return False
    if isinstance(node, ast.Dict):
        return all(isinstance(row, (ast.Call, ast.Set, ast.Tuple)) and "(" in ast.unparse(row) for row in node.values)
    return (isinstance(node, ast.Set) or isinstance(node, ast.Call) and text.startswith("frozenset(")
            or re.fullmatch(rf"\(({STATE}(, )?)+\)", text) is not None)
