"""Sections of pages that everybody sees alike, kept while the tables that they were read from stand as they are.

A section is what a function reads, or a template written with it, and it may be a whole page without its frame
(`page`). It is made as for a visitor, whoever asks, and its template may not name the reader, so that nothing of one is
in it. It is kept with the versions of the tables that its statements named (`platform.site_version`): a change of one
of them makes it anew, and a change of any other does not. It holds until the next of the moments with which it
compared the clock (`platform.clock.watched`); one that reads what changes without a version, to the end of its minute.
A section of sections stands as long as what they give is the same, however often they are made. One that `asks_again`
stands as long as the database answers its statements as before, whatever else is written in their tables.
"""

import operator
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from types import SimpleNamespace
from typing import Any, TypeVar

from flask import Flask, current_app, g, render_template
from flask_login import AnonymousUserMixin
from jinja2 import BaseLoader, Environment

from civic_forum.platform import clock, settings, site_version
from civic_forum.platform.base import WRITTEN, db
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import Language, spoken
from civic_forum.platform.last_used import LastUsed
from civic_forum.platform.rich_text import joined
from civic_forum.platform.web import district

from .fragments import FRAME, refuse_readers

FOR_ALL, FOR_ONE = "sections", "own_sections"
MOST, MOST_CHARACTERS = 512, 16_000_000
"""Sections that each process keeps, and their texts together."""
WITHOUT_FRAME = "blocks/parts_of_page.html"
PARTS = ("title", "styles", "scripts", "head", "body_class", "main")
A_PART = 100
"""Characters of a part that is no text, unless it says so (`measures`)."""
BETWEEN = "\N{INFORMATION SEPARATOR FOUR}"
"""Between the parts of a page; no text of anybody has it (`platform.plain_text`)."""
GAP = "\N{INFORMATION SEPARATOR THREE}"
"""Around the name of what stands there for one reader."""
VISITOR = AnonymousUserMixin()
Make = TypeVar("Make", bound=Callable[..., Any])
Name = tuple[Callable[..., Any], Language, tuple[Hashable, ...]]


@dataclass(slots=True)
class Basis:
    """Ground of a value, beside the sections in it: tables with their versions, and until when it is right."""

    since: datetime
    until: datetime
    versions: dict[str, int | None]

    def stands(self, now: datetime, versions: Mapping[str, int]) -> bool:
        return self.since <= now < self.until and all(map(operator.eq, map(versions.get, self.versions),
                                                          self.versions.values()))


@dataclass(slots=True)
class Kept:
    """A value that was made, on its own basis and that of the sections in it, and these with what they gave."""

    own: Basis
    whole: Basis
    value: Any
    size: int
    """Some characters of its texts."""
    inner: list[tuple[str, Name, Any]]
    asked: "Asked | None" = None
    asks_always: bool = False
    """It, or one in it, asks for what leaves no version behind."""


@dataclass(slots=True)
class Asked:
    """The statements of a section that asks again, with digests of the answers, and until when it is right with them.

    What leaves no version behind is asked at every reading.
    """

    statements: list[tuple[str, Any, bytes]]
    until: datetime
    unasked: frozenset[str]
    """Tables that were read in another way: a change of them makes it anew."""

    def basis(self, own: Basis, now: datetime, versions: Mapping[str, int]) -> Basis | None:
        """The next one; None if any answer is another."""
        changed = {table for table, version in own.versions.items() if versions.get(table) != version}
        if not own.since <= now < self.until or not changed.isdisjoint(self.unasked):
            return None
        changed |= site_version.QUIET
        if any(site_version.answer(statement, parameters) != answer for statement, parameters, answer in self.statements
               if not changed.isdisjoint(site_version.named_in(statement))):
            return None
        return Basis(now, _until(self.until, now, own.versions), {table: versions.get(table) for table in own.versions})


def _until(until: datetime, now: datetime, tables: Collection[str]) -> datetime:
    return until if site_version.QUIET.isdisjoint(tables) else min(until, clock.end_of_minute(now))


_ASKS_AGAIN: set[Hashable] = set()


