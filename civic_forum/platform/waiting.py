"""Work that waits at the desk: all kinds in one list by the day they are due, and how many there are.

One statement counts, one lists, however many kinds there are and however much waits. A kind's own index gives its
next few, and the few of all kinds are merged here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from . import paging, policy
from .base import Instant, Number, db
from .errors import Invalid
from .i18n import Language, SEOUL, _, _l, language, local


# Days on which things are due, as somebody asks for them. Pure


SOON_DAYS = 7


class Due(StrEnum):
    """Filter by deadline."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    ALL = "all"


@dataclass(frozen=True)
class Tally:
    """Number of things of a kind that wait."""

    late: int = 0
    today: int = 0
    week: int = 0
    """From today, within a week."""
    all: int = 0

    def of(self, due: Due) -> int:
        return getattr(self, due)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.late + other.late, self.today + other.today, self.week + other.week, self.all + other.all)


def fits(day: date, due: Due, today: date) -> bool:
    """True if what is due on this day belongs to what is asked for."""
    return {Due.LATE: day < today, Due.TODAY: day == today,
            Due.WEEK: today <= day <= today + timedelta(days=SOON_DAYS), Due.ALL: True}[due]


# Labels of deadlines


DUE = {Due.LATE: _l("늦었어요"), Due.TODAY: _l("오늘까지"), Due.WEEK: _l("7일 안"), Due.ALL: _l("모두")}


# Declarations of work: what waits at the desk, and the pages on which somebody begins something


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


# Sources of waiting work, and the statement or the short list of each


KEPT = 500
"""So many statements are kept; each is for one person and one way to narrow the list."""
SHORT = "short"
"""Said of a kind that is a short list and is asked anew each time."""


@dataclass(frozen=True)
class Staff:
    """All that a statement may know of who asks: it is kept and asked again as long as this stays the same."""

    id: int
    roles: frozenset
    departments: frozenset[int]
    neighbourhoods: frozenset[int]
    today: date
    """In Seoul. A statement may hold a day, which ends with it, and never a moment."""
    language: Language = Language.KO
    """Names of departments and neighbourhoods are read in it."""
    elsewhere: frozenset[tuple[int, int]] = frozenset()
    """(department, person) of colleagues whose work lies on the desk of another one."""
    stands_in: tuple[tuple[int, str], ...] = ()
    """Id and name of colleagues for whom this one stands in."""

    @classmethod
    def of(cls, user, today: date, **desk: Any) -> "Staff":
        return cls(user.id, frozenset(user.roles), frozenset(user.department_ids()),
                   frozenset(user.neighbourhood_ids()), today, language(), **desk)

    def has(self, role) -> bool:
        return role in self.roles

    def department_ids(self) -> frozenset[int]:
        return self.departments

    def neighbourhood_ids(self) -> frozenset[int]:
        return self.neighbourhoods


@dataclass(frozen=True, eq=False)
class Source:
    """Waiting things of one kind for one user."""

    name: str
    work: DeskWork
    staff: Staff
    found: sa.Select | tuple[Waiting, ...]

    @property
    def is_short(self) -> bool:
        return isinstance(self.found, tuple)

    def __eq__(self, other: object) -> bool:
        """The same statement: for those that are kept."""
        return isinstance(other, Source) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple:
        return self.name, self.work.waiting, self.work.within, self.staff


def sources(user, today: date, **desk: Any) -> list[Source]:
    """The kinds of work that this user has today, in the order in which the features were put together. `desk`: what
    `Staff` knows of colleagues."""
    staff, kinds = Staff.of(user, today, **desk), []
    for name, work in WORK.items():
        if policy.can(user, work.permission) and (waits := _asked(work.waiting, staff)) is not None:
            kinds.append(Source(name, work, staff, tuple(work.waiting(staff)) if waits is SHORT else waits))
    return kinds


