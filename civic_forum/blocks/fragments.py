"""Fragments of pages that are rendered once for all that they say, and kept in memory.

A fragment is the macro `fragment` of a template of its own. It is given facts and nothing of the page: neither who
reads it nor the request. It is kept by its template, the language of the page and those facts, so that a changed fact
makes another fragment and nothing has to be thrown away; the least used ones make room.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import cache, lru_cache, partial
from typing import Any

from flask import Flask, current_app
from jinja2 import Environment, nodes

from civic_forum.platform.i18n import Language, spoken
from civic_forum.platform.rich_text import joined

MOST = 4096
"""Fragments that each process keeps."""
FRAME = "base.html"
"""The frame of every page, which no section has."""
OF_READERS = frozenset({
    "can", "config", "csrf_field", "csrf_token", "display", "follows_without_script", "fresh_key", "g",
    "get_flashed_messages", "me", "navigation", "own_token", "post_button", "request", "session", "style_sheets",
    "url_for", "why_not"})
"""Names that say something of the reader or of the request; no template of a fragment may use any."""
OF_ALL = frozenset({"config", "display", "style_sheets", "url_for"})
"""Those among them that a section may use: it is made anew for every language, and `display` says nothing else."""


class NotForAll(Exception):
    """A fragment that depends on who reads it."""


def init_app(app: Flask) -> None:
    """Give templates `cached_fragment(template, *facts)`: the fragment that says these hashable facts.

    Facts at the same place are always of the same type: 1 and True are the same fact.
    """
    render = partial(_render, app.jinja_env, cache(
        partial(refuse_readers, app.jinja_env, macro="fragment", names=OF_READERS)))
    fragments = app.extensions["fragments"] = lru_cache(MOST)(render)

    def cached_fragment(template: str, *facts: Hashable) -> Any:
        return fragments(template, spoken.get(), *facts)

    app.jinja_env.globals |= {"cached_fragment": cached_fragment, "cached_fragments": all_of}


def all_of(template: str, first_facts: Iterable[Hashable], *facts: Hashable) -> Any:
    """One fragment behind the other: each has one of the first facts, and the others alike."""
    return joined(each_of(template, first_facts, *facts))


def each_of(template: str, first_facts: Iterable[Hashable], *facts: Hashable) -> list[str]:
    fragments, words = current_app.extensions["fragments"], spoken.get()
    return [fragments(template, words, first, *facts) for first in first_facts]


def _render(env: Environment, check: Callable[[str], None], template: str, _words: Language, *facts: Hashable) -> Any:
    check(template)
    return env.get_template(template).module.fragment(*facts)  # type: ignore[attr-defined]


def refuse_readers(env: Environment, template: str, macro: str | None = None,
                   names: frozenset[str] = OF_READERS - OF_ALL) -> None:
    """Raises NotForAll where a template, or a macro that it calls, uses one of these names."""
    if refused := sorted(pair for pair in _used(env, template, macro, set()) if pair[1] in names):
        where, words = refused[0][0], ", ".join(word for name, word in refused if name == refused[0][0])
        raise NotForAll(f"{template}: {where} uses {words}, which is not the same for every reader")


def _used(env: Environment, template: str, macro: str | None,
          seen: set[tuple[str, str | None]]) -> set[tuple[str, str]]:
    """Templates with the names that a macro (None: the whole template) uses, and what it calls and includes."""
    if (template, macro) in seen:
        return set()
    seen.add((template, macro))
    assert env.loader is not None
    tree = env.parse(env.loader.get_source(env, template)[0])
    macros = {node.name: node for node in tree.find_all(nodes.Macro)}
    sources = {alias: (_named(taken.template), name) for taken in tree.find_all(nodes.FromImport)
               for name, alias in (pair if isinstance(pair, tuple) else (pair, pair) for pair in taken.names)}
    modules = {node.target: _named(node.template) for node in tree.find_all(nodes.Import)}
    bodies: list[nodes.Node] = [node for node in tree.body if macro is None or not isinstance(node, nodes.Macro)]
    if macro in macros:
        bodies.append(macros[macro])
    words = set()
    for body in bodies:
        for word in body.find_all(nodes.Name):
            if word.name in sources:
                words |= _used(env, *sources[word.name], seen)
            elif word.name in macros:
                words |= _used(env, template, word.name, seen)
            else:
                words.add((template, word.name))
        for part in (body, *body.find_all((nodes.Include, nodes.Extends, nodes.Getattr))):
            if isinstance(part, nodes.Include | nodes.Extends) and _named(part.template) != FRAME:
                words |= _used(env, _named(part.template), None, seen)
            elif isinstance(part, nodes.Getattr) and isinstance(part.node, nodes.Name) and part.node.name in modules:
                words |= _used(env, modules[part.node.name], part.attr, seen)
    return words


def _named(template: nodes.Expr) -> str:
    """The name of a template that is written out where it is taken from."""
    return str(template.as_const())
