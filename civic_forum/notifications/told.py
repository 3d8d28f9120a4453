"""Rows of the table of what is told to whom (`reactions.table`), and how they are told."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import partial
from string import Formatter
from typing import Any

import sqlalchemy as sa

from civic_forum.blocks.kinds import kind_of
from civic_forum.platform import hooks

from . import labels, operations
from .queries import notices as subjects
from .queries.cases import THROUGH, Case, model, number
from .rules import NoticeKind


@dataclass(frozen=True)
class About:
    """Subject of a notice and where the notice leads, as texts that a `Case` fills in."""

    about: str
    """`proposal:{proposal.id}`"""
    url: str
    title: str = ""
    """Of what its reader wrote: to others it is looked up when they read (`steps.tell`)."""
    kinds: Collection[str] = ()
    """Kinds of which one is filled in, where `about` does not name it."""


@dataclass(frozen=True)
class To:
    """Recipients, and the kind of notice that it is for them."""

    kind: NoticeKind
    people: Callable[[Case], sa.SelectBase]


@dataclass(frozen=True)
class Choice:
    """One of several steps."""

    by: Callable[[Case], Any]
    steps: Mapping[Any, str]


@dataclass(frozen=True)
class Told:
    """A fact that is told to some people, in their order."""

    fact: type
    to: Sequence[To]
    step: str | Choice
    about: About
    once: str
    """Nobody is told the same twice: a text that a `Case` fills in."""
    unless: Callable[[Case], object] | None = None
    details: Callable[[Case], dict[str, object]] | None = None
    at: Callable[[Case], datetime] | None = None
    """None: the moment of the change that told the fact."""
    even_who_acts: bool = False
    whatever_they_chose: bool = False


def register(rows: Iterable[Told]) -> None:
    """Listen to the facts of these rows. Raises ValueError where one of them cannot be told."""
    of_facts = defaultdict(list)
    for row in rows:
        of_facts[row.fact].append(row)
    if wrong := [why for of_fact in of_facts.values() for row in of_fact for why in why_not(row)]:
        raise ValueError("\n".join(wrong))
    for fact, of_fact in of_facts.items():
        hooks.on(fact)(partial(tell, of_fact))


def why_not(row: Told) -> list[str]:
    """Sentences on why a row cannot be told."""
    name = getattr(row.fact, "__name__", repr(row.fact))
    if not (isinstance(row.fact, type) and is_dataclass(row.fact) and row.fact.__module__.endswith(".events")):
        return [f"{name} is told, and is no event of a feature."]
    steps = row.step.steps.values() if isinstance(row.step, Choice) else [row.step]
    return [*(f"{name} is told as {step!r}, which has no sentence in notifications/labels.py."
              for step in steps if not labels.has_sentence(step)),
            *(f"{name} is told about {kind!r}, no kind that notices know."
              for kind in row.about.kinds or [kind_of(row.about.about)] if not subjects.is_known(kind)),
            *(f"{name} is told with {{{dotted}}}, which it does not have."
              for dotted in _names(row) if not _has(row.fact, *dotted.split(".")))]


def _names(row: Told) -> list[str]:
    """Names in the texts of a row, the first two parts of each."""
    texts = (row.about.about, row.about.title, row.about.url, row.once)
    names = [name for text in texts for _text, name, *_rest in Formatter().parse(text) if name]
    return list(dict.fromkeys(".".join(name.partition("[")[0].split(".")[:2]) for name in names))


def _has(fact: type, name: str, part: str = "") -> bool:
    """True if a case of this fact has a record or anything else of this name, and the record that column."""
    numbers = {field.name for field in fields(fact)}
    if (known := model(name)) is not None:
        return (any(number(via) in numbers for via in (name, *THROUGH.get(name, ())))
                and (not part or hasattr(known, part)))
    return part in numbers if name == "fact" else hasattr(Case, name)


def tell(rows: Sequence[Told], fact: object, session: object) -> None:
    """Write the notices of a fact."""
    case = Case(fact)
    for row in rows:
        if row.unless is not None and row.unless(case):
            continue
        step = row.step.steps[row.step.by(case)] if isinstance(row.step, Choice) else row.step
        about, title, url, once = (text.format_map(case) for text in (
            row.about.about, row.about.title, row.about.url, row.once))
        for to in row.to:
            operations.tell(session, to.people(case), kind=to.kind, about=about, step=step, title=title, url=url,
                            once=once, at=row.at(case) if row.at else case.now,
                            details=row.details(case) if row.details else None,
                            even_who_acts=row.even_who_acts, whatever_they_chose=row.whatever_they_chose)
