"""Declarations of work: what waits at the desk, and the pages on which somebody begins something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from .sources import Staff


@dataclass(frozen=True)
class DeskEntry:
    """A page of the desk on which somebody begins something; shown to whom the permission allows."""

    permission: str
    label: object
    endpoint: str


@dataclass(frozen=True)
class Waiting:
    """One thing that waits at the desk. The last day is in time."""

    id: int
    """Unlike that of any other thing of its kind."""
    due_on: date
    ref: str | None = None
    """What its address is made of: a number, a slug, an id."""
    title: str | None = None
    note: str | None = None
    """One more fact for the line: a department, how many, since when."""


@dataclass(frozen=True)
class DeskLine:
    """A waiting thing on the desk."""

    url: str
    """The page on which it is done: the second click is the doing."""
    title: str
    about: tuple[str, ...] = ()
    """Short facts behind the kind: number, department."""
    why: str | None = None
    """A sentence that says what is to be decided, where the title does not."""


@dataclass(frozen=True)
class DeskWork:
    """A kind of work that waits at the desk, merged with all others by the day it is due (`platform.waiting`).

    `waiting` (Staff → Select, list of Waiting, or None for nobody's business) gives *only what this person can do*: an
    official's departments, a clerk's neighbourhoods, nothing of which the person was the first of two.
    `platform.waiting.Staff` has `id`, `has(role)`, `department_ids()`, `neighbourhood_ids()` and `today`, and nothing
    else, because a Select is kept and asked again as long as these stay: it never holds a moment.

    - A Select is for what can grow. Exactly five columns, in this order: id, due, ref, title, note; the last three
      texts or NULL; no ORDER BY and no LIMIT. `due` is a plain column: a `date`, or an instant since when it waits, to
      which `within` is added. An index on (due, id), partial on what is open, serves the page; text that lies in
      another table comes by a scalar subquery, which counting leaves out.
    - A list is for what is never more than a few dozen, and has to be reckoned in Python.

    `lines` (list of Waiting → list of DeskLine, in the same order) puts those of one page into words; it may ask the
    database once, not once for each.
    """

    permission: str
    label: object
    """What is to be done, short enough for a filter: 답변 쓰기."""
    waiting: Callable[["Staff"], "sa.Select | list[Waiting] | None"]
    lines: Callable[[list[Waiting]], Sequence[DeskLine]]
    within: timedelta | None = None
    """How long it may wait, where `due` is an instant."""


ENTRIES: dict[str, DeskEntry] = {}
"""Pages of the desk, by a name of their own."""
WORK: dict[str, DeskWork] = {}
"""Kinds of work by name, `feature.what`."""
