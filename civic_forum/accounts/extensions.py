"""Work that somebody of the office holds as a person, told by the features above: others get it when they leave."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.work import Work

from .rules import Role


class Obstacle(NamedTuple):
    """Reason why something stays with its holder, and the page on which it is changed."""

    sentence: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A kind of open work that one person holds."""

    label: object
    model: Any
    column: Any
    """Of the model: id of the person."""
    is_open: tuple[Any, ...]
    roles: frozenset[Role] = frozenset()
    """Of which a receiver has one; none: nobody receives it, it ends with the roles."""
    department: Any = sa.null()
    """Column of the department to which a receiver belongs."""
    due: Any = sa.null()
    move: Callable[[Work, Any, int | None], None] | None = None
    """(work, record, id of the receiver), where more follows than another id in the column."""
    obstacle: Callable[[int], Obstacle | None] = lambda _user_id: None

    def rows(self, user_id: int) -> sa.Select:
        return sa.select(self.department, sa.inspect(self.model).primary_key[0], self.due).where(
            self.column == user_id, *self.is_open)


HOLDS: dict[str, Holding] = {}
"""Kinds of work by name, in the order of the page."""


@dataclass(frozen=True)
class Bundle:
    """Open things of one kind and one department that one person holds."""

    name: str
    department_id: int | None
    ids: tuple[int, ...]
    days: tuple[date, ...]
    """On which they are due, the earliest first."""

    @property
    def key(self) -> str:
        return f"{self.name}_{self.department_id or 0}"

    @property
    def holding(self) -> Holding:
        return HOLDS[self.name]


def bundles(user_id: int) -> list[Bundle]:
    """All that somebody holds."""
    bundles = []
    for name, holding in HOLDS.items():
        rows = sorted(db.session.execute(holding.rows(user_id)), key=lambda row: (row[0] or 0, row[1]))
        for department_id, group in groupby(rows, itemgetter(0)):
            entries = list(group)
            bundles.append(Bundle(name, department_id, tuple(row[1] for row in entries),
                                  tuple(sorted(row[2] for row in entries if row[2]))))
    return bundles


def load(user_ids: Collection[int]) -> Counter[int]:
    """Numbers of open things that these people hold."""
    counts: Counter[int] = Counter()
    for holding in HOLDS.values():
        counts.update(dict(db.session.execute(sa.select(holding.column, sa.func.count()).where(
            holding.column.in_(user_ids), *holding.is_open).group_by(holding.column)).all()))
    return counts


def hand_over(work: Work, user_id: int, bundle: Bundle, receiver_id: int | None) -> int:
    """Move what is open still; how many. No day moves with it. The caller holds both accounts."""
    holding = bundle.holding
    records = list(work.session.scalars(sa.select(holding.model).where(
        sa.inspect(holding.model).primary_key[0].in_(bundle.ids), holding.column == user_id, *holding.is_open)
        .order_by(sa.inspect(holding.model).primary_key[0]).with_for_update(of=holding.model)))
    for record in records:
        if holding.move is None:
            setattr(record, holding.column.key, receiver_id)
        else:
            holding.move(work, record, receiver_id)
    work.session.flush()
    return len(records)