@lru_cache(maxsize=KEPT)
def _asked(waiting: Callable, staff: Staff) -> sa.Select | str | None:
    """The statement of a kind for this person. Making one costs more than asking the database, so it is kept."""
    waits = waiting(staff)
    return SHORT if isinstance(waits, list) else waits


# One statement counts what waits, one lists the next of it; both are kept, and days are bound when they are asked


ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cursor:
    """The last item of the page before."""

    due_on: date
    kind: str
    since: int
    """Microseconds of the instant since when it waits; 0 where the kind has a day."""
    id: int


@lru_cache(maxsize=KEPT)
def counting(kinds: tuple[Source, ...]) -> sa.CompoundSelect:
    """Of each kind: its name, how many are late, due today, due within a week, and how many there are."""
    return sa.union_all(*(kind.found.with_only_columns(
        sa.literal(kind.name),
        *(sa.func.count(sa.case((_is_due(kind, due), 1))) for due in (Due.LATE, Due.TODAY, Due.WEEK)),
        sa.func.count(), maintain_column_froms=True) for kind in kinds))


@lru_cache(maxsize=KEPT)
def next_few(kinds: tuple[Source, ...], due: Due, behind: tuple[int, ...] | None, size: int) -> sa.CompoundSelect:
    """The next few of each kind: for the merged list none of them can give more than a page.

    `behind` says of each kind whether it stands before (-1) or behind (1) the kind of the last item, or is it (0).
    """
    return sa.union_all(*(_next_of(kind, due, behind and behind[place], size) for place, kind in enumerate(kinds)))


def _next_of(kind: Source, due: Due, place: int | None, size: int) -> sa.Select:
    id_, due_at = _key(kind)
    query = kind.found.where(_is_due(kind, due))
    if place == 0:
        query = query.where(sa.tuple_(due_at, id_) > sa.tuple_(_bound(kind, "last"), sa.bindparam("id", type_=Number)))
    elif place is not None:
        query = query.where(due_at >= _bound(kind, "same" if place > 0 else "next"))
    cut = query.order_by(due_at, id_).limit(size + 1).subquery()
    number, when, *texts = cut.c
    nothing = sa.cast(sa.null(), Instant), sa.cast(sa.null(), sa.Date)
    at, on = (when, nothing[1]) if kind.work.within is not None else (nothing[0], when)
    return sa.select(sa.literal(kind.name), sa.cast(number, Number), sa.type_coerce(on, sa.Date),
                     sa.type_coerce(at, Instant), *(sa.cast(text, sa.Text) for text in texts))


def _key(kind: Source) -> tuple[sa.ColumnElement, sa.ColumnElement]:
    id_, due_at, *_texts = kind.found.selected_columns
    return id_, due_at


def _is_due(kind: Source, due: Due) -> sa.ColumnElement[bool]:
    _id, due_at = _key(kind)
    today, tomorrow, later = (_bound(kind, name) for name in ("today", "tomorrow", "later"))
    return {Due.LATE: due_at < today, Due.TODAY: sa.and_(due_at >= today, due_at < tomorrow),
            Due.WEEK: sa.and_(due_at >= today, due_at < later), Due.ALL: sa.true()}[due]


def _bound(kind: Source, name: str) -> sa.BindParameter:
    """A day as the column of this kind says it; `bounds` has the values."""
    return sa.bindparam(*_named(kind, name))


def _named(kind: Source, name: str) -> tuple[str, None, sa.types.TypeEngine]:
    within = kind.work.within
    return (name, None, sa.Date()) if within is None else (f"{name}_{int(within.total_seconds())}", None, Instant())


def bounds(kinds: tuple[Source, ...], today: date, cursor: Cursor | None = None) -> dict[str, object]:
    """The values of a statement's parameters: days of Seoul, and the last item of the page before."""
    days = {"today": today, "tomorrow": today + ONE_DAY, "later": today + timedelta(days=SOON_DAYS + 1)}
    if cursor is not None:
        days |= {"same": cursor.due_on, "next": cursor.due_on + ONE_DAY}
    values = {_named(kind, name)[0]: _start(kind, day) for kind in kinds for name, day in days.items()}
    if cursor is not None:
        values |= {_named(kind, "last")[0]: cursor.due_on if kind.work.within is None else paging.moment(cursor.since)
                   for kind in kinds} | {"id": cursor.id}
    return values


