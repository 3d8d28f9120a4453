"""Sections of pages that everybody sees alike, kept while the tables that they were read from stand as they are.

A section is the macro `fragment` of a template of its own, called with what a function reads. Both are done as for a
visitor, whoever asks, so that nothing of a reader can be in it. It is kept with the versions of the tables that its
statements named (`kernel.site_version`): a change of one of them makes it anew, and a change of any other does not. A
section is made anew in another minute too, and whenever the clock alone changes it within its minute
(`kernel.delivery.becomes_another`).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app, g
from flask_login import AnonymousUserMixin

from civic_forum.kernel import clock, site_version
from civic_forum.kernel.i18n import Language, spoken
from civic_forum.kernel.rich_text import joined

MOST = 1024
"""Sections that each process keeps."""
Name = tuple[Callable[..., Any], Language, tuple[Hashable, ...]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that was made, with its minute and the versions of the tables that it was read from."""

    minute: int
    versions: Mapping[str, int | None]
    value: Any

    def stands(self, minute: int, versions: Mapping[str, int]) -> bool:
        return self.minute == minute and all(versions.get(name) == number for name, number in self.versions.items())


class Sections:
    """The sections that were asked for last."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Name, Kept] = OrderedDict()

    def find(self, name: Name) -> Kept | None:
        if found := self.kept.get(name):
            self.kept.move_to_end(name)
        return found

    def keep(self, name: Name, made: Kept) -> None:
        self.kept[name] = made
        self.kept.move_to_end(name)
        while len(self.kept) > MOST:
            self.kept.popitem(last=False)


def init_app(app: Flask) -> None:
    app.extensions["sections"] = Sections()


def kept(make: Callable[..., Any], *given: Hashable) -> Any:
    """The value that `make` gives for these arguments and a visitor; made again when it may have become another.

    `make` is a function of a module and reads nothing of the request; nobody changes what it gives.
    """
    sections, name = current_app.extensions["sections"], (make, spoken.get(), given)
    minute, versions = int(clock.now().timestamp()) // 60, site_version.of_tables()
    found = sections.find(name)
    if found is None or not found.stands(minute, versions):
        with site_version.tables_read() as tables, _as_a_visitor(), _clock_watched() as watched:
            value = make(*given)
        found = Kept(minute, {table: versions.get(table) for table in tables}, value)
        if watched.stands:
            sections.keep(name, found)
    site_version.note_read(found.versions.keys())
    return found.value


def rendered(template: str, **facts: Any) -> Any:
    """The macro `fragment` of a template with these facts, for functions that `kept` calls."""
    return current_app.jinja_env.get_template(template).module.fragment(**facts)  # type: ignore[attr-defined]


def written(template: str, **facts: Any) -> Any:
    """A whole template with these facts, the globals of all and the language, for functions that `kept` calls."""
    words = SimpleNamespace(language=spoken.get())
    return joined([current_app.jinja_env.get_template(template).render(display=words, **facts)])


@contextmanager
def _as_a_visitor() -> Iterator[None]:
    """Within the block flask-login knows of nobody."""
    reader = g.get("_login_user")
    g._login_user = AnonymousUserMixin()
    try:
        yield
    finally:
        if reader is None:
            del g._login_user
        else:
            g._login_user = reader


class _Watched:
    stands = True


@contextmanager
def _clock_watched() -> Iterator[_Watched]:
    """Notes whether what is made within the block becomes another one by the clock within its minute."""
    watched, before = _Watched(), g.pop("changes_soon", False)
    try:
        yield watched
    finally:
        watched.stands = not g.get("changes_soon", False)
        if before:
            g.changes_soon = True
