"""Lists of outcomes: what everybody may read, the newest decision first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer

from civic_forum.district.models import Department
from civic_forum.kernel import paging
from civic_forum.kernel.base import db
from civic_forum.kernel.paging import Page
from civic_forum.kernel.statements import made_once

from ..models import Outcome, outcome_neighbourhood
from ..rules import Decision, Progress

PAGE = 20
EVERYWHERE = 0
"""Stands for the whole district where a neighbourhood is asked for."""
HEAVY = (Outcome.reasons, Outcome.what_follows, Outcome.what_follows_html, Outcome.documents, Outcome.links,
         Outcome.correction)
"""What no list shows."""


@dataclass(frozen=True)
class OutcomeFilter:
    """Filters of the list of outcomes; None: all of them."""

    decision: Decision | None = None
    progress: Progress | None = None
    subject: str | None = None
    department_id: int | None = None
    neighbourhood_id: int | None = None
    year: int | None = None

    @property
    def narrowed(self) -> bool:
        return self != OutcomeFilter()


@dataclass(frozen=True)
class Totals:
    """Numbers of each, whatever decision is looked at."""

    decisions: dict[Decision, int]
    progress: dict[Progress, int]
    years: list[int]
    """From the newest to the oldest with a decision."""

    @property
    def all(self) -> int:
        return sum(self.decisions.values())


def conditions(wanted: OutcomeFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield Outcome.published_at.is_not(None)
    for column, value in ((Outcome.decision, wanted.decision), (Outcome.progress, wanted.progress),
                          (Outcome.subject, wanted.subject), (Outcome.department_id, wanted.department_id)):
        if value is not None:
            yield column == value
    if wanted.year is not None:
        yield Outcome.decided_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31))
    if wanted.neighbourhood_id is not None:
        table = outcome_neighbourhood
        concerned = sa.exists().where(table.c.outcome_id == Outcome.id)
        yield (~concerned if wanted.neighbourhood_id == EVERYWHERE
               else concerned.where(table.c.neighbourhood_id == wanted.neighbourhood_id))


def _rows(wanted: OutcomeFilter) -> sa.Select:
    return (sa.select(Outcome).join(Outcome.department).where(*conditions(wanted))
            .options(contains_eager(Outcome.department), *(defer(column) for column in HEAVY))
            .order_by(Outcome.decided_on.desc(), Outcome.id.desc()))


def listed(wanted: OutcomeFilter, after: str | None = None, *, limit: int = PAGE) -> Page[Outcome]:
    """Raises Invalid for an `after` that is no token."""
    statement = _rows(wanted).limit(limit + 1)
    if (place := paging.parts(after, int, int)) is not None:
        statement = statement.where(sa.tuple_(Outcome.decided_on, Outcome.id) < sa.tuple_(
            _day(place[0]), sa.literal(place[1], Outcome.id.type)))
    return paging.page_of(db.session.scalars(statement).all(), limit, lambda one: (one.decided_on.toordinal(), one.id))


def _day(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def totals(wanted: OutcomeFilter) -> Totals:
    """Of every decision and of how far it is carried out, below the other filters; and the years that there are."""
    others = list(conditions(replace(wanted, decision=None, progress=None)))
    public = Outcome.published_at.is_not(None)
    first, last = (sa.select(edge(Outcome.decided_on)).where(public).scalar_subquery()
                   for edge in (sa.func.min, sa.func.max))
    rows = db.session.execute(sa.union_all(
        *(sa.select(sa.literal(name), sa.cast(column, sa.String), sa.func.count(), sa.cast(sa.null(), sa.Date),
                    sa.cast(sa.null(), sa.Date)).where(*others).group_by(column)
          for name, column in (("decision", Outcome.decision), ("progress", Outcome.progress))),
        sa.select(sa.literal("years"), sa.cast(sa.null(), sa.String), sa.literal(0), first, last))).all()
    found = {(kind, value): number for kind, value, number, _first, _last in rows}
    _kind, _value, _number, begins, ends = next(row for row in rows if row[0] == "years")
    return Totals({one: found.get(("decision", one.value), 0) for one in Decision},
                  {one: found.get(("progress", one.value), 0) for one in Progress},
                  list(range(ends.year, begins.year - 1, -1)) if begins else [])


def standing_out(limit: int) -> tuple[list[Outcome], Totals | None]:
    """The newest with how many there are, in one statement for the first page."""
    rows = db.session.execute(_first_page(), {"rows": limit}).all()
    if not rows:
        return [], None
    numbers = dict(zip((*Decision, *Progress), rows[0][1:], strict=True))
    return [row[0] for row in rows], Totals({one: numbers[one] for one in Decision},
                                            {one: numbers[one] for one in Progress}, [])


@made_once
def _first_page() -> sa.Select:
    """The statement of `standing_out`, made once; it is given how many `rows`."""
    public = Outcome.published_at.is_not(None)
    counts = (sa.select(sa.func.count()).select_from(Outcome).where(public, column == value).correlate(None)
              .scalar_subquery()
              for column, kind in ((Outcome.decision, Decision), (Outcome.progress, Progress)) for value in kind)
    return _rows(OutcomeFilter()).add_columns(*counts).limit(sa.bindparam("rows"))


def departments() -> dict[int, str]:
    """Those that decided something, by name."""
    decided = sa.exists().where(Outcome.department_id == Department.id, Outcome.published_at.is_not(None))
    return {one.id: one.name for one in db.session.scalars(
        sa.select(Department).where(decided).order_by(Department.position))}


def of_ids(outcome_ids: Sequence[int]) -> dict[int, Outcome]:
    if not outcome_ids:
        return {}
    return {one.id: one for one in db.session.scalars(_rows(OutcomeFilter()).where(Outcome.id.in_(outcome_ids)))}
