"""Lists and cards of outcomes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload

from civic_forum.attachments.models import Attachment
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.district.filters import neighbourhood
from civic_forum.district.models import Department
from civic_forum.district.queries import category_names
from civic_forum.platform import rich_text
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.paging import Page
from civic_forum.platform.statements import made_once

from .. import labels
from ..models import Outcome, outcome_neighbourhood
from ..rules import Decision, Progress, Promise
from . import way
from .detail import promise_of

HEAVY = (Outcome.reasons, Outcome.what_follows, Outcome.what_follows_html, Outcome.documents, Outcome.links,
         Outcome.correction)
"""What no list shows."""


@dataclass(frozen=True)
class Totals:
    """Numbers of each, whatever decision is looked at."""

    decisions: dict[Decision, int]
    progress: dict[Progress, int]
    years: dict[int, object]
    """From the newest to the oldest with a decision, with their labels."""
    kinds: frozenset[str] = frozenset()
    """Of things that have an outcome, whatever the filters are."""

    @property
    def all(self) -> int:
        return sum(self.decisions.values())


def _rows() -> sa.Select:
    return (sa.select(Outcome).join(Outcome.department).where(Outcome.published_at.is_not(None))
            .options(contains_eager(Outcome.department), joinedload(Outcome.after),
                     *(defer(column) for column in HEAVY)))


def departments() -> dict[int, str]:
    """Those that decided something, by name."""
    decided = sa.exists().where(Outcome.department_id == Department.id, Outcome.published_at.is_not(None))
    return {department.id: department.name for department in db.session.scalars(
        sa.select(Department).where(decided).order_by(Department.position))}


def _years() -> dict[int, object]:
    return totals(OUTCOMES.of()).years


_CONCERNED = sa.exists().where(outcome_neighbourhood.c.outcome_id == Outcome.id)
OUTCOMES = listing.declare(Listing(
    "outcomes", _rows, endpoint="outcomes.index", card="outcomes/card.html",
    filters=(
        Filter("decision", _l("결정"), Outcome.decision, labels.SHORT),
        Filter("progress", _l("실행"), Outcome.progress, labels.PROGRESS),
        Filter("kind", _l("무엇의 결과"), Outcome.subject, labels.abouts),
        Filter("department", _l("부서"), Outcome.department_id, departments, _l("모든 부서")),
        neighbourhood(lambda place: _CONCERNED.where(outcome_neighbourhood.c.neighbourhood_id == place),
                      ~_CONCERNED, _l("구 전체")),
        Filter("year", _l("연도"), lambda _year: Outcome.decided_on.between(
            *(sa.bindparam(name, type_=sa.Date()) for name in ("year_begins", "year_ends"))), _years, _l("모든 해"),
            bound=lambda year: {"year_begins": date(year, 1, 1), "year_ends": date(year, 12, 31)})),
    orders=(Order("newest", None, (Outcome.decided_on.desc(), Outcome.id.desc())),)))
BY_NUMBER = ("decision", "progress")
"""Filters whose numbers the page of the list says."""


def listed(wanted: Chosen, after: str | None = None, *, limit: int = 0) -> Page[Outcome]:
    """The newest decision first. Raises Invalid for an `after` that is no token."""
    page = wanted.page(after, limit=limit)
    return Page([row[0] for row in page.items], page.after)


def totals(wanted: Chosen) -> Totals:
    """Of every decision and of how far it is carried out, below the other filters; and the years that there are."""
    public = Outcome.published_at.is_not(None)
    others = [public, *wanted.conditions(but=BY_NUMBER)]
    first, last = (sa.select(edge(Outcome.decided_on)).where(public).scalar_subquery()
                   for edge in (sa.func.min, sa.func.max))
    rows = db.session.execute(sa.union_all(
        *(sa.select(sa.literal(name), sa.cast(column, sa.String), sa.func.count(), sa.cast(sa.null(), sa.Date),
                    sa.cast(sa.null(), sa.Date)).where(*others).group_by(column)
          for name, column in (("decision", Outcome.decision), ("progress", Outcome.progress))),
        sa.select(sa.literal("kind"), Outcome.subject, sa.literal(0), sa.cast(sa.null(), sa.Date),
                  sa.cast(sa.null(), sa.Date)).where(public).distinct(),
        sa.select(sa.literal("years"), sa.cast(sa.null(), sa.String), sa.literal(0), first, last))).all()
    counts = {(kind, value): number for kind, value, number, _first, _last in rows}
    _kind, _value, _number, begins, ends = next(row for row in rows if row[0] == "years")
    years = range(ends.year, begins.year - 1, -1) if begins else ()
    return Totals({decision: counts.get(("decision", decision.value), 0) for decision in Decision},
                  {progress: counts.get(("progress", progress.value), 0) for progress in Progress},
                  {year: _("%(year)s년", year=year) for year in years},
                  frozenset(value for name, value in counts if name == "kind"))


def moved_since(start: date, today: date, limit: int) -> list["OutcomeCard"]:
    """Those decided or reported on from that day on, the newest first."""
    rows = db.session.connection().execute(_moved(), {"start": start, "rows": limit}).all()
    return [_card(row, row.department, row.after_key, today) for row in rows]


@made_once
def _moved() -> sa.Select:
    moved = sa.func.coalesce(Outcome.reported_on, Outcome.decided_on)
    return sa.select(
        Outcome.id, Outcome.title, Outcome.decision, Outcome.progress, Outcome.promised_on, Outcome.reported_on,
        Outcome.subject, Outcome.reasons_html, Outcome.way, Outcome.decided_on, Outcome.cost, Outcome.spent,
        Outcome.category, Department.name.label("department"), Attachment.key.label("after_key")).join(
        Department, Department.id == Outcome.department_id).outerjoin(
        Attachment, Attachment.id == Outcome.after_id).where(
        Outcome.published_at.is_not(None), moved >= sa.bindparam("start", type_=sa.Date())).order_by(
        moved.desc(), Outcome.id.desc()).limit(sa.bindparam("rows"))


def of_ids(outcome_ids: Sequence[int]) -> dict[int, Outcome]:
    if not outcome_ids:
        return {}
    return {outcome.id: outcome for outcome in db.session.scalars(_rows().where(Outcome.id.in_(outcome_ids)))}


@dataclass(frozen=True)
class OutcomeCard:
    """All that a list says of an outcome on one day."""

    id: int
    title: str
    decision: Decision
    progress: Progress
    promise: Promise
    subject: str
    department_name: str
    reasons_html: str
    kept_way: tuple[tuple, ...]
    """Of `Outcome.way`."""
    decided_on: date
    promised_on: date | None
    reported_on: date | None
    cost: int | None
    spent: int | None
    category: str | None = None
    after_key: str | None = None
    """Of the picture of the place afterwards."""
    labels: ClassVar[ModuleType] = labels

    @property
    def summary(self) -> str:
        return rich_text.excerpt(self.reasons_html, 160)

    @property
    def steps(self) -> list[way.Step]:
        return way.steps_of(self.kept_way)

    @property
    def icon(self) -> str:
        """Kind or category whose sign stands where there is no picture."""
        return self.category or labels.ICON.get(self.subject, "agenda")

    @property
    def category_label(self) -> object:
        return category_names()[self.category] if self.category else ""


def of(outcomes: Iterable[Outcome], today: date) -> list[OutcomeCard]:
    return [_card(outcome, outcome.department.name, outcome.after.key if outcome.after else None, today)
            for outcome in outcomes]


def _card(outcome: Any, department: str, after_key: str | None, today: date) -> OutcomeCard:
    return OutcomeCard(
        outcome.id, outcome.title, outcome.decision, outcome.progress, promise_of(outcome, today), outcome.subject,
        department, outcome.reasons_html, tuple(map(tuple, outcome.way)), outcome.decided_on, outcome.promised_on,
        outcome.reported_on, outcome.cost, outcome.spent, outcome.category, after_key)
