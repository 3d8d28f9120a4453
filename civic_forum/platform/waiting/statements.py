"""One statement counts what waits, one lists the next of it; both are kept, and days are bound when they are asked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

import sqlalchemy as sa

from .. import paging
from ..base import Instant, Number
from ..i18n import SEOUL
from .deadlines import SOON_DAYS, Due
from .sources import KEPT, Source

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
    found = kind.found.where(_is_due(kind, due))
    if place == 0:
        found = found.where(sa.tuple_(due_at, id_) > sa.tuple_(_bound(kind, "last"), sa.bindparam("id", type_=Number)))
    elif place is not None:
        found = found.where(due_at >= _bound(kind, "same" if place > 0 else "next"))
    cut = found.order_by(due_at, id_).limit(size + 1).subquery()
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
