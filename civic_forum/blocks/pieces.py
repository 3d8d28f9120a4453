"""Pieces of pages that are rendered once for all that they say, and kept in memory.

A piece is the macro `piece` of a template of its own. It is given facts and nothing of the page: neither who reads it
nor the request. It is kept by its template, the language of the page and those facts, so that a changed fact makes
another piece and nothing has to be thrown away; the least used ones make room.
"""

from collections.abc import Callable, Hashable, Iterator
from functools import cache, lru_cache, partial
from typing import Any

from flask import Flask
from jinja2 import Environment, meta, nodes

from civic_forum.kernel.i18n import Language, spoken

MOST = 4096
"""Pieces that each process keeps."""
OF_READERS = frozenset({
    "can", "config", "csrf_field", "csrf_token", "display", "g", "get_flashed_messages", "me", "navigation",
    "post_button", "request", "session", "style_sheets", "url_for", "why_not"})
"""Names that say something of the reader or of the request; no template of a piece may use any."""


class NotForAll(Exception):
    """A piece that depends on who reads it."""


def init_app(app: Flask) -> None:
    """Give templates `kept(template, *facts)`: the piece that says these hashable facts.

    Facts at the same place are always of the same type: 1 and True are the same fact.
    """
    render = partial(_render, app.jinja_env, cache(partial(_check, app.jinja_env)))
    found = app.extensions["pieces"] = lru_cache(MOST)(render)

    def kept(template: str, *facts: Hashable) -> Any:
        return found(template, spoken.get(), *facts)

    app.jinja_env.globals["kept"] = kept


def _render(env: Environment, check: Callable[[str], None],
            template: str, _words: Language, *facts: Hashable) -> Any:
    check(template)
    return env.get_template(template).module.piece(*facts)  # type: ignore[attr-defined]


def _check(env: Environment, template: str) -> None:
    """Raises NotForAll where the template, or one that it takes from, names the reader."""
    for name, tree in _trees(env, template):
        if used := {word.name for word in tree.find_all(nodes.Name)} & OF_READERS:
            words = ", ".join(sorted(used))
            raise NotForAll(f"{template}: {name} uses {words}, which is not the same for every reader")


def _trees(env: Environment, template: str) -> Iterator[tuple[str, nodes.Template]]:
    """The template, and all that it takes from, in the form of trees."""
    assert env.loader is not None
    tree = env.parse(env.loader.get_source(env, template)[0])
    yield template, tree
    for name in meta.find_referenced_templates(tree):
        yield from _trees(env, name or "")
