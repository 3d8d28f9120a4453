"""Things that the source must not say, anywhere."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted((ROOT / "civic_forum").rglob("*.py"))
EVERYTHING = [*PYTHON, *(path for name in ("bench", "migrations", "tests", "verifier")
                         for path in sorted((ROOT / name).rglob("*.py")))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))


@cache
def tree(path):
    return ast.parse(path.read_text("utf-8"))


def says(paths, pattern, *, but=()):
    """The places of the pattern, as `path:line`."""
    found = []
    for path in paths:
        if path.name in but:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    return found


def test_there_is_something_to_look_at():
    assert len(PYTHON) > 60 and len(TEMPLATES) > 20 and SCRIPTS


def test_nothing_says_safe_but_the_sanitiser():
    assert says(TEMPLATES, r"\|\s*safe\b|autoescape\s+false") == []
    assert says(PYTHON, r"\bMarkup\(|\bautoescape\s*=\s*False", but=("rich_text.py",)) == []


def test_the_clock_is_read_in_one_place():
    reads = r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(\)|\bCURRENT_TIMESTAMP\b|func\.now\("
    assert says(PYTHON, reads, but=("clock.py",)) == []


def test_pages_carry_no_script_or_style_of_their_own():
    assert says(TEMPLATES, r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:") == []
    assert says(TEMPLATES, r"<script(?![^>]*\bsrc=)") == []


def test_no_page_is_given_a_name_that_every_page_has():
    """Macros call them (`app.configure_templates`): a text under the same name stops the page."""
    given = {key.value for node in ast.walk(tree(ROOT / "civic_forum" / "app.py")) if isinstance(node, ast.Lambda)
             and isinstance(node.body, ast.Dict) for key in node.body.keys}
    assert {"me", "can", "refusal_of", "district"} <= given
    assert [f"{path.relative_to(ROOT)}:{node.lineno} {word.arg}" for path in PYTHON for node in ast.walk(tree(path))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template"
            for word in node.keywords if word.arg in given] == []


def test_nothing_of_a_template_is_shown_as_it_is_written():
    environment, shown = Environment(), []
    for path in TEMPLATES:
        shown += [f"{path.relative_to(ROOT)}:{line}" for line, kind, text in environment.lex(path.read_text("utf-8"))
                  if kind == "data" and re.search(r"[{%#]\}|\{[{%#]", text)]
    assert shown == []


def test_a_button_that_sends_a_form_does_so_without_scripts():
    assert says(TEMPLATES, r"<button(?=[^>]*type=\"button\")[^>]*\sform(action)?=") == []


def test_scripts_never_write_html_from_strings():
    assert says(SCRIPTS, r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function") == []


def test_every_form_that_changes_something_carries_its_token():
    forms = [(path, form) for path in TEMPLATES
             for form in re.split(r"<form\b", path.read_text("utf-8"))[1:] if re.match(r"[^>]*\bmethod=.post", form)]
    assert len(forms) > 150
    tokens = r"csrf_token|\b(hidden|hidden_fields|form_head|carried|csrf_field|hidden_tag)\("  # or its macro
    assert [f"{path.relative_to(ROOT)}: {form[:90]}" for path, form in forms if path.name != "unsubscribe.html"
            and not re.search(tokens, form.partition("</form>")[0])] == []


def test_nothing_is_put_into_words_before_somebody_asks_for_it():
    """No `_` called at import: its words would stay Korean."""
    assert [place for path in PYTHON for place in spoken_at_import(path)] == []


def spoken_at_import(path):
    todo = [tree(path)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "_n"):
            yield f"{path.relative_to(ROOT)}:{node.lineno}"
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            todo += [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        else:
            todo += ast.iter_child_nodes(node)


def test_a_word_spoken_at_import_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "a.py").write_text('A = {1: _("one")}\ndef b(c=_("two")):\n    return _("three")\n', "utf-8")
    assert sorted(spoken_at_import(tmp_path / "a.py")) == ["a.py:1", "a.py:2"]


def test_nothing_is_loaded_from_elsewhere():
    assert says(TEMPLATES, r"(src|href)\s*=\s*[\"'](https?:)?//") == []
    styles = list((ROOT / "static").rglob("*.css"))
    assert says(styles, r"url\(\s*[\"']?(https?:)?//|@import") == []


def test_no_work_is_left_for_later():
    marks = r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b"
    assert says(PYTHON + TEMPLATES + SCRIPTS, marks) == []


def test_a_service_is_one_transaction():
    """No second `use_case` in a service: a kill between the two would leave half of it."""
    assert [f"{path.relative_to(ROOT)}: {node.name}" for path in PYTHON for node in ast.walk(tree(path))
            if isinstance(node, ast.FunctionDef) and transactions(node) > 1] == []


def transactions(function):
    return sum(isinstance(one, ast.With) and "use_case(" in ast.unparse(one.items[0]) for one in ast.walk(function))


def test_no_error_is_swallowed():
    assert [place for path in PYTHON for place in swallowing(path)] == []
    assert says(PYTHON, r"suppress\((Base)?Exception\b") == []


LOGGED = ("civic_forum/accounts/services/once.py", "civic_forum/attachments/formats/pictures.py",
          "civic_forum/ballots/box/watching.py", "civic_forum/ballots/counting/closing.py",
          "civic_forum/budgets/trials/services.py",
          "civic_forum/forums/live/broadcaster.py", "civic_forum/forums/live/messages.py",
          "civic_forum/platform/events.py", "civic_forum/platform/jobs.py")
"""Modules that write down any error of what they call, and go on with the next."""


def swallowing(path):
    """Places at which an error is caught whatever it is and not raised again, or nothing is done about it, as
    `path:line`."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        silent = all(isinstance(one, ast.Pass) or isinstance(getattr(one, "value", None), ast.Constant)
                     and isinstance(one, ast.Expr) for one in node.body)
        any_of_all = node.type is None or re.search(r"\b(Base)?Exception\b", ast.unparse(node.type))
        raised = any(isinstance(one, ast.Raise) for part in node.body for one in ast.walk(part))
        if silent or any_of_all and not raised and path.relative_to(ROOT).as_posix() not in LOGGED:
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("handler", ["except:\n    x = 2", "except OSError:\n    pass", "except OSError:\n    ...",
                                     "except Exception:\n    x = 2"])
def test_a_swallowed_error_is_found(handler, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "a.py").write_text(f"try:\n    x = 1\n{handler}\n", "utf-8")
    assert list(swallowing(tmp_path / "a.py")) == ["a.py:3"]


RELATIVE = re.compile(r"(What|Who|Whom|Whose|How|Where|When|That|Which|Why|Whether)\b")


def test_a_docstring_is_a_noun_or_verb_phrase():
    assert [f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}" for path in EVERYTHING
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and RELATIVE.match(ast.get_docstring(node) or "")] == []


def test_a_test_is_named_by_a_sentence():
    said = re.compile(r"test_(what|who|whom|whose|how|where|when|that|which|why|whether|whoever|whatever)_")
    assert [f"{path.relative_to(ROOT)}:{node.lineno}" for path in EVERYTHING for node in ast.walk(tree(path))
            if isinstance(node, ast.FunctionDef) and said.match(node.name)] == []