def asks_again(make: Make) -> Make:
    """Decorates a function whose value stands until an answer of its statements is another one: for a value that hardly
    ever becomes another, of tables that are written often."""
    _ASKS_AGAIN.add(make)
    return make


class Sections(LastUsed[Name, Kept]):
    """The sections that were asked for last."""

    def __init__(self, env: Environment) -> None:
        super().__init__(MOST, MOST_CHARACTERS)
        assert env.loader is not None
        self.env = env.overlay(loader=_Parts(env.loader))
        self.check = cache(partial(refuse_readers, env))


def init_app(app: Flask) -> None:
    for name in (FOR_ALL, FOR_ONE):
        app.extensions[name] = Sections(app.jinja_env)


def kept_for_one(make: Callable[..., Any], *arguments: Hashable) -> Any:
    """As `kept`, for what is one reader's own: the arguments name them, and it never crowds out what is for all."""
    return _kept(FOR_ONE, make, *arguments)


def kept(make: Callable[..., Any], *arguments: Hashable) -> Any:
    """The value that `make` gives for these arguments and a visitor; made again when it may have become another.

    `make` is a function of a module and reads nothing of the request; nobody changes what it gives. It reads rows, or
    records that nobody can have read in this request before: those come from the session as they were, `get` and
    relationships without any statement that would name their table (or with `populate_existing`).
    """
    return _kept(FOR_ALL, make, *arguments)


def _kept(store: str, make: Callable[..., Any], *arguments: Hashable) -> Any:
    around, name = _making.get(), (make, spoken.get(), arguments)
    making = _Making(around.now, around.info, around.versions) if around is not None else _Making(
        clock.read(), db.session.connection().info, site_version.of_tables())
    section: Kept | None = current_app.extensions[store].get(name)
    if section is None or making.changes or section.asks_always or not section.whole.stands(
            making.now, making.versions):
        reader = g.get("_login_user") if around is None else None
        g._login_user = VISITOR
        try:
            if section is None or making.changes or not _stands_still(section, making):
                with site_version.tables_read() as tables, clock.watched() as watch:
                    section = _made(store, name, making, tables, watch)
        finally:
            if reader is not None:
                g._login_user = reader
            elif around is None:
                del g._login_user
    if around is None:
        becomes_another(section.whole.until)
    else:
        around.inner.append((store, name, section))
    return section.value


def _stands_still(section: Kept, making: "_Making") -> bool:
    """True if the sections in it, made anew where they have to be, give the same as before."""
    own: Basis | None = section.own
    if section.asked is not None or not section.own.stands(making.now, making.versions):
        own = section.asked.basis(section.own, making.now, making.versions) if section.asked else None
    elif not section.inner:
        return False
    if own is None:
        return False
    section.own = own
    token = _making.set(making)
    try:
        if not all(_kept(store, make, *arguments) == value
                   for store, (make, _language, arguments), value in section.inner):
            return False
    finally:
        _making.reset(token)
    section.whole = making.with_inner(section.own)
    return True


def _made(store: str, name: Name, making: "_Making", tables: site_version.Read, watch: clock.Watch) -> Kept:
    making.inner.clear()
    now, versions, token = making.now, making.versions, _making.set(making)
    try:
        settings.keep_up(versions)
        value = name[0](*name[2])
    finally:
        _making.reset(token)
    own = Basis(now, watch.until if site_version.QUIET.isdisjoint(tables) else _until(watch.until, now, tables), {
        table: versions.get(table) for table in tables})
    section = Kept(own, making.with_inner(own), value, making.size + _characters(value),
                   [(where, within, part.value) for where, within, part in making.inner])
    if (name[0] if name[0] is not _parts else name[2][0]) in _ASKS_AGAIN and not making.changes:
        section.asked = _asked(tables, watch.until)
        section.asks_always = not site_version.QUIET.isdisjoint(tables)
    section.asks_always |= any(part.asks_always for _where, _within, part in making.inner)
    if now < section.whole.until and not making.changes and site_version.UNVERSIONED.isdisjoint(
            section.whole.versions):
        current_app.extensions[store].put(name, section)
    return section


