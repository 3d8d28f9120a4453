"""The public ledger: every act with its rule and how it ended, without names and without texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.kernel import paging
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import SEOUL, _, local
from civic_forum.kernel.paging import Page
from civic_forum.kernel.work import let_go

from ..models import Appeal, ModerationAction
from ..rules import ActionKind, Rule

PAGE = 30
MONTHS = 12
PIECE = 1_000
"""Rows that are read at a time for a file."""
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class Entry(NamedTuple):
    id: int
    at: datetime
    kind: ActionKind
    subject_kind: str
    rule: str
    role: str
    until: datetime | None
    ended_at: datetime | None
    ended_how: str | None
    appealed_at: datetime | None
    upheld: bool | None


@dataclass(frozen=True)
class Month:
    """A month in Seoul: `2026-11`, from its first instant to that of the next."""

    name: str
    start: datetime
    end: datetime

    @property
    def year(self) -> int:
        return int(self.name[:4])

    @property
    def number(self) -> int:
        return int(self.name[5:])


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see of the ledger."""

    rule: Rule | None = None
    month: Month | None = None


def month(year: int, number: int) -> Month:
    begins, ends = (datetime(year + n // 12, n % 12 + 1, 1, tzinfo=SEOUL) for n in (number - 1, number))
    return Month(f"{year:04d}-{number:02d}", begins, ends)


def wanted(rule: str | None, name: str | None) -> Wanted:
    """Raises Invalid for a rule or a month that there is not."""
    given = _MONTH.fullmatch(name or "")
    if (rule and rule not in list(Rule)) or (name and given is None):
        raise Invalid(_("모르는 거르기예요. 화면에서 골라 주세요."))
    return Wanted(Rule(rule) if rule else None, month(int(given[1]), int(given[2])) if given else None)


def entries(chosen: Wanted, after: str | None = None) -> Page[Entry]:
    """The newest first. Raises Invalid for an `after` that is no token."""
    start = paging.parts(after, int, int)
    rows = _rows(chosen, PAGE + 1, start and (paging.moment(start[0]), start[1]))
    return paging.page_of(rows, PAGE, lambda entry: (paging.microseconds(entry.at), entry.id))


def whole(chosen: Wanted) -> Iterator[Entry]:
    """All of it, in pieces; the database is let go in between."""
    start = None
    while rows := _rows(chosen, PIECE, start):
        let_go()
        yield from rows
        start = rows[-1].at, rows[-1].id


def counts(now: datetime) -> dict[str, dict[Rule, int]]:
    """How many acts of each rule in each of the last months, the newest month first; months without any are left out.

    Each count is a walk along the index of rule and moment, all of them one statement.
    """
    today, columns = local(now), []
    latest = 12 * today.year + today.month - 1
    months = [month((latest - n) // 12, (latest - n) % 12 + 1) for n in range(MONTHS)]
    for one in months:
        for rule in Rule:
            columns.append(sa.select(sa.func.count()).select_from(ModerationAction).where(
                ModerationAction.rule == rule.value, ModerationAction.at >= one.start,
                ModerationAction.at < one.end).scalar_subquery())
    numbers = iter(db.session.execute(sa.select(*columns)).one())
    counted = {one.name: {rule: next(numbers) for rule in Rule} for one in months}
    return {name: rules for name, rules in counted.items() if any(rules.values())}


def _rows(chosen: Wanted, most: int, start: tuple[datetime, int] | None) -> list[Entry]:
    found = sa.select(
        ModerationAction.id, ModerationAction.at, ModerationAction.kind, ModerationAction.subject_kind,
        ModerationAction.rule, ModerationAction.role, ModerationAction.until, ModerationAction.ended_at,
        ModerationAction.ended_how, Appeal.at, Appeal.upheld).outerjoin(Appeal, Appeal.action_id == ModerationAction.id)
    if chosen.rule is not None:
        found = found.where(ModerationAction.rule == chosen.rule.value)
    if chosen.month is not None:
        found = found.where(ModerationAction.at >= chosen.month.start, ModerationAction.at < chosen.month.end)
    if start is not None:
        found = found.where(sa.tuple_(ModerationAction.at, ModerationAction.id) < sa.tuple_(*start))
    return [Entry(*row) for row in db.session.execute(
        found.order_by(ModerationAction.at.desc(), ModerationAction.id.desc()).limit(most))]