def _start(kind: Source, day: date) -> date | datetime:
    """The least that the column of a kind says where this day or a later one is the last."""
    if kind.work.within is None:
        return day
    return datetime.combine(day, time(), SEOUL).astimezone(timezone.utc) - kind.work.within


# Numbers of waiting things, and the next of them: short lists and what the database gives, by the day they are due


PAGE = 20
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Item:
    kind: str
    due_on: date
    line: DeskLine


def tallies(kinds: list[Source], today: date) -> dict[str, Tally]:
    """Numbers that wait of each kind, in one statement."""
    counted = {kind.name: Tally(*(sum(fits(waiting.due_on, due, today) for waiting in kind.found) for due in Due))
               for kind in kinds if kind.is_short}
    asked = tuple(kind for kind in kinds if not kind.is_short)
    rows = db.session.execute(counting(asked), bounds(asked, today)) if asked else ()
    counted |= {name: Tally(late, on_day, week, every) for name, late, on_day, week, every in rows}
    return {kind.name: counted[kind.name] for kind in kinds}


def listed(kinds: list[Source], *, due: Due, today: date, after: str | None = None,
           size: int = PAGE) -> paging.Page[Item]:
    """The next things of these kinds by the day they are due. Raises Invalid for an `after` that is no token."""
    cursor, order = _cursor(after), {name: place for place, name in enumerate(WORK)}
    of = {kind.name: kind for kind in kinds}
    rows = [(Cursor(waiting.due_on, kind.name, 0, waiting.id), waiting) for kind in kinds if kind.is_short
            for waiting in kind.found if fits(waiting.due_on, due, today)]
    if asked := tuple(kind for kind in kinds if not kind.is_short):
        behind = cursor and tuple((order[kind.name] > order[cursor.kind]) - (order[kind.name] < order[cursor.kind])
                                  for kind in asked)
        selected = db.session.execute(next_few(asked, due, behind, size), bounds(asked, today, cursor))
        rows += [_read(row, of[row[0]]) for row in selected]

    def key(at: Cursor):
        return at.due_on, order[at.kind], at.since, at.id

    rows = sorted((row for row in rows if cursor is None or key(row[0]) > key(cursor)), key=lambda row: key(row[0]))
    page = paging.page_of(rows, size, lambda row: (row[0].due_on.isoformat(), row[0].kind, row[0].since, row[0].id))
    return paging.Page(_in_words(page.items, kinds), page.after)


def _read(row: sa.Row, kind: Source) -> tuple[Cursor, Waiting]:
    name, id_, on, at, ref, title, note = row
    day = on if at is None else local(at + kind.work.within).date()
    return (Cursor(day, name, 0 if at is None else paging.microseconds(at), id_), Waiting(id_, day, ref, title, note))


def _cursor(after: str | None) -> Cursor | None:
    values = paging.parts(after, str, str, int, int)
    if values is None:
        return None
    try:
        cursor = Cursor(date.fromisoformat(values[0]), *values[1:])
    except ValueError:
        cursor = None
    if cursor is None or not EARLIEST <= cursor.due_on <= LATEST or cursor.kind not in WORK:
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요."))
    return cursor


def _in_words(rows: list[tuple[Cursor, Waiting]], kinds: list[Source]) -> list[Item]:
    """The lines of a page: each kind puts its own into words at once."""
    lines: dict[tuple[str, int], DeskLine] = {}
    for kind in kinds:
        own = [waiting for at, waiting in rows if at.kind == kind.name]
        if own:
            lines |= {(kind.name, waiting.id): line for waiting, line in zip(own, kind.work.lines(own), strict=True)}
    return [Item(at.kind, at.due_on, lines[at.kind, waiting.id]) for at, waiting in rows]