def _asked(tables: site_version.Read, until: datetime) -> Asked:
    statements = [(statement, parameters, site_version.answer(statement, parameters))
                  for (statement, _shown), parameters in tables.asked.items()]
    return Asked(statements, until, frozenset(tables.unasked))


@dataclass(slots=True)
class _Making:
    """Facts of a section while it is made, or its inner ones are asked for again."""

    now: datetime
    info: Mapping[Any, Any]
    """Of the connection."""
    versions: Mapping[str, int]
    size: int = 0
    inner: list[tuple[str, Name, Kept]] = field(default_factory=list)
    """The sections in it."""

    @property
    def changes(self) -> bool:
        """This transaction has changed what nobody else sees yet."""
        return bool(self.info.get(WRITTEN))

    def with_inner(self, own: Basis) -> Basis:
        if not self.inner:
            return own
        whole = Basis(self.now, own.until, dict(own.versions))
        for _store, _name, part in self.inner:
            whole.until = min(whole.until, part.whole.until)
            whole.versions |= part.whole.versions
        return whole


_making: ContextVar[_Making | None] = ContextVar("section_being_made", default=None)


def measures(characters: int) -> None:
    """Say how large a part is of what is being made: of rows nobody else knows it."""
    if (making := _making.get()) is not None:
        making.size += characters


def _characters(value: Any) -> int:
    """Of a text, or of the texts that stand beside each other."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else (value,)
    return sum([len(part) if isinstance(part, str) else A_PART for part in parts])


def written(template: str, **facts: Any) -> Any:
    """A template with these facts, the words of the district and the language, for functions that `kept` calls.

    Raises NotForAll for a template that names its reader or the request.
    """
    sections = current_app.extensions["sections"]
    sections.check(template)
    words = SimpleNamespace(language=spoken.get())
    text = joined([sections.env.get_template(template).render(
        display=words, district=district(), between=BETWEEN, gap=_gap, **facts)])
    measures(len(text))
    return text


def parts_of(added: Iterable[Any]) -> list[Any]:
    """Sections that features above add to a page, each as it is written for everybody."""
    return [written(section.template, section=section) for section in added]


def page(make: Callable[..., tuple[str, dict[str, Any]]], *arguments: Hashable,
         own: Callable[[], Mapping[str, str]] | None = None) -> str:
    """A page that is the same for everybody but for its frame: `make` gives its template and facts (`kept`).

    Where the template says `gap('name')` stands the text of this name, of the reader alone: read afterwards. Nothing is
    kept of a page that is not there for a visitor.
    """
    try:
        parts = kept(_parts, make, *arguments)
    except NotFound:
        return page_for_one(make, *arguments, own=own or dict)
    if own is not None:
        texts, of_reader = str.split(parts["main"], GAP), own()
        texts[1::2] = [of_reader[name] for name in texts[1::2]]
        parts = parts | {"main": joined(texts)}
    return render_template("blocks/kept_page.html", **parts)


def page_for_one(make: Callable[..., tuple[str, dict[str, Any]]], *arguments: Hashable,
                 own: Callable[[], Mapping[str, str]] = dict) -> str:
    """The same page made for its reader."""
    template, facts = make(*arguments)
    return render_template(template, gap=own().__getitem__, **facts)


def own_parts(template: str, *names: str, **facts: Any) -> dict[str, str]:
    """Texts in the gaps of a page for its reader, from one template that says `between` between them."""
    texts = render_template(template, between=BETWEEN, **facts).split(BETWEEN)
    return {name: joined([text]) for name, text in zip(names, texts, strict=True)}


def _gap(name: str) -> Any:
    return joined([GAP, name, GAP])


def _parts(make: Callable[..., tuple[str, dict[str, Any]]], *arguments: Hashable) -> dict[str, Any]:
    template, facts = make(*arguments)
    return {name: joined([text]) for name, text in zip(PARTS, written(template, **facts).split(BETWEEN), strict=True)}


class _Parts(BaseLoader):
    """The templates of the site, of which each page is written in parts instead of its frame."""

    def __init__(self, loader: BaseLoader):
        self.loader = loader

    def get_source(self, environment: Environment, template: str) -> Any:
        return self.loader.get_source(environment, WITHOUT_FRAME if template == FRAME else template)
