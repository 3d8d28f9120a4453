"""The public ledger: every act with its rule and how it ended, without names and without texts."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.kernel import paging
from civic_forum.kernel.base import db
from civic_forum.kernel.filters import one_of, unknown
from civic_forum.kernel.i18n import SEOUL, local
from civic_forum.kernel.paging import Page

from ..models import Appeal, ModerationAction, ModerationTally
from ..rules import ActionKind, Rule

PAGE = 30
MONTHS = 12
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
class LedgerFilter:
    """Filters of the ledger."""

    rule: Rule | None = None
    month: Month | None = None


def month(year: int, number: int) -> Month:
    begins, ends = (datetime(year + n // 12, n % 12 + 1, 1, tzinfo=SEOUL) for n in (number - 1, number))
    return Month(f"{year:04d}-{number:02d}", begins, ends)


def wanted(rule: str | None, name: str | None) -> LedgerFilter:
    """Raises Invalid for a rule or a month that there is not."""
    given = _MONTH.fullmatch(name or "")
    if name and given is None:
        raise unknown()
    return LedgerFilter(one_of(Rule, rule), month(int(given[1]), int(given[2])) if given else None)


def entries(chosen: LedgerFilter, after: str | None = None) -> Page[Entry]:
    """The newest first. Raises Invalid for an `after` that is no token."""
    start = paging.parts(after, int, int)
    rows = _rows(chosen, PAGE + 1, start and (paging.moment(start[0]), start[1]))
    return paging.page_of(rows, PAGE, lambda entry: (paging.microseconds(entry.at), entry.id))


def counts(now: datetime) -> dict[str, dict[Rule, int]]:
    """Numbers of acts of each rule in each of the last months, the newest first; months without any are left out."""
    today = local(now)
    latest = 12 * today.year + today.month - 1
    names = [month((latest - n) // 12, (latest - n) % 12 + 1).name for n in range(MONTHS)]
    kept = {(name, rule): total for name, rule, total in db.session.execute(
        sa.select(ModerationTally.month, ModerationTally.rule, ModerationTally.total)
        .where(ModerationTally.month.in_(names)))}
    counted = {name: {rule: kept.get((name, rule.value), 0) for rule in Rule} for name in names}
    return {name: rules for name, rules in counted.items() if any(rules.values())}


def months() -> list[Month]:
    """Those in which something was done, the newest first."""
    names = db.session.scalars(sa.select(ModerationTally.month).distinct().order_by(ModerationTally.month.desc()))
    return [month(int(name[:4]), int(name[5:])) for name in names]


def _rows(chosen: LedgerFilter, most: int, start: tuple[datetime, int] | None) -> list[Entry]:
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
