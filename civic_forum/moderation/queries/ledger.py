"""The public ledger: every act with its rule and how it ended, without names and without texts."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from civic_forum.blocks import listing
from civic_forum.blocks.listing import Filter, Listing, Order
from civic_forum.platform.base import Instant, db
from civic_forum.platform.filters import unknown
from civic_forum.platform.i18n import SEOUL, _, _l, local

from .. import labels
from ..models import Appeal, ModerationAction, ModerationTally
from ..rules import Rule

MONTHS = 12
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


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


def month(year: int, number: int) -> Month:
    begins, ends = (datetime(year + n // 12, n % 12 + 1, 1, tzinfo=SEOUL) for n in (number - 1, number))
    return Month(f"{year:04d}-{number:02d}", begins, ends)


def named(name: str) -> Month:
    """A month by its name, 2026-11. Raises Invalid for one that there is not."""
    given = _MONTH.fullmatch(name)
    if given is None:
        raise unknown()
    return month(int(given[1]), int(given[2]))


def _entries() -> sa.Select:
    return sa.select(
        ModerationAction.id, ModerationAction.at, ModerationAction.kind, ModerationAction.subject_kind,
        ModerationAction.rule, ModerationAction.role, ModerationAction.until, ModerationAction.ended_at,
        ModerationAction.ended_how, Appeal.id.label("appeal_id"), Appeal.at.label("appealed_at"),
        Appeal.upheld).outerjoin(Appeal, Appeal.action_id == ModerationAction.id)


_BEGINS, _ENDS = (sa.bindparam(name, type_=Instant()) for name in ("month_begins", "month_ends"))
MONTH = Filter("month", _l("달"), lambda _name: sa.and_(ModerationAction.at >= _BEGINS, ModerationAction.at < _ENDS),
               lambda: {one.name: _("%(year)s년 %(month)s월", year=one.year, month=one.number) for one in months()},
               bound=lambda name: {"month_begins": named(name).start, "month_ends": named(name).end})
LEDGER = listing.declare(Listing(
    "ledger", _entries, endpoint="moderation.ledger", size=30,
    filters=(Filter("rule", _l("규칙"), ModerationAction.rule, labels.RULE, bound=lambda rule: {"rule": rule.value}),
             replace(MONTH, read=lambda name: named(name).name)),
    orders=(Order("newest", None, (ModerationAction.at.desc(), ModerationAction.id.desc())),)))
"""Acts as everybody may read them, the newest first. A month without any is a filter too."""


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
