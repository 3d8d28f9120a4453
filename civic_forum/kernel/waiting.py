"""What waits at the desk: all kinds of work in one list by the day they are due, and how many there are.

One statement counts, one lists, however many kinds there are and however much waits. A kind's own index gives its
next few, and the few of all kinds are merged here.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

import sqlalchemy as sa

from . import paging, policy
from .base import Instant, Number, db
from .errors import Invalid
from .i18n import SEOUL, _, local
from .registries import DeskLine, DeskWork, Waiting, registries

PAGE = 20
SOON_DAYS = 7
ONE_DAY = timedelta(days=1)
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


class Due(StrEnum):
    """Which deadlines somebody wants to see."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    ALL = "all"


@dataclass(frozen=True)
class Item:
    kind: str
    due_on: date
    line: DeskLine


@dataclass(frozen=True)
class Tally:
    """How many of a kind wait."""

    late: int = 0
    today: int = 0
    week: int = 0
    """From today, within a week."""
    all: int = 0

    def of(self, due: Due) -> int:
        return getattr(self, due.value)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, due.value) + getattr(other, due.value) for due in Due))


@dataclass(frozen=True)
class Source:
    """What waits of one kind for one user."""

    name: str
    work: DeskWork
    found: sa.Select | list[Waiting]


@dataclass(frozen=True)
class Cursor:
    """The last item of the page before."""

    due_on: date
    kind: str
    since: int
    """Microseconds of the instant since when it waits; 0 where the kind has a day."""
    id: int


def sources(user) -> list[Source]:
    """The kinds of work that this user has, in the order in which the features were put together."""
    found = ((name, work, work.waiting(user)) for name, work in registries.work.items()
             if policy.can(user, work.permission))
    return [Source(name, work, waiting) for name, work, waiting in found if waiting is not None]


def tallies(kinds: list[Source], today: date) -> dict[str, Tally]:
    """How many wait of each kind, in one statement."""
    counted = {kind.name: _tally(kind.found, today) for kind in kinds if isinstance(kind.found, list)}
    asked = [_counted(kind, today) for kind in kinds if not isinstance(kind.found, list)]
    rows = db.session.execute(sa.union_all(*asked)) if asked else ()
    counted |= {name: Tally(late or 0, on_day or 0, week or 0, every) for name, late, on_day, week, every in rows}
    return {kind.name: counted[kind.name] for kind in kinds}


def _tally(found: list[Waiting], today: date) -> Tally:
    return Tally(*(sum(_fits(one.due_on, due, today) for one in found) for due in Due))


def _counted(kind: Source, today: date) -> sa.Select:
    columns = [sa.func.count(sa.case((condition, 1)))
               for condition in (_is_due(kind, due, today) for due in (Due.LATE, Due.TODAY, Due.WEEK))]
    return kind.found.with_only_columns(sa.literal(kind.name), *columns, sa.func.count(), maintain_column_froms=True)


def listed(kinds: list[Source], *, due: Due, today: date, after: str | None = None,
           size: int = PAGE) -> paging.Page[Item]:
    """The next things of these kinds by the day they are due. Raises Invalid for an `after` that is no token."""
    cursor, order = _cursor(after), {name: place for place, name in enumerate(registries.work)}
    of = {kind.name: kind for kind in kinds}
    rows: list[tuple[Cursor, Waiting]] = []
    asked = []
    for kind in kinds:
        if isinstance(kind.found, list):
            rows += [(Cursor(one.due_on, kind.name, 0, one.id), one) for one in kind.found
                     if _fits(one.due_on, due, today)]
        else:
            asked.append(_next(kind, due, today, cursor, order, size))
    if asked:
        rows += [_read(row, of[row[0]]) for row in db.session.execute(sa.union_all(*asked))]

    def key(at: Cursor):
        return at.due_on, order[at.kind], at.since, at.id

    rows = sorted((row for row in rows if cursor is None or key(row[0]) > key(cursor)), key=lambda row: key(row[0]))
    page = paging.page_of(rows, size, lambda row: (row[0].due_on.isoformat(), row[0].kind, row[0].since, row[0].id))
    return paging.Page(_in_words(page.items, kinds), page.after)


def _next(kind: Source, due: Due, today: date, cursor: Cursor | None, order: dict[str, int], size: int) -> sa.Select:
    """The next few of one kind: for the merged list none of them can give more than a page."""
    id_, due_at = _key(kind)
    found = kind.found.where(_is_due(kind, due, today), _behind(kind, cursor, order))
    cut = found.order_by(due_at, id_).limit(size + 1).subquery()
    number, when, *texts = cut.c
    nothing = sa.cast(sa.null(), Instant), sa.cast(sa.null(), sa.Date)
    at, on = (when, nothing[1]) if kind.work.within is not None else (nothing[0], when)
    return sa.select(sa.literal(kind.name), sa.cast(number, Number), sa.type_coerce(on, sa.Date),
                     sa.type_coerce(at, Instant), *(sa.cast(text, sa.Text) for text in texts))


def _key(kind: Source) -> tuple[sa.ColumnElement, sa.ColumnElement]:
    id_, due_at, *_texts = kind.found.selected_columns
    return id_, due_at


def _behind(kind: Source, cursor: Cursor | None, order: dict[str, int]) -> sa.ColumnElement[bool]:
    if cursor is None:
        return sa.true()
    id_, due_at = _key(kind)
    if kind.name == cursor.kind:
        at = cursor.due_on if kind.work.within is None else paging.moment(cursor.since)
        return sa.tuple_(due_at, id_) > sa.tuple_(sa.literal(at, due_at.type), sa.literal(cursor.id, Number))
    is_before = order[kind.name] < order[cursor.kind]
    return due_at >= _start(kind, cursor.due_on + ONE_DAY if is_before else cursor.due_on)


def _is_due(kind: Source, due: Due, today: date) -> sa.ColumnElement[bool]:
    _id, due_at = _key(kind)
    tomorrow, later = today + ONE_DAY, today + timedelta(days=SOON_DAYS + 1)
    return {
        Due.LATE: due_at < _start(kind, today),
        Due.TODAY: sa.and_(due_at >= _start(kind, today), due_at < _start(kind, tomorrow)),
        Due.WEEK: sa.and_(due_at >= _start(kind, today), due_at < _start(kind, later)),
        Due.ALL: sa.true(),
    }[due]


def _fits(day: date, due: Due, today: date) -> bool:
    return {Due.LATE: day < today, Due.TODAY: day == today,
            Due.WEEK: today <= day <= today + timedelta(days=SOON_DAYS), Due.ALL: True}[due]


def _start(kind: Source, day: date) -> date | datetime:
    """The least that the column of a kind says where this day or a later one is the last."""
    if kind.work.within is None:
        return day
    return datetime.combine(day, time(), SEOUL).astimezone(timezone.utc) - kind.work.within


def _read(row: sa.Row, kind: Source) -> tuple[Cursor, Waiting]:
    name, id_, on, at, ref, title, note = row
    day = on if at is None else local(at + kind.work.within).date()
    return (Cursor(day, name, 0 if at is None else paging.microseconds(at), id_), Waiting(id_, day, ref, title, note))


def _cursor(after: str | None) -> Cursor | None:
    given = paging.parts(after, str, str, int, int)
    if given is None:
        return None
    try:
        cursor = Cursor(date.fromisoformat(given[0]), *given[1:])
    except ValueError:
        cursor = None
    if cursor is None or not EARLIEST <= cursor.due_on <= LATEST or cursor.kind not in registries.work:
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요."))
    return cursor


def _in_words(rows: list[tuple[Cursor, Waiting]], kinds: list[Source]) -> list[Item]:
    """The lines of a page: each kind puts its own into words at once."""
    lines: dict[tuple[str, int], DeskLine] = {}
    for kind in kinds:
        own = [one for at, one in rows if at.kind == kind.name]
        if own:
            lines |= {(kind.name, one.id): line for one, line in zip(own, kind.work.lines(own), strict=True)}
    return [Item(at.kind, at.due_on, lines[at.kind, one.id]) for at, one in rows]
